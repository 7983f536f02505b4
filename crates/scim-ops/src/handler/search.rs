use scim_provider::{
    ConditionalProvider, ListQuery, Page, ProviderError, RequestContext, ResourceProvider,
    VersionedResource,
};

use super::ScimOperationHandler;
use crate::OpError;

impl<P: ResourceProvider> ScimOperationHandler<P> {
    /// A page of the list of all resources of `resource_types` (RFC 7644 §3.4.2.1, §3.4.3), in
    /// the order of the types unless it is sorted.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if there are several types and the
    /// provider can't list them as one; see
    /// [`SearchProvider`](scim_provider::SearchProvider).
    pub async fn search(
        &self,
        resource_types: &[&str],
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, OpError> {
        let page = match (self.provider.as_search(), resource_types) {
            (Some(provider), _) => {
                provider
                    .search_resources(resource_types, query, context)
                    .await
            }
            (None, [only]) => {
                self.provider
                    .list_versioned_resources(only, query, context)
                    .await
            }
            (None, _) => Err(ProviderError::Unsupported {
                what: "a query over several types of resources",
            }),
        };
        Ok(page?)
    }
}
