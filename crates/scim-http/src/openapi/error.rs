use thiserror::Error;

/// Why a description can't be made, or not be merged into another document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OpenApiError {
    /// A prefix of names is not made of ASCII letters, digits and underscores, with a letter in front.
    #[error("a prefix of names is made of letters, digits and underscores, with a letter in front")]
    Prefix,
    /// There is no resource type of this name.
    #[error("there is no resource type {}", .name.escape_debug())]
    UnknownResourceType {
        /// The name.
        name: String,
    },
    /// The other document is none of OpenAPI 3.1 at this place.
    #[error("not a document of OpenAPI 3.1 at {pointer:?}")]
    NotADocument {
        /// The place, a JSON pointer (RFC 6901).
        pointer: String,
    },
    /// The other document says something else at this place already.
    #[error("{pointer} is taken")]
    Taken {
        /// The place, a JSON pointer (RFC 6901).
        pointer: String,
    },
}
