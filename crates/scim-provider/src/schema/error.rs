use thiserror::Error;

/// Why a definition is none that resources could follow.
///
/// ```
/// use scim_provider::schema::{ResourceType, Schema, SchemaErrorKind};
///
/// let schema: Schema = serde_json::from_str(
///     r#"{ "id": "urn:example:door", "attributes": [{ "name": "key" }, { "name": "KEY" }] }"#,
/// )?;
/// let error = ResourceType::new("Door", "Doors", schema).unwrap_err();
/// assert_eq!(error.kind(), SchemaErrorKind::Repeated);
/// assert_eq!(error.subject(), "KEY");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: {kind}", .subject.escape_debug())]
pub struct SchemaError {
    subject: String,
    kind: SchemaErrorKind,
}

impl SchemaError {
    pub(super) fn new(subject: impl Into<String>, kind: SchemaErrorKind) -> Self {
        Self {
            subject: subject.into(),
            kind,
        }
    }

    /// The name, URI or path that it is about.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What is wrong with it.
    pub const fn kind(&self) -> SchemaErrorKind {
        self.kind
    }
}

/// What can be wrong with a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SchemaErrorKind {
    /// A name that can't be one: of an attribute (RFC 7643 §2.1), of a resource type,
    /// or an endpoint that is no single path segment.
    #[error("no legal name")]
    IllegalName,
    /// An endpoint that SCIM itself has, such as `Schemas` or `Bulk` (RFC 7644 §3.2).
    #[error("an endpoint of SCIM itself")]
    ReservedEndpoint,
    /// A schema's id that is no absolute URI in printable ASCII.
    #[error("no URI that can name a schema")]
    IllegalUri,
    /// Given twice, case aside.
    #[error("defined more than once")]
    Repeated,
    /// A sub-attribute that is complex (RFC 7643 §2.3.8 forbids it).
    #[error("complex within a complex attribute")]
    Nested,
    /// An attribute that has sub-attributes without being complex.
    #[error("has sub-attributes, but is not complex")]
    NotComplex,
    /// A path that leads to no attribute of the resource type.
    #[error("no such attribute")]
    NoSuchAttribute,
    /// An attribute that can't be kept as links.
    #[error(
        "can't be kept as links: no multi-valued complex attribute of the core schema \
         with a required string `value`, or has sub-attributes that are unique or never shown"
    )]
    NotLinkable,
    /// An attribute that can't be derived from the links of other resources.
    #[error(
        "can't be derived: no multi-valued complex attribute of the core schema that is \
         read-only, with a string `value`, or indexed"
    )]
    NotDerivable,
    /// An attribute that can't be indexed: complex, kept as links, derived, or never shown.
    #[error("can't be indexed: complex, kept as links, derived, or never shown")]
    NotIndexable,
    /// An attribute with characteristics that can't be kept together, so that what the schema
    /// says would not be true:
    ///
    /// - a `password` that is no single text of the schema's own, or that is shown: it could
    ///   not be kept as a hash;
    /// - one that is never shown, but unique: who is refused because of it would know it.
    #[error("has characteristics that can't be enforced")]
    NotEnforced,
}
