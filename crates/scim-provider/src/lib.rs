//! Resources, the stores that keep them, and the providers that make them SCIM.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use scim_provider::version::ConditionalResult;
//! use scim_provider::{ConditionalProvider, InMemoryProvider, RequestContext};
//! use serde_json::json;
//!
//! let provider = InMemoryProvider::default();
//! let context = RequestContext::with_generated_id();
//!
//! let data = json!({ "userName": "bjensen" });
//! let user = provider.create_versioned_resource("User", data, &context).await?;
//! let id = user.resource().id().ok_or("a created user has an id")?;
//!
//! let data = json!({ "userName": "bjensen", "displayName": "Babs" });
//! match provider.conditional_update("User", id, data, user.version(), &context).await? {
//!     ConditionalResult::Success(updated) => assert_ne!(updated.version(), user.version()),
//!     ConditionalResult::VersionMismatch(conflict) => println!("{conflict}"),
//!     ConditionalResult::NotFound => println!("deleted meanwhile"),
//! }
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
//!            │       scim-mcp       │            tools for AI agents
//!            ├──────────┘           │
//!        scim-ops                   │            operations, and the one path that every write takes
//!            │                   scim-sql        stores that last: SQLite, PostgreSQL, MySQL, MariaDB
//!            ├──────────────────────┘
//!      ▶ scim-provider                           resources, schemas, stores; contracts and their test kit
//!            │
//!        scim-version                            versions, entity tags, preconditions
//! ```
//!
//! Take this one for resources in memory, and for a provider or a store of your own. [`scim-sql`](https://docs.rs/scim-sql) has stores that
//! last, [`scim-ops`](https://docs.rs/scim-ops) carries out operations over any provider.
//!
//! # The map
//!
//! - [`Resource`] is a SCIM resource, [`VersionedResource`] one with its version, and
//!   [`RequestContext`] says who asks.
//! - [`ConditionalProvider`] is what the layers above write through, and what an application
//!   implements over tables of its own. [`ResourceProvider`] is the part without versions;
//!   [`LockingProvider`] makes a conditional one of any.
//! - [`PartialProvider`] reads and writes a part of a large resource, [`AtomicProvider`] makes
//!   several writes one, [`SearchProvider`] lists several types as one, [`RetainingProvider`] has
//!   former versions: what a provider may be able to do beyond that.
//! - [`ListQuery`] says which resources are wanted, in what order and from where on; see
//!   [`filter`] for its language.
//! - [`Storage`] is what a new back end implements: see [`storage`].
//! - [`StandardResourceProvider`] is SCIM over any [`Storage`], by the rules of [`schema`];
//!   [`InMemoryProvider`] is that over [`InMemoryStorage`].
//! - `testkit` checks the promises of your own providers and stores.
//!
//! # Which one to implement
//!
//! You have | implement | you get
//! ---|---|---
//! nothing yet | nothing: [`StandardResourceProvider`] over `scim-sql` | ids, `meta`, versions, validation, uniqueness
//! a database without tables for this yet | [`Storage`] | the same
//! users in tables of your own | [`ConditionalProvider`] | the layers above
//! an existing provider without versions | nothing: [`LockingProvider`] | promises within one process
//!
//! # What isn't inside
//!
//! Operations with retry ([`scim-ops`](https://docs.rs/scim-ops)), HTTP ([`scim-http`](https://docs.rs/scim-http)). The crate below is
//! re-exported as [`version`].
//!
//! # Features
//!
//! Feature | Enables
//! ---|---
//! `testkit` | the module of that name

pub use scim_version as version;

mod atomic;
mod context;
mod error;
pub mod filter;
mod list;
mod location;
mod locking;
mod memory;
mod partial;
mod provider;
mod resource;
mod retaining;
mod rfc3339;
pub mod schema;
mod search;
mod standard;
pub mod storage;
#[cfg(feature = "testkit")]
pub mod testkit;
mod timestamp;
mod unique;
mod versioned;
mod view;

pub use atomic::{AtomicProvider, Transaction};
pub use context::{RequestContext, Scope, TenantId, TenantIdError};
pub use error::{ProviderError, ProviderErrorKind};
pub use list::{Cursor, CursorError, ListQuery, ListStart, Page, SortOrder};
pub use location::location;
pub use locking::LockingProvider;
pub use memory::InMemoryStorage;
pub use partial::PartialProvider;
pub use provider::{ConditionalProvider, ResourceProvider, ResourceProviderExt};
pub use resource::{Meta, Resource, ResourceError, ResourceErrorKind};
pub use retaining::RetainingProvider;
pub use search::SearchProvider;
pub use standard::{
    InMemoryProvider, PasswordHashing, PasswordHashingError, StandardResourceProvider,
    UnknownTargets,
};
pub use storage::Storage;
pub use timestamp::{Clock, ManualClock, SystemClock, Timestamp, TimestampError};
pub use versioned::VersionedResource;
pub use view::View;
