mod writer;

use std::io::{self, IsTerminal};
use std::sync::Arc;

use tracing::warn;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterExt, Targets, filter_fn};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub use self::writer::Logging;
use crate::Config;
use crate::config::LogFormat;

/// Sends the log of this process to stderr, as the configuration says, until what is returned is
/// dropped at the process's end.
///
/// A reader of stderr that stalls holds nothing up: a thread of its own writes, and lines beyond
/// those that may wait for it are lost, which a later line says.
///
/// For the program; a test that serves within its own process leaves the log alone.
///
/// # Errors
///
/// The operating system's, if there can be no thread.
pub fn init(config: &Config) -> io::Result<Logging> {
    let (lines, logging) = writer::start(io::stderr(), WAITING_LINES, |lost| {
        warn!(lost, "log lines were lost, because nobody took them in");
    })?;
    let lines = Arc::new(lines);
    let layer = match config.log_format {
        LogFormat::Text => fmt::layer()
            .with_ansi(io::stderr().is_terminal())
            .with_writer(lines)
            .boxed(),
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(lines)
            .boxed(),
    };
    let filter: Targets = config.log_filter.clone();
    let filter = filter.and(filter_fn(|metadata| {
        // It logs whole messages, with passwords and personal data in them.
        !metadata.target().starts_with("rmcp")
    }));
    // Fails only if this process logs somewhere already, which then stays as it is.
    let _ = tracing_subscriber::registry()
        .with(layer.with_filter(filter))
        .try_init();
    Ok(logging)
}

/// A few seconds of a busy server, in a few megabytes.
const WAITING_LINES: usize = 8192;
