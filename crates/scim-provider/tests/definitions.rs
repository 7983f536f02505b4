//! Resource types and schemas read from JSON.

use scim_provider::schema::{
    CanonicalValues, DefinitionsError, DefinitionsErrorKind, ResourceType, ResourceTypes,
    SchemaErrorKind,
};
use scim_provider::{InMemoryProvider, RequestContext, ResourceProvider};
use serde_json::{Value, json};

const STORAGE: &str = "urn:scim-provider:storage:1.0";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

fn read(types: &ResourceTypes, documents: Value) -> Result<ResourceTypes, DefinitionsError> {
    types.with_json(documents.to_string().as_bytes())
}

fn door() -> Value {
    json!({ "name": "Door", "endpoint": "/Doors", "schema": "urn:example:door" })
}

fn door_schema() -> Value {
    json!({ "id": "urn:example:door", "attributes": [
        { "name": "code", "required": true, "uniqueness": "server" },
        { "name": "displayName" },
        { "name": "keepers", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true },
            { "name": "$ref", "type": "reference", "referenceTypes": ["User"] },
            { "name": "type", "canonicalValues": ["User"] },
        ] },
        { "name": "pages", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "required": true },
            { "name": "$ref", "type": "reference", "referenceTypes": ["User", "external"] },
        ] },
    ] })
}

fn links(resource_type: &ResourceType) -> Vec<&str> {
    resource_type.links().collect()
}

fn indexes(resource_type: &ResourceType) -> Vec<&str> {
    resource_type.indexed().collect()
}

#[tokio::test]
async fn a_type_of_ones_own_is_served_like_any_other() {
    let types = read(&ResourceTypes::rfc7643(), json!([door(), door_schema()])).unwrap();
    let provider = InMemoryProvider::default().with_resource_types(types);
    let context = RequestContext::with_generated_id();
    let user = json!({ "userName": "bjensen" });
    let user = provider
        .create_resource("User", user, &context)
        .await
        .unwrap();
    let keeper = json!({ "value": user.id() });
    let data = json!({ "code": "1", "keepers": [keeper] });
    let door = provider
        .create_resource("Door", data, &context)
        .await
        .unwrap();
    let reference = format!("Users/{}", user.id().unwrap());
    assert_eq!(
        door.attribute("keepers"),
        Some(&json!([{ "value": user.id(), "$ref": reference, "type": "User" }]))
    );
    let twice = provider
        .create_resource("Door", json!({ "code": "1" }), &context)
        .await;
    assert!(twice.is_err());
}

#[test]
fn links_and_indexes_are_the_usual_ones_unless_declared() {
    let types = read(&ResourceTypes::empty(), json!([door_schema(), door()])).unwrap();
    let usual = types.get("Door").unwrap();
    assert_eq!(links(usual), ["keepers"]);
    assert_eq!(indexes(usual), ["externalId", "displayName", "code"]);

    let mut declared = door();
    declared[STORAGE] = json!({ "links": ["PAGES"], "indexes": ["keepers.value"] });
    let types = read(&ResourceTypes::empty(), json!([declared, door_schema()])).unwrap();
    let declared = types.get("Door").unwrap();
    assert_eq!(links(declared), ["pages"]);
    assert_eq!(indexes(declared), ["keepers.value"]);

    let mut none = door();
    none[STORAGE] = json!({ "links": [], "indexes": [] });
    let types = read(&ResourceTypes::empty(), json!([none, door_schema()])).unwrap();
    let none = types.get("Door").unwrap();
    assert!(links(none).is_empty() && indexes(none).is_empty());
}

#[test]
fn what_is_derived_is_inherited_declared_or_the_groups_of_users() {
    let derived = |types: &ResourceTypes, name: &str| -> Vec<(String, String)> {
        let derived = types.get(name).unwrap().derived();
        derived
            .map(|(name, links)| (name.to_owned(), links.to_owned()))
            .collect()
    };
    let groups = vec![("groups".to_owned(), "members".to_owned())];
    let user = json!({ "name": "User", "endpoint": "/Users", "schema": USER });
    for before in [ResourceTypes::empty(), ResourceTypes::rfc7643()] {
        let types = read(&before, json!([user])).unwrap();
        assert_eq!(derived(&types, "User"), groups);
    }
    let mut declared = user.clone();
    declared[STORAGE] = json!({ "derived": {} });
    let types = read(&ResourceTypes::rfc7643(), json!([declared])).unwrap();
    assert_eq!(derived(&types, "User"), []);
    declared[STORAGE] = json!({ "derived": { "emails": "members" } });
    let error = read(&ResourceTypes::rfc7643(), json!([declared])).unwrap_err();
    let kind = DefinitionsErrorKind::Rule(SchemaErrorKind::NotDerivable);
    assert_eq!(error.kind(), kind);

    let keeps = json!({ "id": "urn:example:person", "attributes": [
        { "name": "doors", "type": "complex", "multiValued": true, "mutability": "readOnly",
          "subAttributes": [{ "name": "value", "mutability": "readOnly" }] },
    ] });
    let person = json!({
        "name": "Person", "endpoint": "/People", "schema": "urn:example:person",
        STORAGE: { "derived": { "doors": "keepers" } },
    });
    let types = read(&ResourceTypes::empty(), json!([person, keeps])).unwrap();
    assert_eq!(
        derived(&types, "Person"),
        [("doors".to_owned(), "keepers".to_owned())]
    );
}

#[test]
fn a_known_type_gets_an_extension_and_keeps_the_rest() {
    let badge = json!({ "id": "urn:example:badge", "attributes": [{ "name": "number" }] });
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User", "name": "User", "endpoint": "/Users", "description": "People",
        "schema": USER.to_lowercase(),
        "schemaExtensions": [
            { "schema": ENTERPRISE, "required": false },
            { "schema": "urn:example:badge", "required": true },
        ],
        "meta": { "resourceType": "ResourceType" },
    });
    let before = ResourceTypes::rfc7643().with_canonical_values(CanonicalValues::Restrict);
    let types = read(&before, json!([user, badge])).unwrap();
    assert_eq!(types.rules(), before.rules());
    let names: Vec<_> = types.iter().map(ResourceType::name).collect();
    assert_eq!(names, ["User", "Group"]);
    let user = types.get("User").unwrap();
    assert_eq!((user.extensions().len(), user.description()), (2, "People"));
    let built_in = before.get("User").unwrap();
    assert_eq!(indexes(user), indexes(built_in));
    assert_eq!(links(types.get("Group").unwrap()), ["members"]);
}

#[test]
fn a_schema_takes_the_place_of_the_known_one_in_all_types() {
    let enterprise = json!({ "id": ENTERPRISE, "attributes": [
        { "name": "division", "required": true }, { "name": "team" },
    ] });
    let types = read(&ResourceTypes::rfc7643(), enterprise).unwrap();
    let user = types.get("User").unwrap();
    assert!(user.attribute(&format!("{ENTERPRISE}:team")).is_some());
    assert!(
        user.attribute(&format!("{ENTERPRISE}:costCenter"))
            .is_none()
    );

    // An index of what is not there any more goes.
    let user = json!({ "id": USER, "attributes": [{ "name": "userName", "required": true }] });
    let types = read(&ResourceTypes::rfc7643(), user).unwrap();
    assert_eq!(
        indexes(types.get("User").unwrap()),
        ["userName", "externalId"]
    );
}

#[test]
fn what_discovery_answers_can_be_read_again() {
    let types = ResourceTypes::rfc7643();
    let schemas = types.iter().flat_map(|resource_type| {
        let extensions = resource_type.extensions().iter();
        let schemas = extensions.map(|extension| extension.schema());
        std::iter::once(resource_type.schema()).chain(schemas)
    });
    let documents: Vec<Value> = schemas
        .map(|schema| {
            let mut json = serde_json::to_value(schema).unwrap();
            json["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]);
            json["meta"] = json!({ "resourceType": "Schema", "location": "https://h/Schemas/x" });
            json
        })
        .chain([
            json!({ "name": "Person", "endpoint": "/People", "schema": USER }),
            json!({ "name": "Team", "endpoint": "Teams", "schema": GROUP }),
        ])
        .collect();
    let list = json!({ "totalResults": documents.len(), "Resources": documents });
    let types = read(&ResourceTypes::empty(), list).unwrap();
    assert_eq!(links(types.get("Team").unwrap()), ["members"]);
    let user = ResourceTypes::rfc7643()
        .get("User")
        .unwrap()
        .schema()
        .clone();
    assert_eq!(types.get("Person").unwrap().schema(), &user);
}

#[test]
fn refusals_name_what_is_wrong_and_where() {
    use DefinitionsErrorKind::{
        Malformed, NoDefinition, NoSuchSchema, Repeated, Rule, UnknownMember,
    };
    let schema = |attribute: Value| json!([{ "id": "urn:x:y", "attributes": [attribute] }]);
    let with = |name: &str, value: Value| {
        let mut door = door();
        door[name] = value;
        json!([door_schema(), door])
    };
    for (documents, place, kind) in [
        (json!("x"), "[0]", NoDefinition),
        (json!([door_schema(), 7]), "[1]", NoDefinition),
        (json!([{ "id": "urn:x:y" }]), "[0] urn:x:y", NoDefinition),
        (json!({ "Resources": {} }), "Resources", NoDefinition),
        (json!([door()]), "[0] Door: urn:example:door", NoSuchSchema),
        (
            json!([door_schema(), door_schema()]),
            "[1] urn:example:door",
            Repeated,
        ),
        (json!([door_schema(), door(), door()]), "[2] Door", Repeated),
        (json!([{ "attributes": [] }]), "[0]", Malformed),
        (
            json!([{ "id": "urn:x:y", "attributes": {} }]),
            "[0] urn:x:y",
            Malformed,
        ),
        (
            schema(json!({ "type": "string" })),
            "[0] urn:x:y: [0]",
            Malformed,
        ),
        (schema(json!(7)), "[0] urn:x:y: [0]", Malformed),
        (
            schema(json!({ "name": "a", "type": "text" })),
            "[0] urn:x:y: a",
            Malformed,
        ),
        (
            schema(json!({ "name": "a", "subAttributes": [{ "name": "b", "required": "no" }] })),
            "[0] urn:x:y: a.b",
            Malformed,
        ),
        (
            schema(json!({ "name": "a", "requird": true })),
            "[0] urn:x:y: a.requird",
            UnknownMember,
        ),
        (
            json!([{ "id": "urn:x:y", "attributes": [], "title": "" }]),
            "[0] urn:x:y: title",
            UnknownMember,
        ),
        (with("schemaExtension", json!([])), "[1] Door", Malformed),
        (with("name", json!(null)), "[1]", Malformed),
        (
            with("schemaExtensions", json!([{ "schema": "urn:x:y" }])),
            "[1] Door: urn:x:y",
            NoSuchSchema,
        ),
        (
            with("endpoint", json!("/a/b")),
            "[1] Door: a/b",
            Rule(SchemaErrorKind::IllegalName),
        ),
        (
            with("endpoint", json!("Me")),
            "[1] Door: Me",
            Rule(SchemaErrorKind::ReservedEndpoint),
        ),
        (
            with("endpoint", json!("/users")),
            "[1] Door: users",
            Rule(SchemaErrorKind::Repeated),
        ),
        (
            with(STORAGE, json!({ "links": ["code"] })),
            "[1] Door: code",
            Rule(SchemaErrorKind::NotLinkable),
        ),
        (
            with(STORAGE, json!({ "indexes": ["nothing"] })),
            "[1] Door: nothing",
            Rule(SchemaErrorKind::NoSuchAttribute),
        ),
    ] {
        let error = read(&ResourceTypes::rfc7643(), documents.clone()).unwrap_err();
        assert_eq!((error.place(), error.kind()), (place, kind), "{documents}");
    }
}

#[test]
fn what_is_no_json_is_refused_with_its_position() {
    use std::error::Error;
    for json in [&b"["[..], b"", b"\xff", "[".repeat(10_000).as_bytes()] {
        let error = ResourceTypes::empty().with_json(json).unwrap_err();
        assert_eq!(error.kind(), DefinitionsErrorKind::NoJson);
        assert!(
            error
                .source()
                .unwrap()
                .to_string()
                .contains("line 1 column")
        );
        assert_eq!(error.to_string(), "no JSON");
    }
}
