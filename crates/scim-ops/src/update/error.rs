use std::fmt;

use scim_provider::version::ETag;
use scim_provider::{ProviderError, ProviderErrorKind};
use serde_json::Value;

use crate::merge::MergeConflicts;

/// What went wrong in an application's own code.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why an update did not come about.
///
/// Neither `Display` nor `Debug` shows a value of the resource.
#[non_exhaustive]
pub enum ConflictError {
    /// The resource has another version than the one that was read.
    VersionMismatch {
        /// The version that was read.
        expected: ETag,
        /// The version that it has.
        current: ETag,
        /// Which resource.
        resource_id: String,
    },
    /// There is no such resource, or there is none any more.
    ResourceNotFound,
    /// Somebody else has changed the same attribute, and not alike.
    MergeConflict {
        /// Where the first conflict is: see [`MergeConflict::path`](crate::MergeConflict::path).
        field: String,
        /// What the update would have made of it; `null` for nothing.
        local_value: Value,
        /// What it is now; `null` for nothing.
        remote_value: Value,
        /// All conflicts.
        conflicts: MergeConflicts,
    },
    /// Others were faster as often as it was tried, or until it was too late.
    GaveUp {
        /// Which resource.
        resource_id: String,
        /// How often it was tried.
        attempts: u32,
        /// Whether it was for the deadline, and not for the number of attempts.
        late: bool,
    },
    /// The application could not say what the resource should be.
    Change(BoxError),
    /// What the provider said.
    Provider(ProviderError),
}

/// The kinds of [`ConflictError`], for layers above to translate without a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new kind has to be translated by every layer above"
)]
pub enum ConflictErrorKind {
    /// The resource has another version than the one that was read.
    VersionMismatch,
    /// There is no such resource.
    ResourceNotFound,
    /// Somebody else has changed the same attribute, and not alike.
    MergeConflict,
    /// Others were faster as often as it was tried; try again later.
    GaveUp,
    /// The application could not say what the resource should be.
    Change,
    /// The provider failed.
    Provider(ProviderErrorKind),
}

impl ConflictError {
    /// What can be done about it.
    pub const fn kind(&self) -> ConflictErrorKind {
        match self {
            Self::VersionMismatch { .. } => ConflictErrorKind::VersionMismatch,
            Self::ResourceNotFound => ConflictErrorKind::ResourceNotFound,
            Self::MergeConflict { .. } => ConflictErrorKind::MergeConflict,
            Self::GaveUp { .. } => ConflictErrorKind::GaveUp,
            Self::Change(_) => ConflictErrorKind::Change,
            Self::Provider(error) => ConflictErrorKind::Provider(error.kind()),
        }
    }

    /// All conflicts of a merge, not only the first.
    pub const fn conflicts(&self) -> Option<&MergeConflicts> {
        match self {
            Self::MergeConflict { conflicts, .. } => Some(conflicts),
            _ => None,
        }
    }
}

impl fmt::Display for ConflictError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VersionMismatch {
                expected,
                current,
                resource_id,
            } => write!(
                f,
                "version conflict on {}: expected {expected}, current {current}",
                resource_id.escape_debug()
            ),
            Self::ResourceNotFound => f.write_str("resource not found"),
            Self::MergeConflict { conflicts, .. } => write!(f, "merge conflict: {conflicts}"),
            Self::GaveUp {
                resource_id,
                attempts,
                late,
            } => write!(
                f,
                "others were faster at {} in each of {attempts} attempts{}",
                resource_id.escape_debug(),
                if *late { ", until it was too late" } else { "" }
            ),
            Self::Change(_) => f.write_str("the change could not be made"),
            Self::Provider(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for ConflictError {
    /// As `Display`: paths and values of conflicts are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ConflictError");
        debug.field("kind", &self.kind());
        debug.field("message", &self.to_string()).finish()
    }
}

impl std::error::Error for ConflictError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Change(error) => Some(&**error),
            Self::Provider(error) => error.source(),
            Self::VersionMismatch { .. }
            | Self::ResourceNotFound
            | Self::MergeConflict { .. }
            | Self::GaveUp { .. } => None,
        }
    }
}

impl From<ProviderError> for ConflictError {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::NotFound { .. } => Self::ResourceNotFound,
            error => Self::Provider(error),
        }
    }
}

impl From<MergeConflicts> for ConflictError {
    fn from(conflicts: MergeConflicts) -> Self {
        let first = conflicts.first();
        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
        Self::MergeConflict {
            field: first.path().to_owned(),
            local_value: value(first.local()),
            remote_value: value(first.remote()),
            conflicts,
        }
    }
}
