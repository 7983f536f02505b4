use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tower_service::Service;
use tracing::debug;

use crate::App;
use crate::activity::{Activity, UnderWay};
use crate::app::announce_end;
use crate::config::ConnectionLimits;
use crate::exposition;
use crate::paced::Paced;

/// Where a request comes from, as its extension of this type tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    /// The other end of the connection.
    pub(crate) address: SocketAddr,
    /// Whether the connection is encrypted.
    pub(crate) encrypted: bool,
}

/// How connections are served: HTTP/1.1 or HTTP/2, within limits.
#[derive(Debug, Clone)]
pub(crate) struct Protocol {
    builder: Arc<auto::Builder<TokioExecutor>>,
    limits: ConnectionLimits,
    answering: Arc<Answering>,
    broken_off: Arc<AtomicUsize>,
}

impl Protocol {
    /// Serves `app` within its limits.
    pub(crate) fn new(app: App) -> Self {
        let limits = app.connection_limits();
        let router = app.router();
        let scim = Some(app);
        Self::of(limits, Answering { scim, router })
    }

    /// Serves what is counted in `app`, within its limits, and nothing else.
    pub(crate) fn of_metrics(app: &App) -> Self {
        let answering = Answering {
            scim: None,
            router: app.metrics_router(),
        };
        Self::of(app.connection_limits(), answering)
    }

    fn of(limits: ConnectionLimits, answering: Answering) -> Self {
        let head = limits.max_header_size;
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            // Who has said all it has to say may still wait for the answer.
            .half_close(true)
            .max_buf_size(usize::try_from(head).unwrap_or(usize::MAX));
        // A number of its own makes hyper allocate the list of headers for each request.
        if limits.max_headers != HYPER_MAX_HEADERS {
            builder.http1().max_headers(limits.max_headers);
        }
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(head)
            .keep_alive_interval(limits.header_timeout)
            .keep_alive_timeout(limits.header_timeout);
        Self {
            builder: Arc::new(builder),
            limits,
            answering: Arc::new(answering),
            broken_off: Arc::default(),
        }
    }

    /// How many connections so far ended while a request was not answered, or an answer
    /// not sent.
    pub(crate) fn broken_off(&self) -> usize {
        self.broken_off.load(Ordering::Relaxed)
    }

    /// Serves one connection until the client leaves, is idle for too long, or `stopping`
    /// turns true and what is under way is done.
    pub(crate) async fn serve(
        self,
        stream: TcpStream,
        address: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
        mut stopping: watch::Receiver<bool>,
    ) {
        // Answers are written whole; waiting for more would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "cannot turn off Nagle's algorithm");
        }
        let Some(tls) = tls else {
            let peer = Peer {
                address,
                encrypted: false,
            };
            return self.serve_stream(stream, peer, stopping).await;
        };
        let handshake = timeout(
            self.limits.header_timeout,
            TlsAcceptor::from(tls).accept(stream),
        );
        let stream = tokio::select! {
            shaken = handshake => shaken,
            () = stopped(&mut stopping) => return,
        };
        match stream {
            Ok(Ok(stream)) => {
                let peer = Peer {
                    address,
                    encrypted: true,
                };
                self.serve_stream(stream, peer, stopping).await;
            }
            Ok(Err(error)) => debug!(%error, "a TLS handshake failed"),
            Err(_) => debug!("a TLS handshake took too long"),
        }
    }

    async fn serve_stream<S>(self, stream: S, peer: Peer, mut stopping: watch::Receiver<bool>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (answering, activity) = (self.answering, Activity::default());
        let service = service_fn(|request| {
            let under_way = activity.begin();
            Arc::clone(&answering).answer(request, peer, under_way)
        });
        let mut connection = pin!(self.builder.serve_connection(TokioIo::new(stream), service));
        // Dropped before the connection and what is under way on it.
        let _ending = Ending {
            activity: activity.clone(),
            broken_off: self.broken_off,
        };
        let mut idle = self.limits.header_timeout;
        let mut check = pin!(sleep(idle));
        let (mut seen, mut closing, mut expired) = (Some(0), false, false);
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        debug!(%error, "a connection broke off");
                    }
                    return;
                }
                () = stopped(&mut stopping), if !closing => {
                    connection.as_mut().graceful_shutdown();
                    closing = true;
                    idle = idle.min(LAST_RESPITE);
                    seen = activity.at_rest();
                    check.as_mut().reset(Instant::now() + idle);
                }
                // hyper bounds how long a head takes once it has begun, but not how long one
                // waits for the first octet, nor an HTTP/2 client that asks nothing, nor one that
                // does not take in what it asked for.
                () = check.as_mut() => {
                    let now = activity.at_rest();
                    if now.is_some() && now == seen {
                        // While the server stops, half a head is no reason to wait; a slow reader
                        // is, for which the server has a time of its own.
                        let over = if closing {
                            !activity.is_busy()
                        } else {
                            expired
                        };
                        if over {
                            debug!("an idle connection was cut");
                            return;
                        }
                        if !closing {
                            connection.as_mut().graceful_shutdown();
                            expired = true;
                        }
                    }
                    seen = now;
                    check.as_mut().reset(Instant::now() + idle);
                }
            }
        }
    }
}

const HYPER_MAX_HEADERS: usize = 100;

/// How long a connection on which nothing is under way stays while the server stops, so that the
/// last answer gets out.
const LAST_RESPITE: Duration = Duration::from_millis(500);

/// Notes, when it is dropped, whether something was under way.
struct Ending {
    activity: Activity,
    broken_off: Arc<AtomicUsize>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.activity.is_busy() {
            self.broken_off.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What answers requests.
#[derive(Debug)]
struct Answering {
    /// What needs no router, if there is such.
    scim: Option<App>,
    router: Router,
}

impl Answering {
    fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        peer: Peer,
        under_way: UnderWay,
    ) -> impl Future<Output = Result<Response<Paced>, Infallible>> + Send {
        // Not within the future, where request and body would lie twice.
        let mut request = request.map(|body| {
            // Only what has content needs a box for it.
            if body.is_end_stream() {
                Body::empty()
            } else {
                Body::new(body)
            }
        });
        async move {
            let scim = self.scim.as_ref();
            let scim = scim.filter(|app| app.is_scim(request.uri().path()));
            let mut response = if let Some(app) = scim {
                // A router has nothing to decide about most requests.
                let response = pin!(app.scim(request, Some(peer))).await;
                response.map(|body| Paced::whole(body.into_bytes(), under_way))
            } else {
                request.extensions_mut().insert(peer);
                // Nobody reads what is sent to a probe.
                let is_probe = matches!(
                    request.uri().path(),
                    "/healthz" | "/readyz" | exposition::PATH
                );
                let is_unread = is_probe && !request.body().is_end_stream();
                let version = request.version();
                // A router is always ready, so there is nothing to poll before.
                let mut response = self.router.clone().call(request).await?;
                if is_unread {
                    announce_end(version, &mut response);
                }
                response.map(|body| Paced::of(body, under_way))
            };
            // axum notes the length of every body, that of none as 0. In a 204 it must not stand,
            // and in a 304 it would say that the resource has become empty (RFC 9110 §8.6).
            if let StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT = response.status() {
                response.headers_mut().remove(CONTENT_LENGTH);
            }
            Ok(response)
        }
    }
}

/// Waits until the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it the server.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
