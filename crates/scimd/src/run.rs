use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::interval;
use tracing::{error, info, warn};

use crate::causes::Causes;
use crate::serve::serve_metrics;
use crate::{App, Args, Config, Ended, OpenError, ReloadError, Signal, Signals, exposition, serve};

/// How a server came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the program's exit code follows from it"
)]
pub enum Stopped {
    /// Asked once, it finished within its time.
    Gracefully,
    /// Asked again, it left everything at once.
    AtOnce,
}

/// Why a server does not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The address is in use, or not one of this machine.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// There is no store.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The operating system does not let the program handle signals.
    #[error("cannot handle signals")]
    Signals(#[source] io::Error),
}

/// Serves `config`, and says so in one line on stdout, until SIGTERM or SIGINT comes; a second
/// one ends it at once. On SIGHUP it loads `args` again and takes over tokens and certificate.
///
/// # Errors
///
/// [`RunError`], before anything is served.
pub async fn run(args: &Args, config: Config) -> Result<Stopped, RunError> {
    let mut signals = Signals::new().map_err(RunError::Signals)?;
    exposition::install();
    let app = App::open(&config).await?;
    let (listener, address) = listen(config.listen).await?;
    let mut beside = JoinSet::new();
    if let Some(address) = config.metrics_listen {
        let (listener, address) = listen(address).await?;
        info!(%address, path = exposition::PATH, "metrics are shown");
        beside.spawn(serve_metrics(app.clone(), listener));
    }
    if config.tokens.is_empty() {
        warn!("there is no token: whoever can run a program on this machine may read and write");
    }
    if crosses_the_network_in_clear(&config) {
        warn!(
            "tokens and personal data can be read on their way: there is neither --tls-cert nor an https --base-url of a proxy that encrypts"
        );
    }
    announce(&config, address);

    let (stop, stopping) = oneshot::channel::<()>();
    let mut stop = Some(stop);
    let mut serving = pin!(async {
        let ended = serve(app.clone(), listener, async { drop(stopping.await) }).await;
        app.close().await;
        ended
    });
    let mut upkeep = interval(UPKEEP);
    loop {
        tokio::select! {
            _ = upkeep.tick() => exposition::upkeep(),
            ended = &mut serving => {
                info!(drained = matches!(ended, Ended::Drained), "stopped");
                return Ok(Stopped::Gracefully);
            }
            signal = signals.next() => match signal {
                Signal::Reload => reload(args, &app),
                // Dropping the sender is the message.
                Signal::Stop if stop.take().is_some() => {}
                Signal::Stop => {
                    warn!("stopped at once, by a second signal");
                    return Ok(Stopped::AtOnce);
                }
            },
        }
    }
}

/// How often what was counted is gathered, so that it takes little memory if nobody asks for it.
const UPKEEP: Duration = Duration::from_secs(5);

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), RunError> {
    let failed = |source| RunError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

fn crosses_the_network_in_clear(config: &Config) -> bool {
    let behind_https = config
        .base_url
        .as_ref()
        .is_some_and(|url| url.as_str().starts_with("https://"));
    !config.listen.ip().to_canonical().is_loopback() && config.tls.is_none() && !behind_https
}

fn announce(config: &Config, address: SocketAddr) {
    let scheme = if config.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let path = config.base_path.as_str();
    let mut stdout = io::stdout().lock();
    let written =
        writeln!(stdout, "listening on {scheme}://{address}{path}").and_then(|()| stdout.flush());
    // Nobody has to read the line for the server to serve.
    if let Err(error) = written {
        warn!(%error, %address, "listening, but cannot say so on stdout");
    }
}

fn reload(args: &Args, app: &App) {
    let reloaded = args.load().map_err(Unchanged::Config).and_then(|config| {
        app.reload(&config)?;
        Ok(config.tokens.len())
    });
    match reloaded {
        Ok(tokens) => info!(tokens, "tokens and certificate reloaded"),
        Err(unchanged) => {
            let error = Causes(&unchanged);
            error!(%error, "not reloaded, everything stays as it was");
        }
    }
}

#[derive(Debug, Error)]
enum Unchanged {
    #[error(transparent)]
    Config(crate::ConfigError),
    #[error("the configuration cannot be taken over")]
    Reload(#[from] ReloadError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_machine_unencrypted_is_warned_of() {
        let token = format!("--token={}", "t".repeat(32));
        for (args, warned) in [
            (&["--listen=127.0.0.1:1"][..], false),
            (&["--listen=0.0.0.0:1"], true),
            (&["--listen=0.0.0.0:1", "--base-url=http://a"], true),
            (&["--listen=0.0.0.0:1", "--base-url=https://a"], false),
        ] {
            let config = Config::from_args([&["scimd", &token], args].concat()).unwrap();
            assert_eq!(crosses_the_network_in_clear(&config), warned, "{args:?}");
        }
    }
}
