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
//! # The layers
//!
//! ```text
//!     scim-axum     ▶ scimd                      handlers of axum; the server
//!         │    ┌────────┼───────────┐
//!         └──┬─┘        │           │
//!        scim-http      │           │            http::Request → http::Response, conditional requests
//!            │       scim-mcp       │            tools for AI agents
//!            ├──────────┘           │
//!        scim-ops                   │            operations, and the one path that every write takes
//!            │                   scim-sql        stores that last: SQLite, PostgreSQL, MySQL, MariaDB
//!            ├──────────────────────┘
//!        scim-provider                           resources, schemas, stores; contracts and their test kit
//!            │
//!        scim-version                            versions, entity tags, preconditions
//! ```
//!
//! What a request is answered with is decided below, in [`scim_http`], and where resources are kept, in [`scim_sql`]. Here are
//! options, tokens, TLS, connections, logs and signals. Those who want another server take `scim_http` and
//! bring these themselves.
//!
//! # Features
//!
//! Feature | Enables
//! ---|---
//! `mcp` (default) | AI agents, under `/mcp` and by `scimd mcp`
//! `openapi` (default) | what is served in OpenAPI 3.1: `/openapi.json`, a page at `/docs`, and `scimd openapi`

mod activity;
mod app;
mod auth;
mod causes;
mod command;
mod config;
mod connection;
mod deadline;
#[cfg(feature = "openapi")]
mod docs;
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
#[cfg(feature = "openapi")]
pub use config::DescribeArgs;
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
