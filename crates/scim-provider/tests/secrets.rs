//! Attributes of own schemas that are never shown.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
use scim_provider::storage::{LinkSelection, ResourceKey, Storage};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, PasswordHashing, ProviderError, RequestContext,
    ResourceErrorKind, Scope, VersionedResource,
};
use serde_json::{Value, json};

const EXTENSION: &str = "urn:example:vault";

fn provider() -> InMemoryProvider {
    let schema = |value: Value| -> Schema { serde_json::from_value(value).unwrap() };
    let door = schema(json!({ "id": "urn:example:door", "attributes": [
        { "name": "label" },
        { "name": "pin", "returned": "never" },
        { "name": "codes", "multiValued": true, "mutability": "writeOnly" },
        { "name": "serial", "mutability": "writeOnly", "returned": "default", "required": true },
        { "name": "lock", "type": "complex", "subAttributes": [
            { "name": "maker" }, { "name": "master", "returned": "never" },
        ] },
        { "name": "keys", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value" }, { "name": "type" },
            { "name": "cut", "mutability": "writeOnly", "required": true },
            { "name": "note", "returned": "never" },
        ] },
    ] }));
    let vault = schema(json!({ "id": EXTENSION, "attributes": [
        { "name": "depth", "type": "integer" },
        { "name": "combination", "returned": "never" },
        { "name": "password", "mutability": "writeOnly" },
    ] }));
    let door = ResourceType::new("Door", "Doors", door)
        .unwrap()
        .with_extension(vault, false)
        .unwrap();
    InMemoryProvider::default()
        .with_resource_types(ResourceTypes::empty().with(door).unwrap())
        .with_password_hashing(PasswordHashing::new(8, 1, 1).unwrap())
}

/// A door, and what is known of it.
struct Door {
    provider: InMemoryProvider,
    current: VersionedResource,
}

impl Door {
    async fn new(data: Value) -> Self {
        let provider = provider();
        let context = RequestContext::with_generated_id();
        let created = provider.create_versioned_resource("Door", data, &context);
        let current = created.await.unwrap();
        Self { provider, current }
    }

    fn id(&self) -> &str {
        self.current.resource().id().unwrap()
    }

    async fn try_write(&self, data: Value) -> Result<VersionedResource, ProviderError> {
        let context = RequestContext::with_generated_id();
        let expected = self.current.version();
        let written = self
            .provider
            .conditional_update("Door", self.id(), data, expected, &context)
            .await?;
        Ok(written.into_success().expect("nobody else writes"))
    }

    /// Writes, and says whether that changed the version.
    async fn write(&mut self, data: Value) -> bool {
        let written = self.try_write(data).await.unwrap();
        let changed = written.version() != self.current.version();
        self.current = written;
        changed
    }

    async fn refusal(&self, data: Value) -> (String, ResourceErrorKind) {
        match self.try_write(data).await {
            Err(ProviderError::Invalid(error)) => {
                (error.attribute().to_owned(), error.kind().clone())
            }
            other => panic!("{other:?}"),
        }
    }

    /// What is shown, without the common attributes.
    fn shown(&self) -> Value {
        let mut shown = self.current.to_json();
        for name in ["id", "meta", "schemas"] {
            shown.as_object_mut().unwrap().remove(name);
        }
        shown
    }

    /// What is kept apart.
    async fn hidden(&self) -> Value {
        let key = ResourceKey::new(Scope::Single, "Door", self.id()).unwrap();
        let stored = self.provider.storage().get(&key, &LinkSelection::All).await;
        match stored.unwrap().unwrap().hidden {
            Some(json) => serde_json::from_slice(&json).unwrap(),
            None => Value::Null,
        }
    }
}

#[tokio::test]
async fn secrets_are_kept_apart_wherever_they_stand() {
    let door = Door::new(json!({
        "label": "front", "pin": "1234", "codes": ["a", "b"], "serial": "s",
        "lock": { "maker": "m", "MASTER": "x" },
        "keys": [{ "value": "1", "cut": "c1" }, { "type": "t", "cut": "c2", "note": "n" }],
        EXTENSION: { "depth": 3, "combination": "1-2-3" },
    }))
    .await;
    assert_eq!(
        door.shown(),
        json!({
            "label": "front", "lock": { "maker": "m" },
            "keys": [{ "value": "1" }, { "type": "t" }], EXTENSION: { "depth": 3 },
        })
    );
    assert_eq!(
        door.hidden().await,
        json!({
            "pin": "1234", "codes": ["a", "b"], "serial": "s", "lock": { "master": "x" },
            "keys": [
                { "of": "1", "parts": { "cut": "c1" } },
                { "of": { "type": "t" }, "parts": { "cut": "c2", "note": "n" } },
            ],
            EXTENSION: { "combination": "1-2-3" },
        })
    );
}

#[tokio::test]
async fn what_is_sent_back_as_it_was_read_changes_nothing() {
    let mut door = Door::new(json!({
        "pin": "1234", "codes": ["a", "b"], "serial": "s", "lock": { "master": "x" },
        "keys": [{ "value": "1", "cut": "c1" }], EXTENSION: { "combination": "1" },
    }))
    .await;
    let read = door.current.to_json();
    let hidden = door.hidden().await;
    assert!(!door.write(read).await);
    assert!(
        !door
            .write(json!({ "keys": [{ "value": "1" }], "codes": ["b", "a", "b"] }))
            .await
    );
    assert_eq!(door.hidden().await, hidden);
}

#[tokio::test]
async fn a_write_replaces_the_secrets_that_it_mentions() {
    let mut door = Door::new(json!({ "pin": "1", "codes": ["a"], "serial": "s" })).await;
    assert!(
        door.write(json!({ "pin": "2", "lock": { "master": "x" } }))
            .await
    );
    assert_eq!(
        door.hidden().await,
        json!({ "pin": "2", "codes": ["a"], "serial": "s", "lock": { "master": "x" } })
    );
    assert!(
        door.write(json!({ "pin": null, "codes": [], "lock": { "maker": "m" } }))
            .await
    );
    assert_eq!(
        door.hidden().await,
        json!({ "serial": "s", "lock": { "master": "x" } })
    );
    assert!(
        !door
            .write(json!({ "pin": null, "lock": { "maker": "m" } }))
            .await
    );
}

#[tokio::test]
async fn the_secret_parts_of_a_value_go_with_it() {
    let mut door = Door::new(json!({
        "serial": "s", "lock": { "maker": "m", "master": "x" },
        "keys": [{ "value": "1", "cut": "c1" }, { "value": "2", "cut": "c2" }],
    }))
    .await;
    door.write(json!({ "keys": [{ "value": "2" }, { "value": "3", "cut": "c3" }] }))
        .await;
    assert_eq!(
        door.hidden().await,
        json!({ "serial": "s", "keys": [
            { "of": "2", "parts": { "cut": "c2" } }, { "of": "3", "parts": { "cut": "c3" } },
        ] })
    );
    door.write(json!({})).await;
    assert_eq!(door.hidden().await, json!({ "serial": "s" }));
}

#[tokio::test]
async fn nothing_removes_a_value_of_which_nothing_is_shown_but_its_name() {
    let mut door = Door::new(json!({ "serial": "s", "lock": { "master": "x" } })).await;
    assert!(!door.write(json!({})).await);
    assert!(door.write(json!({ "lock": null })).await);
    assert_eq!(door.hidden().await, json!({ "serial": "s" }));
}

#[tokio::test]
async fn an_extension_is_removed_with_its_secrets() {
    let mut door = Door::new(json!({
        "serial": "s", EXTENSION: { "depth": 1, "combination": "c", "password": "p" },
    }))
    .await;
    assert!(
        door.write(json!({ EXTENSION: { "depth": 1, "combination": null } }))
            .await
    );
    let hidden = door.hidden().await;
    let hash = hidden[EXTENSION]["password"].as_str().unwrap();
    assert!(hash.starts_with("$argon2id$"));
    assert!(
        !door
            .write(json!({ EXTENSION: { "depth": 1, "password": "p" } }))
            .await
    );
    assert!(door.write(json!({ EXTENSION: null })).await);
    assert_eq!(door.hidden().await, json!({ "serial": "s" }));
}

#[tokio::test]
async fn a_required_secret_may_have_come_with_an_earlier_write() {
    let context = RequestContext::with_generated_id();
    for data in [
        json!({ "label": "a" }),
        json!({ "serial": "" }),
        json!({ "serial": null }),
    ] {
        let refused = provider()
            .create_versioned_resource("Door", data, &context)
            .await;
        let Err(ProviderError::Invalid(error)) = refused else {
            panic!("not refused");
        };
        assert_eq!(
            (error.attribute(), error.kind()),
            ("serial", &ResourceErrorKind::Missing)
        );
    }
    let mut door = Door::new(json!({ "serial": "s" })).await;
    let missing = |path: &str| (path.to_owned(), ResourceErrorKind::Missing);
    assert_eq!(
        door.refusal(json!({ "serial": null })).await,
        missing("serial")
    );
    let keys = json!({ "keys": [{ "value": "1", "cut": "c" }, { "value": "2" }] });
    assert_eq!(door.refusal(keys).await, missing("keys[1].cut"));
    door.write(json!({ "keys": [{ "value": "1", "cut": "c" }] }))
        .await;
    assert!(!door.write(json!({ "keys": [{ "value": "1" }] })).await);
}

#[tokio::test]
async fn a_value_with_secrets_has_to_be_told_from_others() {
    let door = Door::new(json!({ "serial": "s" })).await;
    let unshown = json!({ "keys": [{ "value": "1", "cut": "a" }, { "cut": "c" }] });
    let (path, kind) = door.refusal(unshown).await;
    assert_eq!(path, "keys[1]");
    assert!(matches!(kind, ResourceErrorKind::Malformed { .. }));
    let twice = json!({ "keys": [{ "value": "1", "cut": "a" }, { "value": "1", "cut": "b" }] });
    assert_eq!(
        door.refusal(twice).await,
        ("keys[1]".to_owned(), ResourceErrorKind::Repeated)
    );
}
