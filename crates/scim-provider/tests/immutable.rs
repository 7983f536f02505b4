//! Attributes that are set once.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, PasswordHashing, ProviderError, RequestContext,
    ResourceErrorKind, ResourceProvider, VersionedResource,
};
use serde_json::{Value, json};

const EXTENSION: &str = "urn:example:warranty";

fn provider() -> InMemoryProvider {
    let schema = |value: Value| -> Schema { serde_json::from_value(value).unwrap() };
    let device = schema(json!({ "id": "urn:example:device", "attributes": [
        { "name": "label" },
        { "name": "serial", "mutability": "immutable" },
        { "name": "code", "mutability": "immutable", "caseExact": true },
        { "name": "marks", "multiValued": true, "mutability": "immutable", "caseExact": true },
        { "name": "maker", "type": "complex", "mutability": "immutable", "subAttributes": [
            { "name": "value" }, { "name": "city" },
        ] },
        { "name": "owner", "type": "complex", "subAttributes": [
            { "name": "value", "mutability": "immutable" }, { "name": "note" },
        ] },
        { "name": "seal", "type": "complex", "subAttributes": [
            { "name": "number", "mutability": "immutable" },
            { "name": "colour", "required": true },
        ] },
        { "name": "ports", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value" }, { "name": "speed", "type": "integer", "mutability": "immutable" },
            { "name": "display" },
        ] },
        { "name": "parts", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true, "mutability": "immutable" },
            { "name": "$ref", "type": "reference", "mutability": "immutable" },
            { "name": "batch", "mutability": "immutable" }, { "name": "display" },
        ] },
        { "name": "pin", "mutability": "immutable", "returned": "never" },
        { "name": "password", "mutability": "immutable", "returned": "never" },
    ] }));
    let warranty = schema(json!({ "id": EXTENSION, "attributes": [
        { "name": "until", "type": "dateTime", "mutability": "immutable" }, { "name": "note" },
    ] }));
    let device = ResourceType::new("Device", "Devices", device)
        .unwrap()
        .with_extension(warranty, false)
        .unwrap()
        .with_links("parts")
        .unwrap();
    InMemoryProvider::default()
        .with_resource_types(ResourceTypes::empty().with(device).unwrap())
        .with_unknown_targets(scim_provider::UnknownTargets::Refuse)
        .with_password_hashing(PasswordHashing::new(8, 1, 1).unwrap())
}

struct Device {
    provider: InMemoryProvider,
    current: VersionedResource,
}

impl Device {
    async fn new(data: Value) -> Self {
        let provider = provider();
        let context = RequestContext::with_generated_id();
        let created = provider.create_versioned_resource("Device", data, &context);
        let current = created.await.unwrap();
        Self { provider, current }
    }

    async fn try_write(&self, data: Value) -> Result<VersionedResource, ProviderError> {
        let context = RequestContext::with_generated_id();
        let id = self.current.resource().id().unwrap();
        let expected = self.current.version();
        let written = self
            .provider
            .conditional_update("Device", id, data, expected, &context)
            .await?;
        Ok(written.into_success().expect("nobody else writes"))
    }

    /// What the device says after a write of `data`.
    async fn write(&mut self, data: Value) -> Value {
        self.current = self.try_write(data).await.unwrap();
        let mut shown = self.current.to_json();
        for name in ["id", "meta", "schemas"] {
            shown.as_object_mut().unwrap().remove(name);
        }
        shown
    }

    async fn refusal(&self, data: Value) -> (String, ResourceErrorKind) {
        match self.try_write(data).await {
            Err(ProviderError::Invalid(error)) => {
                (error.attribute().to_owned(), error.kind().clone())
            }
            other => panic!("{other:?}"),
        }
    }

    async fn assert_immutable(&self, path: &str, data: Value) {
        let refused = (path.to_owned(), ResourceErrorKind::Immutable);
        assert_eq!(self.refusal(data.clone()).await, refused, "{data}");
    }
}

#[tokio::test]
async fn what_is_not_set_yet_can_be_set_and_then_stays() {
    let mut device = Device::new(json!({ "label": "a" })).await;
    let full = json!({ "label": "b", "serial": "S1", "marks": ["x", "y"] });
    assert_eq!(device.write(full.clone()).await, full);
    device
        .assert_immutable("serial", json!({ "serial": "S2" }))
        .await;
    device
        .assert_immutable("marks", json!({ "marks": ["x"] }))
        .await;
    let omitted = json!({ "label": "c" });
    let expected = json!({ "label": "c", "serial": "S1", "marks": ["x", "y"] });
    assert_eq!(device.write(omitted).await, expected);
    let null = json!({ "label": "c", "serial": null, "marks": [] });
    assert_eq!(device.write(null).await, expected);
}

#[tokio::test]
async fn the_same_value_in_other_words_is_no_change() {
    let data = json!({ "serial": "S1", "code": "C1", "marks": ["x", "y"] });
    let mut device = Device::new(data.clone()).await;
    let before = device.current.clone();
    let words = json!({ "serial": "s1", "marks": ["y", "x", "x"] });
    assert_eq!(device.write(words).await, data);
    assert_eq!(device.current, before);
    device
        .assert_immutable("code", json!({ "code": "c1" }))
        .await;
}

#[tokio::test]
async fn a_complex_value_is_immutable_as_a_whole() {
    let data = json!({ "maker": { "value": "m", "city": "c" } });
    let mut device = Device::new(data.clone()).await;
    for maker in [
        json!({ "value": "m" }),
        json!({ "value": "n", "city": "c" }),
    ] {
        device
            .assert_immutable("maker", json!({ "maker": maker }))
            .await;
    }
    assert_eq!(device.write(json!({})).await, data);
}

#[tokio::test]
async fn an_immutable_part_outlives_the_value_that_it_is_part_of() {
    let mut device = Device::new(json!({ "owner": { "value": "1", "note": "n" } })).await;
    let kept = json!({ "owner": { "value": "1" } });
    assert_eq!(device.write(json!({})).await, kept);
    let noted = json!({ "owner": { "value": "1", "note": "x" } });
    assert_eq!(
        device.write(json!({ "owner": { "note": "x" } })).await,
        noted
    );
    device
        .assert_immutable("owner.value", json!({ "owner": { "value": "2" } }))
        .await;
}

#[tokio::test]
async fn what_stays_of_a_value_has_to_be_whole() {
    let device = Device::new(json!({ "seal": { "number": "1", "colour": "red" } })).await;
    let missing = ("seal.colour".to_owned(), ResourceErrorKind::Missing);
    assert_eq!(device.refusal(json!({})).await, missing);
}

#[tokio::test]
async fn values_of_a_list_are_known_by_their_value() {
    let ports = |ports: Value| json!({ "ports": ports });
    let data = ports(json!([{ "value": "a", "speed": 1 }, { "value": "b" }]));
    let mut device = Device::new(data).await;
    // One stays without being told its speed, one learns it, one comes, all in another order.
    let given = ports(json!([
        { "value": "c", "speed": 3 }, { "value": "b", "speed": 2 }, { "value": "a" },
    ]));
    let kept = ports(json!([
        { "value": "c", "speed": 3 }, { "value": "b", "speed": 2 }, { "value": "a", "speed": 1 },
    ]));
    assert_eq!(device.write(given).await, kept);
    let changed = ports(json!([{ "value": "x" }, { "value": "b", "speed": 9 }]));
    device.assert_immutable("ports[1].speed", changed).await;
    // It may go, and come back as another.
    device.write(ports(json!([{ "value": "a" }]))).await;
    let back = ports(json!([{ "value": "a", "speed": 1 }, { "value": "b", "speed": 9 }]));
    assert_eq!(device.write(back.clone()).await, back);
}

#[tokio::test]
async fn values_that_share_a_value_are_not_taken_for_one_another() {
    let ports = |ports: Value| json!({ "ports": ports });
    let data = ports(json!([{ "value": "a", "speed": 1 }, { "value": "a", "speed": 2 }]));
    let mut device = Device::new(data).await;
    let other_order = ports(json!([
        { "value": "a", "speed": 2, "display": "x" }, { "value": "a", "speed": 1 },
        { "value": "a", "speed": 3 },
    ]));
    assert_eq!(device.write(other_order.clone()).await, other_order);
    let changed = ports(json!([
        { "value": "a", "speed": 1 }, { "value": "a", "speed": 4 }, { "value": "a", "speed": 3 },
    ]));
    device.assert_immutable("ports[1].speed", changed).await;
    let unspoken = ports(json!([{ "value": "a" }, { "value": "a", "speed": 3 }]));
    let first = json!({ "value": "a", "speed": 2 });
    let kept = ports(json!([first, { "value": "a", "speed": 3 }]));
    assert_eq!(device.write(unspoken).await, kept);
}

#[tokio::test]
async fn links_keep_what_is_immutable_of_them() {
    let parts = |parts: Value| json!({ "parts": parts });
    // Parts are devices, and have to exist.
    let mut device = Device::new(json!({ "label": "whole" })).await;
    let context = RequestContext::with_generated_id();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let part = device
            .provider
            .create_resource("Device", json!({}), &context)
            .await;
        ids.push(part.unwrap().id().unwrap().to_owned());
    }
    let part = |n: usize, more: Value| {
        let mut part = json!({ "value": ids[n], "$ref": format!("Devices/{}", ids[n]) });
        let more = more.as_object().unwrap().clone();
        part.as_object_mut().unwrap().extend(more);
        part
    };
    let data = parts(json!([
        part(0, json!({ "batch": "1" })),
        part(1, json!({ "batch": "1" })),
    ]));
    assert_eq!(device.write(data.clone()).await, data);
    let [a, b, c] = ids.as_slice() else {
        unreachable!()
    };
    // Parts that say no batch keep theirs; what is not immutable goes and comes.
    let given = parts(json!([{ "value": a }, { "value": b, "display": "d" }, { "value": c }]));
    let kept = parts(json!([
        part(0, json!({ "batch": "1" })),
        part(1, json!({ "batch": "1", "display": "d" })),
        part(2, json!({})),
    ]));
    assert_eq!(device.write(given).await, kept);
    let changed = parts(json!([{ "value": b }, { "value": a, "batch": "2" }]));
    device.assert_immutable("parts[1].batch", changed).await;
}

#[tokio::test]
async fn an_extension_stays_with_what_is_immutable_in_it() {
    let until = "2030-01-01T00:00:00Z";
    let data = json!({ EXTENSION: { "until": until, "note": "n" } });
    let mut device = Device::new(data).await;
    let kept = json!({ EXTENSION: { "until": until } });
    assert_eq!(device.write(json!({})).await, kept);
    let schemas = device.current.resource().attribute("schemas");
    assert_eq!(schemas, Some(&json!(["urn:example:device", EXTENSION])));
    let path = format!("{EXTENSION}:until");
    let changed = json!({ EXTENSION: { "until": "2031-01-01T00:00:00Z" } });
    device.assert_immutable(&path, changed).await;
}

#[tokio::test]
async fn a_secret_that_is_immutable_stays_without_being_shown() {
    let mut device = Device::new(json!({ "pin": "Ab", "password": "p" })).await;
    let before = device.current.clone();
    device.write(json!({ "pin": "ab", "password": "p" })).await;
    assert_eq!(device.current, before);
    for (name, value) in [
        ("pin", json!("2")),
        ("pin", json!(null)),
        ("password", json!("q")),
    ] {
        device.assert_immutable(name, json!({ name: value })).await;
    }
}
