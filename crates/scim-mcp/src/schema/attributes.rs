use scim_ops::provider::schema::{Attribute, AttributeType, Mutability, ResourceType};
use serde_json::{Map, Value, json};

/// What a resource of this type may say, for the agent that creates one.
///
/// What only the service provider sets is left out; to send it does no harm, which is why other properties
/// are not forbidden.
pub(crate) fn of_resource(resource_type: &ResourceType) -> Value {
    // `schemas` follows from the rest.
    let own = resource_type.attributes().iter();
    let own = own.filter(|attribute| attribute.name() != "schemas");
    let mut schema = object(own);
    for extension in resource_type.extensions() {
        let definition = extension.schema();
        let mut part = object(definition.attributes());
        part["description"] = match definition.description() {
            "" => format!("The extension {}", definition.name()).into(),
            text => text.into(),
        };
        schema["properties"][definition.id()] = part;
        if extension.required() {
            require(&mut schema, definition.id());
        }
    }
    schema
}

fn object<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> Value {
    let mut schema = json!({ "type": "object", "properties": {} });
    for attribute in attributes {
        if attribute.mutability() == Mutability::ReadOnly {
            continue;
        }
        schema["properties"][attribute.name()] = of_attribute(attribute);
        if attribute.required() {
            require(&mut schema, attribute.name());
        }
    }
    schema
}

fn require(schema: &mut Value, name: &str) {
    match &mut schema["required"] {
        Value::Array(required) => required.push(name.into()),
        none => *none = json!([name]),
    }
}

fn of_attribute(attribute: &Attribute) -> Value {
    let mut schema = of_value(attribute);
    if attribute.multi_valued() {
        schema = json!({ "type": "array", "items": schema });
    }
    if !attribute.description().is_empty() {
        schema["description"] = attribute.description().into();
    }
    schema
}

/// One value of the attribute. Numbers and booleans may be texts in SCIM, but need not.
fn of_value(attribute: &Attribute) -> Value {
    let mut schema = match attribute.attribute_type() {
        AttributeType::String => typed("string"),
        AttributeType::Boolean => typed("boolean"),
        AttributeType::Decimal => typed("number"),
        AttributeType::Integer => typed("integer"),
        AttributeType::DateTime => json!({ "type": "string", "format": "date-time" }),
        AttributeType::Binary => json!({ "type": "string", "contentEncoding": "base64" }),
        // Of a resource it may be the part below the base URL.
        AttributeType::Reference => json!({ "type": "string", "format": "uri-reference" }),
        AttributeType::Complex => object(attribute.sub_attributes()),
    };
    // Others may be taken, too (RFC 7643 §7).
    if !attribute.canonical_values().is_empty() {
        schema["examples"] = json!(attribute.canonical_values());
    }
    schema
}

fn typed(name: &str) -> Value {
    let mut schema = Map::new();
    schema.insert("type".into(), name.into());
    Value::Object(schema)
}

#[cfg(test)]
mod tests {
    use scim_ops::provider::schema::ResourceTypes;

    use super::*;

    fn user() -> Value {
        of_resource(ResourceTypes::rfc7643().get("User").unwrap())
    }

    #[test]
    fn what_an_agent_may_set_is_there_with_its_type() {
        let user = user();
        let properties = &user["properties"];
        assert_eq!(properties["userName"]["type"], "string");
        assert_eq!(properties["active"]["type"], "boolean");
        assert_eq!(properties["password"]["type"], "string");
        assert_eq!(properties["emails"]["type"], "array");
        assert_eq!(
            properties["emails"]["items"]["properties"]["type"]["examples"],
            json!(["work", "home", "other"])
        );
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        assert_eq!(
            properties[enterprise]["properties"]["department"]["type"],
            "string"
        );
        assert_eq!(user["required"], json!(["userName"]));
    }

    #[test]
    fn what_only_the_service_sets_is_not() {
        let user = user();
        for name in ["id", "meta", "groups", "schemas"] {
            assert_eq!(user["properties"].get(name), None, "{name}");
        }
    }
}
