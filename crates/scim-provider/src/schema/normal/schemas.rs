use serde_json::{Map, Value};

use super::fault::{Checked, Fault};
use super::value::is_unassigned;
use crate::resource::ResourceErrorKind;
use crate::schema::{ResourceType, Secrets, UnknownAttributes};

impl ResourceType {
    /// `schemas` as a client gave it: URIs that are known here, if it gave any.
    pub(super) fn check_schemas(&self, value: &Value, unknown: UnknownAttributes) -> Checked<()> {
        if is_unassigned(value) {
            return Ok(());
        }
        let Value::Array(uris) = value else {
            return Err(Fault::wrong_type("an array", value));
        };
        for (index, uri) in uris.iter().enumerate() {
            let Value::String(uri) = uri else {
                return Err(Fault::wrong_type("a string", uri).at(index));
            };
            let known =
                self.schema().id().eq_ignore_ascii_case(uri) || self.extension(uri).is_some();
            if !known && unknown == UnknownAttributes::Refuse {
                return Err(Fault::new(ResourceErrorKind::Unknown).at(index));
            }
        }
        Ok(())
    }

    /// `schemas` as it is kept: the core schema and the extensions that have data which is
    /// shown.
    pub(in crate::schema) fn schemas_of(
        &self,
        map: &Map<String, Value>,
        secrets: &Secrets,
    ) -> Checked<Value> {
        let mut uris = vec![Value::from(self.schema().id())];
        for extension in self.extensions() {
            let id = extension.schema().id();
            if map.contains_key(id) {
                uris.push(id.into());
            } else if extension.required() && !secrets.mention(id) {
                return Err(Fault::new(ResourceErrorKind::Missing).within(id));
            }
        }
        Ok(Value::Array(uris))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{ResourceTypes, Schema};

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

    #[test]
    fn schemas_names_what_has_data() {
        for (schemas, extension, kept) in [
            (
                json!([USER]),
                json!({ "division": "d" }),
                vec![USER, ENTERPRISE],
            ),
            (
                json!([ENTERPRISE, USER, USER]),
                json!({ "division": null }),
                vec![USER],
            ),
            (json!([]), json!(null), vec![USER]),
            (
                json!([ENTERPRISE.to_lowercase()]),
                json!({ "DIVISION": "d" }),
                vec![USER, ENTERPRISE],
            ),
        ] {
            let value = json!({
                "schemas": schemas, "userName": "a", ENTERPRISE.to_uppercase(): extension,
            });
            let types = ResourceTypes::rfc7643();
            let user = types.get("User").unwrap();
            let normal = user
                .normalise(value, UnknownAttributes::Refuse)
                .unwrap()
                .attributes;
            assert_eq!(normal["schemas"], json!(kept));
            assert_eq!(normal.get(ENTERPRISE).is_some(), kept.len() == 2);
        }
    }

    #[test]
    fn a_required_extension_has_to_have_data() {
        let schema = |id: &str| -> Schema {
            serde_json::from_value(json!({ "id": id, "attributes": [{ "name": "x" }] })).unwrap()
        };
        let thing = ResourceType::new("Thing", "Things", schema("urn:a"))
            .unwrap()
            .with_extension(schema("urn:b"), true)
            .unwrap();
        let error = thing
            .normalise(json!({ "x": "1" }), UnknownAttributes::Refuse)
            .unwrap_err();
        assert_eq!(
            (error.attribute(), error.kind()),
            ("urn:b", &ResourceErrorKind::Missing)
        );
        let full = json!({ "x": "1", "URN:B": { "x": "2" } });
        assert!(thing.normalise(full, UnknownAttributes::Refuse).is_ok());
    }
}
