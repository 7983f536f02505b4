use std::error::Error as StdError;

use thiserror::Error;

use crate::ResourceError;
use crate::filter::CompileError;
use crate::storage::{StorageError, StorageErrorKind};

/// Why a provider could not do what it was asked.
///
/// That a resource has another version than the caller named is no error but
/// [`ConditionalResult::VersionMismatch`](scim_version::ConditionalResult::VersionMismatch).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The provider keeps no resources of this type.
    #[error("no resource type {}", .resource_type.escape_debug())]
    UnknownResourceType {
        /// The type that was named.
        resource_type: String,
    },
    /// There is no such resource, as far as this tenant can see.
    #[error("no {resource_type} {}", .id.escape_debug())]
    NotFound {
        /// The resource's type.
        resource_type: String,
        /// The id that was named.
        id: String,
    },
    /// The resource is not what its schemas say.
    #[error(transparent)]
    Invalid(#[from] ResourceError),
    /// Another resource has the value of a unique attribute (RFC 7643 §7,
    /// `uniqueness`).
    #[error("another {resource_type} has the same {attribute}")]
    Duplicate {
        /// The type of the resource that was to be written.
        resource_type: String,
        /// The attribute.
        attribute: String,
        /// The id of the resource that has the value, if it is of the same type.
        holder: Option<String>,
    },
    /// Other writers were faster as often as the provider tried; nothing was written.
    #[error("too many writers at {resource_type} {}", .id.escape_debug())]
    Busy {
        /// The resource's type.
        resource_type: String,
        /// Its id.
        id: String,
    },
    /// The provider can't do what was asked, such as filter or commit several writes as one.
    #[error("{what} is not supported by this provider")]
    Unsupported {
        /// What was asked.
        what: &'static str,
    },
    /// A filter can't be applied to resources of this type.
    #[error("the filter can't be applied")]
    InvalidFilter {
        /// What is wrong with which attribute.
        source: CompileError,
    },
    /// Resources of this type can't be sorted like that.
    #[error("the resources can't be sorted like that")]
    InvalidSort {
        /// What is wrong with which attribute.
        source: CompileError,
    },
    /// The cursor is none of this list: garbled, or of another filter, order or type.
    #[error("the cursor is none of this list")]
    InvalidCursor,
    /// To answer, more resources would have to be looked at than the provider is willing to.
    #[error("more than {limit} resources would have to be looked at")]
    TooMany {
        /// At how many it looks.
        limit: u64,
    },
    /// The store could not answer.
    #[error("the store could not answer")]
    Storage {
        /// What the store said.
        source: StorageError,
    },
    /// A fault of the provider itself.
    #[error("the provider failed")]
    Internal {
        /// The cause.
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// The kinds of [`ProviderError`], for layers above to translate without a
/// wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new kind has to be translated by every layer above"
)]
pub enum ProviderErrorKind {
    /// [`ProviderError::UnknownResourceType`].
    UnknownResourceType,
    /// [`ProviderError::NotFound`].
    NotFound,
    /// [`ProviderError::Invalid`].
    Invalid,
    /// [`ProviderError::Duplicate`].
    Duplicate,
    /// [`ProviderError::Busy`]: nothing was written, and a repetition may succeed.
    Busy,
    /// [`ProviderError::Unsupported`].
    Unsupported,
    /// [`ProviderError::InvalidFilter`].
    InvalidFilter,
    /// [`ProviderError::InvalidSort`].
    InvalidSort,
    /// [`ProviderError::InvalidCursor`].
    InvalidCursor,
    /// [`ProviderError::TooMany`].
    TooMany,
    /// The store is away; nothing was written, and a repetition may succeed.
    Unavailable,
    /// The store did not say whether the write happened.
    OutcomeUnknown,
    /// A fault that the caller can do nothing about.
    Internal,
}

impl ProviderError {
    /// A fault of the provider itself that came of `source`.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal {
            source: source.into(),
        }
    }

    /// There is no resource `id` of type `resource_type`.
    pub fn not_found(resource_type: impl Into<String>, id: impl Into<String>) -> Self {
        Self::NotFound {
            resource_type: resource_type.into(),
            id: id.into(),
        }
    }

    /// What a caller can do about it.
    pub const fn kind(&self) -> ProviderErrorKind {
        match self {
            Self::UnknownResourceType { .. } => ProviderErrorKind::UnknownResourceType,
            Self::NotFound { .. } => ProviderErrorKind::NotFound,
            Self::Invalid(_) => ProviderErrorKind::Invalid,
            Self::Duplicate { .. } => ProviderErrorKind::Duplicate,
            Self::Busy { .. } => ProviderErrorKind::Busy,
            Self::Unsupported { .. } => ProviderErrorKind::Unsupported,
            Self::InvalidFilter { .. } => ProviderErrorKind::InvalidFilter,
            Self::InvalidSort { .. } => ProviderErrorKind::InvalidSort,
            Self::InvalidCursor => ProviderErrorKind::InvalidCursor,
            Self::TooMany { .. } => ProviderErrorKind::TooMany,
            Self::Storage { source } => match source.kind() {
                StorageErrorKind::Unavailable => ProviderErrorKind::Unavailable,
                StorageErrorKind::OutcomeUnknown => ProviderErrorKind::OutcomeUnknown,
                StorageErrorKind::Unsupported | StorageErrorKind::Internal => {
                    ProviderErrorKind::Internal
                }
            },
            Self::Internal { .. } => ProviderErrorKind::Internal,
        }
    }
}

impl From<StorageError> for ProviderError {
    fn from(source: StorageError) -> Self {
        Self::Storage { source }
    }
}
