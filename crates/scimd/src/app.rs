use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use scim_http::{BasePath, RequestName, ScimBody, ScimError, ScimService, X_REQUEST_ID};
use thiserror::Error;
use tokio_rustls::rustls::ServerConfig;
use tracing::{Instrument, warn};

use crate::Config;
use crate::auth::Bearers;
use crate::causes::Causes;
use crate::config::ConnectionLimits;
use crate::connection::Peer;
use crate::deadline::{Arrival, Watched, within};
#[cfg(feature = "openapi")]
use crate::docs::{self, Docs};
use crate::exposition::{self, Exposition};
use crate::head;
use crate::health::{self, Readiness};
#[cfg(feature = "mcp")]
use crate::mcp;
use crate::origin::Origin;
use crate::request_log::RequestLog;
use crate::service::{self, Provider};
use crate::store::{AnyStorage, OpenError};

/// Everything between a connection and the stored resources, shared by all connections.
///
/// A test may call its [`router`](Self::router) without any connection.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    scim: ScimService<Provider>,
    #[cfg(feature = "mcp")]
    agents: Option<mcp::Mount>,
    #[cfg(feature = "openapi")]
    docs: Option<Docs>,
    storage: Arc<AnyStorage>,
    base_path: BasePath,
    bearers: Arc<Bearers>,
    tls: RwLock<Option<Arc<ServerConfig>>>,
    stopping: AtomicBool,
    origin: Origin,
    exposition: Exposition,
    connections: ConnectionLimits,
    request_timeout: Duration,
    shutdown_timeout: Duration,
}

impl App {
    /// A server as configured, with its store opened and the tables up to date.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if there is no store.
    pub async fn open(config: &Config) -> Result<Self, OpenError> {
        let storage = Arc::new(AnyStorage::open(config).await?);
        let bearers = Arc::new(Bearers::new(Arc::clone(&config.tokens)));
        let exposition = Exposition::new(config);
        let conflicts = exposition.conflicts();
        let handler = service::handler(config, Arc::clone(&storage), conflicts);
        #[cfg(feature = "mcp")]
        let agents = config
            .agents
            .served
            .then(|| mcp::Mount::new(config, Arc::clone(&handler), Arc::clone(&bearers)));
        let scim = service::of(config, handler, bearers.clone());
        #[cfg(feature = "openapi")]
        let docs = config.docs.then(|| Docs::new(&scim, config));
        Ok(Self(Arc::new(Shared {
            scim,
            #[cfg(feature = "mcp")]
            agents,
            #[cfg(feature = "openapi")]
            docs,
            storage,
            base_path: config.base_path.clone(),
            bearers,
            tls: RwLock::new(config.tls.clone()),
            stopping: AtomicBool::new(false),
            origin: Origin::new(config),
            exposition,
            connections: config.connections,
            request_timeout: config.request_timeout,
            shutdown_timeout: config.shutdown_timeout,
        })))
    }

    /// The resources below the base path, `/healthz` and `/readyz`, `/openapi.json` and `/docs`,
    /// `/mcp` for AI agents, and for this machine `/metrics`, unless that has an address of its own.
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use axum::body::Body;
    /// use axum::http::{Request, StatusCode};
    /// use scimd::{App, Config};
    /// use tower_service::Service;
    ///
    /// let config = Config::from_args(["scimd", "--store", "memory"])?;
    /// let mut router = App::open(&config).await?.router();
    /// let request = Request::get("http://localhost/scim/v2/Users/nobody").body(Body::empty())?;
    /// assert_eq!(router.call(request).await?.status(), StatusCode::NOT_FOUND);
    /// # Ok(()) }
    /// ```
    pub fn router(&self) -> Router {
        let router = Router::new()
            .route("/healthz", get(live))
            .route("/readyz", get(ready))
            .route(exposition::PATH, any(counts));
        #[cfg(feature = "mcp")]
        let router = match self.0.agents.clone() {
            Some(agents) => router.route(
                mcp::PATH,
                any(move |request: Request| agents.clone().answer(request)),
            ),
            None => router,
        };
        #[cfg(feature = "openapi")]
        let router = match &self.0.docs {
            Some(docs) => docs::PATHS
                .into_iter()
                .enumerate()
                .fold(router, |router, (at, path)| {
                    let docs = docs.clone();
                    let answer = move |State(app): State<Self>, request: Request| {
                        let answer = app.told(&docs, at, request);
                        async move { answer }
                    };
                    router.route(path, get(answer))
                }),
            None => router,
        };
        router.fallback(fallback).with_state(self.clone())
    }

    /// `/metrics` alone.
    pub(crate) fn metrics_router(&self) -> Router {
        let show = async |State(app): State<Self>, request: Request| {
            let (request, _) = request.into_parts();
            match head::check(&request, peer(&request), app.0.connections.max_headers) {
                Ok(()) => app.0.exposition.show().into_response(),
                Err(error) => error.into_response(),
            }
        };
        Router::new()
            .route(exposition::PATH, get(show))
            .with_state(self.clone())
    }

    /// What is told of the API at this position, to everybody.
    #[cfg(feature = "openapi")]
    fn told(&self, docs: &Docs, position: usize, request: Request) -> Response {
        let (request, _) = request.into_parts();
        head::check(&request, peer(&request), self.0.connections.max_headers)
            .and_then(|()| docs.answer(position, &request))
            .unwrap_or_else(ScimError::into_response)
    }

    /// Whether only [`scim`](Self::scim) can answer a request for `path`, so that a
    /// [`router`](Self::router) has nothing to decide.
    pub(crate) fn is_scim(&self, path: &str) -> bool {
        let base_path = self.0.base_path.as_str();
        let below = path.strip_prefix(base_path);
        !base_path.is_empty() && below.is_some_and(|below| below.starts_with('/'))
    }

    /// Answers a request that is none for the server itself, from `peer` if it came over the
    /// network.
    pub(crate) fn scim(
        &self,
        request: Request,
        peer: Option<Peer>,
    ) -> impl Future<Output = Response<ScimBody>> + Send {
        let (mut request, body) = request.into_parts();
        let (body, arrival) = Watched::new(body);
        async move {
            let name = RequestName::of(&request.headers);
            let log = RequestLog::begin(&request, name.as_header_value().clone());
            let answer = match head::check(&request, peer.as_ref(), self.0.connections.max_headers)
            {
                Ok(()) => {
                    let answer = pin!(answer(&self.0, &mut request, body, &arrival, peer, &name));
                    answer.instrument(log.span()).await
                }
                Err(error) => Err(error),
            };
            let mut response = answer.unwrap_or_else(|error| {
                // The service does this for its own answers.
                let mut response = error.into_response();
                let name = name.as_header_value().clone();
                response.headers_mut().insert(X_REQUEST_ID, name);
                if request.method == Method::HEAD {
                    *response.body_mut() = ScimBody::empty();
                }
                response
            });
            if !arrival.is_whole() {
                announce_end(request.version, &mut response);
            }
            log.answered(response.status());
            response
        }
    }

    /// Takes tokens and certificate from `config`; everything else stays as it is until the
    /// server is started anew.
    ///
    /// # Errors
    ///
    /// [`ReloadError`], with nothing changed.
    pub fn reload(&self, config: &Config) -> Result<(), ReloadError> {
        let mut tls = self.0.tls.write().unwrap_or_else(PoisonError::into_inner);
        if config.tokens.is_empty() && !self.0.bearers.tokens().is_empty() {
            return Err(ReloadError::NoToken);
        }
        if config.tokens.of_tenants() != self.0.bearers.tokens().of_tenants() {
            return Err(ReloadError::Tenancy);
        }
        if config.tls.is_some() != tls.is_some() {
            return Err(ReloadError::Tls);
        }
        tls.clone_from(&config.tls);
        self.0.bearers.replace(Arc::clone(&config.tokens));
        Ok(())
    }

    /// From now on `/readyz` says that the server is stopping.
    pub(crate) fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// Ends the connections to the store; an SQLite file is whole without its log after that.
    ///
    /// Requests that still come are answered with 503. Nothing is lost without it.
    pub async fn close(&self) {
        self.0.storage.close().await;
    }

    /// What new connections are encrypted with.
    pub(crate) fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.0
            .tls
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn connection_limits(&self) -> ConnectionLimits {
        self.0.connections
    }

    pub(crate) fn shutdown_timeout(&self) -> Duration {
        self.0.shutdown_timeout
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("origin", &self.0.origin)
            .finish_non_exhaustive()
    }
}

/// Why a new configuration is not taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReloadError {
    /// It would open the server to everybody. An empty file is more likely an accident.
    #[error("it has no token any more")]
    NoToken,
    /// Every bearer would face another set of resources, and nobody those that are there.
    #[error("changing between one tenant and several takes a restart")]
    Tenancy,
    /// Clients and the announced address know either HTTP or HTTPS.
    #[error("changing between HTTP and HTTPS takes a restart")]
    Tls,
}

async fn live(State(app): State<App>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    match head::check(&request, peer(&request), app.0.connections.max_headers) {
        Ok(()) => health::live().into_response(),
        Err(error) => error.into_response(),
    }
}

async fn ready(State(app): State<App>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    if let Err(error) = head::check(&request, peer(&request), app.0.connections.max_headers) {
        return error.into_response();
    }
    let readiness = if app.0.stopping.load(Ordering::Relaxed) {
        Readiness::Stopping
    } else if let Err(error) = app.0.storage.ping().await {
        let error = Causes(&error);
        warn!(%error, "the store does not answer");
        Readiness::NoStore
    } else {
        Readiness::Ready
    };
    health::ready(readiness).into_response()
}

async fn counts(State(app): State<App>, request: Request) -> Response {
    let (request, body) = request.into_parts();
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    let is_whole = head::check(&request, peer(&request), app.0.connections.max_headers).is_ok();
    let exposition = &app.0.exposition;
    if is_read && is_whole && exposition.is_for(&request, peer(&request), &app.0.origin) {
        return exposition.show().into_response();
    }
    // For everybody else it is a path like any other.
    fallback(State(app), Request::from_parts(request, body)).await
}

fn peer(request: &Parts) -> Option<&Peer> {
    request.extensions.get()
}

async fn fallback(State(app): State<App>, request: Request) -> Response {
    let peer = request.extensions().get().copied();
    let response = app.scim(request, peer).await;
    response.map(|body| Body::from(body.into_bytes()))
}

async fn answer(
    app: &Shared,
    request: &mut Parts,
    body: Watched,
    arrival: &Arrival,
    peer: Option<Peer>,
    name: &RequestName,
) -> Result<Response<ScimBody>, ScimError> {
    if app.bearers.admit_everybody() && !app.origin.is_local(request) {
        return Err(ScimError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "a server without tokens answers only for loopback addresses and the host of its base URL, and no pages of other sites",
        ));
    }
    app.origin.tell(request, peer.as_ref());
    // Pinned here, as all futures on the way of a request: `await` would move it, and they are large.
    let answer = pin!(app.scim.handle_parts(request, body, name));
    within(app.request_timeout, arrival, answer).await
}

/// Says that the connection ends with this response, which it does if the request has not been
/// read to its end (RFC 9112 §9.6): a client that is not told sends its next request into a
/// closed one. In HTTP/2 a stream ends, and the connection goes on.
pub(crate) fn announce_end<B>(version: Version, response: &mut Response<B>) {
    if version <= Version::HTTP_11 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use tower_service::Service;

    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn config(args: &[&str]) -> Config {
        Config::from_args([&["scimd", "--store", "memory"], args].concat()).unwrap()
    }

    async fn status(app: &App, method: Method, path: &str) -> StatusCode {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        app.router().call(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_server_that_stops_lives_but_is_not_ready() {
        let app = App::open(&config(&[])).await.unwrap();
        assert_eq!(status(&app, Method::GET, "/readyz").await, StatusCode::OK);
        app.stop();
        assert_eq!(
            status(&app, Method::GET, "/readyz").await,
            StatusCode::SERVICE_UNAVAILABLE
        );
        assert_eq!(status(&app, Method::GET, "/healthz").await, StatusCode::OK);
    }

    #[tokio::test]
    async fn methods_of_every_kind_reach_the_service() {
        let app = App::open(&config(&["--token", TOKEN])).await.unwrap();
        for method in [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ] {
            let status = status(&app, method.clone(), "/scim/v2/Users/a").await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method}");
        }
    }

    #[tokio::test]
    async fn only_what_lies_below_the_base_path_passes_the_router_by() {
        let app = App::open(&config(&[])).await.unwrap();
        for (path, is_scim) in [
            ("/scim/v2/Users", true),
            ("/scim/v2/", true),
            ("/scim/v2", false),
            ("/scim/v2x/Users", false),
            ("/healthz", false),
            ("*", false),
        ] {
            assert_eq!(app.is_scim(path), is_scim, "{path}");
        }
        let at_root = App::open(&config(&["--base-path", "/"])).await.unwrap();
        assert!(!at_root.is_scim("/healthz"));
    }

    #[tokio::test]
    async fn reloading_does_not_open_a_server_that_had_tokens() {
        let app = App::open(&config(&["--token", TOKEN])).await.unwrap();
        assert_eq!(app.reload(&config(&[])), Err(ReloadError::NoToken));
        assert_eq!(app.0.bearers.tokens().len(), 1);

        let open = App::open(&config(&[])).await.unwrap();
        assert_eq!(open.reload(&config(&["--token", TOKEN])), Ok(()));
        assert_eq!(open.0.bearers.tokens().len(), 1);
    }

    #[tokio::test]
    async fn reloading_does_not_change_between_one_tenant_and_several() {
        let (one, several) = (["--token", TOKEN], ["--tenant", &format!("acme={TOKEN}")]);
        for (before, after) in [(&one[..], &several[..]), (&several, &one), (&[], &several)] {
            let app = App::open(&config(before)).await.unwrap();
            let of_tenants = app.0.bearers.tokens().of_tenants();
            assert_eq!(app.reload(&config(after)), Err(ReloadError::Tenancy));
            assert_eq!(app.0.bearers.tokens().of_tenants(), of_tenants);
        }
    }

    #[tokio::test]
    async fn debug_shows_neither_token_nor_hash() {
        let shown = format!(
            "{:?}",
            App::open(&config(&["--token", TOKEN])).await.unwrap()
        );
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}
