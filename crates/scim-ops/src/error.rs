use scim_provider::version::{ScimVersion, VersionConflict};
use scim_provider::{ProviderError, ProviderErrorKind};
use thiserror::Error;

/// Why an operation was not carried out. Nothing was written, unless the
/// [`kind`](Self::kind) is [`ErrorKind::OutcomeUnknown`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpError {
    /// The resource has another version than the request named (`If-Match`).
    #[error(transparent)]
    VersionMismatch(#[from] VersionConflict),
    /// The request should only be carried out if a resource did not exist, or not in
    /// the version it has (`If-None-Match`).
    #[error("{resource_type} exists already{}", .current.as_ref().map(|v| format!(" in version {v}")).unwrap_or_default())]
    AlreadyExists {
        /// The resource's type.
        resource_type: String,
        /// Its id, if it is known.
        id: Option<String>,
        /// Its version, if it is known.
        current: Option<ScimVersion>,
    },
    /// Writes have to name a version here, and this one did not.
    #[error("a write to {resource_type} {} has to name a version", .id.escape_debug())]
    VersionRequired {
        /// The resource's type.
        resource_type: String,
        /// Its id.
        id: String,
    },
    /// What the provider said, unchanged.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// The kinds of [`OpError`], for layers above to translate without a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new kind has to be translated by every layer above"
)]
pub enum ErrorKind {
    /// The resource has another version than the request named.
    VersionMismatch,
    /// A resource exists that the request said must not.
    AlreadyExists,
    /// The request has to name a version.
    VersionRequired,
    /// There is no such resource.
    NotFound,
    /// There is no such resource type.
    UnknownResourceType,
    /// The resource is not what its schemas say.
    Invalid,
    /// Another resource has the value of a unique attribute.
    Duplicate,
    /// Rivals were faster as often as the request was tried; try again.
    Busy,
    /// The store is away; try again later.
    Unavailable,
    /// The store did not say whether the write happened; read to find out.
    OutcomeUnknown,
    /// A fault that the caller can do nothing about.
    Internal,
}

impl OpError {
    /// What a caller can do about it.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::VersionMismatch(_) => ErrorKind::VersionMismatch,
            Self::AlreadyExists { .. } => ErrorKind::AlreadyExists,
            Self::VersionRequired { .. } => ErrorKind::VersionRequired,
            Self::Provider(error) => match error.kind() {
                ProviderErrorKind::NotFound => ErrorKind::NotFound,
                ProviderErrorKind::UnknownResourceType => ErrorKind::UnknownResourceType,
                ProviderErrorKind::Invalid => ErrorKind::Invalid,
                ProviderErrorKind::Duplicate => ErrorKind::Duplicate,
                ProviderErrorKind::Busy => ErrorKind::Busy,
                ProviderErrorKind::Unavailable => ErrorKind::Unavailable,
                ProviderErrorKind::OutcomeUnknown => ErrorKind::OutcomeUnknown,
                ProviderErrorKind::Internal => ErrorKind::Internal,
            },
        }
    }

    /// The conflict, if the resource has another version than the request named.
    pub const fn version_conflict(&self) -> Option<&VersionConflict> {
        match self {
            Self::VersionMismatch(conflict) => Some(conflict),
            _ => None,
        }
    }

    /// The version that the resource has, if a precondition failed against it.
    pub const fn current_version(&self) -> Option<&ScimVersion> {
        match self {
            Self::VersionMismatch(conflict) => Some(&conflict.current),
            Self::AlreadyExists { current, .. } => current.as_ref(),
            _ => None,
        }
    }
}
