//! RFC 7643 §8.7: each attribute that is printed is served with the characteristics that are
//! printed, but for those listed here. Descriptions are left out of the printed schemas.

use serde_json::{Map, Value, json};

use crate::scene::Scene;

/// Attribute, characteristic, what is served instead, and why.
const OTHERWISE: &[(&str, &str, &str, &str)] = &[
    ("User:profileUrl", "caseExact", "true", REFERENCE),
    ("User:photos.value", "caseExact", "true", REFERENCE),
    ("User:groups.$ref", "caseExact", "true", REFERENCE),
    ("Group:members.$ref", "caseExact", "true", REFERENCE),
    (
        "EnterpriseUser:manager.$ref",
        "caseExact",
        "true",
        REFERENCE,
    ),
    (
        "Service Provider Configuration:documentationUri",
        "caseExact",
        "true",
        REFERENCE,
    ),
    (
        "Service Provider Configuration:authenticationSchemes.specUri",
        "caseExact",
        "true",
        REFERENCE,
    ),
    (
        "Service Provider Configuration:authenticationSchemes.documentationUri",
        "caseExact",
        "true",
        REFERENCE,
    ),
    ("ResourceType:endpoint", "caseExact", "true", REFERENCE),
    (
        "User:x509Certificates.value",
        "caseExact",
        "true",
        "a binary is case exact (§2.3.6)",
    ),
    ("User:groups.value", "caseExact", "true", ID),
    ("Group:members.value", "caseExact", "true", ID),
    ("EnterpriseUser:manager.value", "caseExact", "true", ID),
    (
        "User:groups.$ref",
        "referenceTypes",
        r#"["Group"]"#,
        "users are in groups (§4.1.2)",
    ),
    (
        "User:ims.type",
        "canonicalValues",
        r#"["aim","gtalk","icq","xmpp","msn","skype","qq","yahoo","other"]"#,
        "§4.1.2 names other as well",
    ),
    (
        "Group:displayName",
        "required",
        "true",
        "REQUIRED in its description and in §4.2",
    ),
    (
        "Group:members.value",
        "required",
        "true",
        "a member is nothing without it; §4.2 lets us",
    ),
    (
        "ResourceType:schemaExtensions",
        "multiValued",
        "true",
        "a list (§6)",
    ),
    (
        "ResourceType:schemaExtensions",
        "required",
        "false",
        "OPTIONAL (§6)",
    ),
    ("Schema:attributes.type", "canonicalValues", TYPES, BINARY),
    (
        "Schema:attributes.subAttributes.type",
        "canonicalValues",
        TYPES,
        BINARY,
    ),
    ("Schema:attributes.type", "caseExact", "true", KEYWORD),
    (
        "Schema:attributes.subAttributes.type",
        "caseExact",
        "true",
        KEYWORD,
    ),
    (
        "Schema:attributes.subAttributes.referenceTypes",
        "multiValued",
        "true",
        "a list (§7), as one level above",
    ),
    ("Schema:name", "required", "false", "OPTIONAL (§7)"),
];
const REFERENCE: &str = "a reference is case exact (§2.3.7)";
const ID: &str = "an id is case exact (§3.1)";
const TYPES: &str =
    r#"["string","complex","boolean","decimal","integer","dateTime","reference","binary"]"#;
const BINARY: &str = "§2.3 and §8.7.1 itself have binary, too";
const KEYWORD: &str = "a keyword, like mutability and returned, which are case exact";

/// What says nothing for the type of an attribute, or is empty, and may be left out.
fn is_silent(attribute: &Value, characteristic: &str) -> bool {
    let complex = attribute["type"] == "complex";
    match characteristic {
        "uniqueness" | "caseExact" => complex || attribute["type"] == "boolean",
        "canonicalValues" => attribute[characteristic] == json!([]),
        _ => false,
    }
}

#[test]
fn rfc_7643_section_8_7_1_the_schemas_of_resources() {
    are_served(include_str!("schemas/section_8_7_1.json"));
}

#[test]
fn rfc_7643_section_8_7_2_the_schemas_of_the_service_provider() {
    are_served(include_str!("schemas/section_8_7_2.json"));
}

#[test]
fn section_4_all_schemas_are_in_the_list() {
    let scene = Scene::new();
    let list = scene.read("/Schemas");
    assert_eq!(
        list["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
    );
    let resources = list["Resources"].as_array().unwrap();
    assert_eq!(list["totalResults"], resources.len());
    for printed in [
        include_str!("schemas/section_8_7_1.json"),
        include_str!("schemas/section_8_7_2.json"),
    ] {
        let printed: Vec<Value> = serde_json::from_str(printed).unwrap();
        for schema in printed {
            let id = schema["id"].as_str().unwrap();
            let listed = resources.iter().find(|schema| schema["id"] == id);
            let listed = listed.unwrap_or_else(|| panic!("no {id} in the list"));
            assert_eq!(listed, &scene.read(&format!("/Schemas/{id}")));
        }
    }
    // "SCIM message schemas … SHALL NOT be discoverable" (RFC 7644 §3.1).
    assert!(
        !resources.iter().any(|schema| {
            let id = schema["id"].as_str().unwrap();
            id.starts_with("urn:ietf:params:scim:api:")
        }),
        "{resources:#?}"
    );
}

fn are_served(printed: &str) {
    let scene = Scene::new();
    let printed: Vec<Value> = serde_json::from_str(printed).unwrap();
    let mut found = Vec::new();
    for schema in &printed {
        let id = schema["id"].as_str().unwrap();
        let served = scene.read(&format!("/Schemas/{id}"));
        assert_eq!(served["id"], id);
        assert_eq!(
            served["schemas"],
            json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"])
        );
        let name = schema["name"].as_str().unwrap();
        assert!(served["name"].is_string() && served["description"].is_string());
        compare(
            &schema["attributes"],
            &served["attributes"],
            &format!("{name}:"),
            &mut found,
        );
    }
    assert!(found.is_empty(), "{found:#?}");
}

fn compare(printed: &Value, served: &Value, path: &str, found: &mut Vec<String>) {
    let served = served.as_array().map_or(&[][..], Vec::as_slice);
    for printed in printed.as_array().unwrap() {
        let name = printed["name"].as_str().unwrap();
        let path = format!("{path}{name}");
        let Some(served) = served.iter().find(|attribute| attribute["name"] == name) else {
            // §7: in "ResourceType" and "Schema" `id` is a common attribute.
            if name != "id" {
                found.push(format!("no {path}"));
            }
            continue;
        };
        characteristics(printed, served, &path, found);
        if printed.get("subAttributes").is_some() {
            let path = format!("{path}.");
            compare(
                &printed["subAttributes"],
                &served["subAttributes"],
                &path,
                found,
            );
        }
    }
}

fn characteristics(printed: &Value, served: &Value, path: &str, found: &mut Vec<String>) {
    let none = Map::new();
    for (name, value) in printed.as_object().unwrap_or(&none) {
        if name == "subAttributes" || is_silent(printed, name) {
            continue;
        }
        let otherwise = OTHERWISE
            .iter()
            .find(|(attribute, characteristic, ..)| *attribute == path && characteristic == name);
        let value = match otherwise {
            Some((_, _, instead, _)) => serde_json::from_str(instead).unwrap(),
            None => value.clone(),
        };
        if sorted(&served[name]) != sorted(&value) {
            found.push(format!(
                "{path}: {name} is {} and not {value}",
                served[name]
            ));
        }
    }
}

/// Lists of keywords have no order.
fn sorted(value: &Value) -> Value {
    let mut value = value.clone();
    if let Value::Array(values) = &mut value {
        values.sort_by_key(Value::to_string);
    }
    value
}
