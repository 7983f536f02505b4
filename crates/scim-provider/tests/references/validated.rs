use std::sync::Arc;

use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
use scim_provider::storage::LinkSelection;
use scim_provider::{InMemoryProvider, ResourceErrorKind, UnknownTargets};
use serde_json::{Value, json};

use crate::scene::{Scene, group, id, member, members, refusal, targets};

#[tokio::test]
async fn a_member_is_completed_by_what_it_points_to() {
    let scene = Scene::default();
    let user = id(&scene.user("a").await);
    let inner = id(&scene.group(json!([])).await);
    let outer = scene.group(json!([member(&user), member(&inner)])).await;
    let shown = outer.resource().attribute("members").unwrap();
    let mut expected = [
        json!({ "value": user, "$ref": format!("Users/{user}"), "type": "User" }),
        json!({ "value": inner, "$ref": format!("Groups/{inner}"), "type": "Group" }),
    ];
    expected.sort_by_key(|member| member["value"].as_str().unwrap().to_owned());
    assert_eq!(*shown, json!(expected));
}

#[tokio::test]
async fn a_member_that_does_not_exist_is_refused_by_its_place() {
    let scene = Scene::default();
    let user = id(&scene.user("a").await);
    let long = "x".repeat(300);
    let whole = scene.group(json!([])).await;
    for gone in [
        member("nobody"),
        json!({ "value": "nobody", "type": "User" }),
        json!({ "value": "nobody", "$ref": "../Users/nobody" }),
        // It is there, but as something else.
        json!({ "value": user, "type": "Group" }),
        json!({ "value": user, "$ref": format!("https://h/v2/Groups/{user}") }),
        member(&long),
        member("a\u{0}b"),
        json!({ "value": long, "type": "User" }),
    ] {
        let data = group(json!([member(&id(&whole)), gone]));
        let part = scene.update_part(&whole, data.clone(), &LinkSelection::None);
        for refused in [
            scene.create("Group", data.clone()).await,
            scene.update(&whole, data.clone()).await,
            part.await,
        ] {
            let expected = ResourceErrorKind::NoSuchResource;
            assert_eq!(refusal(refused), ("members[1].value".to_owned(), expected));
        }
    }
    assert_eq!(scene.total("Group").await, 1);
    assert!(scene.members(&id(&whole)).await.is_empty());
}

#[tokio::test]
async fn type_and_reference_of_a_member_must_agree_and_be_allowed() {
    let types = with_doors();
    let scene = Scene {
        provider: InMemoryProvider::default().with_resource_types(types),
    };
    let user = id(&scene.user("a").await);
    for (wrong, part, kind) in [
        (
            json!({ "type": "Robot" }),
            "type",
            ResourceErrorKind::NotATarget,
        ),
        (
            json!({ "type": "Door" }),
            "type",
            ResourceErrorKind::NotATarget,
        ),
        (
            json!({ "$ref": format!("Doors/{user}") }),
            "$ref",
            ResourceErrorKind::NotATarget,
        ),
        (
            json!({ "type": "User", "$ref": format!("Groups/{user}") }),
            "type",
            ResourceErrorKind::Contradictory,
        ),
    ] {
        let mut wrong = wrong;
        wrong["value"] = user.as_str().into();
        let refused = scene.create("Group", group(json!([wrong]))).await;
        assert_eq!(
            refusal(refused),
            (format!("members[0].{part}"), kind),
            "{wrong}"
        );
    }
    // The case of a type does not count, nor does a reference that leads elsewhere.
    for right in [
        json!({ "value": user, "type": "user" }),
        json!({ "value": user, "$ref": "https://elsewhere.example/people/7" }),
    ] {
        let created = scene.create("Group", group(json!([right]))).await.unwrap();
        assert_eq!(
            created.resource().attribute("members").unwrap()[0]["$ref"],
            format!("Users/{user}")
        );
    }
}

#[tokio::test]
async fn a_member_given_without_type_is_the_stored_one_with_it() {
    let scene = Scene::default();
    let users = scene.users(&["a", "b"]).await;
    let typed = json!([
        { "value": users[0], "type": "user" },
        { "value": users[1], "display": "B", "$ref": format!("Users/{}", users[1]) },
    ]);
    let stored = scene.group(typed).await;
    // A full sync names ids only; `display` is the client's own.
    let plain = json!([{ "value": users[1], "display": "B" }, { "value": users[0] }]);
    let same = scene.update(&stored, group(plain)).await.unwrap();
    assert_eq!(same, stored);
}

#[tokio::test]
async fn a_member_that_is_there_already_is_not_asked_about_again() {
    use scim_provider::storage::{Commit, ResourceKey, Storage, Write};

    let scene = Scene::default();
    let user = scene.user("a").await;
    let other = id(&scene.user("b").await);
    let stored = scene.group(json!([member(&id(&user))])).await;
    // As a store that was filled elsewhere may be.
    let key = ResourceKey::new(scim_provider::Scope::Single, "User", &id(&user)).unwrap();
    let delete = Commit::of(Write::delete(key, user.version().clone()));
    let _ = scene.provider.storage().commit(delete).await.unwrap();

    let both = json!([member(&id(&user)), member(&other)]);
    let changed = scene.update(&stored, group(both)).await.unwrap();
    assert_eq!(targets(&changed).len(), 2);
    let display = json!([{ "value": id(&user), "display": "gone" }, member(&other)]);
    assert!(scene.update(&changed, group(display)).await.is_ok());
}

#[tokio::test]
async fn a_group_may_be_its_own_member() {
    let scene = Scene::default();
    let alone = scene.group(json!([])).await;
    let own = scene
        .update(&alone, group(json!([member(&id(&alone))])))
        .await
        .unwrap();
    assert_eq!(targets(&own), [id(&alone)]);
    scene.delete("Group", &own).await;
    assert_eq!(scene.total("Group").await, 0);
}

#[tokio::test]
async fn members_that_do_not_exist_are_left_out_if_so_wanted() {
    let provider = InMemoryProvider::default().with_unknown_targets(UnknownTargets::LeaveOut);
    let scene = Scene { provider };
    let user = id(&scene.user("a").await);
    let long = "x".repeat(300);
    let some = json!([
        member("nobody"), { "value": user, "type": "User" }, { "value": "no one", "type": "Group" },
        member(&long), { "value": "zzz", "$ref": "Users/zzz" },
    ]);
    let created = scene.group(some.clone()).await;
    assert_eq!(targets(&created), [user.as_str()]);
    // Nothing new is left, so nothing changes.
    let same = scene.update(&created, group(some.clone())).await.unwrap();
    assert_eq!(same, created);
    let part = scene.update_part(&created, group(json!([member("x")])), &LinkSelection::None);
    assert_eq!(part.await.unwrap().version(), created.version());
    // What can't be meant at all is refused all the same.
    let robot = json!([{ "value": user, "type": "Robot" }]);
    let (path, kind) = refusal(scene.update(&created, group(robot)).await);
    assert_eq!(
        (&*path, kind),
        ("members[0].type", ResourceErrorKind::NotATarget)
    );
}

fn with_doors() -> ResourceTypes {
    let schema: Schema = serde_json::from_value(json!({ "id": "urn:door", "attributes": [
        { "name": "keepers", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true, "caseExact": true },
            { "name": "$ref", "type": "reference", "referenceTypes": ["Group"] },
        ] },
        { "name": "makers", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true, "caseExact": true },
            { "name": "$ref", "type": "reference", "referenceTypes": ["external", "User"] },
            { "name": "type", "canonicalValues": ["wood", "steel"] },
        ] },
        { "name": "keys", "type": "complex", "multiValued": true, "required": false,
          "subAttributes": [{ "name": "value", "required": true, "caseExact": true }] },
    ] }))
    .unwrap();
    let door = ResourceType::new("Door", "Doors", schema).unwrap();
    let door = ["keepers", "makers", "keys"]
        .into_iter()
        .fold(door, |door, name| door.with_links(name).unwrap());
    ResourceTypes::rfc7643().with(door).unwrap()
}

#[tokio::test]
async fn references_of_own_types_are_validated_by_their_reference_types() {
    let provider = InMemoryProvider::default().with_resource_types(with_doors());
    let scene = Scene { provider };
    let user = id(&scene.user("a").await);
    let group = id(&scene.group(json!([])).await);
    let door = |attribute: &str, value: &str| json!({ attribute: [{ "value": value }] });

    let created = scene.create("Door", door("keepers", &group)).await.unwrap();
    let keeper = &created.resource().attribute("keepers").unwrap()[0];
    assert_eq!(
        *keeper,
        json!({ "value": group, "$ref": format!("Groups/{group}") })
    );
    let refused = scene.create("Door", door("keepers", &user)).await;
    assert_eq!(
        refusal(refused),
        (
            "keepers[0].value".to_owned(),
            ResourceErrorKind::NoSuchResource
        )
    );
    // Without reference types any resource will do.
    for target in [&user, &group, &id(&created)] {
        assert!(scene.create("Door", door("keys", target)).await.is_ok());
    }
    assert!(scene.create("Door", door("keys", "nobody")).await.is_err());
}

#[tokio::test]
async fn references_elsewhere_are_kept_as_they_are() {
    let provider = InMemoryProvider::default().with_resource_types(with_doors());
    let scene = Scene { provider };
    let user = id(&scene.user("a").await);
    let makers = json!([
        { "value": "7", "$ref": "https://makers.example/7", "type": "steel" },
        { "value": "8" },
        { "value": user, "$ref": format!("https://h/v2/Users/{user}") },
    ]);
    let door = scene
        .create("Door", json!({ "makers": makers }))
        .await
        .unwrap();
    let mut out = Vec::new();
    door.write_json(&mut out, "https://h/v2", "Doors");
    let shown: Value = serde_json::from_slice(&out).unwrap();
    let mut makers = makers.as_array().unwrap().clone();
    makers.sort_by_key(|maker| maker["value"].as_str().unwrap().to_owned());
    assert_eq!(shown["makers"], json!(makers));
}

#[tokio::test]
async fn a_group_of_100_000_members_is_created_at_once() {
    use scim_provider::storage::{Commit, Content, Record, ResourceKey, Stamp, Storage, Write};
    use scim_provider::version::ScimVersion;
    use scim_provider::{Scope, Timestamp};

    const SIZE: usize = 100_000;
    let scene = Scene::default();
    let at = Timestamp::from_micros(0).unwrap();
    let stamp = Stamp::new(ScimVersion::from_revision(1), at, at);
    let document: Arc<[u8]> = Arc::from(*b"{}");
    let ids: Vec<_> = (0..SIZE).map(|n| format!("user-{n:06}")).collect();
    for id in &ids {
        let key = ResourceKey::new(Scope::Single, "User", id).unwrap();
        let content = Content::new(Arc::clone(&document), Vec::new(), Vec::new());
        let record = Record::new(stamp.clone(), content, Vec::new());
        let created = scene
            .provider
            .storage()
            .commit(Commit::of(Write::create(key, record)));
        let _ = created.await.unwrap();
    }
    // Half of them say what they are.
    let typed = |n: usize, id: &String| match n % 2 {
        0 => member(id),
        _ => json!({ "value": id, "type": "User" }),
    };
    let members: Value = ids.iter().enumerate().map(|(n, id)| typed(n, id)).collect();
    let created = scene.group(members.clone()).await;
    let same = scene.update(&created, group(members)).await.unwrap();
    assert_eq!(same.version(), created.version());
    assert_eq!(targets(&same), ids);
}

#[tokio::test]
async fn a_member_that_turns_to_another_type_is_looked_for_anew() {
    let scene = Scene::default();
    let users = scene.users(&["a"]).await;
    let whole = scene.group(members(&users)).await;
    let turned = json!([{ "value": users[0], "type": "Group" }]);
    let (path, kind) = refusal(scene.update(&whole, group(turned)).await);
    assert_eq!(
        (&*path, kind),
        ("members[0].value", ResourceErrorKind::NoSuchResource)
    );
}
