use thiserror::Error;

use crate::schema::{SchemaError, SchemaErrorKind};

/// Why [`ResourceTypes::with_json`](crate::schema::ResourceTypes::with_json) could not use
/// what it was given.
///
/// ```
/// use scim_provider::schema::{DefinitionsErrorKind, ResourceTypes};
///
/// let json = br#"[{ "id": "urn:example:door", "attributes": [{ "name": "floor", "requird": true }] }]"#;
/// let error = ResourceTypes::empty().with_json(json).unwrap_err();
/// assert_eq!(error.kind(), DefinitionsErrorKind::UnknownMember);
/// assert_eq!(error.to_string(), "[0] urn:example:door: floor.requird: no such member");
/// ```
#[derive(Debug, Error)]
#[error("{}{kind}", prefix(.place))]
pub struct DefinitionsError {
    place: String,
    kind: DefinitionsErrorKind,
    #[source]
    source: Option<serde_json::Error>,
}

/// What can be wrong with definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DefinitionsErrorKind {
    /// The text as a whole.
    #[error("no JSON")]
    NoJson,
    /// A document that has neither `attributes` nor an `endpoint`, or what is no list of
    /// documents.
    #[error("neither a schema nor a resource type")]
    NoDefinition,
    /// A member is missing, or its value is none that it can have.
    #[error("not of the form of RFC 7643 §6 and §7")]
    Malformed,
    /// A member that the RFC does not have.
    #[error("no such member")]
    UnknownMember,
    /// A resource type names a schema that nobody defines.
    #[error("no such schema")]
    NoSuchSchema,
    /// Two documents define the same.
    #[error("defined more than once")]
    Repeated,
    /// The definition breaks a rule.
    #[error(transparent)]
    Rule(#[from] SchemaErrorKind),
}

impl DefinitionsError {
    pub(super) fn new(place: impl Into<String>, kind: DefinitionsErrorKind) -> Self {
        Self {
            place: place.into(),
            kind,
            source: None,
        }
    }

    pub(super) fn caused(
        place: impl Into<String>,
        kind: DefinitionsErrorKind,
        source: serde_json::Error,
    ) -> Self {
        Self {
            source: Some(source),
            ..Self::new(place, kind)
        }
    }

    pub(super) fn rule(place: &str, error: &SchemaError) -> Self {
        let place = format!("{place}: {}", error.subject());
        Self::new(place, DefinitionsErrorKind::Rule(error.kind()))
    }

    /// Where it is: the position of the document, its name or URI, and the path within it.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What it is.
    pub const fn kind(&self) -> DefinitionsErrorKind {
        self.kind
    }
}

fn prefix(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!("{}: ", place.escape_debug()),
    }
}
