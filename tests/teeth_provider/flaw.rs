//! A provider that keeps all promises but those that a [`Flaw`] breaks.

use async_trait::async_trait;
use scim_provider::storage::LinkSelection;
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{
    ConditionalProvider, ListQuery, Page, PartialProvider, ProviderError, RequestContext, Resource,
    ResourceProvider, VersionedResource, View,
};
use serde_json::Value;

pub(crate) type Updated = Result<ConditionalResult<VersionedResource>, ProviderError>;
pub(crate) type Deleted = Result<ConditionalResult<()>, ProviderError>;
pub(crate) type Found = Result<Option<VersionedResource>, ProviderError>;
pub(crate) type Listed = Result<Page<VersionedResource>, ProviderError>;

/// Which resource a request is for.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) resource_type: &'a str,
    pub(crate) id: &'a str,
    pub(crate) context: &'a RequestContext,
}

impl Target<'_> {
    pub(crate) async fn get(&self, provider: &dyn ConditionalProvider) -> Found {
        provider
            .get_versioned_resource(self.resource_type, self.id, self.context)
            .await
    }

    pub(crate) async fn update(
        &self,
        provider: &dyn ConditionalProvider,
        data: Value,
        expected: &ScimVersion,
    ) -> Updated {
        provider
            .conditional_update(self.resource_type, self.id, data, expected, self.context)
            .await
    }

    /// Updates whatever version there is.
    pub(crate) async fn overwrite(
        &self,
        provider: &dyn ConditionalProvider,
        data: Value,
    ) -> Updated {
        let updated = provider
            .update_resource(self.resource_type, self.id, data, self.context)
            .await?;
        Ok(ConditionalResult::Success(VersionedResource::new(updated)))
    }

    pub(crate) async fn delete(
        &self,
        provider: &dyn ConditionalProvider,
        expected: &ScimVersion,
    ) -> Deleted {
        provider
            .conditional_delete(self.resource_type, self.id, expected, self.context)
            .await
    }
}

/// Does wrong what it overrides; the rest is done right by the provider inside.
#[async_trait]
pub(crate) trait Flaw: Send + Sync + 'static {
    fn inner(&self) -> &dyn ConditionalProvider;

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        target.update(self.inner(), data, expected).await
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        target.delete(self.inner(), expected).await
    }

    async fn get(&self, target: Target<'_>) -> Found {
        target.get(self.inner()).await
    }

    async fn list(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Listed {
        self.inner()
            .list_versioned_resources(resource_type, query, context)
            .await
    }

    async fn create(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        self.inner()
            .create_versioned_resource(resource_type, data, context)
            .await
    }

    // What names no version.

    async fn plain_get(&self, target: Target<'_>) -> Result<Option<Resource>, ProviderError> {
        self.inner()
            .get_resource(target.resource_type, target.id, target.context)
            .await
    }

    async fn plain_update(
        &self,
        target: Target<'_>,
        data: Value,
    ) -> Result<Resource, ProviderError> {
        self.inner()
            .update_resource(target.resource_type, target.id, data, target.context)
            .await
    }

    async fn plain_delete(&self, target: Target<'_>) -> Result<(), ProviderError> {
        self.inner()
            .delete_resource(target.resource_type, target.id, target.context)
            .await
    }

    async fn plain_list(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        self.inner()
            .list_resources(resource_type, query, context)
            .await
    }

    // What is about a part of a resource.

    async fn get_part(&self, target: Target<'_>, view: &View) -> Found {
        let partial = self.inner().as_partial().expect("inside is one that can");
        partial
            .get_part(target.resource_type, target.id, view, target.context)
            .await
    }

    async fn update_part(
        &self,
        target: Target<'_>,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
    ) -> Updated {
        let partial = self.inner().as_partial().expect("inside is one that can");
        let (resource_type, id) = (target.resource_type, target.id);
        partial
            .conditional_update_part(resource_type, id, data, links, expected, target.context)
            .await
    }

    /// Whether it says that it reads and writes parts.
    fn has_parts(&self) -> bool {
        false
    }

    /// Whether it says that it is conditional.
    fn is_capable(&self) -> bool {
        true
    }

    /// What a client is shown of `resource`.
    fn shown(&self, resource: VersionedResource) -> VersionedResource {
        resource
    }
}

/// The provider that has the flaw.
pub(crate) struct Broken<F>(pub(crate) F);

#[async_trait]
impl<F: Flaw> ConditionalProvider for Broken<F> {
    async fn conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Updated {
        let target = Target {
            resource_type,
            id,
            context,
        };
        Ok(self
            .0
            .update(target, data, expected)
            .await?
            .map(|resource| self.0.shown(resource)))
    }

    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Deleted {
        self.0
            .delete(
                Target {
                    resource_type,
                    id,
                    context,
                },
                expected,
            )
            .await
    }

    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Found {
        let found = self
            .0
            .get(Target {
                resource_type,
                id,
                context,
            })
            .await?;
        Ok(found.map(|resource| self.0.shown(resource)))
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let created = self.0.create(resource_type, data, context).await?;
        Ok(self.0.shown(created))
    }

    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Listed {
        let page = self.0.list(resource_type, query, context).await?;
        Ok(page.map(|resource| self.0.shown(resource)))
    }
}

#[async_trait]
impl<F: Flaw> PartialProvider for Broken<F> {
    async fn get_part(
        &self,
        resource_type: &str,
        id: &str,
        view: &View,
        context: &RequestContext,
    ) -> Found {
        let target = Target {
            resource_type,
            id,
            context,
        };
        self.0.get_part(target, view).await
    }

    async fn conditional_update_part(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Updated {
        let target = Target {
            resource_type,
            id,
            context,
        };
        self.0.update_part(target, data, links, expected).await
    }
}

#[async_trait]
impl<F: Flaw> ResourceProvider for Broken<F> {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        self.0
            .inner()
            .create_resource(resource_type, data, context)
            .await
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        let target = Target {
            resource_type,
            id,
            context,
        };
        self.0.plain_get(target).await
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let target = Target {
            resource_type,
            id,
            context,
        };
        self.0.plain_update(target, data).await
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        let target = Target {
            resource_type,
            id,
            context,
        };
        self.0.plain_delete(target).await
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        self.0.plain_list(resource_type, query, context).await
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        self.0.is_capable().then_some(self as _)
    }

    fn as_partial(&self) -> Option<&dyn PartialProvider> {
        self.0.has_parts().then_some(self as _)
    }
}
