//! The resources, as configured.

use std::sync::Arc;

use scim_http::ops::{AuthenticationScheme, ConflictMetrics, ScimOperationHandler};
use scim_http::provider::StandardResourceProvider;
use scim_http::{Authenticator, ScimService};

use crate::Config;
use crate::store::AnyStorage;

/// What resources come from.
pub(crate) type Provider = StandardResourceProvider<Arc<AnyStorage>>;

/// What carries out operations as `config` says, over `storage`, and counts `conflicts`.
pub(crate) fn handler(
    config: &Config,
    storage: Arc<AnyStorage>,
    conflicts: Arc<ConflictMetrics>,
) -> Arc<ScimOperationHandler<Provider>> {
    let mut provider = StandardResourceProvider::new(storage)
        .with_resource_types(config.types.clone())
        .with_unknown_targets(config.unknown_members)
        .with_max_page(config.limits.max_page())
        .with_max_scan(config.max_scan.map_or(u64::MAX, Into::into));
    if let Some(retention) = config.retention {
        provider = provider.with_retention(retention);
    }
    let handler = ScimOperationHandler::new(provider)
        .with_conflict_metrics(conflicts)
        .with_version_required(config.require_version)
        .with_patch_rules(config.patch_rules);
    Arc::new(handler)
}

/// The service that `config` describes, of `handler`, for those whom `authenticator` admits.
pub(crate) fn of(
    config: &Config,
    handler: Arc<ScimOperationHandler<Provider>>,
    authenticator: Arc<dyn Authenticator>,
) -> ScimService<Provider> {
    let mut service = ScimService::new(handler)
        .with_base_path(config.base_path.clone())
        .with_limits(config.limits.clone())
        .with_authenticator(authenticator)
        .with_open_discovery(config.open_discovery);
    if !config.tokens.is_empty() {
        service = service.with_authentication_scheme(AuthenticationScheme::bearer_token());
    }
    if let Some(page) = &config.documentation_uri {
        service = service.with_documentation_uri(page.as_str());
    }
    match &config.base_url {
        Some(url) => service.with_base_url(url.clone()),
        None => service,
    }
}
