//! Resources as JSON Schema: as they are shown, and as they are written.

use scim_ops::provider::schema::{InputRules, ResourceType, Schema, UnknownAttributes};
use serde_json::{Map, Value, json};

use super::attribute::{Form, object};
use super::names::Names;

/// The resources of a type as they are shown.
pub(super) fn shown(resource_type: &ResourceType, names: &Names) -> Value {
    let mut schema = object(resource_type.attributes(), Form::Shown);
    describe(&mut schema, resource_type);
    schema.insert("required".into(), json!(["id", "schemas"]));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties["schemas"]["examples"] = json!([uris(resource_type)]);
        for extension in resource_type.extensions() {
            let schema = extension.schema();
            let shown = names.schema(names.extension(schema));
            properties.insert(schema.id().to_owned(), shown);
        }
    }
    schema.into()
}

/// The resources of a type as clients write them.
pub(super) fn written(resource_type: &ResourceType, names: &Names, rules: InputRules) -> Value {
    let mut schema = object(resource_type.attributes(), Form::Written(rules));
    describe(&mut schema, resource_type);
    let mut required: Vec<Value> = match schema.remove("required") {
        Some(Value::Array(names)) => names,
        _ => Vec::new(),
    };
    // The service knows them anyway.
    required.retain(|name| name != "schemas");
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.insert("schemas".into(), schemas(resource_type, rules));
        for extension in resource_type.extensions() {
            let schema = extension.schema();
            let name = format!("{}Request", names.extension(schema));
            let written = if extension.required() {
                required.push(schema.id().into());
                names.schema(&name)
            } else {
                json!({ "anyOf": [names.schema(&name), { "type": "null" }] })
            };
            properties.insert(schema.id().to_owned(), written);
        }
    }
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    schema.into()
}

/// The data of an extension.
pub(super) fn extension(schema: &Schema, form: Form) -> Value {
    let mut data = object(schema.attributes(), form);
    if !schema.description().is_empty() {
        data.insert("description".into(), schema.description().into());
    }
    data.into()
}

/// The URIs of all schemas that a resource of the type may have.
fn uris(resource_type: &ResourceType) -> Vec<&str> {
    let extensions = resource_type.extensions().iter();
    std::iter::once(resource_type.schema().id())
        .chain(extensions.map(|extension| extension.schema().id()))
        .collect()
}

fn describe(schema: &mut Map<String, Value>, resource_type: &ResourceType) {
    let words = [
        resource_type.schema().description(),
        resource_type.description(),
    ];
    if let Some(words) = words.into_iter().find(|words| !words.is_empty()) {
        schema.insert("description".into(), words.into());
    }
}

/// `schemas` as clients write it: they may leave it out.
fn schemas(resource_type: &ResourceType, rules: InputRules) -> Value {
    let uris = uris(resource_type);
    let items = match rules.unknown_attributes {
        UnknownAttributes::Refuse => json!({ "type": "string", "enum": uris }),
        UnknownAttributes::Ignore => json!({ "type": "string", "examples": uris }),
    };
    json!({
        "type": ["array", "null"],
        "items": items,
        "description": "The URIs of the schemas that define the attributes present in the \
                        resource. It may be left out.",
    })
}

#[cfg(test)]
mod tests {
    use scim_ops::provider::schema::ResourceTypes;

    use super::*;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    #[test]
    fn a_user_is_shown_without_what_is_secret_and_written_without_what_is_not_his() {
        let types = ResourceTypes::default();
        let names = Names::new("", &types);
        let user = types.get("User").unwrap();
        let shown = shown(user, &names);
        assert!(shown["properties"].get("password").is_none());
        assert_eq!(shown["properties"]["meta"]["type"], "object");
        assert_eq!(shown["required"], json!(["id", "schemas"]));
        assert_eq!(
            shown["properties"][ENTERPRISE],
            json!({ "$ref": "#/components/schemas/EnterpriseUser" })
        );
        let written = written(user, &names, InputRules::default());
        assert_eq!(written["required"], json!(["userName"]));
        assert_eq!(written["properties"]["password"]["writeOnly"], true);
        assert_eq!(written["properties"]["meta"]["readOnly"], true);
        assert_eq!(written["additionalProperties"], false);
        assert_eq!(
            written["properties"][ENTERPRISE]["anyOf"][0],
            json!({ "$ref": "#/components/schemas/EnterpriseUserRequest" })
        );
    }

    #[test]
    fn a_required_extension_is_required() {
        let schema = |id: &str| -> Schema {
            serde_json::from_value(json!({ "id": id, "attributes": [{ "name": "x" }] })).unwrap()
        };
        let door = ResourceType::new("Door", "Doors", schema("urn:door")).unwrap();
        let door = door.with_extension(schema("urn:lock"), true).unwrap();
        let types = ResourceTypes::empty().with(door).unwrap();
        let names = Names::new("", &types);
        let door = types.get("Door").unwrap();
        let written = written(door, &names, UnknownAttributes::Ignore.into());
        assert_eq!(written["required"], json!(["urn:lock"]));
        assert_eq!(
            written["properties"]["urn:lock"],
            json!({ "$ref": "#/components/schemas/LockRequest" })
        );
        assert!(
            written["properties"]["schemas"]["items"]
                .get("enum")
                .is_none()
        );
    }
}
