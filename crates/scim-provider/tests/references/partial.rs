use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
use scim_provider::storage::{LinkKey, LinkSelection};
use scim_provider::version::ConditionalResult;
use scim_provider::{
    InMemoryProvider, PartialProvider, ProviderErrorKind, ResourceErrorKind, View,
};
use serde_json::json;

use crate::scene::{
    Scene, context, group, id, member, members, of, refusal, sorted, success, targets,
};

#[tokio::test]
async fn a_view_shows_the_links_that_it_selects_under_the_version_of_the_whole() {
    let scene = Scene::default();
    let users = scene.users(&["a", "b", "c"]).await;
    let whole = scene.group(members(&users)).await;
    for (links, shown) in [
        (LinkSelection::None, vec![]),
        (of(&[&users[1], "nobody"]), vec![users[1].clone()]),
        (LinkSelection::AtMost(2), sorted(&users)[..2].to_vec()),
        (LinkSelection::All, sorted(&users)),
    ] {
        let view = View::document().with_links(links);
        let part = scene.part(&id(&whole), &view).await;
        assert_eq!(targets(&part), shown, "{view:?}");
        assert_eq!(part.version(), whole.version());
        assert_eq!(part.resource().attribute("displayName"), Some(&json!("g")));
    }
}

#[tokio::test]
async fn a_link_that_a_write_does_not_select_stays() {
    let scene = Scene::default();
    let users = scene.users(&["a", "b", "c", "d"]).await;
    let [a, b, c, d] = [0, 1, 2, 3].map(|n| users[n].as_str());
    let whole = scene.group(json!([member(a), member(b)])).await;

    // `c` comes, `a` is not spoken of.
    let added = scene
        .update_part(&whole, group(json!([member(c)])), &LinkSelection::None)
        .await
        .unwrap();
    assert!(targets(&added).is_empty(), "only what is selected is shown");
    assert_eq!(scene.members(&id(&whole)).await, sorted(&users[..3]));

    // `b` goes, `d` comes, `c` stays, and so does `a`.
    let data = group(json!([member(c), member(d)]));
    let changed = scene.update_part(&added, data, &of(&[b, c])).await.unwrap();
    assert_eq!(targets(&changed), [c]);
    let left = [a, c, d].map(str::to_owned);
    assert_eq!(scene.members(&id(&whole)).await, sorted(&left));
    let read = scene.get("Group", &id(&whole)).await.unwrap();
    assert_eq!(read.version(), changed.version());
}

#[tokio::test]
async fn a_part_that_says_what_is_stored_keeps_the_version() {
    let scene = Scene::default();
    let users = scene.users(&["a", "b"]).await;
    let whole = scene.group(members(&users)).await;
    for (data, links) in [
        (group(json!([])), LinkSelection::None),
        (group(members(&users)), LinkSelection::None),
        (group(members(&users[..1])), of(&[&users[0], "nobody"])),
        (group(members(&users)), LinkSelection::All),
    ] {
        let same = scene.update_part(&whole, data, &links).await.unwrap();
        assert_eq!(same.version(), whole.version(), "{links:?}");
        assert_eq!(same.resource().meta(), whole.resource().meta());
    }
}

#[tokio::test]
async fn the_document_is_written_through_a_part_too() {
    let scene = Scene::default();
    let users = scene.users(&["a"]).await;
    let whole = scene.group(members(&users)).await;
    let renamed = scene
        .update_part(&whole, json!({ "displayName": "h" }), &LinkSelection::None)
        .await
        .unwrap();
    assert_ne!(renamed.version(), whole.version());
    let read = scene.get("Group", &id(&whole)).await.unwrap();
    assert_eq!(read.resource().attribute("displayName"), Some(&json!("h")));
    assert_eq!(targets(&read), users);
}

#[tokio::test]
async fn a_stale_part_writes_nothing_whatever_it_says() {
    let scene = Scene::default();
    let users = scene.users(&["a", "b"]).await;
    let old = scene.group(json!([])).await;
    let new = scene
        .update(&old, group(members(&users[..1])))
        .await
        .unwrap();
    for data in [
        group(members(&users)),
        json!({ "displayName": 7 }),
        json!([]),
    ] {
        let refused = scene
            .try_update_part(&id(&old), data, &LinkSelection::None, old.version())
            .await
            .unwrap();
        match refused {
            ConditionalResult::VersionMismatch(conflict) => {
                assert_eq!(&conflict.current, new.version());
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(scene.members(&id(&old)).await, users[..1]);
}

#[tokio::test]
async fn a_missing_resource_is_not_found_whatever_the_part_says() {
    let scene = Scene::default();
    let version = scene.group(json!([])).await.version().clone();
    for (id, data) in [
        ("nobody", group(json!([]))),
        ("", json!(7)),
        ("\u{1}", json!([])),
    ] {
        let missing = scene.try_update_part(id, data, &LinkSelection::None, &version);
        assert_eq!(
            missing.await.unwrap(),
            ConditionalResult::NotFound,
            "{id:?}"
        );
        let view = View::document();
        let part = scene.provider.get_part("Group", id, &view, context());
        assert_eq!(part.await.unwrap(), None);
    }
}

#[tokio::test]
async fn two_parts_of_one_version_do_not_both_succeed_and_lose_nothing() {
    let scene = Scene::default();
    let users = scene.users(&["a", "b"]).await;
    let old = scene.group(json!([])).await;
    let data = |n: usize| group(json!([member(&users[n])]));
    scene
        .update_part(&old, data(0), &LinkSelection::None)
        .await
        .unwrap();
    let second = scene
        .try_update_part(&id(&old), data(1), &LinkSelection::None, old.version())
        .await
        .unwrap();
    let ConditionalResult::VersionMismatch(conflict) = second else {
        panic!("{second:?}");
    };
    let again = scene
        .try_update_part(&id(&old), data(1), &LinkSelection::None, &conflict.current)
        .await;
    success(again.unwrap());
    assert_eq!(scene.members(&id(&old)).await, sorted(&users));
}

#[tokio::test]
async fn what_the_first_links_are_is_not_said_to_a_write() {
    let scene = Scene::default();
    let whole = scene.group(json!([])).await;
    let refused = scene
        .update_part(&whole, group(json!([])), &LinkSelection::AtMost(5))
        .await;
    assert_eq!(refused.unwrap_err().kind(), ProviderErrorKind::Internal);
}

#[tokio::test]
async fn a_required_link_may_be_one_that_the_part_does_not_select() {
    let schema: Schema = serde_json::from_value(json!({ "id": "urn:team", "attributes": [
        { "name": "displayName" },
        { "name": "members", "type": "complex", "multiValued": true, "required": true,
          "subAttributes": [{ "name": "value", "required": true, "caseExact": true }] },
    ] }))
    .unwrap();
    let team = ResourceType::new("Group", "Groups", schema).unwrap();
    let user = ResourceTypes::rfc7643().get("User").unwrap().clone();
    let types = ResourceTypes::empty()
        .with(user)
        .unwrap()
        .with(team.with_links("members").unwrap())
        .unwrap();
    let provider = InMemoryProvider::default().with_resource_types(types);
    let scene = Scene { provider };
    let users = scene.users(&["a", "b"]).await;
    let team = scene.group(members(&users)).await;

    let renamed = scene
        .update_part(&team, json!({ "displayName": "h" }), &LinkSelection::None)
        .await
        .unwrap();
    let without_a = json!({ "displayName": "h" });
    let a = of(&[&users[0]]);
    let left = scene.update_part(&renamed, without_a.clone(), &a);
    let left = left.await.unwrap();
    assert_eq!(scene.members(&id(&team)).await, users[1..]);
    let none = scene.update_part(&left, without_a, &of(&[&users[1]])).await;
    assert_eq!(
        refusal(none),
        ("members".to_owned(), ResourceErrorKind::Missing)
    );
    assert_eq!(scene.members(&id(&team)).await, users[1..]);
}

#[tokio::test]
async fn a_selection_may_name_a_link_twice_and_links_of_no_attribute() {
    let scene = Scene::default();
    let users = scene.users(&["a"]).await;
    let whole = scene.group(members(&users)).await;
    let key = LinkKey::new("members", users[0].as_str());
    let links = LinkSelection::Of(vec![key.clone(), LinkKey::new("owners", "x"), key]);
    let emptied = scene
        .update_part(&whole, group(json!([])), &links)
        .await
        .unwrap();
    assert!(scene.members(&id(&emptied)).await.is_empty());
}
