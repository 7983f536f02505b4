//! The documents of discovery as JSON Schema: by the schemas that discovery itself shows.

use scim_ops::provider::schema::{Attribute, Schema};
use serde_json::{Value, json};

use super::attribute::{Form, object};
use super::names::Names;

/// The attributes of the documents of `/Schemas`, of which `schema` is the schema. That of RFC 7643
/// §8.7.2 ends at the second level; it has a third itself. Here an attribute is made of attributes.
pub(super) fn attribute(schema: &Schema, names: &Names) -> Value {
    let attributes = schema.attribute("attributes");
    let parts = attributes.map(Attribute::sub_attributes);
    let mut attribute = object(parts.unwrap_or_default(), Form::Whole);
    if let Some(Value::Object(properties)) = attribute.get_mut("properties") {
        properties["subAttributes"]["items"] = names.schema(ATTRIBUTE);
    }
    attribute.into()
}

/// What the attributes of schemas are called.
pub(super) const ATTRIBUTE: &str = "SchemaAttribute";

/// The documents of `/Schemas`, of which `schema` is the schema.
pub(super) fn schema_document(schema: &Schema, names: &Names) -> Value {
    let mut document = document(schema);
    document["properties"]["attributes"]["items"] = names.schema(ATTRIBUTE);
    document
}

/// The documents that `schema` defines.
pub(super) fn document(schema: &Schema) -> Value {
    let mut document = object(schema.attributes(), Form::Whole);
    document.insert("description".into(), schema.description().into());
    let required = document
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(required) = required {
        required.extend(["schemas".into(), "meta".into()]);
    }
    if let Some(Value::Object(properties)) = document.get_mut("properties") {
        // The common attributes are no part of a schema.
        properties.insert(
            "schemas".into(),
            json!({ "type": "array", "items": { "type": "string" }, "contains": { "const": schema.id() } }),
        );
        properties.insert("meta".into(), meta());
    }
    document.into()
}

fn meta() -> Value {
    json!({
        "type": "object",
        "properties": {
            "resourceType": { "type": "string" },
            "location": { "type": "string", "description": "The URL of the document." },
        },
        "required": ["resourceType", "location"],
    })
}

#[cfg(test)]
mod tests {
    use scim_ops::provider::schema::ResourceTypes;
    use scim_ops::{Discovery, ServiceProviderConfig};

    use super::*;
    use crate::openapi::Documents;

    #[test]
    fn documents_have_what_discovery_says_they_have() {
        let discovery = Discovery::new(&ResourceTypes::rfc7643(), &ServiceProviderConfig::new());
        let documents = Documents::of(&discovery);
        let config = document(&documents.config);
        let shown = discovery.service_provider_config().to_json("https://h");
        let shown: Value = serde_json::from_slice(&shown).unwrap();
        for name in config["required"].as_array().unwrap() {
            assert!(shown.get(name.as_str().unwrap()).is_some(), "{name}");
        }
        for name in shown.as_object().unwrap().keys() {
            assert!(config["properties"].get(name).is_some(), "{name}");
        }
        let names = Names::new("", &ResourceTypes::rfc7643());
        let attribute = attribute(&documents.schema, &names);
        let parts = &attribute["properties"]["subAttributes"]["items"];
        assert_eq!(parts, &names.schema(ATTRIBUTE));
        let schema = schema_document(&documents.schema, &names);
        assert_eq!(&schema["properties"]["attributes"]["items"], parts);
    }
}
