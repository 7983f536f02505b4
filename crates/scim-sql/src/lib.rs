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
//! Each keeps the contract of [`Storage`](scim_provider::Storage), whatever the number of processes
//! over one database, and gives the same answers to the octet.
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
