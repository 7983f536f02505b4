mod merge;
mod patch;
mod search;
mod write;

use std::fmt;
use std::sync::Arc;

use scim_provider::schema::ResourceTypes;
use scim_provider::version::{Precondition, ScimVersion};
use scim_provider::{
    ConditionalProvider, LockingProvider, ProviderError, RequestContext, ResourceProvider,
    VersionedResource, View,
};
use serde_json::Value;

use self::merge::Edit;
use crate::contention::Tally;
use crate::retry::{Time, Turns};
use crate::{
    Access, Clock, ConflictMetrics, Judgement, MergeRules, OpError, Operation, Outcome, PatchRules,
    RetryPolicy, ScimOperationRequest, ScimOperationResponse, Sleeper,
};

/// Carries out operations over a provider.
///
/// Whether the provider compares and writes in one step is found out from
/// [`ResourceProvider::as_conditional`]; one that doesn't is used under a lock for each
/// resource, with the limits that [`LockingProvider`] states.
///
/// Writes that lose a race wait on tokio's clock, so the runtime needs its timer enabled.
pub struct ScimOperationHandler<P> {
    provider: LockingProvider<P>,
    retry: RetryPolicy,
    time: Time,
    metrics: Option<Arc<ConflictMetrics>>,
    version_required: bool,
    types: ResourceTypes,
    patch_rules: PatchRules,
    merge_rules: MergeRules,
}

impl<P: ResourceProvider> ScimOperationHandler<P> {
    /// A handler over `provider`, for the [types](ResourceProvider::resource_types) that it
    /// says it has, or else users and groups.
    pub fn new(provider: P) -> Self {
        let types = provider.resource_types().cloned().unwrap_or_default();
        Self {
            provider: LockingProvider::new(provider),
            retry: RetryPolicy::default(),
            time: Time::default(),
            metrics: None,
            version_required: false,
            types,
            patch_rules: PatchRules::default(),
            merge_rules: MergeRules::default(),
        }
    }

    /// The same handler for these types of resources, which the provider has to know by the
    /// same names. A PATCH is read by their schemas.
    #[must_use]
    pub fn with_resource_types(self, types: ResourceTypes) -> Self {
        Self { types, ..self }
    }

    /// The same handler with other rules for PATCH. What becomes of attributes that no schema
    /// has is for the resource types to say
    /// ([`ResourceTypes::with_unknown_attributes`]), for all writes alike.
    #[must_use]
    pub fn with_patch_rules(self, patch_rules: PatchRules) -> Self {
        Self {
            patch_rules,
            ..self
        }
    }

    /// The same handler with other rules for changes of a version that has been replaced, which are
    /// to be merged ([`with_merge_base`](ScimOperationRequest::with_merge_base)).
    #[must_use]
    pub fn with_merge_rules(self, merge_rules: MergeRules) -> Self {
        Self {
            merge_rules,
            ..self
        }
    }

    /// The same handler with other bounds for writes that named no version.
    #[must_use]
    pub fn with_retry_policy(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// The same handler, which refuses updates, patches and deletes without `If-Match` if
    /// `required`. Identity providers send none, so this is off by default.
    #[must_use]
    pub fn with_version_required(self, required: bool) -> Self {
        Self {
            version_required: required,
            ..self
        }
    }

    /// Whether updates, patches and deletes have to name a version.
    pub const fn is_version_required(&self) -> bool {
        self.version_required
    }

    /// The same handler by another clock than tokio's.
    #[must_use]
    pub fn with_time(self, clock: Arc<dyn Clock>, sleeper: Arc<dyn Sleeper>) -> Self {
        let time = Time::new(clock, sleeper);
        Self { time, ..self }
    }

    /// The same handler, which counts conflicts in `metrics`; without, nothing is counted.
    #[must_use]
    pub fn with_conflict_metrics(self, metrics: Arc<ConflictMetrics>) -> Self {
        let metrics = Some(metrics);
        Self { metrics, ..self }
    }

    /// What counts conflicts, if anything does.
    pub fn conflict_metrics(&self) -> Option<&Arc<ConflictMetrics>> {
        self.metrics.as_ref()
    }

    /// What counts a write, if anything does.
    pub(crate) fn tally<'a>(
        &'a self,
        resource_type: &'a str,
        id: &'a str,
        context: &'a RequestContext,
    ) -> Tally<'a> {
        Tally::new(
            self.metrics.as_deref(),
            &self.types,
            resource_type,
            id,
            context,
        )
    }

    /// The attempts of a write that begins now.
    pub(crate) fn turns(&self) -> Turns<'_> {
        Turns::new(&self.retry, &self.time)
    }

    /// The same handler over a transaction of its provider. It counts nothing, since what it writes
    /// may not come about.
    pub(crate) fn over<Q: ResourceProvider>(&self, provider: Q) -> ScimOperationHandler<Q> {
        ScimOperationHandler {
            provider: LockingProvider::new(provider),
            retry: self.retry.clone(),
            time: self.time.clone(),
            metrics: None,
            version_required: self.version_required,
            types: self.types.clone(),
            patch_rules: self.patch_rules,
            merge_rules: self.merge_rules.clone(),
        }
    }

    /// The types of resources that it knows the schemas of.
    pub const fn resource_types(&self) -> &ResourceTypes {
        &self.types
    }

    /// The provider.
    pub fn provider(&self) -> &P {
        self.provider.inner()
    }

    /// Whether the provider itself compares and writes in one step. Promises hold beyond this
    /// process then, unless the provider is a [`LockingProvider`] already.
    pub fn is_natively_conditional(&self) -> bool {
        self.provider().as_conditional().is_some()
    }

    /// Carries out `request`.
    ///
    /// # Errors
    ///
    /// [`OpError`] says why not; its [`kind`](OpError::kind) says what to do about it.
    pub async fn handle_operation(
        &self,
        request: ScimOperationRequest,
    ) -> Result<ScimOperationResponse, OpError> {
        let ScimOperationRequest {
            resource_type,
            operation,
            preconditions,
            view,
            context,
        } = request;
        let outcome = match operation {
            Operation::Create { data } => {
                let only_new = preconditions.if_none_match() == Some(&Precondition::Any);
                self.create(&resource_type, data, only_new, &context)
                    .await?
            }
            Operation::Get { id } => {
                let found = self.get(&resource_type, &id, &view, &context).await?;
                match preconditions.judge(Access::Read, found.version()) {
                    Judgement::Proceed => Outcome::Found(found),
                    Judgement::NotModified => Outcome::NotModified(found),
                    failed => {
                        let target = write::Target {
                            resource_type: &resource_type,
                            id: &id,
                        };
                        return Err(target.refuse(
                            failed,
                            &preconditions,
                            found.version(),
                            &context,
                        ));
                    }
                }
            }
            Operation::Update { id, data } => {
                let target = write::Target {
                    resource_type: &resource_type,
                    id: &id,
                };
                // On the heap, so that reading does not carry the size of writing.
                match preconditions.merge_base() {
                    Some(base) => {
                        let edit = Edit::Replace(&data);
                        Box::pin(self.merge(target, edit, base, &preconditions, &context)).await?
                    }
                    None => Box::pin(self.update(target, data, &preconditions, &context)).await?,
                }
            }
            Operation::Patch { id, patch } => {
                let target = write::Target {
                    resource_type: &resource_type,
                    id: &id,
                };
                match preconditions.merge_base() {
                    Some(base) => {
                        let edit = Edit::Patch(&patch);
                        Box::pin(self.merge(target, edit, base, &preconditions, &context)).await?
                    }
                    None => Box::pin(self.patch(target, &patch, &preconditions, &context)).await?,
                }
            }
            Operation::Delete { id } => {
                let target = write::Target {
                    resource_type: &resource_type,
                    id: &id,
                };
                let preconditions = preconditions.without_merge();
                Box::pin(self.delete(target, &preconditions, &context)).await?
            }
            Operation::List { query } => Outcome::Listed(
                self.provider
                    .list_versioned_resources(&resource_type, &query, &context)
                    .await?,
            ),
            Operation::Exists { id } => {
                let found = self
                    .provider
                    .get_resource(&resource_type, &id, &context)
                    .await?;
                Outcome::Exists(found.is_some())
            }
        };
        Ok(ScimOperationResponse::new(outcome))
    }

    /// Carries out `request` only if the resource has the version `expected_version`,
    /// where one is given: [`handle_operation`](Self::handle_operation) with
    /// [`with_expected_version`](ScimOperationRequest::with_expected_version).
    pub async fn handle_conditional_update(
        &self,
        request: ScimOperationRequest,
        expected_version: Option<ScimVersion>,
    ) -> Result<ScimOperationResponse, OpError> {
        let request = match expected_version {
            Some(version) => request.with_expected_version(version),
            None => request,
        };
        self.handle_operation(request).await
    }

    async fn create(
        &self,
        resource_type: &str,
        data: Value,
        only_new: bool,
        context: &RequestContext,
    ) -> Result<Outcome, OpError> {
        let created = self
            .provider
            .create_versioned_resource(resource_type, data, context)
            .await;
        match created {
            Ok(created) => Ok(Outcome::Created(created)),
            Err(ProviderError::Duplicate {
                resource_type,
                holder,
                ..
            }) if only_new => {
                let current = match &holder {
                    Some(id) => {
                        self.provider
                            .get_versioned_resource(&resource_type, id, context)
                            .await?
                    }
                    None => None,
                };
                Err(OpError::AlreadyExists {
                    resource_type,
                    id: holder,
                    current: current.map(|resource| resource.version().clone()),
                })
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn get(
        &self,
        resource_type: &str,
        id: &str,
        view: &View,
        context: &RequestContext,
    ) -> Result<VersionedResource, OpError> {
        let found = match self.provider.as_partial() {
            Some(partial) if !view.is_whole() => {
                partial.get_part(resource_type, id, view, context).await?
            }
            _ => {
                self.provider
                    .get_versioned_resource(resource_type, id, context)
                    .await?
            }
        };
        Ok(found.ok_or_else(|| ProviderError::not_found(resource_type, id))?)
    }
}

impl<P> fmt::Debug for ScimOperationHandler<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScimOperationHandler")
            .field("retry", &self.retry)
            .field("version_required", &self.version_required)
            .finish_non_exhaustive()
    }
}
