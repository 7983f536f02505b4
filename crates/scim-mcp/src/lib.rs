//! SCIM for AI agents that can't overwrite each other: a server of the Model Context Protocol (MCP)
//! over the operations of [`scim_ops`].
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use scim_mcp::ops::ScimOperationHandler;
//! use scim_mcp::provider::{InMemoryProvider, Scope};
//! use scim_mcp::{Caller, McpServer};
//! use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, duplex, split};
//!
//! let server = McpServer::new(ScimOperationHandler::new(InMemoryProvider::default()));
//! let (agent, here) = duplex(64 * 1024);
//! let (input, output) = split(here);
//! let serving = tokio::spawn(server.serve(Caller::new(Scope::Single), input, output));
//!
//! let (answers, mut agent) = split(agent);
//! let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"doc","version":"1"}}}"#;
//! agent.write_all(format!("{hello}\n").as_bytes()).await?;
//! let mut answer = String::new();
//! BufReader::new(answers).read_line(&mut answer).await?;
//! assert!(answer.contains("expected_version"));
//!
//! drop(agent);
//! serving.abort();
//! # Ok(()) }
//! ```
//!
//! # The layers
//!
//! ```text
//!     scim-axum       scimd                      handlers of axum; the server
//!         │    ┌────────┼───────────┐
//!         └──┬─┘        │           │
//!        scim-http      │           │            http::Request → http::Response, conditional requests
//!            │     ▶ scim-mcp       │            tools for AI agents
//!            ├──────────┘           │
//!        scim-ops                   │            operations, and the one path that every write takes
//!            │                   scim-sql        stores that last: SQLite, PostgreSQL, MySQL, MariaDB
//!            ├──────────────────────┘
//!        scim-provider                           resources, schemas, stores; contracts and their test kit
//!            │
//!        scim-version                            versions, entity tags, preconditions
//! ```
//!
//! This one hangs off [`scim_ops`], beside SCIM over HTTP ([`scim-http`](https://docs.rs/scim-http)) or without it.
//!
//! # The map
//!
//! - [`McpServer`] is the server: which tools, how much, and whether anything may be written. It serves an agent
//!   over a stream or over stdin and stdout.
//! - [`McpHttpService`] is the same over streamable HTTP.
//! - [`Caller`] says on whose behalf an agent works. It comes from the transport's authentication; no argument
//!   of a tool has a say in it.
//! - [`Limits`] bounds what is taken and shown.
//!
//! # What agents get
//!
//! For each resource type tools that create, get, replace, patch, delete and list its resources, and for each of its
//! lists of links (the members of a group) tools that add and remove; beyond that tools that search, do several changes in one
//! call, and describe the schemas and the server. Resources are also MCP resources, such as `scim://User/2819c223`, and three prompts
//! describe how to work without overwriting.
//!
//! - Every read has the version with it, bare. To replace or delete, an agent has to name the version it has seen
//!   (`expected_version`); to patch it may.
//! - An argument of the wrong type, out of its bounds or unknown refuses the call. None is passed over.
//! - What goes wrong is a result that says so: `{"error": {"kind", "message", "next_step", …}}`. A conflict has the
//!   version that was expected, the current one, and what the resource says now.
//!
//! # Logging
//!
//! One event for each call at `debug` (request id, tenant, subject, tool, outcome), one at `error` for each
//! fault. The library for the protocol, `rmcp`, logs whole messages, secrets and personal values among them: silence
//! its target (`rmcp`) where logs are kept.
//!
//! # What isn't inside
//!
//! Authentication, and SCIM over HTTP. The crate below is re-exported as [`ops`], and what is below that as
//! [`provider`]. There are no features.

mod arguments;
mod call;
mod caller;
mod config;
mod connection;
mod failure;
mod http_service;
mod limits;
mod names;
mod prompts;
mod resources;
mod schema;
mod serve;
mod server;
mod tools;
mod uri;

pub use caller::Caller;
pub use http_service::McpHttpService;
pub use limits::Limits;
pub use scim_ops as ops;
pub use scim_ops::provider;
pub use serve::ServeError;
pub use server::{McpServer, UnknownTool};
