use scim_provider::version::{Precondition, ScimVersion};
use scim_provider::{ListQuery, RequestContext, View};
use serde_json::Value;

use crate::{Patch, Preconditions};

/// One operation on the resources of one type, on behalf of a context.
///
/// ```
/// use scim_ops::ScimOperationRequest;
/// use scim_ops::provider::RequestContext;
/// use scim_ops::version::ScimVersion;
///
/// let context = RequestContext::with_generated_id();
/// let request = ScimOperationRequest::delete("User", "2819c223", context)
///     .with_expected_version(ScimVersion::from_revision(3));
/// assert!(request.preconditions().if_match().is_some());
/// ```
#[derive(Debug, Clone)]
pub struct ScimOperationRequest {
    pub(crate) resource_type: String,
    pub(crate) operation: Operation,
    pub(crate) preconditions: Preconditions,
    pub(crate) view: View,
    pub(crate) context: RequestContext,
}

/// What an operation does, with what it needs for that.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Operation {
    /// Store a new resource (RFC 7644 §3.3).
    Create {
        /// What it says.
        data: Value,
    },
    /// Read a resource (§3.4.1).
    Get {
        /// Which.
        id: String,
    },
    /// Replace what a resource says (§3.5.1).
    Update {
        /// Which.
        id: String,
        /// What it says from now on.
        data: Value,
    },
    /// Change a part of what a resource says (§3.5.2).
    Patch {
        /// Which.
        id: String,
        /// How.
        patch: Patch,
    },
    /// Delete a resource (§3.6).
    Delete {
        /// Which.
        id: String,
    },
    /// Read a page of the resources of the type (§3.4.2).
    List {
        /// Which page.
        query: ListQuery,
    },
    /// Ask whether a resource is there.
    Exists {
        /// Which.
        id: String,
    },
}

impl ScimOperationRequest {
    /// `operation` on resources of type `resource_type`, without preconditions.
    pub fn new(
        resource_type: impl Into<String>,
        operation: Operation,
        context: RequestContext,
    ) -> Self {
        Self {
            resource_type: resource_type.into(),
            operation,
            preconditions: Preconditions::new(),
            view: View::whole(),
            context,
        }
    }

    /// Stores a new resource that says `data`.
    pub fn create(resource_type: impl Into<String>, data: Value, context: RequestContext) -> Self {
        Self::new(resource_type, Operation::Create { data }, context)
    }

    /// Reads the resource `id`.
    pub fn get(
        resource_type: impl Into<String>,
        id: impl Into<String>,
        context: RequestContext,
    ) -> Self {
        Self::new(resource_type, Operation::Get { id: id.into() }, context)
    }

    /// Replaces what the resource `id` says by `data`.
    pub fn update(
        resource_type: impl Into<String>,
        id: impl Into<String>,
        data: Value,
        context: RequestContext,
    ) -> Self {
        Self::new(
            resource_type,
            Operation::Update {
                id: id.into(),
                data,
            },
            context,
        )
    }

    /// Changes a part of what the resource `id` says, as `patch` wants.
    pub fn patch(
        resource_type: impl Into<String>,
        id: impl Into<String>,
        patch: Patch,
        context: RequestContext,
    ) -> Self {
        let id = id.into();
        Self::new(resource_type, Operation::Patch { id, patch }, context)
    }

    /// Deletes the resource `id`.
    pub fn delete(
        resource_type: impl Into<String>,
        id: impl Into<String>,
        context: RequestContext,
    ) -> Self {
        Self::new(resource_type, Operation::Delete { id: id.into() }, context)
    }

    /// Reads a page of the resources of a type.
    pub fn list(
        resource_type: impl Into<String>,
        query: ListQuery,
        context: RequestContext,
    ) -> Self {
        Self::new(resource_type, Operation::List { query }, context)
    }

    /// Asks whether there is a resource `id`.
    pub fn exists(
        resource_type: impl Into<String>,
        id: impl Into<String>,
        context: RequestContext,
    ) -> Self {
        Self::new(resource_type, Operation::Exists { id: id.into() }, context)
    }

    /// Only if the resource has this version: the short form of an `If-Match` with one
    /// entity tag.
    #[must_use]
    pub fn with_expected_version(self, version: ScimVersion) -> Self {
        self.with_if_match(version)
    }

    /// Only if the resource has one of these versions.
    #[must_use]
    pub fn with_if_match(mut self, precondition: impl Into<Precondition>) -> Self {
        self.preconditions = self.preconditions.with_if_match(precondition);
        self
    }

    /// Only if the resource has none of these versions.
    #[must_use]
    pub fn with_if_none_match(mut self, precondition: impl Into<Precondition>) -> Self {
        self.preconditions = self.preconditions.with_if_none_match(precondition);
        self
    }

    /// The change was made to this version: it is merged with what has come between, as long as that
    /// version is kept. See [`Preconditions::with_merge_base`].
    #[must_use]
    pub fn with_merge_base(mut self, version: ScimVersion) -> Self {
        self.preconditions = self.preconditions.with_merge_base(version);
        self
    }

    /// Only if all of these hold.
    #[must_use]
    pub fn with_preconditions(mut self, preconditions: Preconditions) -> Self {
        self.preconditions = preconditions;
        self
    }

    /// Needs no more of the resource than `view` has: a [`Get`](Operation::Get) then reads no
    /// more, if the provider can read less. Preconditions are about the whole resource all the same.
    #[must_use]
    pub fn with_view(mut self, view: View) -> Self {
        self.view = view;
        self
    }

    /// The name of the type whose resources are meant.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// What is to be done.
    pub const fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What the request says of the version it meets.
    pub const fn preconditions(&self) -> &Preconditions {
        &self.preconditions
    }

    /// How much of the resource is needed.
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// On whose behalf.
    pub const fn context(&self) -> &RequestContext {
        &self.context
    }
}
