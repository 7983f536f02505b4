//! What a service provider says about itself (RFC 7644 §4).

mod config;
mod document;
mod scheme;

use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
use serde_json::{Value, json};

pub use config::{BulkLimits, Pagination, ServiceProviderConfig};
pub use document::Document;
pub use scheme::{AuthenticationScheme, AuthenticationSchemeType};

/// The documents of discovery, ready to be shown: what the service provider can do, its
/// resource types and its schemas.
///
/// They are made once; only the base URL, which may differ from client to client, is filled
/// in when one is shown.
///
/// ```
/// use scim_ops::provider::schema::ResourceTypes;
/// use scim_ops::{Discovery, ServiceProviderConfig};
///
/// let discovery = Discovery::new(&ResourceTypes::rfc7643(), &ServiceProviderConfig::new());
/// let user = discovery.resource_type("User").ok_or("users are there")?;
/// let user: serde_json::Value = serde_json::from_slice(&user.to_json("https://example.com/v2"))?;
/// assert_eq!(user["endpoint"], "/Users");
/// assert_eq!(user["meta"]["location"], "https://example.com/v2/ResourceTypes/User");
/// assert!(discovery.schema("urn:ietf:params:scim:schemas:core:2.0:group").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Discovery {
    config: Document,
    resource_types: Vec<Document>,
    schemas: Vec<Document>,
}

/// The schemas of the documents here (RFC 7643 §8.7.2), with what the figure leaves out or
/// gets wrong: `etag`, `pagination` (RFC 9865 §4) and the `type` of an authentication scheme
/// are there, several extensions are, references are case-exact, and binary is a type.
const OWN_SCHEMAS: [&str; 3] = [
    include_str!("../../schemas/service_provider_config.json"),
    include_str!("../../schemas/resource_type.json"),
    include_str!("../../schemas/schema.json"),
];

impl Discovery {
    /// The documents of a service provider that keeps resources of `types` and does what
    /// `config` says.
    pub fn new(types: &ResourceTypes, config: &ServiceProviderConfig) -> Self {
        let mut schemas: Vec<Document> = Vec::new();
        let mut add = |schema: &Schema| {
            // Types may share an extension.
            if !schemas.iter().any(|known| known.id() == schema.id()) {
                schemas.push(schema_document(schema));
            }
        };
        for resource_type in types {
            add(resource_type.schema());
            resource_type
                .extensions()
                .iter()
                .for_each(|extension| add(extension.schema()));
        }
        for json in OWN_SCHEMAS {
            add(&serde_json::from_str(json).expect("the built-in data is tested"));
        }
        Self {
            config: config.document(),
            resource_types: types.iter().map(type_document).collect(),
            schemas,
        }
    }

    /// What the service provider can do (RFC 7643 §5).
    pub const fn service_provider_config(&self) -> &Document {
        &self.config
    }

    /// All resource types (§6), in the order of their registration.
    pub fn resource_types(&self) -> &[Document] {
        &self.resource_types
    }

    /// The resource type called `name`; names of types have a case.
    pub fn resource_type(&self, name: &str) -> Option<&Document> {
        self.resource_types.iter().find(|known| known.id() == name)
    }

    /// All schemas (§7): those of the resource types, and those of these documents.
    pub fn schemas(&self) -> &[Document] {
        &self.schemas
    }

    /// The schema with the URI `id`, in whatever case (RFC 7644 §3.10).
    pub fn schema(&self, id: &str) -> Option<&Document> {
        self.schemas
            .iter()
            .find(|known| known.id().eq_ignore_ascii_case(id))
    }
}

fn type_document(resource_type: &ResourceType) -> Document {
    let name = resource_type.name();
    let mut json = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": name,
        "name": name,
        "endpoint": format!("/{}", resource_type.endpoint()),
        "schema": resource_type.schema().id(),
    });
    if !resource_type.description().is_empty() {
        json["description"] = resource_type.description().into();
    }
    let extensions = resource_type.extensions().iter().map(
        |extension| json!({ "schema": extension.schema().id(), "required": extension.required() }),
    );
    let extensions: Vec<Value> = extensions.collect();
    if !extensions.is_empty() {
        json["schemaExtensions"] = extensions.into();
    }
    Document::new("ResourceType", "ResourceTypes", name, &json)
}

fn schema_document(schema: &Schema) -> Document {
    let mut json = serde_json::to_value(schema).expect("names and texts print into memory");
    json["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]);
    Document::new("Schema", "Schemas", schema.id(), &json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discovery() -> Discovery {
        Discovery::new(&ResourceTypes::rfc7643(), &ServiceProviderConfig::new())
    }

    fn json(document: &Document) -> Value {
        serde_json::from_slice(&document.to_json("https://h/v2")).unwrap()
    }

    #[test]
    fn each_schema_that_a_type_names_is_there_once() {
        let shared: Schema =
            serde_json::from_value(json!({ "id": "urn:x:badge", "attributes": [] })).unwrap();
        let mut types = ResourceTypes::rfc7643();
        for name in ["Door", "Gate"] {
            let own = json!({ "id": format!("urn:x:{name}"), "attributes": [] });
            let own = ResourceType::new(name, name, serde_json::from_value(own).unwrap());
            let own = own.unwrap().with_extension(shared.clone(), true).unwrap();
            types = types.with(own).unwrap();
        }
        let discovery = Discovery::new(&types, &ServiceProviderConfig::new());
        let mut named = Vec::new();
        for resource_type in discovery.resource_types().iter().map(json) {
            named.push(resource_type["schema"].as_str().unwrap().to_owned());
            let extensions = resource_type["schemaExtensions"].as_array().cloned();
            for extension in extensions.into_iter().flatten() {
                named.push(extension["schema"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(named.len(), 7);
        for id in &named {
            let found: Vec<_> = discovery
                .schemas()
                .iter()
                .filter(|s| s.id() == id)
                .collect();
            assert_eq!(found.len(), 1, "{id}");
        }
        assert_eq!(discovery.schemas().len(), 3 + 3 + 3);
    }

    #[test]
    fn resource_types_are_those_of_rfc_7643_section_8_6() {
        let discovery = discovery();
        assert_eq!(
            json(discovery.resource_type("User").unwrap()),
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
                "id": "User",
                "name": "User",
                "endpoint": "/Users",
                "description": "User Account",
                "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
                "schemaExtensions": [{
                    "schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                    "required": false,
                }],
                "meta": {
                    "resourceType": "ResourceType",
                    "location": "https://h/v2/ResourceTypes/User",
                },
            })
        );
        let group = json(discovery.resource_type("Group").unwrap());
        assert!(group.get("schemaExtensions").is_none());
        assert!(discovery.resource_type("user").is_none());
    }

    #[test]
    fn a_schema_has_its_uri_as_id_and_in_its_location() {
        let discovery = discovery();
        let id = "urn:ietf:params:scim:schemas:core:2.0:Schema";
        let schema = json(discovery.schema(&id.to_uppercase()).unwrap());
        assert_eq!(
            (&schema["id"], &schema["schemas"]),
            (&json!(id), &json!([id]))
        );
        assert_eq!(
            schema["meta"]["location"],
            format!("https://h/v2/Schemas/{id}")
        );
        assert_eq!(schema["meta"]["resourceType"], "Schema");
    }

    #[test]
    fn the_schemas_of_these_documents_lose_nothing_in_reading() {
        for text in OWN_SCHEMAS {
            let data: Value = serde_json::from_str(text).unwrap();
            let schema: Schema = serde_json::from_str(text).unwrap();
            assert_contains(&serde_json::to_value(schema).unwrap(), &data);
        }
    }

    fn assert_contains(all: &Value, part: &Value) {
        match (all, part) {
            (Value::Object(all), Value::Object(part)) => part
                .iter()
                .for_each(|(name, value)| assert_contains(&all[name], value)),
            (Value::Array(all), Value::Array(part)) => {
                assert_eq!(all.len(), part.len());
                all.iter()
                    .zip(part)
                    .for_each(|(all, part)| assert_contains(all, part));
            }
            _ => assert_eq!(all, part),
        }
    }
}
