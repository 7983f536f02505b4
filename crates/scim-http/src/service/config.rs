use std::sync::{Arc, OnceLock};

use scim_ops::provider::schema::ResourceTypes;
use scim_ops::{AuthenticationScheme, BulkLimits, Discovery, Pagination, ServiceProviderConfig};

use crate::{Authenticator, BasePath, BaseUrl, Limits};

/// How a service is set up.
#[derive(Clone, Default)]
pub(super) struct Config {
    pub(super) base_path: BasePath,
    pub(super) base_url: Option<BaseUrl>,
    pub(super) limits: Limits,
    pub(super) authenticator: Option<Arc<dyn Authenticator>>,
    pub(super) open_discovery: bool,
    pub(super) documentation_uri: Option<String>,
    pub(super) authentication_schemes: Vec<AuthenticationScheme>,
    /// What follows from all this, once somebody has asked for it.
    pub(super) discovery: OnceLock<Discovery>,
}

impl Config {
    /// What a service of these types says about itself.
    pub(super) fn discovery(&self, types: &ResourceTypes) -> &Discovery {
        self.discovery
            .get_or_init(|| Discovery::new(types, &self.capabilities()))
    }

    /// What is served, no more and no less.
    fn capabilities(&self) -> ServiceProviderConfig {
        let (default, most) = (self.limits.default_page(), self.limits.max_page());
        let payload = u64::try_from(self.limits.body()).unwrap_or(u64::MAX);
        let bulk = BulkLimits::new(self.limits.bulk_operations(), payload);
        let mut capabilities = ServiceProviderConfig::new()
            .with_pagination(Pagination::by_index(default, most))
            .with_patch(true)
            .with_bulk(bulk);
        if let Some(uri) = &self.documentation_uri {
            capabilities = capabilities.with_documentation_uri(uri);
        }
        for scheme in &self.authentication_schemes {
            capabilities = capabilities.with_authentication_scheme(scheme.clone());
        }
        capabilities
    }
}
