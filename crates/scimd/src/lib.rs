//! `scimd`: a SCIM 2.0 server that never loses an update, as a library.
//!
//! The program is [`Args::parse`](clap::Parser::parse), [`Args::load`], [`init_logging`] and [`run`].
//! A test, or a program that embeds the server, takes the parts it wants:
//!
//! - [`Config`]: every option, from flags, environment and file, checked.
//! - [`App`]: what answers requests, as an axum [`Router`](axum::Router).
//! - [`serve`]: connections within limits, HTTP/1.1 and HTTP/2, TLS, and a graceful end.
//! - [`Signals`]: what the operating system asks.
//!
//! What a request is answered with is decided below, in [`scim_http`].
//!
//! Feature | Enables
//! ---|---
//! `mcp` (default) | AI agents, under `/mcp` and by `scimd mcp`

mod activity;
mod app;
mod auth;
mod command;
mod config;
mod connection;
mod deadline;
mod exposition;
mod forwarded;
mod head;
mod health;
mod logging;
#[cfg(feature = "mcp")]
mod mcp;
mod origin;
mod paced;
mod request_log;
mod run;
mod serve;
mod service;
mod signals;
mod store;
mod tls;
mod tokens;

pub use app::{App, ReloadError};
pub use command::{Command, CommandError, Copy, Migrate};
#[cfg(feature = "mcp")]
pub use config::StdioArgs;
pub use config::{Args, Config, ConfigError, StoreError};
pub use logging::{Logging, init as init_logging};
pub use run::{RunError, Stopped, run};
pub use serve::{Ended, serve};
pub use signals::{Signal, Signals};
pub use store::OpenError;
pub use tls::TlsError;
pub use tokens::TokenError;
