use super::AttributePath;
use crate::schema::{Extension, ResolvedAttribute, ResourceType, Schema};

/// Where a path leads in the resources of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "what a path can lead to (RFC 7644 §3.10)"
)]
pub enum PathTarget<'a> {
    /// To one attribute.
    Attribute(ResolvedAttribute<'a>),
    /// To all attributes of an extension: the path is its URI.
    Extension(&'a Extension),
    /// To all attributes of the core schema: the path is its URI.
    Core(&'a Schema),
}

impl ResourceType {
    /// Where `path` leads, in whatever case; `None` if no schema of this type has such an
    /// attribute.
    ///
    /// ```
    /// use scim_provider::filter::PathTarget;
    /// use scim_provider::schema::ResourceTypes;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let user = types.get("User").unwrap();
    /// let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    ///
    /// let path = urn.parse()?;
    /// assert!(matches!(user.resolve_path(&path), Some(PathTarget::Extension(_))));
    ///
    /// let path = format!("{urn}:MANAGER.value").parse()?;
    /// let Some(PathTarget::Attribute(found)) = user.resolve_path(&path) else { panic!() };
    /// assert_eq!(found.attribute().name(), "manager");
    /// assert_eq!(found.leaf().name(), "value");
    /// # Ok::<(), scim_provider::filter::FilterError>(())
    /// ```
    pub fn resolve_path(&self, path: &AttributePath) -> Option<PathTarget<'_>> {
        let path = path.as_str();
        if let Some(extension) = self.extension(path) {
            return Some(PathTarget::Extension(extension));
        }
        if self.schema().id().eq_ignore_ascii_case(path) {
            return Some(PathTarget::Core(self.schema()));
        }
        self.resolve(path).map(PathTarget::Attribute)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn thing() -> ResourceType {
        let schema = |id: &str| -> Schema {
            let attributes = json!([{ "name": "x", "type": "complex",
                "subAttributes": [{ "name": "value" }] }]);
            serde_json::from_value(json!({ "id": id, "attributes": attributes })).unwrap()
        };
        ResourceType::new("Thing", "Things", schema("urn:thing:1.0"))
            .unwrap()
            .with_extension(schema("urn:more"), false)
            .unwrap()
            .with_extension(schema("urn:more:again:2.0"), false)
            .unwrap()
    }

    fn found(path: &str) -> Option<String> {
        let thing = thing();
        Some(match thing.resolve_path(&path.parse().unwrap())? {
            PathTarget::Core(schema) => schema.id().to_owned(),
            PathTarget::Extension(extension) => extension.schema().id().to_owned(),
            PathTarget::Attribute(found) => {
                let uri = found.extension().map(|extension| extension.schema().id());
                format!("{} {}", uri.unwrap_or("core"), found.leaf().name())
            }
        })
    }

    #[test]
    fn schemas_are_told_from_attributes() {
        for (path, expected) in [
            ("X", Some("core x")),
            ("x.VALUE", Some("core value")),
            ("urn:thing:1.0", Some("urn:thing:1.0")),
            ("URN:Thing:1.0", Some("urn:thing:1.0")),
            ("urn:thing:1.0:x", Some("core x")),
            ("urn:thing:1.0:id", Some("core id")),
            ("urn:more", Some("urn:more")),
            ("urn:more:x.value", Some("urn:more value")),
            ("urn:more:again:2.0", Some("urn:more:again:2.0")),
            ("urn:more:again:2.0:x", Some("urn:more:again:2.0 x")),
            ("urn:more:again", None),
            ("urn:more:id", None),
            ("urn:more:again:2.0:y", None),
            ("urn:else:x", None),
            ("x.y", None),
            ("x:x", None),
        ] {
            assert_eq!(found(path).as_deref(), expected, "{path}");
        }
    }
}
