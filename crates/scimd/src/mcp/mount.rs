use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use scim_http::{Authenticator, Grant, RequestName, ScimError, X_REQUEST_ID};
use scim_mcp::ops::ScimOperationHandler;
use scim_mcp::{Caller, McpHttpService};
use tracing::Instrument;

use crate::Config;
use crate::app::announce_end;
use crate::auth::Bearers;
use crate::connection::Peer;
use crate::deadline::{Arrival, Watched, within};
use crate::head;
use crate::origin::Origin;
use crate::request_log::RequestLog;
use crate::service::Provider;

/// Agents over HTTP, with the tokens, limits and log lines that SCIM over HTTP has.
#[derive(Debug, Clone)]
pub(crate) struct Mount(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    service: McpHttpService<Provider>,
    bearers: Arc<Bearers>,
    origin: Origin,
    max_headers: usize,
    request_timeout: Duration,
}

impl Mount {
    /// Agents of `handler` as configured, for the bearers of tokens.
    pub(crate) fn new(
        config: &Config,
        handler: Arc<ScimOperationHandler<Provider>>,
        bearers: Arc<Bearers>,
    ) -> Self {
        Self(Arc::new(Inner {
            // Whom a web page could lead here has no token, or is told apart by `Origin::is_local`.
            service: super::server(config, handler).http().with_any_host(),
            bearers,
            origin: Origin::new(config),
            max_headers: config.connections.max_headers,
            request_timeout: config.request_timeout,
        }))
    }

    /// Answers a message of an agent.
    pub(crate) async fn answer(self, request: Request) -> Response {
        let (request, body) = request.into_parts();
        let (body, arrival) = Watched::new(body);
        let name = RequestName::of(&request.headers);
        let log = RequestLog::begin(&request, name.as_header_value().clone());
        let version = request.version;
        let answer = self.0.judge(request, body, &arrival);
        let answer = answer.instrument(log.span()).await;
        let mut response = answer.unwrap_or_else(ScimError::into_response);
        let name = name.as_header_value().clone();
        response.headers_mut().insert(X_REQUEST_ID, name);
        if !arrival.is_whole() {
            announce_end(version, &mut response);
        }
        log.answered(response.status());
        response
    }
}

impl Inner {
    async fn judge(
        &self,
        request: Parts,
        body: Watched,
        arrival: &Arrival,
    ) -> Result<Response, ScimError> {
        head::check(&request, request.extensions.get::<Peer>(), self.max_headers)?;
        if self.bearers.admit_everybody() && !self.origin.is_local(&request) {
            return Err(ScimError::new(
                StatusCode::MISDIRECTED_REQUEST,
                "a server without tokens answers only for loopback addresses and the host of its base URL, and no pages of other sites",
            ));
        }
        let grant = self.bearers.authenticate(&request).await;
        let caller = caller(&grant.map_err(|error| ScimError::from(&error))?);
        let request = Request::from_parts(request, body);
        let answer = self.service.handle(request, caller);
        let response = within(self.request_timeout, arrival, answer).await?;
        Ok(response.map(Body::new))
    }
}

/// Who an agent is, by the token that it bears.
fn caller(grant: &Grant) -> Caller {
    let mut caller = Caller::new(grant.scope().clone());
    if let Some(subject) = grant.subject() {
        caller = caller.with_subject(subject);
    }
    if grant.may_write() {
        caller
    } else {
        caller.read_only()
    }
}
