use std::sync::Arc;

use crate::command::CommandError;
use crate::config::StdioArgs;
use crate::store::AnyStorage;
use crate::{Signal, Signals, logging, service};

/// Serves the agent that has started this process, over stdin and stdout, as `args` say, until it closes
/// stdin or SIGTERM or SIGINT comes. Nothing but the protocol is written to stdout.
///
/// # Errors
///
/// [`CommandError`], if there is nothing to serve or the agent does not speak the protocol.
pub(crate) async fn serve_stdio(args: &StdioArgs) -> Result<(), CommandError> {
    let config = args.load()?;
    let caller = args.caller(&config)?;
    let _logging = logging::init(&config).map_err(CommandError::System)?;
    let mut signals = Signals::new().map_err(CommandError::System)?;
    let storage = AnyStorage::open(&config).await;
    let storage = storage.map_err(|source| CommandError::Open {
        option: "store",
        source,
    })?;
    let handler = service::handler(&config, Arc::new(storage), Arc::default());
    let server = super::server(&config, handler);
    let stopped = async { while signals.next().await != Signal::Stop {} };
    tokio::select! {
        served = server.serve_stdio(caller) => served.map_err(CommandError::Agent),
        () = stopped => Ok(()),
    }
}
