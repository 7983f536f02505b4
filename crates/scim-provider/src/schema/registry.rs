use std::sync::Arc;

use super::reference::{Endpoint, Endpoints};
use super::{InputRules, ResourceType, SchemaError, SchemaErrorKind, builtin};

/// The resource types that a service provider has.
///
/// Cheap to clone: clones share the definitions.
///
/// ```
/// use scim_provider::schema::{ResourceType, ResourceTypes, Schema};
///
/// let door: Schema = serde_json::from_str(
///     r#"{ "id": "urn:example:door", "attributes": [{ "name": "floor", "type": "integer" }] }"#,
/// )?;
/// let types = ResourceTypes::rfc7643().with(ResourceType::new("Door", "Doors", door)?)?;
/// assert_eq!(types.by_endpoint("Doors").unwrap().name(), "Door");
/// assert!(types.get("User").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ResourceTypes {
    types: Arc<Vec<ResourceType>>,
    rules: InputRules,
}

impl ResourceTypes {
    /// No resource type at all, for a provider of its own ones.
    pub fn empty() -> Self {
        Self {
            types: Arc::default(),
            rules: InputRules::default(),
        }
    }

    /// `User` with the enterprise extension under `Users`, and `Group` under `Groups`
    /// (RFC 7643 §4).
    pub fn rfc7643() -> Self {
        builtin::resource_types().clone()
    }

    /// Registers `resource_type`. References to its resources are recognised in all
    /// types from then on.
    ///
    /// # Errors
    ///
    /// [`SchemaErrorKind::Repeated`] if one of its name or endpoint is there already.
    pub fn with(mut self, resource_type: ResourceType) -> Result<Self, SchemaError> {
        let taken = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        for known in self.iter() {
            for (known, new) in [
                (known.name(), resource_type.name()),
                (known.endpoint(), resource_type.endpoint()),
            ] {
                if taken(known, new) {
                    return Err(SchemaError::new(new, SchemaErrorKind::Repeated));
                }
            }
        }
        let types = Arc::make_mut(&mut self.types);
        types.push(resource_type);
        let endpoints: Endpoints = types.iter().map(Endpoint::of).collect();
        for resource_type in types {
            resource_type.set_endpoints(endpoints.clone());
        }
        Ok(self)
    }

    /// Says what happens to attributes that no schema has.
    #[must_use]
    pub const fn with_unknown_attributes(mut self, unknown: UnknownAttributes) -> Self {
        self.rules.unknown_attributes = unknown;
        self
    }

    /// Says what happens to values that are none of the canonical ones.
    #[must_use]
    pub const fn with_canonical_values(mut self, canonical: CanonicalValues) -> Self {
        self.rules.canonical_values = canonical;
        self
    }

    /// How strictly what clients write is read.
    pub const fn rules(&self) -> InputRules {
        self.rules
    }

    /// What happens to attributes that no schema has.
    pub const fn unknown_attributes(&self) -> UnknownAttributes {
        self.rules.unknown_attributes
    }

    /// The type called `name`, such as `User`; names of types have a case.
    pub fn get(&self, name: &str) -> Option<&ResourceType> {
        self.iter()
            .find(|resource_type| resource_type.name() == name)
    }

    /// The type whose resources are under the path segment `endpoint`, such as `Users`.
    pub fn by_endpoint(&self, endpoint: &str) -> Option<&ResourceType> {
        self.iter()
            .find(|resource_type| resource_type.endpoint() == endpoint)
    }

    /// All types, in the order of their registration.
    pub fn iter(&self) -> std::slice::Iter<'_, ResourceType> {
        self.types.iter()
    }
}

impl Default for ResourceTypes {
    /// [`ResourceTypes::rfc7643`].
    fn default() -> Self {
        Self::rfc7643()
    }
}

impl<'a> IntoIterator for &'a ResourceTypes {
    type Item = &'a ResourceType;
    type IntoIter = std::slice::Iter<'a, ResourceType>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What happens to attributes that no schema of a resource has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "kept or not: they can't be stored without a schema"
)]
pub enum UnknownAttributes {
    /// The resource is refused. To drop what a client wrote and answer with success
    /// would be a lost write.
    #[default]
    Refuse,
    /// They are dropped, and so are unknown URIs in `schemas`: for clients that send
    /// more than the service provider wants to know, and say so nowhere else.
    Ignore,
}

/// What happens to a text that is none of the canonical values of its attribute
/// (`canonicalValues`, RFC 7643 §7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it is kept or it is not")]
pub enum CanonicalValues {
    /// It is kept. The RFC speaks of suggested values and lets a provider ignore others;
    /// identity providers do send others, and what is ignored would be a lost write.
    #[default]
    Suggest,
    /// The resource is refused. Values are compared as the attribute's `caseExact` says.
    Restrict,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(name: &str, endpoint: &str) -> ResourceType {
        let schema = serde_json::from_str(r#"{ "id": "urn:door", "attributes": [] }"#).unwrap();
        ResourceType::new(name, endpoint, schema).unwrap()
    }

    #[test]
    fn types_are_found_by_name_and_by_endpoint() {
        let types = ResourceTypes::default();
        assert_eq!(types.get("Group").unwrap().endpoint(), "Groups");
        assert_eq!(types.by_endpoint("Users").unwrap().name(), "User");
        assert!(types.get("user").is_none() && types.by_endpoint("User").is_none());
        assert_eq!(
            types.iter().map(ResourceType::name).collect::<Vec<_>>(),
            ["User", "Group"]
        );
    }

    #[test]
    fn neither_name_nor_endpoint_can_be_taken_twice() {
        for (name, endpoint) in [("User", "Doors"), ("USER", "Doors"), ("Door", "users")] {
            let error = ResourceTypes::rfc7643()
                .with(door(name, endpoint))
                .unwrap_err();
            assert_eq!(error.kind(), SchemaErrorKind::Repeated, "{name} {endpoint}");
        }
    }

    #[test]
    fn registering_leaves_other_clones_alone() {
        let types = ResourceTypes::rfc7643();
        let more = types.clone().with(door("Door", "Doors")).unwrap();
        assert_eq!((types.iter().count(), more.iter().count()), (2, 3));
    }
}
