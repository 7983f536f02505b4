//! The program itself, over sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod client;
mod forwarded;
mod http2;
mod limits;
mod logging;
#[cfg(feature = "mcp")]
mod mcp;
mod metrics;
mod options;
mod program;
mod reload;
mod stopping;
mod tls;
