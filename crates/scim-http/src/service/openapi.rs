//! What of a service is described.

use scim_ops::provider::ResourceProvider;

use super::ScimService;
use crate::openapi::{Documents, OpenApi, Served};

impl<P: ResourceProvider> ScimService<P> {
    /// This service, as it is set up now, described in OpenAPI 3.1.
    pub fn openapi(&self) -> OpenApi {
        let (handler, config) = (&*self.handler, &*self.config);
        let provider = handler.provider();
        OpenApi::new(Served {
            types: handler.resource_types().clone(),
            limits: config.limits.clone(),
            base_path: config.base_path.clone(),
            base_url: config.base_url.clone(),
            searches: provider.as_search().is_some(),
            version_required: handler.is_version_required(),
            retains: provider.as_retaining().is_some(),
            atomic: provider.as_atomic().is_some(),
            authenticates: config.authenticator.is_some(),
            open_discovery: config.open_discovery,
            authentication_schemes: config.authentication_schemes.clone(),
            documents: Documents::of(config.discovery(handler)),
        })
    }
}
