use scim_provider::version::{ConditionalResult, VersionConflict};
use scim_provider::{ProviderError, ProviderErrorKind, RequestContext, ResourceProvider};
use thiserror::Error;

use super::job::Job;
use super::request::BulkRequest;
use super::response::{BulkOutcome, BulkResult};
use crate::{OpError, ScimOperationHandler};

/// Why an atomic bulk job was not carried out; nothing of it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AtomicBulkError {
    /// An operation failed, and all others with it.
    #[error("operation {index} failed")]
    Operation {
        /// Which operation: its place in the request, from 0.
        index: usize,
        /// Why.
        source: OpError,
    },
    /// An operation was [`BulkAction::Malformed`](crate::BulkAction::Malformed).
    #[error("operation {index} is malformed")]
    Malformed {
        /// Which operation: its place in the request, from 0.
        index: usize,
    },
    /// The job as a whole could not be carried out.
    #[error("the job was not carried out")]
    Job(#[source] OpError),
}

impl<P: ResourceProvider> ScimOperationHandler<P> {
    /// Carries out all operations of `request`, or none: an extension of RFC 7644 §3.7.
    ///
    /// The first failure refuses the whole, whatever
    /// [`fail_on_errors`](BulkRequest::with_fail_on_errors) says. All writes are one commit of the
    /// provider, which judges their versions in that step; if a rival came between, the job is
    /// carried out again against what the rival left, within the handler's
    /// [retry policy](Self::with_retry_policy). Versions that operations name are judged each
    /// time.
    ///
    /// # Errors
    ///
    /// [`AtomicBulkError`]; over a provider that can't commit several writes as one, its kind is
    /// [`Unsupported`](crate::ErrorKind::Unsupported).
    pub async fn handle_atomic_bulk(
        &self,
        request: BulkRequest,
    ) -> Result<Vec<BulkResult>, AtomicBulkError> {
        let job = |error: ProviderError| AtomicBulkError::Job(error.into());
        let atomic = self.provider().as_atomic().ok_or_else(|| {
            job(ProviderError::Unsupported {
                what: "a bulk of all or nothing",
            })
        })?;
        let request = request.with_fail_on_errors(1);
        let mut turns = self.turns();
        let mut lost_to = ProviderError::Busy {
            resource_type: "the resources of this job".into(),
            id: String::new(),
        };
        loop {
            let transaction = atomic.begin(&request.context);
            let handler = self.over(transaction.provider());
            let mut results = Job::new(&handler, request.clone()).run().await;
            if let Some(failed) = results
                .iter()
                .position(|result| !matches!(result.outcome, BulkOutcome::Done(_)))
            {
                let BulkResult { index, outcome, .. } = results.swap_remove(failed);
                return Err(match outcome {
                    BulkOutcome::Failed(source) => {
                        if let Some(conflict) = source.version_conflict() {
                            self.count_conflict(conflict, &request.context);
                        }
                        AtomicBulkError::Operation { index, source }
                    }
                    _ => AtomicBulkError::Malformed { index },
                });
            }
            match transaction.commit().await {
                Ok(ConditionalResult::Success(())) => {
                    self.count(&request, &results, turns.lost());
                    return Ok(results);
                }
                Ok(ConditionalResult::VersionMismatch(conflict)) => {
                    self.count_conflict(&conflict, &request.context);
                    lost_to = ProviderError::Busy {
                        resource_type: conflict.resource_type,
                        id: conflict.resource_id,
                    };
                }
                Ok(ConditionalResult::NotFound) => {}
                // Whoever took the value is met in the next turn, by the operation that wants it.
                Err(error) if error.kind() == ProviderErrorKind::Duplicate => lost_to = error,
                Err(error) => return Err(job(error)),
            }
            if turns.lose().await.is_err() {
                return Err(job(lost_to));
            }
            if let ProviderError::Busy { resource_type, id } = &lost_to {
                self.tally(resource_type, id, &request.context).retry();
            }
        }
    }

    fn count_conflict(&self, conflict: &VersionConflict, context: &RequestContext) {
        let (resource_type, id) = (&conflict.resource_type, &conflict.resource_id);
        let tally = self.tally(resource_type, id, context);
        tally.attempt();
        tally.conflict();
    }

    /// Counts what was written, after so many lost races.
    fn count(&self, request: &BulkRequest, results: &[BulkResult], lost: u32) {
        for result in results {
            let written = match &result.outcome {
                BulkOutcome::Done(outcome) => outcome.replaces(),
                BulkOutcome::Failed(_) | BulkOutcome::Malformed => false,
            };
            let operation = request.operations.get(result.index).filter(|_| written);
            if let Some(operation) = operation {
                let id = result.id.as_deref().unwrap_or_default();
                let tally = self.tally(&operation.resource_type, id, &request.context);
                tally.attempt();
                tally.done(lost);
            }
        }
    }
}
