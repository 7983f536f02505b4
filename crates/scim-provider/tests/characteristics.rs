//! The characteristics of attributes (RFC 7643 §7) in own schemas, in extensions and in lists.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use scim_provider::schema::{
    CanonicalValues, InputRules, NormalForm, ResourceType, ResourceTypes, Schema,
};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, ProviderError, RequestContext, ResourceError,
    ResourceErrorKind, ResourceProvider,
};
use serde_json::{Value, json};

const EXTENSION: &str = "urn:example:rack";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// Servers: each attribute is about one characteristic.
fn servers() -> ResourceTypes {
    let schema = |value: Value| -> Schema { serde_json::from_value(value).unwrap() };
    let server = schema(json!({ "id": "urn:example:server", "attributes": [
        { "name": "names", "multiValued": true, "uniqueness": "server" },
        { "name": "asset", "caseExact": true, "uniqueness": "global" },
        { "name": "nics", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "mac", "uniqueness": "server" },
            { "name": "speed", "type": "integer", "required": true },
        ] },
        { "name": "state", "canonicalValues": ["up", "down"] },
        { "name": "zones", "multiValued": true, "caseExact": true, "canonicalValues": ["A", "B"] },
        { "name": "admin", "type": "reference", "referenceTypes": ["User"] },
        { "name": "pages", "type": "reference", "multiValued": true, "referenceTypes": ["external"] },
    ] }));
    let rack = schema(json!({ "id": EXTENSION, "attributes": [
        { "name": "slot", "uniqueness": "server" },
        { "name": "row", "required": true, "canonicalValues": ["north", "south"] },
        { "name": "owner", "type": "complex", "subAttributes": [
            { "name": "value", "required": true },
            { "name": "$ref", "type": "reference", "referenceTypes": ["Group"] },
        ] },
        { "name": "tags", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true, "uniqueness": "server" },
            { "name": "type", "canonicalValues": ["fixed"] },
        ] },
    ] }));
    let server = ResourceType::new("Server", "Servers", server)
        .unwrap()
        .with_extension(rack, false)
        .unwrap();
    ResourceTypes::rfc7643().with(server).unwrap()
}

fn normal(canonical: CanonicalValues, data: Value) -> Result<NormalForm, ResourceError> {
    let types = servers().with_canonical_values(canonical);
    types.get("Server").unwrap().normalise(data, types.rules())
}

fn refusal(data: Value) -> (String, ResourceErrorKind) {
    let error = normal(CanonicalValues::Restrict, data).unwrap_err();
    (error.attribute().to_owned(), error.kind().clone())
}

#[tokio::test]
async fn unique_values_are_so_in_lists_and_extensions_too() {
    let provider = InMemoryProvider::default().with_resource_types(servers());
    let context = RequestContext::with_generated_id();
    let first = json!({
        "names": ["web", "WEB", "www"], "asset": "A1", "nics": [{ "mac": "00:AA", "speed": 1 }],
        EXTENSION: { "row": "north", "slot": "N1", "tags": [{ "value": "t1" }, { "value": "t2" }] },
    });
    let first = provider
        .create_resource("Server", first, &context)
        .await
        .unwrap();
    let in_rack = |mut more: Value| {
        more["row"] = "north".into();
        json!({ EXTENSION: more })
    };
    let expected = first.id().map(str::to_owned);
    for (attribute, data) in [
        ("names".to_owned(), json!({ "names": ["mail", "Www"] })),
        ("asset".to_owned(), json!({ "asset": "A1" })),
        (
            "nics.mac".to_owned(),
            json!({ "nics": [{ "mac": "00:aa", "speed": 2 }] }),
        ),
        (
            format!("{EXTENSION}:slot"),
            in_rack(json!({ "slot": "n1" })),
        ),
        (
            format!("{EXTENSION}:tags.value"),
            in_rack(json!({ "tags": [{ "value": "T2" }] })),
        ),
    ] {
        match provider
            .create_resource("Server", data.clone(), &context)
            .await
        {
            Err(ProviderError::Duplicate {
                attribute: found,
                holder,
                ..
            }) => {
                assert_eq!((found, &holder), (attribute, &expected), "{data}");
            }
            other => panic!("{data}: {other:?}"),
        }
    }
    // Case counts where the schema says so.
    let other = provider
        .create_resource("Server", json!({ "asset": "a1" }), &context)
        .await;
    let other = other.unwrap();
    let id = other.id().unwrap();
    let taken = json!({ "asset": "a1", "names": ["web"] });
    let refused = provider
        .update_resource("Server", id, taken, &context)
        .await;
    assert!(matches!(refused, Err(ProviderError::Duplicate { .. })));
    // Values that were given up are free.
    let freed = json!({ "asset": "A1" });
    provider
        .update_resource("Server", first.id().unwrap(), freed, &context)
        .await
        .unwrap();
    let taken = json!({ "asset": "a1", "names": ["web"], EXTENSION: { "row": "s", "slot": "N1" } });
    assert!(
        provider
            .update_resource("Server", id, taken, &context)
            .await
            .is_ok()
    );
}

#[test]
fn what_is_required_is_so_within_values_and_extensions() {
    for (path, data) in [
        (
            "nics[1].speed",
            json!({ "nics": [{ "speed": 1 }, { "mac": "a" }] }),
        ),
        (
            &*format!("{EXTENSION}:row"),
            json!({ EXTENSION: { "slot": "1" } }),
        ),
        (
            &format!("{EXTENSION}:owner.value"),
            json!({ EXTENSION: { "row": "north", "owner": { "$ref": "Groups/1" } } }),
        ),
        (
            &format!("{EXTENSION}:tags[0].value"),
            json!({ EXTENSION: { "row": "north", "tags": [{ "type": "fixed" }] } }),
        ),
    ] {
        let missing = (path.to_owned(), ResourceErrorKind::Missing);
        assert_eq!(refusal(data.clone()), missing, "{data}");
    }
    // Nothing is missing in what is not there.
    assert!(
        normal(
            CanonicalValues::Restrict,
            json!({ EXTENSION: { "row": null } })
        )
        .is_ok()
    );
}

#[test]
fn other_values_than_the_canonical_ones_are_kept_or_refused() {
    let others = [
        ("state", json!({ "state": "sleeping" }), &["up", "down"][..]),
        ("zones[1]", json!({ "zones": ["A", "b"] }), &["A", "B"]),
        (
            &*format!("{EXTENSION}:row"),
            json!({ EXTENSION: { "row": "east" } }),
            &["north", "south"],
        ),
        (
            &format!("{EXTENSION}:tags[0].type"),
            json!({ EXTENSION: { "row": "NORTH", "tags": [{ "value": "1", "type": "free" }] } }),
            &["fixed"],
        ),
    ];
    for (path, data, allowed) in others {
        assert!(
            normal(CanonicalValues::Suggest, data.clone()).is_ok(),
            "{data}"
        );
        let allowed = allowed.iter().map(|value| (*value).to_owned()).collect();
        let kind = ResourceErrorKind::NotCanonical { allowed };
        assert_eq!(refusal(data.clone()), (path.to_owned(), kind), "{data}");
    }
    let form = normal(
        CanonicalValues::Restrict,
        json!({ "state": "UP", "zones": ["B"] }),
    )
    .unwrap();
    assert_eq!(form.attributes["state"], "UP");
}

#[test]
fn a_refusal_names_the_canonical_values_and_not_the_one_that_was_given() {
    let data = json!({ "state": "sleeping" });
    let error = normal(CanonicalValues::Restrict, data).unwrap_err();
    assert_eq!(error.to_string(), "state: none of up, down");
}

#[test]
fn references_lead_to_what_the_schema_says() {
    let not_a_target = ResourceErrorKind::NotATarget;
    for (path, data, kind) in [
        (
            "admin",
            json!({ "admin": "https://example.com/v2/Groups/1" }),
            not_a_target.clone(),
        ),
        (
            &*format!("{EXTENSION}:owner.$ref"),
            json!({ EXTENSION: { "row": "n", "owner": { "value": "1", "$ref": "../Users/1" } } }),
            not_a_target,
        ),
        (
            "pages[1]",
            json!({ "pages": ["https://example.com", "example.com"] }),
            ResourceErrorKind::Malformed {
                expected: "an absolute URI",
            },
        ),
    ] {
        let error = normal(CanonicalValues::Suggest, data.clone()).unwrap_err();
        assert_eq!((error.attribute(), error.kind()), (path, &kind), "{data}");
    }
    let foreign = json!({ "admin": "https://elsewhere.example/people/1" });
    assert!(normal(CanonicalValues::Suggest, foreign).is_ok());
}

#[test]
fn no_value_is_twice_in_a_list() {
    let form = normal(
        CanonicalValues::Suggest,
        json!({
            "names": ["web", "www", "web", "WEB"],
            "nics": [{ "speed": 1, "mac": "a" }, { "MAC": "a", "speed": 1.0 }, { "speed": 1 }],
        }),
    )
    .unwrap();
    assert_eq!(form.attributes["names"], json!(["web", "www", "WEB"]));
    let nics = json!([{ "mac": "a", "speed": 1 }, { "speed": 1 }]);
    assert_eq!(form.attributes["nics"], nics);
}

#[tokio::test]
async fn the_primary_value_given_twice_is_one() {
    let email = json!({ "value": "a@example.com", "primary": true });
    let types = ResourceTypes::rfc7643();
    let data = json!({ "schemas": [USER], "userName": "a", "emails": [email, email] });
    let form = types
        .get("User")
        .unwrap()
        .normalise(data, InputRules::default());
    assert_eq!(form.unwrap().attributes["emails"], json!([email]));
}

#[tokio::test]
async fn a_provider_goes_by_the_rules_of_its_registry() {
    let types = ResourceTypes::rfc7643().with_canonical_values(CanonicalValues::Restrict);
    let provider = InMemoryProvider::default().with_resource_types(types);
    let context = RequestContext::with_generated_id();
    let user = |kind: &str| json!({ "userName": "a", "emails": [{ "value": "a@example.com", "type": kind }] });
    let refused = provider
        .create_versioned_resource("User", user("school"), &context)
        .await;
    assert!(matches!(refused, Err(ProviderError::Invalid(error))
        if matches!(error.kind(), ResourceErrorKind::NotCanonical { .. })));
    assert!(
        provider
            .create_versioned_resource("User", user("Home"), &context)
            .await
            .is_ok()
    );
}
