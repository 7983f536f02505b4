use scim_provider::schema::ResourceType;
use scim_provider::version::{ScimVersion, VersionConflict};
use scim_provider::{
    ConditionalProvider, ProviderError, RequestContext, ResourceProvider, VersionedResource, View,
};
use serde_json::{Map, Value};

use super::ScimOperationHandler;
use super::write::Target;
use crate::merge::{MergeConflicts, ThreeWay, merge};
use crate::{OpError, Outcome, Patch, Preconditions, StaleMerge};

/// What a client wants to make of a version that it has seen.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit<'a> {
    /// This.
    Replace(&'a Value),
    /// What these operations make of it.
    Patch(&'a Patch),
}

impl<P: ResourceProvider> ScimOperationHandler<P> {
    /// Makes of the resource what `edit` wanted to make of its version `base`, and what others have
    /// made of it since, together; and again if a rival comes between.
    pub(super) async fn merge(
        &self,
        target: Target<'_>,
        edit: Edit<'_>,
        base: &ScimVersion,
        preconditions: &Preconditions,
        context: &RequestContext,
    ) -> Result<Outcome, OpError> {
        let Target { resource_type, id } = target;
        let schema = self.types.get(resource_type);
        let schema = schema.ok_or_else(|| ProviderError::UnknownResourceType {
            resource_type: resource_type.into(),
        })?;
        let view = View::whole().with_derived(false);
        let attempt = |current: VersionedResource| async move {
            let (data, merged) = if current.version() == base {
                (self.edited(schema, edit, &current)?, false)
            } else {
                let former = self.former(target, base, current.version(), context);
                let former = former.await?;
                let merged = self.merged(schema, edit, &former, &current);
                let merged = merged?.map_err(|conflicts| {
                    self.refuse_merge(target, base, current.version(), conflicts, context)
                })?;
                (Value::Object(merged), true)
            };
            let version = current.version();
            let result = self
                .provider
                .conditional_update(resource_type, id, data, version, context)
                .await?;
            if merged && result.is_success() {
                self.tally(resource_type, id, context).merge();
                tracing::debug!(
                    request_id = context.request_id(),
                    tenant = context.tenant().map(tracing::field::display),
                    resource_type,
                    id,
                    %base,
                    with = %version,
                    "merged a stale write",
                );
            }
            Ok(result.map(|resource| edit.outcome(&current, resource)))
        };
        self.write_on_current(target, &view, preconditions, context, attempt)
            .await
    }

    /// What the resource said in the version `base`.
    async fn former(
        &self,
        target: Target<'_>,
        base: &ScimVersion,
        current: &ScimVersion,
        context: &RequestContext,
    ) -> Result<VersionedResource, OpError> {
        let Target { resource_type, id } = target;
        let kept = match self.provider.as_retaining() {
            Some(retaining) => {
                retaining
                    .former_version(resource_type, id, base, context)
                    .await?
            }
            None => None,
        };
        kept.ok_or_else(|| {
            let tally = self.tally(resource_type, id, context);
            tally.attempt();
            tally.conflict();
            let (expected, current) = (base.clone(), current.clone());
            let conflict = VersionConflict::new(resource_type, id, expected, current);
            target.mismatch(conflict, context)
        })
    }

    /// What `edit` makes of `before`, as the client would send it.
    fn edited(
        &self,
        schema: &ResourceType,
        edit: Edit<'_>,
        before: &VersionedResource,
    ) -> Result<Value, OpError> {
        match edit {
            Edit::Replace(data) => Ok(data.clone()),
            Edit::Patch(patch) => {
                let unknown = self.types.unknown_attributes();
                let rules = self.patch_rules.with_unknown_attributes(unknown);
                let patched = patch.apply(schema, before.resource().as_object(), &rules)?;
                Ok(Value::Object(patched))
            }
        }
    }

    fn merged(
        &self,
        schema: &ResourceType,
        edit: Edit<'_>,
        base: &VersionedResource,
        remote: &VersionedResource,
    ) -> Result<Result<Map<String, Value>, MergeConflicts>, OpError> {
        let local = self.edited(schema, edit, base)?;
        // As the others are, or each absolute reference would count as changed.
        let local = schema.normal_object(local, self.types.rules());
        let local = local.map_err(ProviderError::from)?;
        let three = ThreeWay {
            base: base.resource().as_object(),
            local: &local,
            remote: remote.resource().as_object(),
        };
        Ok(merge(schema, three, &self.merge_rules))
    }

    fn refuse_merge(
        &self,
        target: Target<'_>,
        base: &ScimVersion,
        current: &ScimVersion,
        conflicts: MergeConflicts,
        context: &RequestContext,
    ) -> OpError {
        let Target { resource_type, id } = target;
        let tally = self.tally(resource_type, id, context);
        tally.attempt();
        tally.conflict();
        tracing::info!(
            request_id = context.request_id(),
            tenant = context.tenant().map(tracing::field::display),
            resource_type,
            id,
            expected = %base,
            %current,
            %conflicts,
            "merge conflict",
        );
        let conflict = VersionConflict::new(resource_type, id, base.clone(), current.clone());
        OpError::MergeConflict(Box::new(StaleMerge::new(conflict, conflicts)))
    }
}

impl Edit<'_> {
    fn outcome(self, before: &VersionedResource, resource: VersionedResource) -> Outcome {
        let changed = resource.version() != before.version();
        match self {
            Self::Replace(_) => Outcome::Updated { resource, changed },
            Self::Patch(_) => Outcome::Patched {
                resource,
                changed,
                whole: true,
            },
        }
    }
}
