//! The messages of RFC 7644 as JSON Schema.

use scim_ops::provider::schema::{ResourceType, ResourceTypes};
use serde_json::{Map, Value, json};

use super::attribute::any_case;
use super::example;
use super::names::Names;
use crate::merge_conflicts::MERGE_CONFLICT;
use crate::{ATOMIC_BULK, Limits, ScimType};

pub(super) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
pub(super) const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
pub(super) const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// An error (RFC 7644 §3.12), and what an error of a merge has besides.
pub(super) fn error() -> Value {
    let scim_types = [
        ScimType::InvalidFilter,
        ScimType::TooMany,
        ScimType::Uniqueness,
        ScimType::Mutability,
        ScimType::InvalidSyntax,
        ScimType::InvalidPath,
        ScimType::NoTarget,
        ScimType::InvalidValue,
        ScimType::InvalidCursor,
    ];
    let conflict = json!({
        "type": "object",
        "properties": {
            "path": { "type": "string" },
            "base": { "description": "What the client's base said; absent if it said nothing." },
            "local": { "description": "What the client wanted." },
            "remote": { "description": "What others have made of it meanwhile." },
        },
        "required": ["path"],
    });
    json!({
        "type": "object",
        "description": "Why a request was refused (RFC 7644 §3.12).",
        "properties": {
            "schemas": naming(ERROR),
            "scimType": {
                "type": "string",
                "examples": scim_types,
                "description": "A keyword for programs, where there is one.",
            },
            "detail": { "type": "string", "description": "A text for people." },
            "status": {
                "type": "string",
                "pattern": "^[1-5][0-9]{2}$",
                "description": "The status code.",
            },
            MERGE_CONFLICT: {
                "type": "object",
                "description": "What did not go together, if the request asked for a merge.",
                "properties": { "conflicts": { "type": "array", "items": conflict } },
                "required": ["conflicts"],
            },
        },
        "required": ["schemas", "detail", "status"],
    })
}

/// An error as an example.
pub(super) fn error_example(status: u16, scim_type: Option<ScimType>, detail: &str) -> Value {
    let mut error = json!({ "schemas": [ERROR], "detail": detail, "status": status.to_string() });
    if let Some(scim_type) = scim_type {
        error["scimType"] = scim_type.as_str().into();
    }
    error
}

/// A page of what `items` describes (§3.4.2).
pub(super) fn list(items: &Value) -> Value {
    let cursor = |which: &str| {
        json!({
            "type": "string",
            "description": format!("The cursor of the {which} page, where there is one (RFC 9865)."),
        })
    };
    json!({
        "type": "object",
        "description": "A page of a list (RFC 7644 §3.4.2).",
        "properties": {
            "schemas": naming(LIST_RESPONSE),
            "totalResults": {
                "type": "integer", "minimum": 0,
                "description": "How many there are on all pages together.",
            },
            "itemsPerPage": {
                "type": "integer", "minimum": 0, "description": "How many this page has.",
            },
            "startIndex": {
                "type": "integer", "minimum": 1,
                "description": "The place of the first of them in the list. Pages with cursors have none.",
            },
            "nextCursor": cursor("next"),
            "previousCursor": cursor("previous"),
            "Resources": { "type": "array", "items": items },
        },
        "required": ["schemas", "totalResults", "itemsPerPage", "Resources"],
    })
}

/// A list of this one as an example.
pub(super) fn list_example(resource: &Value) -> Value {
    json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": 1,
        "itemsPerPage": 1,
        "startIndex": 1,
        "Resources": [resource],
    })
}

/// What a list may be asked for in the content (§3.4.3).
pub(super) fn search_request(searches: bool) -> Value {
    let paths = |description: &str| {
        json!({
            "type": ["array", "null"], "items": { "type": "string" }, "description": description,
        })
    };
    let text =
        |description: &str| json!({ "type": ["string", "null"], "description": description });
    let number =
        |description: &str| json!({ "type": ["integer", "null"], "description": description });
    let mut properties = Map::new();
    let mut add = |name: &str, schema| properties.insert(name.to_owned(), schema);
    add("schemas", naming_or_none(SEARCH_REQUEST));
    add("attributes", paths(super::parameters::ATTRIBUTES));
    add("excludedAttributes", paths(super::parameters::EXCLUDED));
    add("startIndex", number(super::parameters::START_INDEX));
    add("count", number(super::parameters::COUNT));
    if searches {
        let mut order = super::parameters::sort_order();
        order["type"] = json!(["string", "null"]);
        order["description"] = super::parameters::SORT_ORDER.into();
        add("filter", text(super::parameters::FILTER));
        add("sortBy", text(super::parameters::SORT_BY));
        add("sortOrder", order);
        add("cursor", text(super::parameters::CURSOR));
    }
    json!({
        "type": "object",
        "description": "What a list is asked for (RFC 7644 §3.4.3). Other members are ignored.",
        "properties": properties,
    })
}

/// A change of a part of a resource (§3.5.2).
pub(super) fn patch_request() -> Value {
    let operation = json!({
        "type": "object",
        "properties": {
            "op": {
                "type": "string",
                "pattern": any_case(&["add", "remove", "replace"]),
                "examples": ["add", "remove", "replace"],
            },
            "path": {
                "type": ["string", "null"],
                "description": "Of what: an attribute, or those of its values that a filter finds.",
                "examples": ["displayName", "emails[type eq \"work\"].value", "members"],
            },
            "value": {
                "description": "The value; without a path an object of attributes.",
            },
        },
        "required": ["op"],
    });
    json!({
        "type": "object",
        "description": "Changes of a part of a resource, all of them or none (RFC 7644 §3.5.2).",
        "properties": {
            "schemas": {
                "type": ["array", "null"],
                "items": { "type": "string" },
                "examples": [[PATCH_OP]],
            },
            "Operations": { "type": "array", "minItems": 1, "items": operation },
        },
        "required": ["Operations"],
    })
}

/// Several operations in one request (§3.7).
pub(super) fn bulk_request(limits: &Limits, atomic: bool) -> Value {
    let operation = json!({
        "type": "object",
        "description": "One that can't be read fails alone.",
        "properties": {
            "method": {
                "type": "string",
                "pattern": any_case(&["POST", "PUT", "PATCH", "DELETE"]),
                "examples": ["POST", "PUT", "PATCH", "DELETE"],
            },
            "path": {
                "type": "string",
                "description": "What the URL would have behind the base URL.",
                "examples": ["/Users", format!("/Users/{}", example::ID)],
            },
            "bulkId": {
                "type": ["string", "null"],
                "description": "A name for what is created: as `bulkId:NAME` other operations refer to it.",
            },
            "version": {
                "type": ["string", "null"],
                "description": "An entity tag: the operation's `If-Match`.",
                "examples": [example::TAG],
            },
            "data": { "type": "object", "description": "What the request would have as content." },
        },
        "required": ["method", "path"],
    });
    let schemas = if atomic {
        format!("With {ATOMIC_BULK} beside it all operations are carried out or none.")
    } else {
        String::new()
    };
    let mut named = naming(BULK_REQUEST);
    if !schemas.is_empty() {
        named["description"] = schemas.into();
    }
    json!({
        "type": "object",
        "description": "Several operations in one request (RFC 7644 §3.7).",
        "properties": {
            "schemas": named,
            "failOnErrors": {
                "type": ["integer", "null"], "minimum": 0,
                "description": "After how many failures the rest is left undone.",
            },
            "Operations": {
                "type": "array",
                "maxItems": limits.bulk_operations(),
                "items": operation,
            },
        },
        "required": ["schemas", "Operations"],
    })
}

/// What became of them.
pub(super) fn bulk_response(names: &Names) -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let operation = json!({
        "type": "object",
        "properties": {
            "method": text("The method, where it could be read."),
            "bulkId": text("As it was sent."),
            "location": text("The URL of the resource, where there is one."),
            "version": text("Its entity tag, if the operation has left one."),
            "status": {
                "type": "string",
                "pattern": "^[1-5][0-9]{2}$",
                "description": "The status code that the request would have been answered with.",
            },
            "response": names.schema("Error"),
        },
        "required": ["status"],
    });
    json!({
        "type": "object",
        "description": "What became of each operation, in the order in which they were sent.",
        "properties": {
            "schemas": naming(BULK_RESPONSE),
            "Operations": { "type": "array", "items": operation },
        },
        "required": ["schemas", "Operations"],
    })
}

/// Several operations as an example: a resource is created.
pub(super) fn bulk_example(types: &ResourceTypes) -> Option<(Value, Value)> {
    let created: &ResourceType = types.iter().next()?;
    let endpoint = created.endpoint();
    let request = json!({
        "schemas": [BULK_REQUEST],
        "Operations": [{
            "method": "POST",
            "path": format!("/{endpoint}"),
            "bulkId": "first",
            "data": example::written(created),
        }],
    });
    let response = json!({
        "schemas": [BULK_RESPONSE],
        "Operations": [{
            "method": "POST",
            "bulkId": "first",
            "location": format!("https://example.com/{endpoint}/{}", example::ID),
            "version": example::TAG,
            "status": "201",
        }],
    });
    Some((request, response))
}

/// `schemas` of a message that is known by them.
fn naming(uri: &str) -> Value {
    json!({
        "type": "array",
        "items": { "type": "string" },
        "contains": { "const": uri },
        "examples": [[uri]],
    })
}

/// `schemas` of a message that may do without.
fn naming_or_none(uri: &str) -> Value {
    let mut schemas = naming(uri);
    schemas["type"] = json!(["array", "null"]);
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_recognised_in_whatever_case() {
        let patch = patch_request();
        let op = &patch["properties"]["Operations"]["items"]["properties"]["op"];
        assert!(op.get("enum").is_none());
        assert!(op["pattern"].as_str().unwrap().contains("[aA][dD][dD]"));
    }

    #[test]
    fn what_is_not_searched_can_not_be_filtered() {
        assert!(search_request(true)["properties"].get("filter").is_some());
        let by_index = search_request(false);
        for name in ["filter", "sortBy", "sortOrder", "cursor"] {
            assert!(by_index["properties"].get(name).is_none(), "{name}");
        }
    }

    #[test]
    fn limits_are_those_of_the_service() {
        let limits = Limits::default().with_bulk_operations(7);
        let bulk = bulk_request(&limits, true);
        assert_eq!(bulk["properties"]["Operations"]["maxItems"], 7);
        let told = |bulk: &Value| bulk["properties"]["schemas"].get("description").is_some();
        assert!(told(&bulk) && !told(&bulk_request(&limits, false)));
    }
}
