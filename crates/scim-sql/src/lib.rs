//! Stores for versioned SCIM 2.0 resources that last: SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! ```
//! # #[cfg(feature = "sqlite")]
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use scim_provider::{RequestContext, ResourceProvider, StandardResourceProvider};
//! use scim_sql::{Options, SqlStorage};
//! use serde_json::json;
//!
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite:{}", folder.path().join("scim.db").display());
//! let storage = SqlStorage::connect(&url, &Options::default())?;
//! storage.migrate().await?;
//!
//! let provider = StandardResourceProvider::new(storage);
//! let context = RequestContext::with_generated_id();
//! let user = json!({ "userName": "bjensen" });
//! let created = provider.create_resource("User", user, &context).await?;
//! let id = created.id().ok_or("a stored resource has an id")?;
//! let read = provider.get_resource("User", id, &context).await?;
//! assert_eq!(read, Some(created));
//! # Ok(()) }
//! # #[cfg(not(feature = "sqlite"))] fn main() {}
//! ```
//!
//! # The layers
//!
//! ```text
//!     scim-axum       scimd                      handlers of axum; the server
//!         │    ┌────────┼───────────┐
//!         └──┬─┘        │           │
//!        scim-http      │           │            http::Request → http::Response, conditional requests
//!            │       scim-mcp       │            tools for AI agents
//!            ├──────────┘           │
//!        scim-ops                   │            operations, and the one path that every write takes
//!            │                 ▶ scim-sql        stores that last: SQLite, PostgreSQL, MySQL, MariaDB
//!            ├──────────────────────┘
//!        scim-provider                           resources, schemas, stores; contracts and their test kit
//!            │
//!        scim-version                            versions, entity tags, preconditions
//! ```
//!
//! This one hangs off [`scim_provider`] alone: it keeps octets, and [`StandardResourceProvider`](scim_provider::StandardResourceProvider)
//! makes SCIM of them.
//!
//! # The map
//!
//! - [`SqlStorage`] is the store that a URL names; there is a type for each database, too.
//! - [`Options`] say how long to wait, how many connections to open, and what has to happen before a write is
//!   acknowledged ([`Durability`]).
//! - `migrate` makes the tables and brings them up to date; [`MigrationError`] says why not.
//! - [`copy()`] moves everything from one database to another, with its versions, and compares.
//!
//! Each keeps the contract of [`Storage`](scim_provider::Storage), whatever the number of processes
//! over one database, and gives the same answers to the octet.
//!
//! # What isn't inside
//!
//! Rules of SCIM: names, types, uniqueness without case and what counts as the same are decided above.
//!
//! # Features
//!
//! | Feature | Enables |
//! |---|---|
//! | `sqlite` (default) | `SqliteStorage`: one file, SQLite compiled in |
//! | `postgres` | `PostgresStorage` |
//! | `mysql` | `MySqlStorage`: MySQL, MariaDB, Galera clusters |
//!
//! With none of them there is no store.

mod any;
mod commit;
mod connector;
mod copy;
mod dialect;
mod error;
mod fault;
mod key;
mod migrations;
#[cfg(feature = "mysql")]
mod mysql;
mod options;
mod outage;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod read;
mod row;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
mod session;
#[cfg(feature = "sqlite")]
mod sqlite;
mod table;
mod undo;

pub use any::SqlStorage;
pub use copy::{Copied, CopyError, Progress, Stage, copy};
pub use error::{ConnectError, ConnectErrorKind};
pub use migrations::MigrationError;
#[cfg(feature = "mysql")]
pub use mysql::MySqlStorage;
pub use options::{Durability, Options};
#[cfg(feature = "postgres")]
pub use postgres::PostgresStorage;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStorage;
