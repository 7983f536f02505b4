use async_trait::async_trait;

use super::StandardResourceProvider;
use super::listing::Listing;
use crate::list::Criteria;
use crate::storage::Storage;
use crate::{ListQuery, Page, ProviderError, RequestContext, SearchProvider, VersionedResource};

/// All resources of a type on a page are of one state of the store, those of different types
/// not necessarily of the same.
#[async_trait]
impl<S: Storage> SearchProvider for StandardResourceProvider<S> {
    async fn search_resources(
        &self,
        resource_types: &[&str],
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        let targets = resource_types.iter().map(|name| {
            let resource_type = self.resource_type(name)?;
            Ok((
                resource_type,
                Criteria::of_one_of_several(resource_type, query)?,
            ))
        });
        let targets = targets.collect::<Result<_, ProviderError>>()?;
        let listing = Listing::new(targets, query, context, self.max_page)?;
        self.page(&listing).await
    }
}
