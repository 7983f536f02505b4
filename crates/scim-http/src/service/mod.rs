mod call;
mod collection;
mod single;
#[cfg(feature = "tower")]
mod tower;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use http::header::ALLOW;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use scim_ops::ScimOperationHandler;
use scim_ops::provider::schema::ResourceTypes;
use scim_ops::provider::{RequestContext, ResourceProvider, Scope};

use self::call::Call;
use crate::respond::{Place, no_content};
use crate::route::{Action, resolve};
use crate::{
    AuthError, Authenticator, BasePath, BaseUrl, Grant, Limits, ScimBody, ScimError, location,
    refusal, request_id,
};

/// SCIM over HTTP: an [`http::Request`] in, an [`http::Response`] out.
///
/// It serves `/{Endpoint}` and `/{Endpoint}/{id}` of its resource types, behind its base path.
/// Every answer with content is `application/scim+json`, errors too. Cheap to clone: clones
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
/// 3. whether both sides can read what is sent (415, 406, 501 for query parameters that are
///    not served, 413);
/// 4. whether its preconditions can be read (431, 400), then its JSON (400);
/// 5. whether the resource exists (404), then its preconditions (304, 412, 428), then its
///    content (400, 409).
///
/// # What becomes of preconditions
///
/// On single resources they are judged by RFC 9110 §13.2.2. On POST only `If-None-Match: *`
/// counts: create only if no resource has the same unique key. Others are ignored there if
/// they are well-formed; one that can't be read refuses the request, because it could have
/// been that one. On lists, and on methods that are answered without touching a resource,
/// they are not looked at.
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
/// before and after the one call into the provider changes nothing, and the provider
/// promises it for that call.
///
/// # Logging
///
/// One event for each request at `debug` (request id, tenant, subject, method, resource type,
/// status), one at `error` for each fault, with its causes. Neither bodies nor headers, paths
/// or queries are logged. The request id is that of `X-Request-Id`, if it is fit for logs, else a
/// random one, and is sent back in the header of that name.
///
/// [`StandardResourceProvider`]: scim_ops::provider::StandardResourceProvider
pub struct ScimService<P> {
    handler: Arc<ScimOperationHandler<P>>,
    config: Arc<Config>,
}

#[derive(Clone, Default)]
struct Config {
    types: ResourceTypes,
    base_path: BasePath,
    base_url: Option<BaseUrl>,
    limits: Limits,
    authenticator: Option<Arc<dyn Authenticator>>,
}

impl<P: ResourceProvider> ScimService<P> {
    /// A service of users and groups over `handler`, which may be shared with others in an
    /// [`Arc`].
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

    /// The same service with these types of resources, which the provider has to know by
    /// the same names.
    #[must_use]
    pub fn with_resource_types(self, types: ResourceTypes) -> Self {
        self.configured(|config| config.types = types)
    }

    /// What carries out the operations.
    pub fn handler(&self) -> &ScimOperationHandler<P> {
        &self.handler
    }

    /// Answers `request`.
    ///
    /// Whatever goes wrong is an answer too. The body is read no further than the limit
    /// allows, and not at all by requests that need none.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<ScimBody>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let (request, body) = request.into_parts();
        let mut context = request_id::context(&request.headers);
        let mut seen = Seen::default();
        let answer = match self.admit(&request, &context).await {
            Ok(grant) => {
                context = context.with_scope(grant.scope().clone());
                seen.grant = Some(grant);
                self.answer(&request, body, &context, &mut seen).await
            }
            Err(refused) => Err(refused),
        };
        let mut response = answer.unwrap_or_else(ScimError::into_response);
        if request.method == Method::HEAD {
            *response.body_mut() = ScimBody::empty();
        }
        let name = request_id::header_value(&context);
        response
            .headers_mut()
            .insert(request_id::X_REQUEST_ID, name);
        tracing::debug!(
            request_id = context.request_id(),
            tenant = context.tenant().map(tracing::field::display),
            subject = seen.grant.as_ref().and_then(Grant::subject),
            method = request.method.as_str(),
            resource_type = seen.resource_type,
            status = response.status().as_u16(),
            "request",
        );
        response
    }

    async fn admit(&self, request: &Parts, context: &RequestContext) -> Result<Grant, ScimError> {
        let grant = match &self.config.authenticator {
            None => return Ok(Grant::new(Scope::Single)),
            Some(authenticator) => authenticator.authenticate(request).await.map_err(|error| {
                if let AuthError::Unavailable { .. } = &error {
                    let request_id = context.request_id();
                    tracing::error!(
                        request_id,
                        error = refusal::chain(&error),
                        "authentication failed"
                    );
                }
                ScimError::from(&error)
            })?,
        };
        if grant.may_write() || request.method.is_safe() {
            Ok(grant)
        } else {
            Err(ScimError::new(
                StatusCode::FORBIDDEN,
                "not allowed to write",
            ))
        }
    }

    async fn answer<'a, B>(
        &'a self,
        request: &Parts,
        body: B,
        context: &RequestContext,
        seen: &mut Seen<'a>,
    ) -> Result<Response<ScimBody>, ScimError>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let config = &*self.config;
        let target = request
            .uri
            .path_and_query()
            .map_or("", |target| target.as_str());
        if target.len() > config.limits.target() {
            let detail = format!(
                "path and query are longer than {} octets",
                config.limits.target()
            );
            return Err(ScimError::new(StatusCode::URI_TOO_LONG, detail));
        }
        let (resource_type, target) =
            resolve(request.uri.path(), &config.base_path, &config.types)?;
        seen.resource_type = Some(resource_type.name());
        let action = target.action(&request.method)?;
        let base_url = location::base_url(request, config.base_url.as_ref(), &config.base_path)?;
        let call = Call {
            handler: &self.handler,
            limits: &config.limits,
            request,
            resource_type,
            place: Place {
                base_url,
                endpoint: resource_type.endpoint(),
            },
            context,
        };
        match action {
            Action::Describe(allow) => {
                let mut response = no_content();
                response.headers_mut().insert(ALLOW, allow);
                Ok(response)
            }
            Action::List => call.list().await,
            Action::Create => call.create(body).await,
            Action::Read(id) => call.read(&id).await,
            Action::Replace(id) => call.replace(&id, body).await,
            Action::Delete(id) => call.delete(&id).await,
        }
    }

    fn configured(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
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

/// What has come out about a request, for its log line.
#[derive(Default)]
struct Seen<'a> {
    grant: Option<Grant>,
    resource_type: Option<&'a str>,
}
