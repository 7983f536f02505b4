use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, RecordPage, ResourceKey, StorageError, Stored,
};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, InMemoryStorage, ListQuery, PartialProvider,
    RequestContext, ResourceProvider, StandardResourceProvider, Storage, VersionedResource, View,
};
use serde_json::{Value, json};

use crate::scene::{Scene, context, id, link, member, members};

/// The first page of a list.
static ALL: ListQuery = ListQuery::new();

/// The ids and labels of the groups that a user shows, in their order.
fn groups(user: &VersionedResource) -> Vec<(String, String)> {
    let groups = user
        .resource()
        .attribute("groups")
        .and_then(Value::as_array);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let groups = groups.into_iter().flatten();
    groups
        .map(|group| (text(&group["value"]), text(&group["type"])))
        .collect()
}

fn shown(direct: &[&str], indirect: &[&str]) -> Vec<(String, String)> {
    let labelled = |label: &'static str| move |id: &&str| ((*id).to_owned(), label.to_owned());
    let direct = direct.iter().map(labelled("direct"));
    direct
        .chain(indirect.iter().map(labelled("indirect")))
        .collect()
}

impl Scene {
    async fn read(&self, user: &str) -> VersionedResource {
        self.get("User", user).await.unwrap()
    }
}

#[tokio::test]
async fn a_user_shows_the_groups_that_have_it() {
    let scene = Scene::default();
    let user = scene.user("a").await;
    assert_eq!(user.resource().attribute("groups"), None);
    let id_of_user = id(&user);
    let group = id(&scene.group(json!([member(&id_of_user)])).await);
    scene.group(json!([])).await;

    let read = scene.read(&id_of_user).await;
    let value = json!([{
        "value": group, "$ref": format!("Groups/{group}"), "display": "g", "type": "direct",
    }]);
    assert_eq!(read.resource().attribute("groups"), Some(&value));
    assert_eq!(
        read.version(),
        user.version(),
        "groups are no part of the version"
    );
    let mut out = Vec::new();
    read.write_json(&mut out, "https://example.com/v2", "Users");
    let written: Value = serde_json::from_slice(&out).unwrap();
    let absolute = format!("https://example.com/v2/Groups/{group}");
    assert_eq!(written["groups"][0]["$ref"], absolute);

    // Wherever a whole user is the answer.
    let provider = &scene.provider;
    let data = json!({ "userName": "a", "title": "x", "groups": [] });
    let updated = provider.conditional_update("User", &id_of_user, data, read.version(), context());
    let updated = crate::scene::success(updated.await.unwrap());
    let data = json!({ "userName": "a" });
    let plain = provider.update_resource("User", &id_of_user, data, context());
    let listed = provider.list_versioned_resources("User", &ALL, context());
    for answer in [
        updated.into_parts().0,
        plain.await.unwrap(),
        listed.await.unwrap().items.remove(0).into_parts().0,
        provider
            .get_resource("User", &id_of_user, context())
            .await
            .unwrap()
            .unwrap(),
    ] {
        assert_eq!(answer.attribute("groups"), Some(&value));
    }
}

#[tokio::test]
async fn a_view_may_leave_groups_out() {
    let scene = Scene::default();
    let user = id(&scene.user("a").await);
    let group = id(&scene.group(json!([member(&user)])).await);
    for (view, expected) in [
        (View::whole(), shown(&[&group], &[])),
        (View::document().with_derived(true), shown(&[&group], &[])),
        (View::document(), vec![]),
        (View::whole().with_derived(false), vec![]),
    ] {
        let part = scene.provider.get_part("User", &user, &view, context());
        assert_eq!(groups(&part.await.unwrap().unwrap()), expected, "{view:?}");
    }
}

#[tokio::test]
async fn what_a_client_says_of_groups_is_ignored() {
    let scene = Scene::default();
    let user = scene.user("a").await;
    let group = id(&scene.group(json!([member(&id(&user))])).await);
    let read = scene.read(&id(&user)).await;
    // As it was read, and as nobody has ever seen it.
    for echo in [
        read.to_json(),
        json!({ "userName": "a", "groups": [{ "value": "x" }] }),
    ] {
        let user = id(&user);
        let same =
            scene
                .provider
                .conditional_update("User", &user, echo, read.version(), context());
        let same = crate::scene::success(same.await.unwrap());
        assert_eq!(
            (same.version(), groups(&same)),
            (read.version(), shown(&[&group], &[]))
        );
    }
}

#[tokio::test]
async fn groups_of_groups_are_indirect_and_each_is_shown_once() {
    let scene = Scene::default();
    let user = id(&scene.user("a").await);
    let inner = id(&scene.group(json!([member(&user)])).await);
    let middle = id(&scene.group(json!([member(&inner)])).await);
    // Has the user by three ways.
    let outer = json!([member(&middle), member(&inner), member(&user)]);
    let outer = id(&scene.group(outer).await);
    let top = id(&scene.group(json!([member(&outer)])).await);

    let read = scene.read(&user).await;
    assert_eq!(groups(&read), shown(&[&inner, &outer], &[&middle, &top]));

    // Whoever goes takes what it led to away.
    scene
        .provider
        .delete_resource("Group", &outer, context())
        .await
        .unwrap();
    assert_eq!(
        groups(&scene.read(&user).await),
        shown(&[&inner], &[&middle])
    );
    scene
        .provider
        .delete_resource("Group", &inner, context())
        .await
        .unwrap();
    assert!(groups(&scene.read(&user).await).is_empty());
}

#[tokio::test]
async fn groups_may_be_members_of_each_other() {
    let scene = Scene::default();
    let user = id(&scene.user("a").await);
    let one = scene.group(json!([])).await;
    let two = id(&scene.group(json!([member(&id(&one))])).await);
    let circle = json!([member(&two), member(&user), member(&id(&one))]);
    scene
        .update(&one, crate::scene::group(circle))
        .await
        .unwrap();
    let read = scene.read(&user).await;
    assert_eq!(groups(&read), shown(&[&id(&one)], &[&two]));
}

#[tokio::test]
async fn nesting_is_followed_so_far_and_no_further() {
    let scene = Scene::default();
    let user = id(&scene.user("a").await);
    let mut chain = vec![user.clone()];
    for _ in 0..20 {
        let last = member(chain.last().unwrap());
        chain.push(id(&scene.group(json!([last])).await));
    }
    let followed: Vec<_> = chain[1..=16].iter().map(String::as_str).collect();
    let read = scene.read(&user).await;
    assert_eq!(groups(&read), shown(&followed[..1], &followed[1..]));
    // Each begins at itself, also if others on the page are further up.
    let high = id(&scene.user("b").await);
    let view = View::document();
    let part = scene.part(&chain[10], &view).await;
    let data = crate::scene::group(json!([member(&high)]));
    scene
        .update_part(&part, data, &LinkSelection::None)
        .await
        .unwrap();
    let page = scene
        .provider
        .list_versioned_resources("User", &ALL, context());
    let page = page.await.unwrap().items;
    assert_eq!(groups(&page[0]), shown(&followed[..1], &followed[1..]));
    assert_eq!(groups(&page[1]).len(), 11);
}

#[tokio::test]
async fn so_many_indirect_groups_are_shown_and_no_more() {
    let scene = Scene::default();
    let user = id(&scene.user("a").await);
    let inner = id(&scene.group(json!([member(&user)])).await);
    for n in 0..10_100 {
        let reference = format!("Groups/{inner}");
        scene
            .put(
                "Group",
                &format!("outer-{n:05}"),
                vec![link(&inner, Some(&reference))],
            )
            .await;
    }
    let read = groups(&scene.read(&user).await);
    assert_eq!(read.len(), 10_000);
    assert_eq!(read[..1], shown(&[&inner], &[]));
    assert_eq!(read[1..3], shown(&[], &["outer-00000", "outer-00001"]));
}

#[tokio::test]
async fn a_group_of_another_type_or_tenant_with_the_same_id_counts_for_nothing() {
    let scene = Scene::default();
    scene.put("User", "7", Vec::new()).await;
    scene.put("Group", "7", Vec::new()).await;
    scene
        .put("Group", "of-group", vec![link("7", Some("Groups/7"))])
        .await;
    scene
        .put("Group", "of-user", vec![link("7", Some("Users/7"))])
        .await;
    assert_eq!(groups(&scene.read("7").await), shown(&["of-user"], &[]));

    let elsewhere = RequestContext::new("test").with_tenant("other".parse().unwrap());
    let data = json!({ "userName": "a" });
    let other = scene
        .provider
        .create_versioned_resource("User", data, &elsewhere);
    let other = id(&other.await.unwrap());
    scene
        .put("Group", "foreign", vec![link(&other, None)])
        .await;
    let read = scene
        .provider
        .get_versioned_resource("User", &other, &elsewhere);
    assert!(groups(&read.await.unwrap().unwrap()).is_empty());
}

#[tokio::test]
async fn own_types_derive_what_they_declare() {
    let schema = |id: &str, attributes: Value| -> Schema {
        serde_json::from_value(json!({ "id": id, "attributes": attributes })).unwrap()
    };
    let links = |name: &str, target: &str| {
        json!({ "name": name, "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true, "caseExact": true },
            { "name": "$ref", "type": "reference", "referenceTypes": [target] },
        ] })
    };
    let team = schema("urn:team", json!([links("crew", "Robot")]));
    let team = ResourceType::new("Team", "Teams", team)
        .unwrap()
        .with_links("crew")
        .unwrap();
    let derived = json!({ "name": "teams", "type": "complex", "multiValued": true,
        "mutability": "readOnly", "subAttributes": [{ "name": "value", "mutability": "readOnly" }] });
    let robot = schema("urn:robot", json!([{ "name": "label" }, derived]));
    let robot = ResourceType::new("Robot", "Robots", robot)
        .unwrap()
        .with_derived("TEAMS", "crew")
        .unwrap();
    let types = ResourceTypes::empty()
        .with(robot)
        .unwrap()
        .with(team)
        .unwrap();
    let scene = Scene {
        provider: InMemoryProvider::default().with_resource_types(types),
    };

    let robot = id(&scene
        .create("Robot", json!({ "label": "r" }))
        .await
        .unwrap());
    let team = json!({ "crew": [member(&robot)] });
    let team = id(&scene.create("Team", team).await.unwrap());
    let read = scene.get("Robot", &robot).await.unwrap();
    assert_eq!(
        read.resource().attribute("teams"),
        Some(&json!([{ "value": team }]))
    );
}

/// Counts the questions that a store is asked.
#[derive(Default)]
struct Counted {
    inner: InMemoryStorage,
    queries: AtomicUsize,
}

#[async_trait]
impl Storage for Counted {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.inner.get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.queries.fetch_add(1, Ordering::SeqCst);
        self.inner.query(query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        self.inner.commit(commit).await
    }
}

#[tokio::test]
async fn a_page_asks_once_for_each_level_of_nesting() {
    let storage = Arc::new(Counted::default());
    let scene = Scene {
        provider: InMemoryProvider::new(storage.inner.clone()),
    };
    let mut users = Vec::new();
    for n in 0..50 {
        users.push(id(&scene.user(&n.to_string()).await));
    }
    let mut all = Vec::new();
    for ten in users.chunks(10) {
        all.push(id(&scene.group(members(ten)).await));
    }
    let outer = id(&scene.group(members(&all)).await);

    let provider = StandardResourceProvider::new(Arc::clone(&storage));
    let page = provider.list_versioned_resources("User", &ALL, context());
    let page = page.await.unwrap().items;
    for (n, user) in page.iter().enumerate() {
        assert_eq!(groups(user), shown(&[&all[n / 10]], &[&outer]));
    }
    // The page itself, the groups, the group of these, and that there is none above.
    assert_eq!(storage.queries.load(Ordering::SeqCst), 4);
}
