//! Versions from different sources are one version, wherever they have been meanwhile.

use std::collections::HashSet;
use std::thread;

use proptest::prelude::*;
use scim_provider::version::{
    ConditionalResult, ETag, Precondition, ScimVersion, VersionConflict, VersionError,
};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, RequestContext, Resource, ResourceProvider,
    VersionedResource,
};
use serde_json::{Map, Value, json};

fn stored(version: &str) -> ScimVersion {
    let user = json!({ "id": "1", "userName": "bjensen", "meta": { "version": version } });
    VersionedResource::new(Resource::from_json("User", user).expect("a user"))
        .version()
        .clone()
}

#[test]
fn one_version_from_every_source_is_one_version() -> Result<(), VersionError> {
    let computed = ScimVersion::from_content(b"content");
    let (text, header) = (computed.as_str(), computed.to_http_header());
    let sources = [
        ("hash", ScimVersion::from_hash(text)?),
        ("text", text.parse()?),
        ("weak header", ScimVersion::parse_http_header(&header)?),
        (
            "strong header",
            ScimVersion::parse_http_header(&format!("\"{text}\""))?,
        ),
        ("weak tag", ETag::parse(&header)?.version().unwrap()),
        (
            "strong tag",
            ETag::strong(computed.clone()).version().unwrap(),
        ),
        ("stored bare", stored(text)),
        ("stored as a weak tag", stored(&header)),
        ("stored as a strong tag", stored(&format!("\"{text}\""))),
        ("JSON", serde_json::from_value(json!(text)).unwrap()),
    ];
    for (source, version) in sources {
        assert!(version.matches(&computed), "{source}");
        assert_eq!(version, computed, "{source}");
        assert!(Precondition::from(&version).matches(&computed), "{source}");
        assert!(
            Precondition::parse([&header])?.matches(&version),
            "{source}"
        );
        assert!(
            HashSet::from([computed.clone()]).contains(&version),
            "{source}"
        );
    }
    Ok(())
}

#[test]
fn a_revision_is_the_same_by_number_by_hash_and_by_header() -> Result<(), VersionError> {
    let revision = ScimVersion::from_revision(42);
    assert_eq!(revision, ScimVersion::from_hash("42")?);
    assert_eq!(revision, ScimVersion::parse_http_header("W/\"42\"")?);
    assert_eq!(revision, stored("42"));
    assert_ne!(
        revision,
        ScimVersion::from_content("42"),
        "the hash of a number is not the number"
    );
    assert_ne!(revision, ScimVersion::from_hash("042")?);
    Ok(())
}

#[test]
fn a_resource_without_a_stored_version_has_that_of_its_content() {
    let plain = json!({ "id": "1", "userName": "bjensen" });
    let versioned = VersionedResource::new(Resource::from_json("User", plain.clone()).unwrap());
    assert_eq!(versioned.version(), &ScimVersion::from_resource(&plain));
    // Writing the version down doesn't change what it is the version of.
    let written = versioned.to_json();
    assert_eq!(ScimVersion::from_resource(&written), *versioned.version());
}

#[tokio::test]
async fn resources_are_the_same_after_being_serialised_and_read_back() {
    let provider = InMemoryProvider::default();
    let context = RequestContext::with_generated_id();
    let data = json!({
        "userName": "bjensen",
        "name": { "givenName": "Barbara", "familyName": "Jensen" },
        "emails": [{ "value": "b@example.com", "type": "work", "primary": true }],
    });
    let user = provider
        .create_versioned_resource("User", data, &context)
        .await
        .unwrap();

    let text = serde_json::to_string(&user).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["meta"]["version"], user.etag().to_string());
    let read = VersionedResource::new(Resource::from_json("User", json).unwrap());
    assert_eq!(read, user);

    // What was read back writes as if it had never been away.
    let id = user.resource().id().unwrap();
    let same = provider.conditional_update("User", id, read.to_json(), read.version(), &context);
    assert_eq!(
        same.await.unwrap(),
        ConditionalResult::Success(user.clone())
    );

    let unversioned = serde_json::to_value(user.resource()).unwrap();
    assert_eq!(
        Resource::from_json("User", unversioned).unwrap(),
        *user.resource()
    );
}

#[tokio::test]
async fn versions_are_the_same_after_being_stored_elsewhere() {
    let provider = InMemoryProvider::default();
    let context = RequestContext::with_generated_id();
    let data = json!({ "userName": "bjensen" });
    let user = provider
        .create_resource("User", data, &context)
        .await
        .unwrap();
    let version = user.meta().version.unwrap();

    let conflict = VersionConflict::new(
        "User",
        "1",
        version.to_etag(),
        ScimVersion::from_revision(1),
    );
    for kept in [
        serde_json::from_str(&serde_json::to_string(&version).unwrap()).unwrap(),
        version.to_string().parse().unwrap(),
        serde_json::from_value::<ETag>(serde_json::to_value(version.to_etag()).unwrap())
            .unwrap()
            .version()
            .unwrap(),
    ] {
        assert_eq!(version, kept);
        let found = provider
            .get_versioned_resource("User", user.id().unwrap(), &context)
            .await;
        assert_eq!(found.unwrap().unwrap().version(), &kept);
    }
    let read: VersionConflict =
        serde_json::from_value(serde_json::to_value(&conflict).unwrap()).unwrap();
    assert_eq!(read, conflict);
    assert!(read.expected.matches(&version));
}

#[test]
fn no_two_of_many_contents_have_one_version() {
    const CONTENTS: u64 = 200_000;
    let mut versions = HashSet::new();
    for n in 0..CONTENTS {
        // Neighbours differ in a few bits only, at the end of a common beginning.
        let content = format!("{{\"id\":\"1\",\"userName\":\"user{n}\"}}");
        assert!(
            versions.insert(ScimVersion::from_content(content)),
            "content {n}"
        );
    }
}

#[test]
fn no_two_of_many_resources_have_one_version() {
    const RESOURCES: u64 = 25_000;
    let mut versions = HashSet::new();
    for n in 0..RESOURCES {
        // Contents that differ in where a value stands, of what type it is, or how often.
        for resource in [
            json!({ "userName": n }),
            json!({ "userName": n.to_string() }),
            json!({ "displayName": n.to_string() }),
            json!({ "emails": [n] }),
            json!({ "emails": [n, n] }),
            json!({ "emails": [{ "value": n }] }),
        ] {
            assert!(
                versions.insert(ScimVersion::from_resource(&resource)),
                "{resource}"
            );
        }
    }
}

/// Any JSON; objects also get names that differ in case or in their last character only.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[aAbB]{1,3}|\\PC{1,4}", inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same value, with the members of every object put in the other way round.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Object(map) => {
            let members: Vec<_> = map.iter().map(|(k, v)| (k.clone(), reversed(v))).collect();
            Value::Object(members.into_iter().rev().collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn the_same_content_has_the_same_version(value in json_value()) {
        let version = ScimVersion::from_resource(&value);
        // In any order of members, after printing and parsing, and on any thread.
        prop_assert_eq!(&ScimVersion::from_resource(&reversed(&value)), &version);
        for text in [serde_json::to_string(&value), serde_json::to_string_pretty(&value)] {
            let parsed: Value = serde_json::from_str(&text.unwrap()).unwrap();
            prop_assert_eq!(&ScimVersion::from_resource(&parsed), &version);
        }
        let elsewhere = thread::spawn({
            let value = value.clone();
            move || ScimVersion::from_resource(&value)
        });
        prop_assert_eq!(elsewhere.join().unwrap(), version);
    }

    #[test]
    fn different_contents_have_different_versions(a in json_value(), b in json_value()) {
        let same = ScimVersion::from_resource(&a) == ScimVersion::from_resource(&b);
        prop_assert_eq!(same, canonical(&a) == canonical(&b));
    }
}

/// What a version is made from, for values whose versions differ exactly if they do: of the names
/// that a version leaves out, `json_value` makes none.
fn canonical(value: &Value) -> Vec<u8> {
    scim_provider::version::canonical_json(value)
}

/// JSON text, where the order of members is really that of the text.
#[test]
fn the_order_of_members_in_the_text_does_not_count() {
    let orders = [
        r#"{"a":1,"b":{"x":[1,2],"y":null}}"#,
        r#"{"b":{"y":null,"x":[1,2]},"a":1}"#,
        "{ \"b\" : {\"x\":[1, 2],\n\"y\":null}, \"\\u0061\":1 }",
    ];
    let versions: HashSet<_> = orders
        .iter()
        .map(|text| ScimVersion::from_resource(&serde_json::from_str(text).unwrap()))
        .collect();
    assert_eq!(versions.len(), 1);
    let other = serde_json::from_str(r#"{"a":1,"b":{"x":[2,1],"y":null}}"#).unwrap();
    assert!(
        !versions.contains(&ScimVersion::from_resource(&other)),
        "that of values does"
    );
}
