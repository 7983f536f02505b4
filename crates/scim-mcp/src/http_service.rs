use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use http_body::Body;
use http_body_util::combinators::BoxBody;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use scim_ops::provider::ResourceProvider;

use crate::connection::{Connection, Identity};
use crate::{Caller, McpServer};

/// A server over streamable HTTP: a request in, a response out, for one path of any framework.
///
/// - Who asks is up to whoever mounts it, and said with each request ([`handle`](Self::handle)).
/// - There are no sessions: each request stands for itself, with a tenant and rights of its own, and nothing is
///   kept for an agent that goes away.
/// - Answers are JSON. Nothing is sent to agents unasked.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use http::{Request, StatusCode};
/// use http_body_util::Full;
/// use scim_mcp::ops::ScimOperationHandler;
/// use scim_mcp::provider::{InMemoryProvider, Scope};
/// use scim_mcp::{Caller, McpServer};
///
/// let server = McpServer::new(ScimOperationHandler::new(InMemoryProvider::default()));
/// let service = server.http().with_hosts(["mcp.example.com"]);
///
/// let request = Request::post("/mcp")
///     .header("host", "mcp.example.com")
///     .header("accept", "application/json, text/event-stream")
///     .header("content-type", "application/json")
///     .body(Full::<bytes::Bytes>::from(r#"{ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }"#))?;
/// let caller = Caller::new(Scope::Single).read_only();
/// assert_eq!(service.handle(request, caller).await.status(), StatusCode::OK);
/// # Ok(()) }
/// ```
pub struct McpHttpService<P> {
    server: McpServer<P>,
    config: StreamableHttpServerConfig,
    inner: StreamableHttpService<Connection<P>, NeverSessionManager>,
}

impl<P: ResourceProvider + 'static> McpServer<P> {
    /// The server over HTTP.
    pub fn http(&self) -> McpHttpService<P> {
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_max_request_body_bytes(self.shared.config.limits.message());
        McpHttpService::new(self.clone(), config)
    }
}

impl<P: ResourceProvider + 'static> McpHttpService<P> {
    fn new(server: McpServer<P>, config: StreamableHttpServerConfig) -> Self {
        let shared = Arc::clone(&server.shared);
        let factory = move || {
            Ok(Connection {
                shared: Arc::clone(&shared),
                identity: Identity::OfRequest,
            })
        };
        Self {
            inner: StreamableHttpService::new(factory, Arc::default(), config.clone()),
            server,
            config,
        }
    }

    /// The same service, reached under these hosts, with or without a port. By default only under loopback ones,
    /// since a web page could otherwise have a browser on this machine send requests (DNS rebinding).
    #[must_use]
    pub fn with_hosts<T: Into<String>>(self, hosts: impl IntoIterator<Item = T>) -> Self {
        Self::new(self.server, self.config.with_allowed_hosts(hosts))
    }

    /// The same service, reached under whatever host: where whoever mounts it looks at `Host` and `Origin`,
    /// or wants a secret of each request that no web page has.
    #[must_use]
    pub fn with_any_host(self) -> Self {
        Self::new(self.server, self.config.disable_allowed_hosts())
    }

    /// Answers `request` on behalf of `caller`, who was found out from it beforehand.
    ///
    /// # Cancellation
    ///
    /// The future may be dropped at any time; a write that has begun is carried out all the same.
    pub async fn handle<B>(
        &self,
        request: Request<B>,
        caller: Caller,
    ) -> Response<BoxBody<Bytes, Infallible>>
    where
        B: Body + Send + 'static,
        B::Error: fmt::Display,
    {
        let mut request = request;
        // The secret has done its work; what goes on with the request shall not have it.
        request.headers_mut().remove(AUTHORIZATION);
        request.extensions_mut().insert(caller);
        self.inner.handle(request).await
    }
}

impl<P> fmt::Debug for McpHttpService<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McpHttpService")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}
