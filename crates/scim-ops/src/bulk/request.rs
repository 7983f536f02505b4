use std::collections::HashMap;

use scim_provider::RequestContext;
use scim_provider::version::Precondition;
use serde_json::Value;
use thiserror::Error;

use crate::Preconditions;

/// Operations that are sent together (RFC 7644 §3.7).
///
/// ```
/// use scim_ops::provider::RequestContext;
/// use scim_ops::{BulkAction, BulkOperation, BulkRequest};
/// use serde_json::json;
///
/// let user = BulkOperation::create("User", "qwerty", json!({ "userName": "alice" }));
/// let group = json!({ "displayName": "Tour Guides", "members": [{ "value": "bulkId:qwerty" }] });
/// let group = BulkOperation::create("Group", "ytrewq", group);
/// let job = BulkRequest::new(vec![user, group], RequestContext::with_generated_id())?
///     .with_fail_on_errors(1);
/// assert_eq!(job.operations().len(), 2);
/// # Ok::<(), scim_ops::RepeatedBulkId>(())
/// ```
#[derive(Debug, Clone)]
pub struct BulkRequest {
    pub(super) operations: Vec<BulkOperation>,
    pub(super) fail_on_errors: Option<u32>,
    pub(super) context: RequestContext,
}

impl BulkRequest {
    /// These operations, in this order, on behalf of `context`.
    ///
    /// # Errors
    ///
    /// If two creations have one `bulkId`.
    pub fn new(
        operations: Vec<BulkOperation>,
        context: RequestContext,
    ) -> Result<Self, RepeatedBulkId> {
        let mut known = HashMap::new();
        for (second, operation) in operations.iter().enumerate() {
            if let Some(bulk_id) = operation.creates()
                && let Some(first) = known.insert(bulk_id, second)
            {
                return Err(RepeatedBulkId { first, second });
            }
        }
        Ok(Self {
            operations,
            fail_on_errors: None,
            context,
        })
    }

    /// Stops after so many errors; what has not begun by then is not tried. 0 counts as 1.
    #[must_use]
    pub const fn with_fail_on_errors(mut self, errors: u32) -> Self {
        self.fail_on_errors = Some(if errors == 0 { 1 } else { errors });
        self
    }

    /// What is to be done, in order.
    pub fn operations(&self) -> &[BulkOperation] {
        &self.operations
    }
}

/// Two creations of a job have one `bulkId`, so that references to it would be ambiguous.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("operations {first} and {second} have the same bulkId")]
pub struct RepeatedBulkId {
    first: usize,
    second: usize,
}

/// One operation of a [`BulkRequest`].
#[derive(Debug, Clone)]
pub struct BulkOperation {
    pub(super) resource_type: String,
    pub(super) bulk_id: Option<String>,
    pub(super) action: BulkAction,
    pub(super) preconditions: Preconditions,
}

/// What an operation of a bulk job does.
///
/// Ids and data may name resources that the job creates: as the id `bulkId:x`, or in data as
/// the text of a member called `value` or at the end of a `$ref`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum BulkAction {
    /// Store a new resource.
    Create {
        /// What it says.
        data: Value,
    },
    /// Replace what a resource says.
    Update {
        /// Which.
        id: String,
        /// What it says from now on.
        data: Value,
    },
    /// Change parts of a resource.
    Patch {
        /// Which.
        id: String,
        /// The message of RFC 7644 §3.5.2, not read yet: it may name resources of the job.
        message: Value,
    },
    /// Delete a resource.
    Delete {
        /// Which.
        id: String,
    },
    /// None: its sender could not be understood. It counts as an error when its turn comes.
    Malformed,
}

impl BulkOperation {
    /// `action` on resources of type `resource_type`, without a condition.
    pub fn new(resource_type: impl Into<String>, action: BulkAction) -> Self {
        Self {
            resource_type: resource_type.into(),
            bulk_id: None,
            action,
            preconditions: Preconditions::new(),
        }
    }

    /// Stores a new resource, which other operations may name by `bulk_id`.
    pub fn create(
        resource_type: impl Into<String>,
        bulk_id: impl Into<String>,
        data: Value,
    ) -> Self {
        Self::new(resource_type, BulkAction::Create { data }).with_bulk_id(bulk_id)
    }

    /// An operation that could not be understood.
    pub fn malformed() -> Self {
        Self::new("", BulkAction::Malformed)
    }

    /// The same operation under a name of the client's. Only creations can be referred to.
    #[must_use]
    pub fn with_bulk_id(mut self, bulk_id: impl Into<String>) -> Self {
        self.bulk_id = Some(bulk_id.into());
        self
    }

    /// Only if the resource has one of these versions: the operation's `version`.
    #[must_use]
    pub fn with_if_match(mut self, precondition: impl Into<Precondition>) -> Self {
        self.preconditions = self.preconditions.with_if_match(precondition);
        self
    }

    /// The name of the type whose resources are meant.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// The client's name for it.
    pub fn bulk_id(&self) -> Option<&str> {
        self.bulk_id.as_deref()
    }

    /// What is to be done.
    pub const fn action(&self) -> &BulkAction {
        &self.action
    }

    /// The `bulkId` under which others may name what it creates.
    pub(super) fn creates(&self) -> Option<&str> {
        match self.action {
            BulkAction::Create { .. } => self.bulk_id.as_deref(),
            _ => None,
        }
    }

    /// The id of the resource it is about, as it was given.
    pub(super) fn target(&self) -> Option<&str> {
        match &self.action {
            BulkAction::Update { id, .. }
            | BulkAction::Patch { id, .. }
            | BulkAction::Delete { id } => Some(id),
            BulkAction::Create { .. } | BulkAction::Malformed => None,
        }
    }

    /// What it says.
    pub(super) const fn data(&self) -> Option<&Value> {
        match &self.action {
            BulkAction::Create { data } | BulkAction::Update { data, .. } => Some(data),
            BulkAction::Patch { message, .. } => Some(message),
            BulkAction::Delete { .. } | BulkAction::Malformed => None,
        }
    }
}
