//! JSON Schemas of what tools take and give (draft 2020-12, which MCP has by default).

mod attributes;
mod results;

use serde_json::{Map, Value, json};

pub(crate) use self::attributes::of_resource;
pub(crate) use self::results::{bulk, deleted, info, member_change, page, resource, schemas};

/// The schema of a tool's arguments: an object of exactly these properties.
pub(crate) fn arguments(properties: Value, required: &[&str]) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties);
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema.insert("additionalProperties".into(), false.into());
    schema
}

/// `id`.
pub(crate) fn id(of_what: &str) -> Value {
    json!({
        "type": "string",
        "minLength": 1,
        "maxLength": scim_ops::provider::storage::ResourceId::MAX_LEN,
        "description": format!("The id of the {of_what}, as reads show it"),
    })
}

/// `expected_version`.
pub(crate) fn expected_version(required: bool) -> Value {
    let otherwise = if required {
        "Required."
    } else {
        "Without it the change is made to whatever is there then."
    };
    json!({
        "type": "string",
        "minLength": 1,
        "description": format!(
            "The version that you have read and decided upon. If the resource has another one by now, nothing is changed and you are shown what it says. {otherwise}"
        ),
    })
}

/// `merge`.
pub(crate) fn merge() -> Value {
    json!({
        "type": "boolean",
        "description": "If the resource has changed since expected_version, merge your change with what others have changed instead of refusing it. It is refused all the same where both changed the same, or where that version is no longer kept",
    })
}

/// `attributes` and `excluded_attributes`.
pub(crate) fn projection(properties: &mut Value) {
    let paths = |description: &str| json!({ "type": "array", "items": { "type": "string" }, "description": description });
    properties["attributes"] = paths(
        "Show only these attributes, such as \"userName\" or \"emails.value\"; not together with excluded_attributes",
    );
    properties["excluded_attributes"] =
        paths("Show all but these attributes, such as \"members\" of a large group");
}

/// The operations of a PATCH.
pub(crate) fn patch_operations() -> Value {
    json!({
        "type": "array",
        "minItems": 1,
        "description": "Changes, all of which are made or none, in this order (RFC 7644 section 3.5.2)",
        "items": {
            "type": "object",
            "properties": {
                "op": { "type": "string", "enum": ["add", "replace", "remove"] },
                "path": {
                    "type": "string",
                    "description": "What is changed, such as \"title\", \"name.familyName\" or \"emails[type eq \\\"work\\\"].value\"; required for remove",
                },
                "value": { "description": "The new value; without a path an object of attributes" },
            },
            "required": ["op"],
            "additionalProperties": false,
        },
    })
}
