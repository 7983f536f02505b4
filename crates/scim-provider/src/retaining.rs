use std::sync::Arc;

use async_trait::async_trait;
use scim_version::ScimVersion;

use crate::{ConditionalProvider, ProviderError, RequestContext, VersionedResource};

/// A provider that keeps some of the versions that have been replaced, so that what a client has
/// changed on an old one can be merged with what has come between.
///
/// [`ResourceProvider::as_retaining`](crate::ResourceProvider::as_retaining) tells whether a provider
/// does.
#[async_trait]
pub trait RetainingProvider: ConditionalProvider {
    /// What the resource said in `version`, if that is kept; never the current one.
    ///
    /// Neither what is never shown is part of it, nor what is derived from other resources. A
    /// resource that is not there has no past.
    async fn former_version(
        &self,
        resource_type: &str,
        id: &str,
        version: &ScimVersion,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError>;
}

macro_rules! forward {
    ($($pointer:ident),*) => { $(
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<P: RetainingProvider + ?Sized> RetainingProvider for $pointer<P> {
            async fn former_version(
                &self,
                resource_type: &str,
                id: &str,
                version: &ScimVersion,
                context: &RequestContext,
            ) -> Result<Option<VersionedResource>, ProviderError> {
                (**self).former_version(resource_type, id, version, context).await
            }
        }
    )* };
}

forward!(Arc, Box);
