use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
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

use crate::activity::Activity;
use crate::config::ConnectionLimits;

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
    router: Router,
}

impl Protocol {
    /// Serves `router` within `limits`.
    pub(crate) fn new(router: Router, limits: ConnectionLimits) -> Self {
        let head = limits.max_header_size;
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
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
            router,
        }
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
        let (router, activity) = (self.router, Activity::default());
        let service = service_fn(|request| {
            let under_way = activity.begin();
            let answer = answer(router.clone(), request, peer);
            async move {
                let answer = answer.await;
                drop(under_way);
                answer
            }
        });
        let mut connection = pin!(self.builder.serve_connection(TokioIo::new(stream), service));
        let idle = self.limits.header_timeout;
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
                }
                // hyper bounds how long a head takes once it has begun, but not how long one
                // waits for the first octet, nor an HTTP/2 client that asks nothing.
                () = check.as_mut() => {
                    let now = activity.at_rest();
                    if now.is_some() && now == seen {
                        if expired {
                            debug!("an idle connection was cut");
                            return;
                        }
                        connection.as_mut().graceful_shutdown();
                        expired = true;
                    }
                    seen = now;
                    check.as_mut().reset(Instant::now() + idle);
                }
            }
        }
    }
}

const HYPER_MAX_HEADERS: usize = 100;

fn answer(
    mut router: Router,
    mut request: Request<Incoming>,
    peer: Peer,
) -> impl Future<Output = Result<Response, Infallible>> {
    request.extensions_mut().insert(peer);
    // A router is always ready, so there is nothing to poll before.
    router.call(request.map(Body::new))
}

/// Waits until the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it the server.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}
