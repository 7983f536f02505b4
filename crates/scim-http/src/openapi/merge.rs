//! One document in another.

use serde_json::{Map, Value};

use super::OpenApiError;

/// Adds the paths, components and tags of `fragment` to `document`, or changes nothing.
pub(super) fn merge(document: &mut Value, fragment: &Value) -> Result<(), OpenApiError> {
    let is_3_1 = document["openapi"]
        .as_str()
        .is_some_and(|version| version == "3.1" || version.starts_with("3.1."));
    if !is_3_1 {
        return Err(not_a_document("/openapi"));
    }
    let mut merged = document.clone();
    let root = members(&mut merged, "")?;
    add(root, "", "paths", &fragment["paths"])?;
    let components = root
        .entry("components")
        .or_insert_with(|| Map::new().into());
    let components = members(components, "/components")?;
    for (kind, added) in fragment["components"].as_object().into_iter().flatten() {
        add(components, "/components", kind, added)?;
    }
    add_tags(root, &fragment["tags"])?;
    *document = merged;
    Ok(())
}

/// Adds the members of `added` to the member `name` of `object`, which is at `pointer`.
fn add(
    object: &mut Map<String, Value>,
    pointer: &str,
    name: &str,
    added: &Value,
) -> Result<(), OpenApiError> {
    let pointer = format!("{pointer}/{}", escaped(name));
    let known = object.entry(name).or_insert_with(|| Map::new().into());
    let known = members(known, &pointer)?;
    for (name, value) in added.as_object().into_iter().flatten() {
        match known.get(name) {
            None => drop(known.insert(name.clone(), value.clone())),
            Some(same) if same == value => {}
            Some(_) => {
                let pointer = format!("{pointer}/{}", escaped(name));
                return Err(OpenApiError::Taken { pointer });
            }
        }
    }
    Ok(())
}

/// Adds the tags that are not there. One that is describes the other's operations, too.
fn add_tags(root: &mut Map<String, Value>, added: &Value) -> Result<(), OpenApiError> {
    let known = root
        .entry("tags")
        .or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(known) = known else {
        return Err(not_a_document("/tags"));
    };
    for tag in added.as_array().into_iter().flatten() {
        if known.iter().all(|known| known["name"] != tag["name"]) {
            known.push(tag.clone());
        }
    }
    Ok(())
}

fn members<'a>(
    value: &'a mut Value,
    pointer: &str,
) -> Result<&'a mut Map<String, Value>, OpenApiError> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(not_a_document(pointer)),
    }
}

fn not_a_document(pointer: &str) -> OpenApiError {
    OpenApiError::NotADocument {
        pointer: pointer.to_owned(),
    }
}

/// A name as a part of a JSON pointer (RFC 6901 §3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fragment() -> Value {
        json!({
            "paths": { "/scim/Users": { "get": {} } },
            "components": { "schemas": { "ScimUser": { "type": "object" } } },
            "tags": [{ "name": "Users" }],
        })
    }

    #[test]
    fn what_is_there_stays() {
        let mut document = json!({
            "openapi": "3.1.1",
            "info": { "title": "Ours" },
            "paths": { "/orders": { "get": {} } },
            "components": { "schemas": { "Order": {} }, "examples": {} },
            "tags": [{ "name": "Users", "description": "Ours." }],
        });
        merge(&mut document, &fragment()).unwrap();
        assert_eq!(
            document,
            json!({
                "openapi": "3.1.1",
                "info": { "title": "Ours" },
                "paths": { "/orders": { "get": {} }, "/scim/Users": { "get": {} } },
                "components": {
                    "schemas": { "Order": {}, "ScimUser": { "type": "object" } },
                    "examples": {},
                },
                "tags": [{ "name": "Users", "description": "Ours." }],
            })
        );
        // Once more changes nothing.
        let before = document.clone();
        merge(&mut document, &fragment()).unwrap();
        assert_eq!(document, before);
    }

    #[test]
    fn what_is_taken_is_told_and_nothing_is_changed() {
        for (path, name, pointer) in [
            ("/scim/Users", "User", "/paths/~1scim~1Users"),
            ("/orders", "ScimUser", "/components/schemas/ScimUser"),
        ] {
            let mut document = json!({
                "openapi": "3.1.0", "paths": { path: {} }, "components": { "schemas": { name: {} } },
            });
            let before = document.clone();
            let error = merge(&mut document, &fragment()).unwrap_err();
            let pointer = pointer.to_owned();
            assert_eq!(error, OpenApiError::Taken { pointer });
            assert_eq!(document, before);
        }
    }

    #[test]
    fn only_documents_of_3_1_are_merged_into() {
        for (document, pointer) in [
            (json!({}), "/openapi"),
            (json!([]), "/openapi"),
            (json!({ "openapi": "3.0.3" }), "/openapi"),
            (json!({ "swagger": "2.0" }), "/openapi"),
            (json!({ "openapi": "3.1.0", "paths": [] }), "/paths"),
            (
                json!({ "openapi": "3.1.0", "components": 1 }),
                "/components",
            ),
            (json!({ "openapi": "3.1.0", "tags": {} }), "/tags"),
        ] {
            let mut merged = document.clone();
            let error = merge(&mut merged, &fragment()).unwrap_err();
            assert_eq!(error, not_a_document(pointer), "{document}");
        }
    }
}
