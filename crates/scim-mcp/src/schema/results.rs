use serde_json::{Map, Value, json};

use crate::failure::Kind;

/// The schema of a result: an object with these properties, of which `required` are there, unless it is
/// `{"error": {…}}`.
///
/// Clients check results that are errors, too, hence both forms in one schema. Its root has to be an object.
fn with_error(mut properties: Value, required: &[&str]) -> Map<String, Value> {
    properties["error"] = error();
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties);
    schema.insert(
        "anyOf".into(),
        json!([{ "required": required }, { "required": ["error"] }]),
    );
    schema
}

/// What is wrong, and what to do about it.
fn error() -> Value {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    json!({
        "type": "object",
        "description": "Why the call did not do what it was asked; nothing was changed unless the kind is outcome_unknown",
        "properties": {
            "kind": { "type": "string", "enum": kinds },
            "message": { "type": "string" },
            "next_step": { "type": "string", "description": "What to do about it" },
            "argument": { "type": "string", "description": "Which argument can't be what it is" },
            "resource_type": { "type": "string" },
            "id": { "type": "string" },
            "expected_version": { "type": "string", "description": "The version that was named" },
            "current_version": { "type": "string", "description": "The version that there is" },
            "current": { "type": "object", "description": "The resource in the version current_version" },
            "conflicts": {
                "type": "array",
                "description": "What does not go together, if the change was to be merged",
                "items": {
                    "type": "object",
                    "properties": {
                        "path": { "type": "string" },
                        "base": { "description": "What it was in expected_version" },
                        "mine": { "description": "What you want it to be" },
                        "theirs": { "description": "What it is now" },
                    },
                    "required": ["path"],
                },
            },
            "conflicts_left_out": { "type": "integer", "description": "How many more of them there are" },
            "attribute": { "type": "string", "description": "The attribute whose value another resource has" },
            "existing_id": { "type": "string", "description": "The resource that has that value" },
            "operation": { "type": "integer", "description": "Which operation of a bulk call, from 0" },
        },
        "required": ["kind", "message"],
    })
}

fn version() -> Value {
    json!({ "type": "string", "description": "Pass it as expected_version when you write on the grounds of this" })
}

fn properties_of_one() -> Value {
    json!({
        "resource_type": { "type": "string" },
        "id": { "type": "string" },
        "version": version(),
        "resource": { "type": "object", "description": "What the resource says" },
    })
}

/// One resource. After a change `changed` says whether it said something else before, and `resource` may be
/// left out.
pub(crate) fn resource() -> Map<String, Value> {
    let mut properties = properties_of_one();
    properties["changed"] = json!({
        "type": "boolean",
        "description": "Whether the call changed anything; if not, the version is the former one",
    });
    properties["unchanged"] = json!({
        "type": "boolean",
        "description": "Whether the resource still has the version unless_version, so that it is not shown again",
    });
    properties["note"] =
        json!({ "type": "string", "description": "Why the resource is not shown" });
    with_error(properties, &["resource_type", "id", "version"])
}

/// A resource that is gone.
pub(crate) fn deleted() -> Map<String, Value> {
    let properties = json!({
        "resource_type": { "type": "string" },
        "id": { "type": "string" },
        "deleted": { "type": "boolean" },
    });
    with_error(properties, &["resource_type", "id", "deleted"])
}

/// A change of a list of links.
pub(crate) fn member_change() -> Map<String, Value> {
    let properties = json!({
        "resource_type": { "type": "string" },
        "id": { "type": "string" },
        "version": version(),
        "changed": {
            "type": "boolean",
            "description": "Whether the call changed anything; if not, all was as asked before",
        },
    });
    with_error(properties, &["resource_type", "id", "version", "changed"])
}

/// A page of a list.
pub(crate) fn page() -> Map<String, Value> {
    let properties = json!({
        "total": { "type": "integer", "description": "How many there are on all pages" },
        "resources": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": properties_of_one(),
                "required": ["resource_type", "version", "resource"],
            },
        },
        "start_index": { "type": "integer", "description": "The number of the first of them" },
        "next_start_index": { "type": "integer", "description": "The start_index of the next page, if there is one" },
        "next_cursor": { "type": "string", "description": "The cursor of the next page, if there is one" },
    });
    with_error(properties, &["total", "resources"])
}

/// What came of each operation of a bulk call.
pub(crate) fn bulk() -> Map<String, Value> {
    let properties = json!({
        "results": {
            "type": "array",
            "description": "In the order of the operations",
            "items": {
                "type": "object",
                "properties": {
                    "operation": { "type": "integer", "description": "Which operation, from 0" },
                    "status": { "type": "string", "enum": ["done", "failed", "not_run"] },
                    "bulk_id": { "type": "string" },
                    "resource_type": { "type": "string" },
                    "id": { "type": "string" },
                    "version": version(),
                    "changed": { "type": "boolean" },
                    "deleted": { "type": "boolean" },
                    "error": error(),
                },
                "required": ["operation", "status"],
            },
        },
        "done": { "type": "integer" },
        "failed": { "type": "integer" },
        "not_run": { "type": "integer" },
    });
    with_error(properties, &["results", "done", "failed", "not_run"])
}

/// Resource types and their schemas.
pub(crate) fn schemas() -> Map<String, Value> {
    let properties = json!({
        "resource_types": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": { "type": "string" },
                    "description": { "type": "string" },
                    "schema": { "type": "string", "description": "The URI of its schema" },
                    "extensions": { "type": "array", "items": { "type": "string" }, "description": "The URIs of its extensions" },
                    "tools": { "type": "array", "items": { "type": "string" } },
                },
                "required": ["name", "schema"],
            },
        },
        "schemas": {
            "type": "array",
            "description": "The schemas of the type that was named (RFC 7643 section 7)",
            "items": { "type": "object" },
        },
    });
    with_error(properties, &["resource_types"])
}

/// What the server is and does.
pub(crate) fn info() -> Map<String, Value> {
    let properties = json!({
        "name": { "type": "string" },
        "version": { "type": "string" },
        "may_write": { "type": "boolean", "description": "Whether you may change anything" },
        "expected_version_required": { "type": "boolean", "description": "Whether replace and delete need expected_version" },
        "resource_types": { "type": "array", "items": { "type": "string" } },
        "filter_and_sort": { "type": "boolean" },
        "atomic_bulk": { "type": "boolean" },
        "limits": { "type": "object", "additionalProperties": { "type": "integer" } },
    });
    with_error(
        properties,
        &["name", "version", "may_write", "resource_types"],
    )
}
