//! SCIM operations over any provider, with one write path that never loses an update.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use scim_ops::provider::{InMemoryProvider, RequestContext};
//! use scim_ops::{ScimOperationHandler, ScimOperationRequest};
//! use serde_json::json;
//!
//! let handler = ScimOperationHandler::new(InMemoryProvider::default());
//! let context = RequestContext::with_generated_id();
//!
//! let create = ScimOperationRequest::create("User", json!({ "userName": "bjensen" }), context.clone());
//! let created = handler.handle_operation(create).await?;
//! let user = created.resource().ok_or("a create answers with the resource")?;
//! let (id, version) = (user.resource().id().ok_or("it has an id")?, user.version());
//!
//! let data = json!({ "userName": "bjensen", "displayName": "Babs" });
//! let update = ScimOperationRequest::update("User", id, data, context.clone())
//!     .with_expected_version(version.clone());
//! handler.handle_operation(update.clone()).await?;
//!
//! // The same request again names a version that has been replaced.
//! let error = handler.handle_operation(update).await.unwrap_err();
//! let conflict = error.version_conflict().ok_or("the version is stale")?;
//! assert_ne!(&conflict.current, version);
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
//!      ▶ scim-ops                   │            operations, and the one path that every write takes
//!            │                   scim-sql        stores that last: SQLite, PostgreSQL, MySQL, MariaDB
//!            ├──────────────────────┘
//!        scim-provider                           resources, schemas, stores; contracts and their test kit
//!            │
//!        scim-version                            versions, entity tags, preconditions
//! ```
//!
//! Take this one to carry out SCIM without being an HTTP server: in a job, behind a queue, under a protocol of your own. [`scim-http`](https://docs.rs/scim-http) makes
//! requests and responses of its operations, [`scim-mcp`](https://docs.rs/scim-mcp) tools.
//!
//! # The map
//!
//! - [`ScimOperationHandler`] carries out a [`ScimOperationRequest`] and answers with a
//!   [`ScimOperationResponse`] or an [`OpError`].
//! - [`Preconditions`] decide, by RFC 9110 §13.2.2, whether a request proceeds against
//!   the current version.
//! - [`Patch`] is a PATCH, read once and applied as often as rivals come between.
//! - [`Discovery`] holds what a service provider says about itself, by its
//!   [`ServiceProviderConfig`].
//! - [`RetryPolicy`] bounds how often a write that named no version meets its rivals again.
//! - [`merge`] makes one resource of two changes, by [`MergeRules`].
//! - [`update_with_retry`] reads, changes and writes until no rival comes between, by an
//!   [`UpdatePolicy`].
//! - [`ConflictMetrics`] counts how often writers get in each other's way, and where.
//!
//! # The write path
//!
//! Every write of every kind reads the current version, judges the preconditions, and has
//! the provider compare and write in one step. If a rival came between, a write that named
//! nothing (or `*`, or a list that names the newer version too) goes round again, within
//! bounds and with jitter; any other is answered with a conflict. A provider that can't compare
//! and write in one step is wrapped in a
//! [`LockingProvider`](provider::LockingProvider).
//!
//! # What isn't inside
//!
//! HTTP: no status codes, no headers. The crates below are re-exported as [`provider`] and [`version`]. There are no features.

mod bulk;
mod contention;
mod discovery;
mod error;
mod handler;
mod merge;
mod patch;
mod preconditions;
mod request;
mod response;
mod retry;
mod update;

pub use bulk::{
    AtomicBulkError, BulkAction, BulkOperation, BulkOutcome, BulkRequest, BulkResult,
    RepeatedBulkId,
};
pub use contention::{ConflictMetrics, ContendedResource};
pub use discovery::{
    AuthenticationScheme, AuthenticationSchemeType, BulkLimits, Discovery, Document, Pagination,
    ServiceProviderConfig,
};
pub use error::{ErrorKind, OpError, StaleMerge};
pub use handler::ScimOperationHandler;
pub use merge::{
    MergeConflict, MergeConflicts, MergeRule, MergeRules, Resolution, Resolve, ThreeWay,
    UnknownAttribute, merge,
};
pub use patch::{Patch, PatchError, PatchErrorKind, PatchProblem, PatchRules};
pub use preconditions::{Access, Judgement, Preconditions};
pub use request::{Operation, ScimOperationRequest};
pub use response::{Outcome, ScimOperationResponse};
pub use retry::{Clock, RetryPolicy, Sleep, Sleeper, TokioTime};
pub use scim_provider as provider;
pub use scim_provider::version;
pub use update::{
    BoxError, ConflictError, ConflictErrorKind, ConflictStrategy, UpdatePolicy, UpdateTarget,
    Updated, update_with_retry,
};
