use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
use scim_provider::version::ConditionalResult;
use scim_provider::{ConditionalProvider, InMemoryProvider, RequestContext, ResourceProvider};
use serde_json::json;

use crate::scene::{Scene, context, group, id, link, member, members, sorted, targets};

#[tokio::test]
async fn a_deleted_user_is_no_member_any_more() {
    let scene = Scene::default();
    let gone = scene.user("a").await;
    let left = id(&scene.user("b").await);
    let both = json!([member(&id(&gone)), member(&left)]);
    let (one, two) = (scene.group(both.clone()).await, scene.group(both).await);
    let without = scene.group(json!([member(&left)])).await;

    scene.delete("User", &gone).await;
    assert!(scene.get("User", &id(&gone)).await.is_none());
    for old in [&one, &two] {
        let new = scene.get("Group", &id(old)).await.unwrap();
        assert_eq!(targets(&new), [left.as_str()]);
        assert_ne!(new.version(), old.version());
        let (new, old) = (new.resource().meta(), old.resource().meta());
        assert!(new.last_modified > old.last_modified);
        assert_eq!(new.created, old.created);
    }
    let same = scene.get("Group", &id(&without)).await.unwrap();
    assert_eq!(same.version(), without.version());
}

#[tokio::test]
async fn a_deleted_group_is_no_member_and_has_none() {
    let scene = Scene::default();
    let users = scene.users(&["a"]).await;
    let inner = scene.group(members(&users)).await;
    let outer = scene.group(json!([member(&id(&inner))])).await;
    scene.delete("Group", &inner).await;
    assert!(scene.members(&id(&outer)).await.is_empty());
    // Its user can go without anybody noticing.
    let user = scene.get("User", &users[0]).await.unwrap();
    scene.delete("User", &user).await;
}

#[tokio::test]
async fn a_stale_delete_takes_no_membership_away() {
    let scene = Scene::default();
    let old = scene.user("a").await;
    let whole = scene.group(json!([member(&id(&old))])).await;
    let data = json!({ "userName": "b" });
    let provider = &scene.provider;
    let renamed = provider
        .update_resource("User", &id(&old), data, context())
        .await;
    assert!(renamed.is_ok());
    let stale = provider
        .conditional_delete("User", &id(&old), old.version(), context())
        .await
        .unwrap();
    assert!(matches!(stale, ConditionalResult::VersionMismatch(_)));
    assert_eq!(
        scene.get("Group", &id(&whole)).await.unwrap().version(),
        whole.version()
    );
}

#[tokio::test]
async fn memberships_of_another_tenant_stay() {
    let scene = Scene::default();
    let user = scene.user("a").await;
    let whole = scene.group(json!([member(&id(&user))])).await;
    let elsewhere = RequestContext::new("test").with_tenant("other".parse().unwrap());
    let missing = scene
        .provider
        .conditional_delete("User", &id(&user), user.version(), &elsewhere)
        .await;
    assert_eq!(missing.unwrap(), ConditionalResult::NotFound);
    assert_eq!(scene.get("Group", &id(&whole)).await.unwrap(), whole);
}

#[tokio::test]
async fn links_of_every_attribute_and_type_go() {
    let reference = |name: &str| {
        json!({ "name": name, "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true, "caseExact": true },
            { "name": "$ref", "type": "reference", "referenceTypes": ["User"] },
        ] })
    };
    let attributes = ["crew", "chiefs"].map(reference);
    let schema = json!({ "id": "urn:team", "attributes": attributes });
    let schema: Schema = serde_json::from_value(schema).unwrap();
    let team = ResourceType::new("Team", "Teams", schema).unwrap();
    let team = team
        .with_links("crew")
        .unwrap()
        .with_links("chiefs")
        .unwrap();
    let types = ResourceTypes::rfc7643().with(team).unwrap();
    let provider = InMemoryProvider::default().with_resource_types(types);
    let scene = Scene { provider };

    let user = scene.user("a").await;
    let member = json!([member(&id(&user))]);
    let team = json!({ "crew": member, "chiefs": member });
    let team = scene.create("Team", team).await.unwrap();
    let whole = scene.group(member).await;
    scene.delete("User", &user).await;
    let team = scene.get("Team", &id(&team)).await.unwrap();
    for attribute in ["crew", "chiefs"] {
        assert_eq!(team.resource().attribute(attribute), None);
    }
    assert!(scene.members(&id(&whole)).await.is_empty());
}

#[tokio::test]
async fn a_resource_of_another_type_with_the_same_id_stays_a_member() {
    let scene = Scene::default();
    let version = scene.put("User", "7", Vec::new()).await;
    scene.put("Group", "7", Vec::new()).await;
    scene
        .put("Group", "of-group", vec![link("7", Some("Groups/7"))])
        .await;
    scene
        .put("Group", "of-user", vec![link("7", Some("Users/7"))])
        .await;
    // Of old, before members knew their types.
    scene.put("Group", "of-any", vec![link("7", None)]).await;

    let deleted = scene
        .provider
        .conditional_delete("User", "7", &version, context());
    assert!(deleted.await.unwrap().is_success());
    assert_eq!(scene.members("of-group").await, ["7"]);
    assert!(scene.members("of-user").await.is_empty());
    assert!(scene.members("of-any").await.is_empty());
}

#[tokio::test]
async fn a_member_of_10_000_groups_is_deleted() {
    const GROUPS: usize = 10_000;
    let scene = Scene::default();
    let users = scene.users(&["a", "b"]).await;
    let links = |_| {
        let links = users
            .iter()
            .map(|id| link(id, Some(&format!("Users/{id}"))));
        let mut links: Vec<_> = links.collect();
        links.sort_by(|a, b| a.key.cmp(&b.key));
        links
    };
    for n in 0..GROUPS {
        scene.put("Group", &format!("group-{n:05}"), links(n)).await;
    }
    let deleted = scene.provider.delete_resource("User", &users[0], context());
    deleted.await.unwrap();
    for n in [0, 4_999, 5_000, 5_001, GROUPS - 1] {
        assert_eq!(scene.members(&format!("group-{n:05}")).await, users[1..]);
    }
    let linked = scene.linked(&users[0]).await;
    assert_eq!((linked, scene.linked(&users[1]).await), (0, GROUPS));
}

#[tokio::test]
async fn a_deletion_within_a_transaction_takes_memberships_away_with_it() {
    use scim_provider::AtomicProvider;

    let scene = Scene::default();
    let users = scene.users(&["a", "b"]).await;
    let whole = scene.group(members(&users)).await;
    let transaction = scene.provider.begin(context());
    let within = transaction.provider();
    let gone = within.delete_resource("User", &users[0], context());
    gone.await.unwrap();
    let whole = id(&whole);
    let read = within.get_versioned_resource("Group", &whole, context());
    assert_eq!(targets(&read.await.unwrap().unwrap()), users[1..]);
    assert_eq!(scene.members(&whole).await, sorted(&users));
    assert!(transaction.commit().await.unwrap().is_success());
    assert_eq!(scene.members(&whole).await, users[1..]);
}

#[tokio::test]
async fn a_provider_of_types_without_links_deletes() {
    let user = ResourceTypes::rfc7643().get("User").unwrap().clone();
    let types = ResourceTypes::empty().with(user).unwrap();
    let provider = InMemoryProvider::default().with_resource_types(types);
    let scene = Scene { provider };
    let user = scene.user("a").await;
    scene.delete("User", &user).await;
    assert_eq!(scene.total("User").await, 0);
    assert!(scene.create("Group", group(json!([]))).await.is_err());
}
