use std::fmt;

use serde::{Serialize, Serializer};

/// What exactly is wrong with a request: the `scimType` of an error (RFC 7644 §3.12, Table 9,
/// and RFC 9865 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScimType {
    /// A filter is malformed, or compares what can't be compared.
    InvalidFilter,
    /// A filter yields more than the server is willing to process.
    TooMany,
    /// A value that has to be unique is in use.
    Uniqueness,
    /// An attribute can't be changed in this way.
    Mutability,
    /// The body is malformed, or has not the structure of its schemas.
    InvalidSyntax,
    /// A `path` of a PATCH is malformed.
    InvalidPath,
    /// A `path` of a PATCH leads nowhere.
    NoTarget,
    /// A value is missing, or is none that its attribute can have.
    InvalidValue,
    /// A cursor is none of this list (RFC 9865 §2.1).
    InvalidCursor,
    /// A cursor has been waited with for too long (RFC 9865 §2.1).
    ExpiredCursor,
    /// A page can't have so many resources (RFC 9865 §2.1).
    InvalidCount,
    /// The version of the SCIM protocol is not supported.
    InvalidVers,
    /// Something personal is in the URI.
    Sensitive,
}

impl ScimType {
    /// The keyword.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
            Self::InvalidVers => "invalidVers",
            Self::Sensitive => "sensitive",
        }
    }
}

impl fmt::Display for ScimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ScimType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
