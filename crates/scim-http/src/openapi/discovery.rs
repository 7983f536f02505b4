//! The documents of discovery as JSON Schema: by the schemas that discovery itself shows.

use scim_ops::provider::schema::Schema;
use serde_json::{Value, json};

use super::attribute::{Form, object};

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
        let schema = document(&documents.schema);
        let attribute = &schema["properties"]["attributes"]["items"]["properties"];
        assert_eq!(attribute["subAttributes"]["type"], "array");
    }
}
