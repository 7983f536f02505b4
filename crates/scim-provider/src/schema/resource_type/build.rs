use std::sync::Arc;

use super::{Derived, Extension, ResourceType};
use crate::schema::attributes::Attributes;
use crate::schema::check::check_schema;
use crate::schema::path::KeyPath;
use crate::schema::reference::Endpoint;
use crate::schema::{
    Attribute, AttributeType, Schema, SchemaError, SchemaErrorKind, Uniqueness, builtin,
};

impl ResourceType {
    /// Resources called `name` that follow `schema` and are found under the path
    /// segment `endpoint` (such as `Users`, without a slash).
    ///
    /// Every resource has the common attributes (RFC 7643 §3.1); definitions of them in
    /// `schema`, which older schemas have, are passed over.
    ///
    /// # Errors
    ///
    /// If name or endpoint is empty or has other characters than letters, digits, `-`,
    /// `.`, `_` and `~`, if the endpoint is one of SCIM itself, or if the schema breaks a rule of [`SchemaErrorKind`].
    pub fn new(
        name: impl Into<Arc<str>>,
        endpoint: impl Into<Arc<str>>,
        schema: Schema,
    ) -> Result<Self, SchemaError> {
        let (name, endpoint) = (name.into(), endpoint.into());
        for text in [&name, &endpoint] {
            if !is_segment(text) {
                return Err(SchemaError::new(&**text, SchemaErrorKind::IllegalName));
            }
        }
        if is_reserved(&endpoint) {
            return Err(SchemaError::new(
                &*endpoint,
                SchemaErrorKind::ReservedEndpoint,
            ));
        }
        check_schema(&schema)?;
        let common = builtin::common();
        let own = schema
            .attributes()
            .iter()
            .filter(|own| common.find(own.name()).is_none());
        let top: Attributes = common
            .as_slice()
            .iter()
            .chain(own)
            .cloned()
            .collect::<Vec<_>>()
            .into();
        let mut unique = Vec::new();
        collect_unique(&name, None, top.as_slice(), &mut unique);
        let own = Endpoint {
            name: name.clone(),
            segment: endpoint.clone(),
        };
        Ok(Self {
            name,
            endpoint,
            description: String::new(),
            schema,
            extensions: Vec::new(),
            top,
            links: Vec::new(),
            derived: Vec::new(),
            unique,
            indexed: Vec::new(),
            endpoints: [own].into_iter().collect(),
        })
    }

    /// Describes the type, in words.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds an extension (RFC 7643 §3.3). A resource must have data of a `required` one.
    ///
    /// # Errors
    ///
    /// If the schema breaks a rule of [`SchemaErrorKind`] or is there already.
    pub fn with_extension(mut self, schema: Schema, required: bool) -> Result<Self, SchemaError> {
        check_schema(&schema)?;
        let is_core = self.schema.id().eq_ignore_ascii_case(schema.id());
        if is_core || self.extension(schema.id()).is_some() {
            return Err(SchemaError::new(schema.id(), SchemaErrorKind::Repeated));
        }
        collect_unique(
            &self.name,
            Some(schema.id()),
            schema.attributes(),
            &mut self.unique,
        );
        self.extensions.push(Extension { schema, required });
        Ok(self)
    }

    /// Keeps the attribute `name` as links: one row for each value beside the document.
    ///
    /// A value is the id of a resource, which has to exist when the value comes. Of which type,
    /// say the `referenceTypes` of the sub-attribute `$ref`; without such it may be any. If they
    /// name `external` or `uri`, a value may be anything, and is not looked for. The sub-attribute
    /// `type`, if there is one, tells the type of the resource, unless its `canonicalValues` name
    /// something else.
    ///
    /// # Errors
    ///
    /// [`NoSuchAttribute`](SchemaErrorKind::NoSuchAttribute), and
    /// [`NotLinkable`](SchemaErrorKind::NotLinkable) unless it is a multi-valued complex
    /// attribute of the core schema with a required string `value`, which becomes the
    /// link's target.
    pub fn with_links(mut self, name: &str) -> Result<Self, SchemaError> {
        let attribute = self
            .top
            .find(name)
            .ok_or_else(|| SchemaError::new(name, SchemaErrorKind::NoSuchAttribute))?;
        let target = attribute.parts().find_exact("value");
        let linkable = attribute.is_complex()
            && attribute.multi_valued()
            && !attribute.is_read_only()
            && !attribute.holds_secrets()
            && attribute
                .sub_attributes()
                .iter()
                .all(|a| a.uniqueness() == Uniqueness::None)
            && target.is_some_and(|value| {
                value.attribute_type() == AttributeType::String
                    && value.required()
                    && !value.multi_valued()
                    && !value.is_read_only()
            });
        if !linkable
            || self
                .indexed
                .iter()
                .any(|path| path.starts_at(attribute.name()))
        {
            return Err(SchemaError::new(name, SchemaErrorKind::NotLinkable));
        }
        let name: Arc<str> = attribute.name().into();
        if !self.links.contains(&name) {
            self.links.push(name);
        }
        Ok(self)
    }

    /// Derives the attribute `name` whenever a resource is read: it shows which resources, of any
    /// type, have this one among the links that they keep under the name `links`, such as the
    /// `groups` of a user through the `members` of groups.
    ///
    /// Each has the other's id as its `value` and, as far as the attribute has them, its URI as
    /// `$ref`, its `displayName` as `display`, and as `type` `direct`, or `indirect` where
    /// one that has this resource is linked to itself (RFC 7643 §4.1.2). Indirect ones are followed
    /// through 16 others, in circles too; a resource shows no more of them than 10,000 in all, and
    /// those that it can reach in fewer steps first. What is derived is no part of the version.
    ///
    /// # Errors
    ///
    /// [`NoSuchAttribute`](SchemaErrorKind::NoSuchAttribute), and
    /// [`NotDerivable`](SchemaErrorKind::NotDerivable) unless it is a multi-valued complex
    /// attribute of the core schema that is `readOnly`, with a string `value`, and not indexed.
    pub fn with_derived(mut self, name: &str, links: &str) -> Result<Self, SchemaError> {
        let attribute = self
            .top
            .find(name)
            .ok_or_else(|| SchemaError::new(name, SchemaErrorKind::NoSuchAttribute))?;
        let value = attribute.parts().find_exact("value");
        let derivable = attribute.is_complex()
            && attribute.multi_valued()
            && attribute.is_read_only()
            && value.is_some_and(|value| {
                value.attribute_type() == AttributeType::String && !value.multi_valued()
            });
        let name = attribute.name();
        if !derivable || self.indexed.iter().any(|path| path.starts_at(name)) {
            return Err(SchemaError::new(name, SchemaErrorKind::NotDerivable));
        }
        let derived = Derived {
            attribute: name.into(),
            from: links.into(),
        };
        self.derived
            .retain(|known| known.attribute != derived.attribute);
        self.derived.push(derived);
        Ok(self)
    }

    /// Indexes the attribute at `path`, such as `emails.value`: resources are found by
    /// its value without looking at all of them.
    ///
    /// # Errors
    ///
    /// [`NoSuchAttribute`](SchemaErrorKind::NoSuchAttribute), and
    /// [`NotIndexable`](SchemaErrorKind::NotIndexable) for complex attributes, links, what is
    /// derived, and what is never shown.
    pub fn with_index(mut self, path: &str) -> Result<Self, SchemaError> {
        let resolved = self
            .resolve(path)
            .ok_or_else(|| SchemaError::new(path, SchemaErrorKind::NoSuchAttribute))?;
        let linked = resolved.extension.is_none()
            && self
                .links
                .iter()
                .chain(self.derived.iter().map(|derived| &derived.attribute))
                .any(|link| **link == *resolved.attribute.name());
        let secret = resolved.attribute.is_never_shown() || resolved.leaf().is_never_shown();
        if linked || secret || resolved.leaf().is_complex() {
            return Err(SchemaError::new(path, SchemaErrorKind::NotIndexable));
        }
        let path = KeyPath::new("", &resolved);
        if !self.indexed.contains(&path) {
            self.indexed.push(path);
        }
        Ok(self)
    }
}

/// The rules of uniqueness in `attributes`. What only the service provider sets is its
/// own to keep unique.
fn collect_unique(
    resource_type: &str,
    extension: Option<&str>,
    attributes: &[Attribute],
    unique: &mut Vec<KeyPath>,
) {
    let is_unique = |attribute: &Attribute| {
        attribute.uniqueness() != Uniqueness::None
            && !attribute.is_complex()
            && !attribute.is_read_only()
    };
    for attribute in attributes
        .iter()
        .filter(|attribute| !attribute.is_read_only())
    {
        if is_unique(attribute) {
            unique.push(KeyPath::of(resource_type, extension, attribute, None));
        }
        for sub in attribute
            .sub_attributes()
            .iter()
            .filter(|sub| is_unique(sub))
        {
            unique.push(KeyPath::of(resource_type, extension, attribute, Some(sub)));
        }
    }
}

/// One path segment that needs no escapes (RFC 3986 §2.3).
fn is_segment(text: &str) -> bool {
    let unreserved = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~');
    !matches!(text, "" | "." | "..") && text.bytes().all(unreserved)
}

/// The endpoints of RFC 7644 §3.2 that are none of resource types.
fn is_reserved(endpoint: &str) -> bool {
    [
        "ServiceProviderConfig",
        "ResourceTypes",
        "Schemas",
        "Bulk",
        "Me",
        ".search",
    ]
    .iter()
    .any(|reserved| reserved.eq_ignore_ascii_case(endpoint))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn schema(attributes: Value) -> Schema {
        serde_json::from_value(json!({ "id": "urn:example", "attributes": attributes })).unwrap()
    }

    #[test]
    fn names_and_endpoints_are_path_segments() {
        for (name, endpoint) in [
            ("", "a"),
            ("a", ""),
            ("a", "/a"),
            ("a", "a/b"),
            ("a b", "a"),
            ("a", ".."),
        ] {
            let error = ResourceType::new(name, endpoint, schema(json!([]))).unwrap_err();
            assert_eq!(
                error.kind(),
                SchemaErrorKind::IllegalName,
                "{name:?} {endpoint:?}"
            );
        }
    }

    #[test]
    fn endpoints_of_scim_itself_are_taken() {
        for endpoint in ["Schemas", "bulk", "ME", ".search", "ResourceTypes"] {
            let error = ResourceType::new("Thing", endpoint, schema(json!([]))).unwrap_err();
            assert_eq!(
                error.kind(),
                SchemaErrorKind::ReservedEndpoint,
                "{endpoint}"
            );
        }
    }

    #[test]
    fn a_schema_is_named_by_a_uri_and_only_once() {
        for id in ["", "example", "urn:a b", "urn:\"", "urn:é"] {
            let schema = serde_json::from_value(json!({ "id": id, "attributes": [] })).unwrap();
            let error = ResourceType::new("Thing", "Things", schema).unwrap_err();
            assert_eq!(error.kind(), SchemaErrorKind::IllegalUri, "{id:?}");
        }
        let thing = ResourceType::new("Thing", "Things", schema(json!([]))).unwrap();
        let error = thing.with_extension(schema(json!([])), false).unwrap_err();
        assert_eq!(error.kind(), SchemaErrorKind::Repeated);
    }

    #[test]
    fn common_attributes_in_a_schema_are_passed_over() {
        let thing = schema(json!([{ "name": "ID", "type": "integer" }, { "name": "x" }]));
        let thing = ResourceType::new("Thing", "Things", thing).unwrap();
        assert_eq!(
            thing.attribute("id").unwrap().attribute_type(),
            AttributeType::String
        );
        assert_eq!(thing.attributes().len(), 5);
    }

    #[test]
    fn only_reference_lists_are_links_and_only_simple_attributes_are_indexed() {
        let thing = schema(json!([
            { "name": "text" },
            { "name": "one", "type": "complex",
              "subAttributes": [{ "name": "value", "required": true }] },
            { "name": "optional", "type": "complex", "multiValued": true,
              "subAttributes": [{ "name": "value" }] },
            { "name": "many", "type": "complex", "multiValued": true,
              "subAttributes": [{ "name": "value", "required": true }] },
        ]));
        let thing = ResourceType::new("Thing", "Things", thing).unwrap();
        for name in ["text", "one", "optional", "meta"] {
            let error = thing.clone().with_links(name).unwrap_err();
            assert_eq!(error.kind(), SchemaErrorKind::NotLinkable, "{name}");
        }
        for (path, kind) in [
            ("none", SchemaErrorKind::NoSuchAttribute),
            ("text.value", SchemaErrorKind::NoSuchAttribute),
            ("one", SchemaErrorKind::NotIndexable),
        ] {
            assert_eq!(
                thing.clone().with_index(path).unwrap_err().kind(),
                kind,
                "{path}"
            );
        }
        for name in ["text", "many"] {
            let error = thing.clone().with_derived(name, "many").unwrap_err();
            assert_eq!(error.kind(), SchemaErrorKind::NotDerivable, "{name}");
        }
        let linked = thing.clone().with_links("MANY").unwrap();
        assert_eq!(linked.links().collect::<Vec<_>>(), ["many"]);
        let error = linked.with_index("many.value").unwrap_err();
        assert_eq!(error.kind(), SchemaErrorKind::NotIndexable);
        let indexed = thing.with_index("Many.Value").unwrap();
        assert_eq!(indexed.indexed().collect::<Vec<_>>(), ["many.value"]);
        let error = indexed.with_links("many").unwrap_err();
        assert_eq!(error.kind(), SchemaErrorKind::NotLinkable);
    }

    #[test]
    fn what_is_derived_is_not_indexed() {
        let thing = schema(json!([
            { "name": "groups", "type": "complex", "multiValued": true,
              "mutability": "readOnly", "subAttributes": [{ "name": "value" }] },
        ]));
        let thing = ResourceType::new("Thing", "Things", thing).unwrap();
        let derived = thing.clone().with_derived("Groups", "members").unwrap();
        let error = derived.with_index("groups.value").unwrap_err();
        assert_eq!(error.kind(), SchemaErrorKind::NotIndexable);
        let indexed = thing.with_index("groups.value").unwrap();
        let error = indexed.with_derived("groups", "members").unwrap_err();
        assert_eq!(error.kind(), SchemaErrorKind::NotDerivable);
    }
}
