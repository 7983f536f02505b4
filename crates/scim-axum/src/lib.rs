//! Conditional requests and SCIM errors in handlers of axum.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::{Arc, Mutex, PoisonError};
//!
//! use axum::extract::State;
//! use axum::routing::get;
//! use axum::{Json, Router};
//! use scim_axum::version::ScimVersion;
//! use scim_axum::{Conditional, Refusal, Versioned};
//!
//! /// A text and the number of its revision.
//! type Note = Arc<Mutex<(String, u64)>>;
//!
//! async fn read(
//!     State(note): State<Note>,
//!     Conditional(request): Conditional,
//! ) -> Result<Versioned<String>, Refusal> {
//!     let (text, revision) = note.lock().unwrap_or_else(PoisonError::into_inner).clone();
//!     let found = (text, ScimVersion::from_revision(revision));
//!     Ok(request.check(Some(found))?.into())
//! }
//!
//! async fn replace(
//!     State(note): State<Note>,
//!     Conditional(request): Conditional,
//!     text: String,
//! ) -> Result<Versioned<String>, Refusal> {
//!     // One lock over comparison and write.
//!     let mut note = note.lock().unwrap_or_else(PoisonError::into_inner);
//!     let version = ScimVersion::from_revision(note.1);
//!     request.requiring_version().check(Some(((), version)))?;
//!     *note = (text.clone(), note.1 + 1);
//!     Ok(Versioned(text, ScimVersion::from_revision(note.1)))
//! }
//!
//! let note = Note::new(Mutex::new(("call Babs".into(), 1)));
//! let app: Router = Router::new().route("/note", get(read).put(replace)).with_state(note);
//! # use axum::body::Body;
//! # use axum::http::{Request, StatusCode, header};
//! # use tower::ServiceExt;
//! # let put = |tag: &str| Request::put("/note").header(header::IF_MATCH, tag).body(Body::from("call Barbara"));
//! # let answer = app.clone().oneshot(put("W/\"1\"")?).await?;
//! # assert_eq!((answer.status(), &answer.headers()[header::ETAG]), (StatusCode::OK, &"W/\"2\"".parse()?));
//! # let answer = app.oneshot(put("W/\"1\"")?).await?;
//! # assert_eq!((answer.status(), &answer.headers()[header::ETAG]), (StatusCode::PRECONDITION_FAILED, &"W/\"2\"".parse()?));
//! # Ok(()) }
//! ```
//!
//! # The layers
//!
//! ```text
//!   ▶ scim-axum       scimd                      handlers of axum; the server
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
//! What this crate does with the types of axum, [`scim-http`](scim_http) does with those of the `http` crate, for every framework.
//!
//! # The map
//!
//! | to | see |
//! |---|---|
//! | read `If-Match` and `If-None-Match`, and judge them | [`Conditional`] |
//! | answer with an `ETag` | [`Versioned`] |
//! | answer with what a provider says | [`Outcome`] |
//! | refuse: 304, 400, 404, 412, 428, and every error of an operation | [`Refusal`] |
//!
//! # SCIM itself
//!
//! [`ScimService`](http::ScimService) needs nothing of this crate: with its feature `tower`, which
//! this crate turns on, axum mounts it as it is.
//!
//! ```
//! use axum::Router;
//! use scim_axum::http::{BasePath, ScimService};
//! use scim_axum::http::ops::ScimOperationHandler;
//! use scim_axum::http::provider::InMemoryProvider;
//!
//! let scim = ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()))
//!     .with_base_path(BasePath::parse("/scim/v2")?);
//! let app: Router = Router::new().route_service("/scim/v2/{*rest}", scim);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What isn't inside
//!
//! A server, and rules of SCIM. The crate below is re-exported as [`http`], what it re-exports as [`version`]. There are no features.

mod conditional;
mod outcome;
mod refusal;
mod versioned;

pub use conditional::Conditional;
pub use outcome::Outcome;
pub use refusal::Refusal;
pub use scim_http as http;
pub use scim_http::version;
pub use versioned::Versioned;
