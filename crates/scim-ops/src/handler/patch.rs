use scim_provider::storage::LinkSelection;
use scim_provider::{
    ConditionalProvider, ProviderError, RequestContext, ResourceProvider, VersionedResource, View,
};
use serde_json::Value;

use super::ScimOperationHandler;
use super::write::Target;
use crate::{OpError, Outcome, Patch, Preconditions};

impl<P: ResourceProvider> ScimOperationHandler<P> {
    /// Applies `patch` to what is there, and again to what a rival has made of it, until no
    /// rival comes between. Of a large resource only that part is read and written that the
    /// patch is about, if the provider can.
    pub(super) async fn patch(
        &self,
        target: Target<'_>,
        patch: &Patch,
        preconditions: &Preconditions,
        context: &RequestContext,
    ) -> Result<Outcome, OpError> {
        let Target { resource_type, id } = target;
        let schema = self.types.get(resource_type);
        let schema = schema.ok_or_else(|| ProviderError::UnknownResourceType {
            resource_type: resource_type.into(),
        })?;
        let unknown = self.types.unknown_attributes();
        let rules = &self.patch_rules.with_unknown_attributes(unknown);
        let links = &patch.links(schema);
        let partial = self.provider.as_partial();
        // What has no links is written whole, so that the answer is whole, too.
        let partial =
            partial.filter(|_| schema.links().next().is_some() && *links != LinkSelection::All);
        let view = match partial {
            Some(_) => View::document().with_links(links.clone()),
            None => View::whole().with_derived(false),
        };
        let attempt = |current: VersionedResource| async move {
            let patched = patch.apply(schema, current.resource().as_object(), rules)?;
            let (patched, version) = (Value::Object(patched), current.version());
            let result = match partial {
                Some(partial) => {
                    partial
                        .conditional_update_part(
                            resource_type,
                            id,
                            patched,
                            links,
                            version,
                            context,
                        )
                        .await?
                }
                None => {
                    self.provider
                        .conditional_update(resource_type, id, patched, version, context)
                        .await?
                }
            };
            Ok(result.map(|resource| Outcome::Patched {
                changed: resource.version() != version,
                resource,
                whole: partial.is_none(),
            }))
        };
        self.write_on_current(target, &view, preconditions, context, attempt)
            .await
    }
}
