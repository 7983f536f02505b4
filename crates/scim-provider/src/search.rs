use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    ConditionalProvider, ListQuery, Page, ProviderError, RequestContext, VersionedResource,
};

/// A provider that lists the resources of several types as one (RFC 7644 §3.4.2.1, §3.4.3).
///
/// [`ResourceProvider::as_search`](crate::ResourceProvider::as_search) tells whether a provider
/// can.
#[async_trait]
pub trait SearchProvider: ConditionalProvider {
    /// A page of the list of all resources of `resource_types`, in the order of the types
    /// unless it is sorted; its total counts all of them.
    ///
    /// A filter or an order that names an attribute that a type does not have finds it without
    /// a value there.
    ///
    /// # Errors
    ///
    /// [`ProviderError::UnknownResourceType`] for the first of them that the provider does not
    /// keep; else as
    /// [`list_versioned_resources`](ConditionalProvider::list_versioned_resources).
    async fn search_resources(
        &self,
        resource_types: &[&str],
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError>;
}

macro_rules! forward {
    ($($pointer:ident),*) => { $(
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<P: SearchProvider + ?Sized> SearchProvider for $pointer<P> {
            async fn search_resources(
                &self,
                resource_types: &[&str],
                query: &ListQuery,
                context: &RequestContext,
            ) -> Result<Page<VersionedResource>, ProviderError> {
                (**self).search_resources(resource_types, query, context).await
            }
        }
    )* };
}

forward!(Arc, Box);
