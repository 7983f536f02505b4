mod build;

use std::fmt;
use std::sync::Arc;

use super::attributes::Attributes;
use super::path::KeyPath;
use super::reference::{Endpoint, Endpoints};
use super::{Attribute, Schema, Targets};

/// A type of resources: a core schema, extensions of it, and the endpoint under which
/// they are found (RFC 7643 §6).
///
/// Beyond the RFC it says what a store needs to know: which attributes are kept as
/// links beside the document, and which are indexed.
///
/// ```
/// use scim_provider::schema::{ResourceType, Schema};
///
/// let team: Schema = serde_json::from_str(
///     r#"{
///         "id": "urn:example:team",
///         "attributes": [
///             { "name": "code", "required": true, "uniqueness": "server" },
///             { "name": "crew", "type": "complex", "multiValued": true,
///               "subAttributes": [{ "name": "value", "required": true }] }
///         ]
///     }"#,
/// )?;
/// let team = ResourceType::new("Team", "Teams", team)?.with_links("crew")?.with_index("code")?;
/// assert_eq!(team.attribute("urn:example:team:CREW.value").unwrap().name(), "value");
/// assert_eq!(team.links().collect::<Vec<_>>(), ["crew"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ResourceType {
    name: Arc<str>,
    endpoint: Arc<str>,
    description: String,
    schema: Schema,
    extensions: Vec<Extension>,
    /// The common attributes and those of the core schema.
    top: Attributes,
    links: Vec<Arc<str>>,
    derived: Vec<Derived>,
    unique: Vec<KeyPath>,
    indexed: Vec<KeyPath>,
    /// Of all types of the registry, for references to them.
    endpoints: Endpoints,
}

impl ResourceType {
    /// The name, such as `User`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path segment under which its resources are found, such as `Users`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What it is for, in words.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The core schema.
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The extensions, in the order of their registration.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    /// The names of the attributes that are kept as links.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.links.iter().map(|name| &**name)
    }

    /// The names of the attributes that are derived, each with that of the links which it is
    /// derived from, see [`with_derived`](Self::with_derived).
    pub fn derived(&self) -> impl Iterator<Item = (&str, &str)> {
        let derived = self.derived.iter();
        derived.map(|derived| (&*derived.attribute, &*derived.from))
    }

    pub(crate) fn derivations(&self) -> &[Derived] {
        &self.derived
    }

    /// The paths that are indexed, in the spelling of
    /// [`index_entries`](Self::index_entries).
    pub fn indexed(&self) -> impl Iterator<Item = &str> {
        self.indexed.iter().map(KeyPath::rule)
    }

    /// The common attributes (RFC 7643 §3.1) and those of the core schema.
    pub fn attributes(&self) -> &[Attribute] {
        self.top.as_slice()
    }

    /// What the values of `attribute` may point to, if it is kept as links.
    pub(crate) fn targets(&self, attribute: &str) -> Option<Targets<'_>> {
        self.links.iter().find(|link| ***link == *attribute)?;
        let attribute = self.top.find_exact(attribute)?;
        Some(Targets::of(attribute, &self.endpoints))
    }

    /// The same name as text that may be shared.
    pub(crate) const fn name_arc(&self) -> &Arc<str> {
        &self.name
    }

    /// The same endpoint as text that may be shared.
    pub(crate) const fn endpoint_arc(&self) -> &Arc<str> {
        &self.endpoint
    }

    /// Whether anything of its resources is never shown.
    pub(crate) fn has_secrets(&self) -> bool {
        self.levels().any(Attributes::has_secrets)
    }

    /// Whether there are complex attributes of which only a part is shown.
    pub(crate) fn has_secret_parts(&self) -> bool {
        let mut all = self.levels().flat_map(Attributes::as_slice);
        all.any(|attribute| !attribute.is_never_shown() && attribute.holds_secrets())
    }

    /// Whether the attribute at `path` may be set once only.
    pub(crate) fn is_immutable(&self, path: &str) -> bool {
        self.attribute(path).is_some_and(Attribute::is_immutable)
    }

    /// The attributes of the core schema and of each extension.
    pub(crate) fn levels(&self) -> impl Iterator<Item = &Attributes> {
        let extensions = self.extensions.iter();
        std::iter::once(&self.top).chain(extensions.map(|extension| extension.schema.names()))
    }

    pub(crate) const fn top(&self) -> &Attributes {
        &self.top
    }

    pub(super) fn link_names(&self) -> &[Arc<str>] {
        &self.links
    }

    pub(super) fn unique_paths(&self) -> &[KeyPath] {
        &self.unique
    }

    pub(super) fn indexed_paths(&self) -> &[KeyPath] {
        &self.indexed
    }

    pub(super) const fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    pub(super) fn set_endpoints(&mut self, endpoints: Endpoints) {
        self.endpoints = endpoints;
    }

    /// The extension whose URI is `id`, in whatever case.
    pub(crate) fn extension(&self, id: &str) -> Option<&Extension> {
        self.extensions
            .iter()
            .find(|extension| extension.schema.id().eq_ignore_ascii_case(id))
    }
}

impl fmt::Debug for ResourceType {
    /// Which type it is; its schemas fill pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceType")
            .field("name", &self.name)
            .field("endpoint", &self.endpoint)
            .field("schema", &self.schema.id())
            .finish_non_exhaustive()
    }
}

/// An attribute that shows which resources link to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Derived {
    attribute: Arc<str>,
    from: Arc<str>,
}

impl Derived {
    /// The attribute, such as `groups`.
    pub(crate) const fn attribute(&self) -> &Arc<str> {
        &self.attribute
    }

    /// The attribute of the others, such as `members`.
    pub(crate) const fn from(&self) -> &Arc<str> {
        &self.from
    }
}

impl Endpoint {
    pub(super) fn of(resource_type: &ResourceType) -> Self {
        Self {
            name: resource_type.name.clone(),
            segment: resource_type.endpoint.clone(),
        }
    }
}

/// A schema that extends a resource type (RFC 7643 §3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    schema: Schema,
    required: bool,
}

impl Extension {
    /// What it adds.
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Whether a resource must have data of it.
    pub const fn required(&self) -> bool {
        self.required
    }
}
