use scim_provider::version::ScimVersion;
use scim_provider::{Page, VersionedResource};

/// What an operation that succeeded has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimOperationResponse {
    outcome: Outcome,
}

/// What came of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// A resource was stored.
    Created(VersionedResource),
    /// The resource was read.
    Found(VersionedResource),
    /// The client has the current version already (`If-None-Match` on a read); it is
    /// given so that its headers can be shown.
    NotModified(VersionedResource),
    /// The resource says what was asked for.
    Updated {
        /// The resource as it is now.
        resource: VersionedResource,
        /// Whether it said something else before; if not, it kept its version.
        changed: bool,
    },
    /// The resource says what a PATCH asked for.
    Patched {
        /// The resource as it is now, or a part of it.
        resource: VersionedResource,
        /// Whether it said something else before; if not, it kept its version.
        changed: bool,
        /// Whether `resource` is all there is. If not, it lacks those of its links that the
        /// PATCH is not about, and what is derived: who adds one member to a large group
        /// should not pay for all of them. Read it to see the whole.
        whole: bool,
    },
    /// The resource is gone.
    Deleted,
    /// A page was read.
    Listed(Page<VersionedResource>),
    /// Whether the resource is there.
    Exists(bool),
}

impl Outcome {
    /// The one resource that the operation was about, as it is now; after a PATCH it may be
    /// a part of it only.
    pub const fn resource(&self) -> Option<&VersionedResource> {
        match self {
            Self::Created(resource)
            | Self::Found(resource)
            | Self::NotModified(resource)
            | Self::Updated { resource, .. }
            | Self::Patched { resource, .. } => Some(resource),
            Self::Deleted | Self::Listed(_) | Self::Exists(_) => None,
        }
    }

    /// Whether it is what came of a write to a resource that was there.
    pub(crate) const fn replaces(&self) -> bool {
        match self {
            Self::Updated { .. } | Self::Patched { .. } | Self::Deleted => true,
            Self::Created(_)
            | Self::Found(_)
            | Self::NotModified(_)
            | Self::Listed(_)
            | Self::Exists(_) => false,
        }
    }
}

impl ScimOperationResponse {
    pub(crate) const fn new(outcome: Outcome) -> Self {
        Self { outcome }
    }

    /// What came of the operation.
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// What came of the operation, taken out.
    pub fn into_outcome(self) -> Outcome {
        self.outcome
    }

    /// The one resource that the operation was about, as it is now; after a PATCH it may be
    /// a part of it only.
    pub const fn resource(&self) -> Option<&VersionedResource> {
        self.outcome.resource()
    }

    /// The version of that resource.
    pub fn current_version(&self) -> Option<&ScimVersion> {
        self.resource().map(VersionedResource::version)
    }
}
