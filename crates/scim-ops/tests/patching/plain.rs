//! A provider without versions, so that the handler puts its lock around it.

use async_trait::async_trait;
use scim_ops::provider::{
    InMemoryProvider, ListQuery, Page, ProviderError, RequestContext, Resource, ResourceProvider,
};
use serde_json::Value;

/// Memory that does not say what it can. It gives way before it writes, so that rivals come
/// between where nothing keeps them out.
#[derive(Default)]
pub(crate) struct Plain(InMemoryProvider);

#[async_trait]
impl ResourceProvider for Plain {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        self.0.create_resource(resource_type, data, context).await
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        self.0.get_resource(resource_type, id, context).await
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        tokio::task::yield_now().await;
        self.0
            .update_resource(resource_type, id, data, context)
            .await
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        self.0.delete_resource(resource_type, id, context).await
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        self.0.list_resources(resource_type, query, context).await
    }
}
