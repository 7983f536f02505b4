mod bulk;
mod call;
mod collection;
mod config;
mod discovery;
mod handle;
#[cfg(feature = "openapi")]
mod openapi;
mod patch;
mod search;
mod single;
#[cfg(feature = "tower")]
mod tower;

use std::fmt;
use std::sync::{Arc, OnceLock};

use scim_ops::provider::ResourceProvider;
use scim_ops::{AuthenticationScheme, ScimOperationHandler};

use self::config::Config;
use crate::{Authenticator, BasePath, BaseUrl, Limits};

/// SCIM over HTTP: an [`http::Request`] in, an [`http::Response`] out.
///
/// It serves the endpoints of RFC 7644 §3.2 behind its base path. Every answer with content is `application/scim+json`, errors too. Cheap to clone: clones
/// are the same service.
///
/// **Without [`with_authenticator`](Self::with_authenticator) everybody may read and write
/// everything.** That is for tests, and for services behind something that authenticates.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use http::{Request, StatusCode};
/// use scim_http::ops::ScimOperationHandler;
/// use scim_http::provider::InMemoryProvider;
/// use scim_http::{BasePath, BaseUrl, Limits, ScimService};
///
/// let service = ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()))
///     .with_base_path(BasePath::parse("/scim/v2")?)
///     .with_base_url(BaseUrl::parse("https://example.com/scim/v2")?)
///     .with_limits(Limits::default().with_body(256 * 1024));
///
/// let request = Request::get("/scim/v2/Users/2819c223").body(String::new())?;
/// assert_eq!(service.handle(request).await.status(), StatusCode::NOT_FOUND);
/// # Ok(()) }
/// ```
///
/// # In which order a request is judged
///
/// 1. who asks, and whether they may write (401, 403);
/// 2. what is asked (414, 404, 405) and under which host (400);
/// 3. whether both sides can read what is sent (415, 406), and the parameters (400), then the
///    body (413);
/// 4. whether its preconditions can be read (431, 400), then its JSON (400);
/// 5. whether the resource exists (404), then its preconditions (304, 412, 428), then its
///    content (400, 409).
///
/// # What becomes of preconditions
///
/// On single resources they are judged by RFC 9110 §13.2.2. On POST only `If-None-Match: *`
/// counts: create only if no resource has the same unique key. Others are ignored there if
/// they are well-formed; one that can't be read refuses the request, because it could have
/// been that one. On lists, on discovery, and on methods that are answered without touching a
/// resource, they are not looked at.
///
/// # What a client may ask for
///
/// `attributes` and `excludedAttributes` (RFC 7644 §3.9) are followed by every answer that shows a
/// resource, and no more of it is read than is shown. `filter`, `sortBy`, `sortOrder`,
/// `startIndex`, `count` and `cursor` (§3.4.2, RFC 9865) are for lists; in the content of a POST to
/// `/.search` they may be longer, and stand in no log. A parameter that can't be read, or is given
/// twice, is refused by name; one that is not known is ignored.
///
/// # What a client may prefer
///
/// `Prefer: return=minimal` (RFC 7240) on a write is answered with `ETag`, `Content-Location`
/// and, for a creation, `Location`, but without the resource: 204 or 201. So is a PATCH of a
/// resource that is larger than [`Limits::with_answer`] says. Whoever names `attributes` is shown
/// them in any case.
///
/// # Repeated names in JSON
///
/// Of members with the same name within one object the last counts. Names that differ only in
/// case are up to the provider; [`StandardResourceProvider`] refuses them.
///
/// # Cancellation
///
/// The future of [`handle`](Self::handle) may be dropped at any time, as servers do when a
/// client goes away. A write has then happened wholly or not at all: all that this crate does
/// before and after the one call that writes changes nothing, and the provider promises it for
/// that call. A bulk request that is not atomic may end between two of its operations.
///
/// # Logging
///
/// One event for each request at `debug` (request id, tenant, subject, method, resource type,
/// status), one at `error` for each fault, with its causes. Neither bodies nor headers, paths
/// or queries are logged. The request id is that of `X-Request-Id`, if it is fit for logs, else a
/// generated one, and is sent back in the header of that name.
///
/// [`StandardResourceProvider`]: scim_ops::provider::StandardResourceProvider
pub struct ScimService<P> {
    handler: Arc<ScimOperationHandler<P>>,
    config: Arc<Config>,
}

impl<P: ResourceProvider> ScimService<P> {
    /// A service of the [resource types](ScimOperationHandler::resource_types) of `handler`, which
    /// may be shared with others in an [`Arc`].
    ///
    /// No type has an endpoint of RFC 7644 §3.2 (`Me`, `Bulk`, `Schemas`, ...).
    pub fn new(handler: impl Into<Arc<ScimOperationHandler<P>>>) -> Self {
        Self {
            handler: handler.into(),
            config: Arc::default(),
        }
    }

    /// The same service behind `base_path`, which is taken off the path of each request. The
    /// default is the root.
    ///
    /// Give it the path that requests still have when they get here: a router that strips a
    /// prefix (axum's `nest_service`) leaves nothing to take off, and a
    /// [base URL](Self::with_base_url) has to say it instead.
    #[must_use]
    pub fn with_base_path(self, base_path: BasePath) -> Self {
        self.configured(|config| config.base_path = base_path)
    }

    /// The same service, which clients reach under `base_url`.
    ///
    /// Without, locations are made of the host that the request names and the base path. The
    /// scheme is an [`http::uri::Scheme`] in the extensions of the request, else that of its
    /// URI, else `http`. A client that names another host is shown that host, so that behind a
    /// shared cache the URL should be given.
    #[must_use]
    pub fn with_base_url(self, base_url: BaseUrl) -> Self {
        self.configured(|config| config.base_url = Some(base_url))
    }

    /// The same service with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.configured(|config| config.limits = limits)
    }

    /// The same service, which asks `authenticator` who sends each request.
    #[must_use]
    pub fn with_authenticator(self, authenticator: Arc<dyn Authenticator>) -> Self {
        self.configured(|config| config.authenticator = Some(authenticator))
    }

    /// The same service, which answers `/ServiceProviderConfig`, `/ResourceTypes` and
    /// `/Schemas` to everybody if `open`, without asking who it is: for clients that have to find
    /// out how to authenticate (RFC 7643 §5). Off by default.
    #[must_use]
    pub fn with_open_discovery(self, open: bool) -> Self {
        self.configured(|config| config.open_discovery = open)
    }

    /// The same service, which names one more way to authenticate in
    /// `/ServiceProviderConfig`. That it is one is up to the
    /// [authenticator](Self::with_authenticator).
    #[must_use]
    pub fn with_authentication_scheme(self, scheme: AuthenticationScheme) -> Self {
        self.configured(|config| config.authentication_schemes.push(scheme))
    }

    /// The same service, which names in `/ServiceProviderConfig` where people read about it.
    #[must_use]
    pub fn with_documentation_uri(self, uri: impl Into<String>) -> Self {
        let uri = uri.into();
        self.configured(|config| config.documentation_uri = Some(uri))
    }

    /// What carries out the operations.
    pub fn handler(&self) -> &ScimOperationHandler<P> {
        &self.handler
    }

    fn configured(mut self, change: impl FnOnce(&mut Config)) -> Self {
        let config = Arc::make_mut(&mut self.config);
        change(config);
        config.discovery = OnceLock::new();
        self
    }
}

impl<P> Clone for ScimService<P> {
    fn clone(&self) -> Self {
        Self {
            handler: self.handler.clone(),
            config: self.config.clone(),
        }
    }
}

impl<P> fmt::Debug for ScimService<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScimService")
            .field("base_path", &self.config.base_path)
            .field("base_url", &self.config.base_url)
            .field("limits", &self.config.limits)
            .field("authenticates", &self.config.authenticator.is_some())
            .finish_non_exhaustive()
    }
}
