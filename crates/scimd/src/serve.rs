use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::rustls::ServerConfig;
use tracing::{info, warn};

use crate::App;
use crate::connection::Protocol;

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// Every request under way was answered.
    Drained,
    /// The time for that was up, and connections with some were cut.
    CutOff {
        /// How many those were.
        connections: usize,
    },
}

/// Serves `app` on `listener` until `shutdown` is done, then finishes the requests under way
/// within the time that the configuration gives them.
///
/// Dropping the future cuts all connections at once; each write under way is then done wholly or
/// not at all.
///
/// ```
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use scimd::{App, Config, Ended};
/// use tokio::net::TcpListener;
/// use tokio::sync::oneshot;
///
/// let app = App::open(&Config::from_args(["scimd", "--store", "memory"])?).await?;
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let (stop, stopped) = oneshot::channel::<()>();
/// let serving = tokio::spawn(scimd::serve(app, listener, async { drop(stopped.await) }));
///
/// drop(stop);
/// assert_eq!(serving.await?, Ended::Drained);
/// # Ok(()) }
/// ```
pub async fn serve<F>(app: App, listener: TcpListener, shutdown: F) -> Ended
where
    F: Future<Output = ()> + Send,
{
    let protocol = Protocol::new(app.clone());
    let (stop, stopping) = watch::channel(false);
    let mut connections = JoinSet::new();
    let accepting = Accepting {
        protocol: &protocol,
        most: app.connection_limits().max_connections,
        tls: &|| app.tls(),
        stopping,
    };
    tokio::select! {
        () = shutdown => {}
        never = accepting.accept(&listener, &mut connections) => match never {},
    }
    app.stop();
    drop(listener);
    stop.send_replace(true);
    info!(connections = connections.len(), "stopping");
    let drained = timeout(app.shutdown_timeout(), async {
        while connections.join_next().await.is_some() {}
    });
    if drained.await.is_ok() {
        return Ended::Drained;
    }
    let before = protocol.broken_off();
    connections.shutdown().await;
    match protocol.broken_off() - before {
        0 => Ended::Drained,
        connections => {
            warn!(connections, "requests under way were cut off");
            Ended::CutOff { connections }
        }
    }
}

/// Shows what is counted in `app` to whoever connects to `listener`, in the clear, until the future is
/// dropped.
pub(crate) async fn serve_metrics(app: App, listener: TcpListener) {
    let (_running, stopping) = watch::channel(false);
    let accepting = Accepting {
        protocol: &Protocol::of_metrics(&app),
        most: app.connection_limits().max_connections,
        tls: &|| None,
        stopping,
    };
    match accepting.accept(&listener, &mut JoinSet::new()).await {}
}

/// How connections are accepted.
struct Accepting<'a> {
    protocol: &'a Protocol,
    /// How many there may be at a time.
    most: usize,
    /// What the next one is encrypted with.
    tls: &'a (dyn Fn() -> Option<Arc<ServerConfig>> + Sync),
    stopping: watch::Receiver<bool>,
}

impl Accepting<'_> {
    async fn accept(&self, listener: &TcpListener, connections: &mut JoinSet<()>) -> Infallible {
        // More permits than a semaphore can hold are as good as no bound.
        let free = Arc::new(Semaphore::new(self.most.min(Semaphore::MAX_PERMITS)));
        loop {
            // The permit comes first: what waits in the listener's queue costs this process nothing.
            let next = async {
                let permit = Arc::clone(&free).acquire_owned().await;
                (listener.accept().await, permit)
            };
            tokio::select! {
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                (accepted, permit) = next => match accepted {
                    Ok((stream, address)) => {
                        let (protocol, stopping) = (self.protocol.clone(), self.stopping.clone());
                        let serving = protocol.serve(stream, address, (self.tls)(), stopping);
                        connections.spawn(async move {
                            serving.await;
                            drop(permit);
                        });
                    }
                    Err(error) => refused(&error).await,
                },
            }
        }
    }
}

async fn refused(error: &io::Error) {
    // A client that gave up before it was accepted is no matter. Anything else, most likely
    // too many open files, would fail again at once and spin.
    let client_left = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    );
    if !client_left {
        warn!(%error, "cannot accept a connection");
        sleep(Duration::from_millis(500)).await;
    }
}
