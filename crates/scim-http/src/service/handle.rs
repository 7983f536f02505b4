use std::borrow::Cow;
use std::error::Error as StdError;
use std::pin::pin;

use http::header::{ALLOW, LOCATION};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body;
use scim_ops::provider::schema::ResourceType;
use scim_ops::provider::{RequestContext, ResourceProvider, Scope};

use super::ScimService;
use super::call::Call;
use crate::location::location;
use crate::respond::no_content;
use crate::route::{Action, Target, reads_only, resolve};
use crate::{
    AuthError, Grant, RequestName, ScimBody, ScimError, X_REQUEST_ID, location as locations,
    refusal, request_of,
};

impl<P: ResourceProvider> ScimService<P> {
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
        let name = RequestName::of(&request.headers);
        self.handle_parts(&request, body, &name).await
    }

    /// Answers the request of this head and `body`, which has a name already: what
    /// [`handle`](Self::handle) does, for servers that look at the head before.
    pub async fn handle_parts<B>(
        &self,
        request: &Parts,
        body: B,
        name: &RequestName,
    ) -> Response<ScimBody>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let mut context = name.context().clone();
        let mut seen = Seen::default();
        let answer = match self.admit(request, &context).await {
            Ok(grant) => {
                context = context.with_scope(grant.scope().clone());
                // Pinned, as each future on the way to the resource: `await` would move it.
                let answer = pin!(self.answer(request, body, &grant, &context, &mut seen)).await;
                seen.grant = Some(grant);
                answer
            }
            Err(refused) => Err(refused),
        };
        let mut response = answer.unwrap_or_else(ScimError::into_response);
        if request.method == Method::HEAD {
            *response.body_mut() = ScimBody::empty();
        }
        response
            .headers_mut()
            .insert(X_REQUEST_ID, name.as_header_value().clone());
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

    /// Answers the request that these make: [`handle`](Self::handle) after [`request_of`], for
    /// frameworks that have other types than the `http` crate, or hand out a request in parts.
    pub async fn handle_request_of<B, N, V>(
        &self,
        method: impl AsRef<str> + Send,
        target: impl AsRef<str> + Send,
        headers: impl IntoIterator<Item = (N, V)> + Send,
        body: B,
    ) -> Response<ScimBody>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        let is_head = method.as_ref() == "HEAD";
        let refused = match request_of(method, target, headers, body) {
            Ok(request) => return self.handle(request).await,
            Err(refused) => refused,
        };
        let mut response: Response<ScimBody> = refused.into_response();
        if is_head {
            *response.body_mut() = ScimBody::empty();
        }
        let name = RequestName::of(&HeaderMap::new());
        let name = name.as_header_value().clone();
        response.headers_mut().insert(X_REQUEST_ID, name);
        response
    }

    async fn admit(&self, request: &Parts, context: &RequestContext) -> Result<Grant, ScimError> {
        let grant = match &self.config.authenticator {
            None => return Ok(Grant::new(Scope::Single)),
            Some(_) if self.is_open(request) => return Ok(Grant::new(Scope::Single).read_only()),
            // Not by way of the `Arc`, whose own future would be in a box, too.
            Some(authenticator) => {
                (**authenticator)
                    .authenticate(request)
                    .await
                    .map_err(|error| {
                        if let AuthError::Unavailable { .. } = &error {
                            let request_id = context.request_id();
                            tracing::error!(
                                request_id,
                                error = refusal::chain(&error),
                                "authentication failed"
                            );
                        }
                        ScimError::from(&error)
                    })?
            }
        };
        if grant.may_write() || reads_only(&request.method, request.uri.path()) {
            Ok(grant)
        } else {
            Err(ScimError::new(
                StatusCode::FORBIDDEN,
                "not allowed to write",
            ))
        }
    }

    /// Whether whoever asks is answered: with nothing that belongs to a tenant.
    fn is_open(&self, request: &Parts) -> bool {
        let config = &*self.config;
        config.open_discovery
            && request.method.is_safe()
            && matches!(
                resolve(
                    request.uri.path(),
                    &config.base_path,
                    self.handler.resource_types()
                ),
                Ok(Target::Discovery(_))
            )
    }

    async fn answer<'a, B>(
        &'a self,
        request: &Parts,
        body: B,
        grant: &Grant,
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
        let target = resolve(
            request.uri.path(),
            &config.base_path,
            self.handler.resource_types(),
        )?;
        let subject = match target {
            Target::Me => self.subject(grant, context)?,
            _ => None,
        };
        let target = match &subject {
            Some((resource_type, id)) => Target::Single(resource_type, Cow::Borrowed(*id)),
            None => target,
        };
        seen.resource_type = target.resource_type().map(ResourceType::name);
        let action = target.action(&request.method)?;
        let base_url = locations::base_url(request, config.base_url.as_ref(), &config.base_path)?;
        let call = Call {
            handler: &self.handler,
            config,
            parts: request,
            base_url,
            context,
        };
        let answer = pin!(call.carry_out(action, body)).await;
        let Some((resource_type, id)) = subject else {
            return answer;
        };
        // RFC 7644 §3.11: whatever the answer is.
        let location = location(&call.base_url, resource_type.endpoint(), id);
        match answer {
            Ok(mut response) => {
                response.headers_mut().insert(LOCATION, location);
                Ok(response)
            }
            Err(error) => Err(error.with_header(LOCATION, location)),
        }
    }

    /// The resource that stands for who asks, if the authenticator named one.
    fn subject<'a, 'g>(
        &'a self,
        grant: &'g Grant,
        context: &RequestContext,
    ) -> Result<Option<(&'a ResourceType, &'g str)>, ScimError> {
        let Some((name, id)) = grant.me() else {
            return Ok(None);
        };
        match self.handler.resource_types().get(name) {
            Some(resource_type) => Ok(Some((resource_type, id))),
            None => {
                tracing::error!(
                    request_id = context.request_id(),
                    resource_type = name,
                    "the authenticator named a resource of a type that is not served",
                );
                Err(refusal::internal(context))
            }
        }
    }
}

impl<P: ResourceProvider> Call<'_, P> {
    async fn carry_out<B>(
        &self,
        action: Action<'_, '_>,
        body: B,
    ) -> Result<Response<ScimBody>, ScimError>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        // Reading is what is done most often, so its future lies within that of the request; the
        // others are larger, and would make every request carry their size.
        match action {
            Action::Describe(allow) => {
                let mut response = no_content();
                response.headers_mut().insert(ALLOW, allow);
                Ok(response)
            }
            Action::Discover(topic) => self.discover(&topic),
            Action::List(resource_type) => Box::pin(self.list(resource_type)).await,
            Action::Search(resource_type) => Box::pin(self.search(resource_type, body)).await,
            Action::Create(resource_type) => Box::pin(self.create(resource_type, body)).await,
            Action::Read(resource_type, id) => pin!(self.read(resource_type, &id)).await,
            Action::Replace(resource_type, id) => {
                Box::pin(self.replace(resource_type, &id, body)).await
            }
            Action::Modify(resource_type, id) => {
                Box::pin(self.modify(resource_type, &id, body)).await
            }
            Action::Delete(resource_type, id) => Box::pin(self.delete(resource_type, &id)).await,
            Action::Bulk => Box::pin(self.bulk(body)).await,
        }
    }
}

/// What has come out about a request, for its log line.
#[derive(Default)]
struct Seen<'a> {
    grant: Option<Grant>,
    resource_type: Option<&'a str>,
}
