use scim_provider::version::{ScimVersion, VersionConflict};
use scim_provider::{ProviderError, ProviderErrorKind};
use thiserror::Error;

use crate::{MergeConflicts, PatchError, PatchErrorKind};

/// Why an operation was not carried out. Nothing was written, unless the
/// [`kind`](Self::kind) is [`ErrorKind::OutcomeUnknown`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpError {
    /// The resource has another version than the request named (`If-Match`).
    #[error(transparent)]
    VersionMismatch(#[from] VersionConflict),
    /// The change was made to a version that has been replaced, and does not go together with what
    /// has come between.
    #[error(transparent)]
    MergeConflict(Box<StaleMerge>),
    /// The request should only be carried out if a resource did not exist, or not in
    /// the version it has (`If-None-Match`).
    #[error("{}", already_exists(.resource_type, .id.as_deref(), .current.as_ref()))]
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
    /// A reference within a bulk job names a `bulkId` that no creation of the job has
    /// (RFC 7644 §3.7.2).
    #[error("no creation of this job has the bulkId {}", .bulk_id.escape_debug())]
    UnknownBulkId {
        /// What is named.
        bulk_id: String,
    },
    /// A reference within a bulk job names a resource that was not created, because its
    /// creation failed or the job was stopped.
    #[error("the resource with the bulkId {} was not created", .bulk_id.escape_debug())]
    UnresolvedBulkId {
        /// What is named.
        bulk_id: String,
    },
    /// The PATCH can't be read, or can't be applied to the resource.
    #[error(transparent)]
    Patch(#[from] PatchError),
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
    /// A change does not go together with what has come between.
    MergeConflict,
    /// A resource exists that the request said must not.
    AlreadyExists,
    /// The request has to name a version.
    VersionRequired,
    /// A reference within a bulk job names no creation of the job.
    UnknownBulkId,
    /// A reference within a bulk job names a resource that was not created.
    UnresolvedBulkId,
    /// The PATCH can't be read, or can't be applied to the resource.
    Patch(PatchErrorKind),
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
    /// The provider can't do this.
    Unsupported,
    /// A filter can't be applied to resources of this type.
    InvalidFilter,
    /// Resources of this type can't be sorted like that.
    InvalidSort,
    /// A cursor is none of this list.
    InvalidCursor,
    /// To answer, more resources would have to be looked at than the provider is willing to.
    TooMany,
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
            Self::MergeConflict(_) => ErrorKind::MergeConflict,
            Self::AlreadyExists { .. } => ErrorKind::AlreadyExists,
            Self::VersionRequired { .. } => ErrorKind::VersionRequired,
            Self::UnknownBulkId { .. } => ErrorKind::UnknownBulkId,
            Self::UnresolvedBulkId { .. } => ErrorKind::UnresolvedBulkId,
            Self::Patch(error) => ErrorKind::Patch(error.kind()),
            Self::Provider(error) => match error.kind() {
                ProviderErrorKind::NotFound => ErrorKind::NotFound,
                ProviderErrorKind::UnknownResourceType => ErrorKind::UnknownResourceType,
                ProviderErrorKind::Invalid => ErrorKind::Invalid,
                ProviderErrorKind::Duplicate => ErrorKind::Duplicate,
                ProviderErrorKind::Busy => ErrorKind::Busy,
                ProviderErrorKind::Unsupported => ErrorKind::Unsupported,
                ProviderErrorKind::InvalidFilter => ErrorKind::InvalidFilter,
                ProviderErrorKind::InvalidSort => ErrorKind::InvalidSort,
                ProviderErrorKind::InvalidCursor => ErrorKind::InvalidCursor,
                ProviderErrorKind::TooMany => ErrorKind::TooMany,
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
            Self::MergeConflict(stale) => Some(&stale.conflict),
            _ => None,
        }
    }

    /// What does not go together, if a change was to be merged.
    pub const fn merge_conflicts(&self) -> Option<&MergeConflicts> {
        match self {
            Self::MergeConflict(stale) => Some(&stale.conflicts),
            _ => None,
        }
    }

    /// The version that the resource has, if a precondition failed against it.
    pub const fn current_version(&self) -> Option<&ScimVersion> {
        match self {
            Self::VersionMismatch(conflict) => Some(&conflict.current),
            Self::MergeConflict(stale) => Some(&stale.conflict.current),
            Self::AlreadyExists { current, .. } => current.as_ref(),
            _ => None,
        }
    }
}

/// A change of a version that has been replaced does not go together with what has come between.
/// Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{conflict}: {conflicts}")]
#[non_exhaustive]
pub struct StaleMerge {
    /// The version that the change was made to, and the one that there is.
    pub conflict: VersionConflict,
    /// What does not go together.
    pub conflicts: MergeConflicts,
}

impl StaleMerge {
    pub(crate) const fn new(conflict: VersionConflict, conflicts: MergeConflicts) -> Self {
        Self {
            conflict,
            conflicts,
        }
    }
}

/// Names all that is known of the resource, its version as the tag by which clients know it.
fn already_exists(resource_type: &str, id: Option<&str>, current: Option<&ScimVersion>) -> String {
    let mut text = resource_type.to_owned();
    if let Some(id) = id {
        text.push(' ');
        text.extend(id.escape_debug());
    }
    text.push_str(" exists already");
    if let Some(current) = current {
        text.push_str(", current ");
        text.push_str(&current.to_http_header());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exists_already_is_named_as_far_as_it_is_known() {
        let version = ScimVersion::from_revision(3);
        let text = |id, current| already_exists("User", id, current);
        assert_eq!(
            text(Some("a\n"), Some(&version)),
            "User a\\n exists already, current W/\"3\""
        );
        assert_eq!(text(None, None), "User exists already");
    }
}
