//! What a PATCH reads, writes and answers with.

use scim_ops::provider::schema::{ResourceType, ResourceTypes, Schema, UnknownAttributes};
use scim_ops::provider::storage::{LinkKey, LinkSelection};
use scim_ops::provider::{
    InMemoryProvider, InMemoryStorage, PasswordHashing, RequestContext, ResourceProvider,
    StandardResourceProvider, VersionedResource,
};
use scim_ops::{
    ErrorKind, OpError, Outcome, Patch, PatchErrorKind, PatchRules, ScimOperationHandler,
    ScimOperationRequest,
};
use serde_json::{Value, json};

use crate::part::Partial;

fn context() -> RequestContext {
    RequestContext::new("test")
}

async fn create<P: ResourceProvider>(
    handler: &ScimOperationHandler<P>,
    resource_type: &str,
    data: Value,
) -> VersionedResource {
    let request = ScimOperationRequest::create(resource_type, data, context());
    let created = handler.handle_operation(request).await.unwrap();
    created.resource().unwrap().clone()
}

async fn patch<P: ResourceProvider>(
    handler: &ScimOperationHandler<P>,
    resource: &VersionedResource,
    operation: Value,
) -> Result<Outcome, OpError> {
    let patch = Patch::from_json(json!({ "Operations": [operation] })).unwrap();
    let (resource_type, id) = (
        resource.resource().resource_type(),
        resource.resource().id(),
    );
    let request = ScimOperationRequest::patch(resource_type, id.unwrap(), patch, context());
    let response = handler.handle_operation(request).await?;
    Ok(response.into_outcome())
}

/// The id of a new user.
async fn user<P: ResourceProvider>(handler: &ScimOperationHandler<P>, name: &str) -> String {
    let user = create(handler, "User", json!({ "userName": name })).await;
    user.resource().id().unwrap().to_owned()
}

fn add(id: &str) -> Value {
    json!({ "op": "add", "path": "members", "value": [{ "value": id }] })
}

#[tokio::test]
async fn only_the_members_that_a_patch_names_are_read_and_written() {
    let handler = ScimOperationHandler::new(Partial::default());
    let (one, two) = (user(&handler, "1").await, user(&handler, "2").await);
    let group = json!({ "displayName": "g", "members": [{ "value": one }] });
    let group = create(&handler, "Group", group).await;
    handler.provider().asked();

    let outcome = patch(&handler, &group, add(&two)).await.unwrap();
    let of = LinkSelection::Of(vec![LinkKey::new("members", &*two)]);
    assert_eq!(handler.provider().asked(), [of.clone(), of]);
    let Outcome::Patched {
        resource,
        changed,
        whole,
    } = outcome
    else {
        panic!("it was patched")
    };
    assert!(changed && !whole);
    let members = resource.resource().attribute("members").unwrap();
    let members: Vec<_> = members.as_array().unwrap().iter().collect();
    assert_eq!(members.len(), 1);
    assert_eq!(members[0]["value"], two);

    let rename = json!({ "op": "replace", "path": "displayName", "value": "h" });
    patch(&handler, &group, rename).await.unwrap();
    assert_eq!(
        handler.provider().asked(),
        [LinkSelection::None, LinkSelection::None]
    );

    let replace = json!({ "op": "replace", "path": "members", "value": [{ "value": one }] });
    let outcome = patch(&handler, &group, replace).await.unwrap();
    assert_eq!(
        handler.provider().asked(),
        [LinkSelection::All, LinkSelection::All]
    );
    assert!(matches!(outcome, Outcome::Patched { whole: true, .. }));
}

#[tokio::test]
async fn a_patch_that_says_what_is_stored_changes_nothing() {
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let one = user(&handler, "1").await;
    let group = json!({ "displayName": "g", "members": [{ "value": one }] });
    let group = create(&handler, "Group", group).await;
    for operation in [
        add(&one),
        json!({ "op": "replace", "value": { "displayName": "g" } }),
        json!({ "op": "remove", "path": "members[value eq \"9\"]" }),
        json!({ "op": "remove", "path": "externalId" }),
        json!({ "op": "replace", "value": group.resource().to_json() }),
    ] {
        let outcome = patch(&handler, &group, operation.clone()).await.unwrap();
        let Outcome::Patched {
            resource, changed, ..
        } = outcome
        else {
            panic!("it was patched")
        };
        assert!(!changed, "{operation}");
        assert_eq!(resource.version(), group.version());
    }
    let get = ScimOperationRequest::get("Group", group.resource().id().unwrap(), context());
    let found = handler.handle_operation(get).await.unwrap();
    assert_eq!(found.resource(), Some(&group));
}

#[tokio::test]
async fn what_the_provider_refuses_is_the_providers_error() {
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let user = create(&handler, "User", json!({ "userName": "a" })).await;
    let two = json!({ "op": "add", "path": "emails", "value": [
        { "value": "a", "primary": true }, { "value": "b", "primary": true },
    ] });
    let error = patch(&handler, &user, two).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    create(&handler, "User", json!({ "userName": "b" })).await;
    let taken = json!({ "op": "replace", "path": "userName", "value": "B" });
    let error = patch(&handler, &user, taken).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Duplicate);
}

#[tokio::test]
async fn the_types_of_the_provider_are_those_of_the_handler() {
    let schema: Schema = serde_json::from_value(json!({
        "id": "urn:team", "attributes": [{ "name": "motto" }],
    }))
    .unwrap();
    let types = ResourceTypes::empty()
        .with(ResourceType::new("Team", "Teams", schema).unwrap())
        .unwrap()
        .with_unknown_attributes(UnknownAttributes::Ignore);
    let provider = StandardResourceProvider::new(InMemoryStorage::new()).with_resource_types(types);
    let handler = ScimOperationHandler::new(provider);
    let team = create(&handler, "Team", json!({ "motto": "a" })).await;
    let operation = json!({ "op": "replace", "value": { "motto": "b", "colour": "red" } });
    let outcome = patch(&handler, &team, operation).await.unwrap();
    let Outcome::Patched { resource, .. } = outcome else {
        panic!("it was patched")
    };
    assert_eq!(resource.resource().attribute("motto"), Some(&json!("b")));
}

#[tokio::test]
async fn a_replace_of_nothing_creates_where_it_is_configured() {
    let operation =
        || json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "x" });
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let user = create(&handler, "User", json!({ "userName": "a" })).await;
    let error = patch(&handler, &user, operation()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Patch(PatchErrorKind::NoTarget));
    let handler = handler.with_patch_rules(PatchRules::new().with_creates_missing(true));
    let outcome = patch(&handler, &user, operation()).await.unwrap();
    assert!(matches!(outcome, Outcome::Patched { changed: true, .. }));
}

#[tokio::test]
async fn a_password_comes_and_goes_without_being_shown() {
    let quick = PasswordHashing::new(8, 1, 1).unwrap();
    let provider = InMemoryProvider::default().with_password_hashing(quick);
    let handler = ScimOperationHandler::new(provider);
    let user = create(&handler, "User", json!({ "userName": "a" })).await;
    let set = json!({ "op": "add", "path": "password", "value": "t1meMa$heen" });
    let remove = json!({ "op": "remove", "path": "password" });
    let rename = json!({ "op": "replace", "path": "displayName", "value": "A" });
    for (operation, changes) in [
        (set.clone(), true),
        (set, false),
        (rename, true),
        (remove.clone(), true),
        (remove, false),
    ] {
        let outcome = patch(&handler, &user, operation.clone()).await.unwrap();
        let Outcome::Patched {
            resource, changed, ..
        } = outcome
        else {
            panic!("it was patched")
        };
        assert_eq!(changed, changes, "{operation}");
        assert!(resource.resource().attribute("password").is_none());
    }
}
