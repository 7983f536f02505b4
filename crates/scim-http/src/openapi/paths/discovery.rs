//! What the service says about itself (RFC 7644 §4).

use http::StatusCode;
use serde_json::{Value, json};

use super::{DISCOVERY, Paths};
use crate::openapi::responses::with_content;

impl Paths<'_> {
    /// What the service says about itself (RFC 7644 §4).
    pub(super) fn discovery(self) -> Vec<(String, Value)> {
        let names = self.shared.names;
        let mut items = Vec::new();
        for (path, noun, schema, summary) in [
            (
                "/ServiceProviderConfig",
                "ServiceProviderConfig",
                "ServiceProviderConfig",
                "What the service can do",
            ),
            (
                "/ResourceTypes",
                "ResourceTypes",
                "ResourceTypeList",
                "All resource types",
            ),
            (
                "/ResourceTypes/{name}",
                "ResourceType",
                "ResourceType",
                "A resource type",
            ),
            ("/Schemas", "Schemas", "SchemaList", "All schemas"),
            ("/Schemas/{uri}", "Schema", "Schema", "A schema"),
        ] {
            let document = with_content(names, "As it is.", &[], &names.schema(schema), None);
            let mut get = self
                .operation("read", noun, DISCOVERY, summary)
                .of_discovery()
                .answering(StatusCode::OK, document)
                .refusing(&[StatusCode::NOT_ACCEPTABLE, StatusCode::FORBIDDEN]);
            let mut options = self.options(noun, DISCOVERY).of_discovery();
            let mut parameter = None;
            if let Some((_, name)) = path.split_once('{') {
                get = get.refusing(&[StatusCode::NOT_FOUND]);
                options = options.refusing(&[StatusCode::NOT_FOUND]);
                parameter = Some(self.segment(name.trim_end_matches('}')));
            }
            let get = get.finish();
            let head = self.head(&get, noun);
            let mut item = self.item([("get", get), ("head", head), ("options", options.finish())]);
            if let Some(Value::Array(parameters)) = item.get_mut("parameters") {
                parameters.extend(parameter);
            }
            items.push((path.to_owned(), item));
        }
        items
    }

    /// A path parameter that is the name of a resource type or the URI of a schema.
    fn segment(self, name: &str) -> Value {
        let first = self.shared.served.types.iter().next();
        let example = first.map(|known| match name {
            "uri" => known.schema().id(),
            _ => known.name(),
        });
        let mut parameter = json!({
            "name": name,
            "in": "path",
            "required": true,
            "schema": { "type": "string", "minLength": 1 },
        });
        if let Some(example) = example {
            parameter["example"] = example.into();
        }
        parameter
    }
}
