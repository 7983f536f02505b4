use std::sync::{Arc, OnceLock};

use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::{Mutability, ResourceType};
use scim_ops::{
    AuthenticationScheme, BulkLimits, Discovery, Pagination, ScimOperationHandler,
    ServiceProviderConfig,
};

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
    /// What a service over `handler` says about itself.
    pub(super) fn discovery<P: ResourceProvider>(
        &self,
        handler: &ScimOperationHandler<P>,
    ) -> &Discovery {
        self.discovery.get_or_init(|| {
            let capabilities = self.capabilities(handler);
            Discovery::new(handler.resource_types(), &capabilities)
        })
    }

    /// What is served, no more and no less: lists are filtered, sorted and gone through by cursors
    /// if the provider searches, and passwords are set if a schema has them.
    fn capabilities<P: ResourceProvider>(
        &self,
        handler: &ScimOperationHandler<P>,
    ) -> ServiceProviderConfig {
        let (default, most) = (self.limits.default_page(), self.limits.max_page());
        let pagination = Pagination::by_index(default, most);
        let payload = u64::try_from(self.limits.body()).unwrap_or(u64::MAX);
        let bulk = BulkLimits::new(self.limits.bulk_operations(), payload);
        let mut capabilities = ServiceProviderConfig::new()
            .with_patch(true)
            .with_bulk(bulk)
            .with_change_password(handler.resource_types().iter().any(has_password));
        capabilities = if handler.provider().as_search().is_some() {
            capabilities
                .with_filter(most)
                .with_sort(true)
                .with_pagination(pagination.with_cursors())
        } else {
            capabilities.with_pagination(pagination)
        };
        if let Some(uri) = &self.documentation_uri {
            capabilities = capabilities.with_documentation_uri(uri);
        }
        for scheme in &self.authentication_schemes {
            capabilities = capabilities.with_authentication_scheme(scheme.clone());
        }
        capabilities
    }
}

fn has_password(resource_type: &ResourceType) -> bool {
    resource_type
        .attribute("password")
        .is_some_and(|password| password.mutability() == Mutability::WriteOnly)
}
