use std::future::Future;

use scim_provider::version::{ConditionalResult, Precondition, ScimVersion, VersionConflict};
use scim_provider::{
    ConditionalProvider, ProviderError, RequestContext, ResourceProvider, VersionedResource, View,
};
use serde_json::Value;

use super::ScimOperationHandler;
use crate::retry::GaveUp;
use crate::{Access, Judgement, OpError, Outcome, Preconditions};

/// Which resource is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) resource_type: &'a str,
    pub(super) id: &'a str,
}

impl Target<'_> {
    /// The error of a request that `failed` against the version `current`.
    pub(super) fn refuse(
        &self,
        failed: Judgement,
        preconditions: &Preconditions,
        current: &ScimVersion,
        context: &RequestContext,
    ) -> OpError {
        match (failed, preconditions.if_match()) {
            (Judgement::IfMatchFailed, Some(expected)) => self.mismatch(
                VersionConflict::new(
                    self.resource_type,
                    self.id,
                    expected.clone(),
                    current.clone(),
                ),
                context,
            ),
            (_, _) => {
                let excluded = preconditions.if_none_match().map(in_short);
                tracing::info!(
                    request_id = context.request_id(),
                    tenant = context.tenant().map(tracing::field::display),
                    resource_type = self.resource_type,
                    id = self.id,
                    excluded,
                    %current,
                    "version conflict",
                );
                OpError::AlreadyExists {
                    resource_type: self.resource_type.into(),
                    id: Some(self.id.into()),
                    current: Some(current.clone()),
                }
            }
        }
    }

    pub(super) fn mismatch(&self, conflict: VersionConflict, context: &RequestContext) -> OpError {
        tracing::info!(
            request_id = context.request_id(),
            tenant = context.tenant().map(tracing::field::display),
            resource_type = self.resource_type,
            id = self.id,
            expected = in_short(&conflict.expected),
            current = %conflict.current,
            "version conflict",
        );
        OpError::VersionMismatch(conflict)
    }

    fn not_found(&self) -> OpError {
        ProviderError::not_found(self.resource_type, self.id).into()
    }

    fn gave_up(&self, gave_up: GaveUp, context: &RequestContext) -> OpError {
        tracing::warn!(
            request_id = context.request_id(),
            tenant = context.tenant().map(tracing::field::display),
            resource_type = self.resource_type,
            id = self.id,
            attempts = gave_up.attempts,
            late = gave_up.late,
            "gave up against rivals",
        );
        OpError::Provider(ProviderError::Busy {
            resource_type: self.resource_type.into(),
            id: self.id.into(),
        })
    }
}

/// What a client named, no longer than a log line should be: a header may hold
/// thousands of tags.
fn in_short(expected: &Precondition) -> String {
    const LONGEST: usize = 256;
    let mut named = expected.to_http_header();
    if let Some((cut, _)) = named.char_indices().nth(LONGEST) {
        named.truncate(cut);
        named.push('…');
    }
    named
}

impl<P: ResourceProvider> ScimOperationHandler<P> {
    pub(super) async fn update(
        &self,
        target: Target<'_>,
        data: Value,
        preconditions: &Preconditions,
        context: &RequestContext,
    ) -> Result<Outcome, OpError> {
        let Target { resource_type, id } = target;
        let attempt = |version: ScimVersion, data: Value| async move {
            let provider = &self.provider;
            let result = provider
                .conditional_update(resource_type, id, data, &version, context)
                .await?;
            Ok(result.map(|resource| Outcome::Updated {
                changed: *resource.version() != version,
                resource,
            }))
        };
        self.write(target, data, preconditions, context, attempt)
            .await
    }

    pub(super) async fn delete(
        &self,
        target: Target<'_>,
        preconditions: &Preconditions,
        context: &RequestContext,
    ) -> Result<Outcome, OpError> {
        let Target { resource_type, id } = target;
        let attempt = |version: ScimVersion, (): ()| async move {
            let provider = &self.provider;
            let result = provider
                .conditional_delete(resource_type, id, &version, context)
                .await?;
            Ok(result.map(|()| Outcome::Deleted))
        };
        self.write(target, (), preconditions, context, attempt)
            .await
    }

    /// A write whose change does not depend on what is there.
    ///
    /// `attempt` compares with the version it is given and writes, in one step.
    async fn write<C, F>(
        &self,
        target: Target<'_>,
        change: C,
        preconditions: &Preconditions,
        context: &RequestContext,
        attempt: impl Fn(ScimVersion, C) -> F + Send + Sync,
    ) -> Result<Outcome, OpError>
    where
        C: Clone + Send + Sync,
        F: Future<Output = Result<ConditionalResult<Outcome>, OpError>> + Send,
    {
        // The only version with which the request can proceed needs no reading first, and a
        // rival's version can't be it.
        if let Some(version) = preconditions.only_version() {
            let result = attempt(version, change).await?;
            let tally = self.tally(target.resource_type, target.id, context);
            return match result {
                ConditionalResult::Success(outcome) => {
                    tally.attempt();
                    tally.done(0);
                    Ok(outcome)
                }
                ConditionalResult::NotFound => Err(target.not_found()),
                ConditionalResult::VersionMismatch(conflict) => {
                    tally.attempt();
                    tally.conflict();
                    Err(target.mismatch(conflict, context))
                }
            };
        }
        // Of what is there only the version counts.
        let view = View::document();
        let attempt =
            |current: VersionedResource| attempt(current.version().clone(), change.clone());
        self.write_on_current(target, &view, preconditions, context, attempt)
            .await
    }

    /// The one write path: see the front page of this crate.
    ///
    /// `attempt` is given as much of the resource as `view` wants, compares with its version and
    /// writes, in one step.
    pub(super) async fn write_on_current<F>(
        &self,
        target: Target<'_>,
        view: &View,
        preconditions: &Preconditions,
        context: &RequestContext,
        attempt: impl Fn(VersionedResource) -> F + Send + Sync,
    ) -> Result<Outcome, OpError>
    where
        F: Future<Output = Result<ConditionalResult<Outcome>, OpError>> + Send,
    {
        let mut turns = self.turns();
        loop {
            let current = self.current(target, view, preconditions, context).await?;
            let result = attempt(current).await?;
            let tally = self.tally(target.resource_type, target.id, context);
            match result {
                ConditionalResult::Success(outcome) => {
                    tally.attempt();
                    tally.done(turns.lost());
                    return Ok(outcome);
                }
                ConditionalResult::NotFound => return Err(target.not_found()),
                // A rival came between. Only a request that allows its version too goes on.
                ConditionalResult::VersionMismatch(conflict) => {
                    tally.attempt();
                    tally.conflict();
                    match preconditions.judge(Access::Write, &conflict.current) {
                        Judgement::Proceed => {
                            if let Err(gave_up) = turns.lose().await {
                                return Err(target.gave_up(gave_up, context));
                            }
                            self.tally(target.resource_type, target.id, context).retry();
                        }
                        failed => {
                            let current = &conflict.current;
                            return Err(target.refuse(failed, preconditions, current, context));
                        }
                    }
                }
            }
        }
    }

    /// Whether a change of the resource `id` gets as far as its content: for whoever finds out
    /// that the content can't be read, but owes the client an answer to its preconditions first.
    ///
    /// # Errors
    ///
    /// That the resource is missing, that a precondition fails, or that one is required.
    pub async fn check_preconditions(
        &self,
        resource_type: &str,
        id: &str,
        preconditions: &Preconditions,
        context: &RequestContext,
    ) -> Result<(), OpError> {
        let target = Target { resource_type, id };
        let view = View::document();
        let current = self.current(target, &view, preconditions, context);
        current.await.map(drop)
    }

    /// The resource as it is, if the request proceeds with it: as much of it as `view` wants,
    /// from a provider that can read a part.
    async fn current(
        &self,
        target: Target<'_>,
        view: &View,
        preconditions: &Preconditions,
        context: &RequestContext,
    ) -> Result<VersionedResource, OpError> {
        let Target { resource_type, id } = target;
        let current = self.get(resource_type, id, view, context).await?;
        match preconditions.judge(Access::Write, current.version()) {
            Judgement::Proceed if self.version_required && !preconditions.name_a_version() => {
                Err(OpError::VersionRequired {
                    resource_type: resource_type.into(),
                    id: id.into(),
                })
            }
            Judgement::Proceed => Ok(current),
            failed => {
                let tally = self.tally(target.resource_type, target.id, context);
                tally.attempt();
                tally.conflict();
                Err(target.refuse(failed, preconditions, current.version(), context))
            }
        }
    }
}
