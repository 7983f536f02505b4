use std::collections::{BTreeSet, HashMap};

use scim_provider::{ResourceProvider, VersionedResource};
use serde_json::Value;

use super::order::{Step, steps};
use super::references::{bulk_id, leave_out, named, resolve};
use super::request::{BulkAction, BulkOperation, BulkRequest};
use super::response::{BulkOutcome, BulkResult};
use crate::handler::ScimOperationHandler;
use crate::{OpError, Operation, Outcome, Patch, Preconditions, ScimOperationRequest};

/// A job that is being carried out.
pub(super) struct Job<'a, P> {
    handler: &'a ScimOperationHandler<P>,
    request: BulkRequest,
    /// Which operation creates what each `bulkId` names.
    creations: HashMap<String, usize>,
    /// What has come of each operation that was begun.
    outcomes: Vec<Option<BulkOutcome>>,
    /// The resources that the operations name.
    ids: Vec<Option<String>>,
    /// Whole data of what was created without some of its references.
    incomplete: HashMap<usize, Value>,
    errors: u32,
}

impl<'a, P: ResourceProvider> Job<'a, P> {
    pub(super) fn new(handler: &'a ScimOperationHandler<P>, request: BulkRequest) -> Self {
        let creations = request
            .operations
            .iter()
            .enumerate()
            .filter_map(|(index, operation)| Some((operation.creates()?.to_owned(), index)))
            .collect();
        Self {
            handler,
            creations,
            outcomes: request.operations.iter().map(|_| None).collect(),
            ids: request.operations.iter().map(|_| None).collect(),
            incomplete: HashMap::new(),
            errors: 0,
            request,
        }
    }

    /// Carries it out, each operation on the one write path; what has not begun when too many
    /// have failed has no result.
    pub(super) async fn run(mut self) -> Vec<BulkResult> {
        for step in steps(&self.request.operations) {
            if self
                .request
                .fail_on_errors
                .is_some_and(|limit| self.errors >= limit)
            {
                break;
            }
            match step {
                Step::Run { index, without } => self.begin(index, &without).await,
                Step::Complete { index } => self.complete(index).await,
            }
        }
        // The job was stopped before these could be completed.
        let left: Vec<usize> = self.incomplete.keys().copied().collect();
        for index in left {
            self.complete(index).await;
        }
        let outcomes = std::mem::take(&mut self.outcomes);
        let results = outcomes.into_iter().enumerate();
        results
            .filter_map(|(index, outcome)| {
                let outcome = outcome?;
                let left = outcome.resource().and_then(|left| left.resource().id());
                let id = left.map(str::to_owned).or_else(|| self.ids[index].take());
                Some(BulkResult { index, id, outcome })
            })
            .collect()
    }

    fn record(&mut self, index: usize, outcome: BulkOutcome) {
        if !matches!(outcome, BulkOutcome::Done(_)) {
            self.errors = self.errors.saturating_add(1);
        }
        self.outcomes[index] = Some(outcome);
    }

    /// Carries out an operation without what names the creations `without`.
    async fn begin(&mut self, index: usize, without: &[usize]) {
        let operation = self.request.operations[index].clone();
        let whole = operation.data().filter(|_| !without.is_empty()).cloned();
        let target = operation.target().map(str::to_owned);
        self.ids[index] = target.and_then(|id| self.id(id).ok());
        let outcome = match self.prepare(operation, without) {
            Ok(Some(request)) => BulkOutcome::of(self.perform(request).await),
            Ok(None) => BulkOutcome::Malformed,
            Err(error) => BulkOutcome::Failed(error),
        };
        if let (Some(whole), BulkOutcome::Done(_)) = (whole, &outcome) {
            self.incomplete.insert(index, whole);
        }
        self.record(index, outcome);
    }

    async fn perform(&self, request: ScimOperationRequest) -> Result<Outcome, OpError> {
        let response = self.handler.handle_operation(request).await?;
        Ok(response.into_outcome())
    }

    /// The request that `operation` is, with ids in the place of `bulkId`s.
    fn prepare(
        &self,
        operation: BulkOperation,
        without: &[usize],
    ) -> Result<Option<ScimOperationRequest>, OpError> {
        let without: BTreeSet<usize> = without.iter().copied().collect();
        let BulkOperation {
            resource_type,
            action,
            preconditions,
            ..
        } = operation;
        let operation = match action {
            BulkAction::Create { mut data } => {
                self.resolve(&mut data, &without)?;
                leave_out(&mut data, &|name| self.is_among(name, &without));
                Operation::Create { data }
            }
            BulkAction::Update { id, mut data } => {
                self.resolve(&mut data, &without)?;
                let id = self.id(id)?;
                Operation::Update { id, data }
            }
            BulkAction::Patch { id, mut message } => {
                self.resolve(&mut message, &without)?;
                let id = self.id(id)?;
                let patch = Patch::from_json(message)?;
                Operation::Patch { id, patch }
            }
            BulkAction::Delete { id } => Operation::Delete { id: self.id(id)? },
            BulkAction::Malformed => return Ok(None),
        };
        let context = self.request.context.clone();
        let request = ScimOperationRequest::new(resource_type, operation, context);
        Ok(Some(request.with_preconditions(preconditions)))
    }

    /// The id that `id` is, or that of the resource that it names.
    fn id(&self, id: String) -> Result<String, OpError> {
        match bulk_id(&id) {
            Some(name) => self.created(name).map(str::to_owned),
            None => Ok(id),
        }
    }

    fn resolve(&self, data: &mut Value, without: &BTreeSet<usize>) -> Result<(), OpError> {
        for name in named(data) {
            if !self.is_among(name, without) {
                self.created(name)?;
            }
        }
        resolve(data, &|name| self.created(name).ok().map(str::to_owned));
        Ok(())
    }

    /// Whether `bulk_id` names one of these creations.
    fn is_among(&self, bulk_id: &str, creations: &BTreeSet<usize>) -> bool {
        let index = self.creations.get(bulk_id);
        index.is_some_and(|index| creations.contains(index))
    }

    /// The id of the resource that `bulk_id` names.
    fn created(&self, bulk_id: &str) -> Result<&str, OpError> {
        let Some(index) = self.creations.get(bulk_id) else {
            return Err(OpError::UnknownBulkId {
                bulk_id: bulk_id.into(),
            });
        };
        let outcome = self.outcomes[*index].as_ref();
        let created = outcome.and_then(BulkOutcome::resource);
        created
            .and_then(|created| created.resource().id())
            .ok_or_else(|| OpError::UnresolvedBulkId {
                bulk_id: bulk_id.into(),
            })
    }

    /// Gives what was created without some of its references all of them, or takes it back:
    /// a creation is carried out as a whole or not at all. One that failed is left at that.
    async fn complete(&mut self, index: usize) {
        let Some(mut data) = self.incomplete.remove(&index) else {
            return;
        };
        let created = self.outcomes[index].as_ref();
        let Some(created) = created.and_then(BulkOutcome::resource).cloned() else {
            return;
        };
        let id = created.resource().id().unwrap_or_default().to_owned();
        let completed = match self.resolve(&mut data, &BTreeSet::new()) {
            Ok(()) => {
                let id = id.clone();
                self.at_version(index, Operation::Update { id, data }, &created)
                    .await
            }
            Err(error) => Err(error),
        };
        let outcome = match completed {
            // What the client asked for is a creation, in however many steps.
            Ok(Outcome::Updated { resource, .. }) => BulkOutcome::Done(Outcome::Created(resource)),
            Ok(other) => BulkOutcome::Done(other),
            Err(error) => {
                self.take_back(index, id, &created).await;
                BulkOutcome::Failed(error)
            }
        };
        self.record(index, outcome);
    }

    /// Deletes what was `created` if it is still as it was: who changed it meanwhile wants it
    /// to stay.
    async fn take_back(&self, index: usize, id: String, created: &VersionedResource) {
        let kept = self
            .at_version(index, Operation::Delete { id }, created)
            .await;
        if let Err(kept) = kept {
            tracing::warn!(
                request_id = self.request.context.request_id(),
                resource_type = created.resource().resource_type(),
                id = created.resource().id(),
                error = %kept,
                "a resource stays without some of its references",
            );
        }
    }

    /// Carries out `operation` if the resource is still as it was `created`.
    async fn at_version(
        &self,
        index: usize,
        operation: Operation,
        created: &VersionedResource,
    ) -> Result<Outcome, OpError> {
        let resource_type = self.request.operations[index].resource_type();
        let context = self.request.context.clone();
        let request = ScimOperationRequest::new(resource_type, operation, context)
            .with_preconditions(Preconditions::new().with_if_match(created.version().clone()));
        self.perform(request).await
    }
}
