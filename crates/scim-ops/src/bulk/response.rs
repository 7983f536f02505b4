use scim_provider::VersionedResource;

use crate::{OpError, Outcome};

/// What came of one operation of a bulk job that was begun.
#[derive(Debug)]
#[non_exhaustive]
pub struct BulkResult {
    /// Which operation: its place in the request, from 0.
    pub index: usize,
    /// The id of the resource that it is about, as far as that is known.
    pub id: Option<String>,
    /// What came of it.
    pub outcome: BulkOutcome,
}

/// What can come of an operation of a bulk job.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "layers above show each of them in their own way"
)]
pub enum BulkOutcome {
    /// It was carried out.
    Done(Outcome),
    /// It was not.
    Failed(OpError),
    /// It was [`BulkAction::Malformed`](crate::BulkAction::Malformed).
    Malformed,
}

impl BulkOutcome {
    pub(super) fn of(result: Result<Outcome, OpError>) -> Self {
        match result {
            Ok(outcome) => Self::Done(outcome),
            Err(error) => Self::Failed(error),
        }
    }

    /// The resource as the operation left it, if it succeeded and left one.
    pub const fn resource(&self) -> Option<&VersionedResource> {
        match self {
            Self::Done(outcome) => outcome.resource(),
            Self::Failed(_) | Self::Malformed => None,
        }
    }
}
