use thiserror::Error;

/// What is wrong with a resource, and with which attribute of it.
///
/// ```
/// use scim_provider::{Resource, ResourceErrorKind};
/// use serde_json::json;
///
/// let error = Resource::from_json("User", json!({ "id": 7 })).unwrap_err();
/// assert_eq!(error.attribute(), "id");
/// assert!(matches!(error.kind(), ResourceErrorKind::WrongType { .. }));
/// assert_eq!(error.to_string(), "id: expected a string, found a number");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{kind}", prefix(.attribute))]
pub struct ResourceError {
    attribute: String,
    kind: ResourceErrorKind,
}

impl ResourceError {
    /// `kind` is wrong with the attribute at `attribute`, a path such as
    /// `emails[0].value`; the empty path is the resource itself.
    pub fn new(attribute: impl Into<String>, kind: ResourceErrorKind) -> Self {
        Self {
            attribute: attribute.into(),
            kind,
        }
    }

    /// The value `found` of the attribute is not of the JSON type that is `expected`, such
    /// as `a string`.
    pub fn wrong_type(
        attribute: impl Into<String>,
        expected: &'static str,
        found: &serde_json::Value,
    ) -> Self {
        let found = json_type(found);
        Self::new(attribute, ResourceErrorKind::WrongType { expected, found })
    }

    /// The path of the attribute.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// What is wrong.
    pub const fn kind(&self) -> &ResourceErrorKind {
        &self.kind
    }
}

/// The path in front of what is wrong; nothing if that is the resource as a whole.
fn prefix(attribute: &str) -> String {
    match attribute {
        "" => String::new(),
        path => format!("{}: ", path.escape_debug()),
    }
}

/// What can be wrong with an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ResourceErrorKind {
    /// It is required and not there (RFC 7643 §7, `required`).
    #[error("required, but missing")]
    Missing,
    /// Its JSON type is another than its schema says.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What the schema wants.
        expected: &'static str,
        /// What was given.
        found: &'static str,
    },
    /// Its text is not of the form that its type asks for.
    #[error("not {expected}")]
    Malformed {
        /// What the text should be, such as `an RFC 3339 date-time`.
        expected: &'static str,
    },
    /// Its text is longer than is kept.
    #[error("longer than {octets} octets")]
    TooLong {
        /// The most that is kept.
        octets: usize,
    },
    /// It is none of the canonical values (RFC 7643 §7, `canonicalValues`), and others are
    /// refused.
    #[error("none of {}", .allowed.join(", "))]
    NotCanonical {
        /// What it may be, as the schema has it.
        allowed: Vec<String>,
    },
    /// No schema of the resource has it.
    #[error("no such attribute in the schemas of this resource")]
    Unknown,
    /// It is given twice under names that differ in case only, or one value of a set
    /// is given twice with different sub-attributes.
    #[error("given more than once")]
    Repeated,
    /// More than one value of a multi-valued attribute is `primary` (RFC 7643 §2.4).
    #[error("more than one value is primary")]
    SeveralPrimary,
    /// It may not change once it is set (RFC 7643 §7, `mutability`).
    #[error("immutable, and already set to another value")]
    Immutable,
    /// It points to a resource that does not exist.
    #[error("no such resource")]
    NoSuchResource,
    /// It points to a resource of a type that it can't point to (RFC 7643 §7,
    /// `referenceTypes`).
    #[error("not a type of resource that this can point to")]
    NotATarget,
    /// `type` and `$ref` beside each other name different types of resources.
    #[error("`type` and `$ref` contradict each other")]
    Contradictory,
    /// This provider does not keep it.
    #[error("not supported by this provider")]
    Unsupported,
}

/// The name of a JSON value's type, for [`ResourceErrorKind::WrongType`].
pub(crate) const fn json_type(value: &serde_json::Value) -> &'static str {
    use serde_json::Value;
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
