//! Versions, entity tags and preconditions for SCIM 2.0 resources.
//!
//! ```
//! use scim_version::{ConditionalResult, Precondition, ScimVersion, VersionConflict};
//! use serde_json::json;
//!
//! // A server hands out the version of what it stores …
//! let mut user = json!({ "id": "2819c223", "userName": "bjensen" });
//! let read = ScimVersion::from_resource(&user).to_http_header(); // W/"…", the ETag
//!
//! // … somebody else changes it …
//! user["displayName"] = "Babs".into();
//! let current = ScimVersion::from_resource(&user);
//!
//! // … and a write that names what was read is refused, with everything the client needs to know.
//! let expected = Precondition::parse([&read])?;
//! let result = if expected.matches(&current) {
//!     ConditionalResult::Success(())
//! } else {
//!     VersionConflict::new("User", "2819c223", expected, current.clone()).into()
//! };
//! assert_eq!(result.into_conflict().map(|conflict| conflict.current), Some(current));
//! # Ok::<(), scim_version::VersionError>(())
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
//!        scim-provider                           resources, schemas, stores; contracts and their test kit
//!            │
//!      ▶ scim-version                            versions, entity tags, preconditions
//! ```
//!
//! Each knows nothing of those above it. This one is what a client, a handler or a store takes that has to compare versions and nothing
//! else; [`scim-provider`](https://docs.rs/scim-provider) has the resources that bear them.
//!
//! # The map
//!
//! | to | see |
//! |---|---|
//! | make, store and compare versions | [`ScimVersion`] |
//! | read or write one entity tag | [`ETag`] |
//! | read `If-Match` or `If-None-Match`, and judge it | [`Precondition`] |
//! | answer a conditional operation | [`ConditionalResult`], [`VersionConflict`] |
//! | know why a text was refused | [`VersionError`], [`VersionErrorKind`] |
//! | get one text for each JSON document | [`canonical_json`], [`write_canonical_json`] |
//!
//! A version is what a store keeps; an entity tag is what HTTP carries. They are two types, so that the one cannot be taken
//! for the other.
//!
//! # What isn't inside
//!
//! HTTP types and status codes, storage, schemas, anything async. This crate is plain values, and has no features.

mod canonical;
mod conditional;
mod conflict;
mod error;
mod etag;
mod precondition;
mod scalar;
mod scan;
mod sink;
mod version;

pub use canonical::{canonical_json, write_canonical_json};
pub use conditional::ConditionalResult;
pub use conflict::VersionConflict;
pub use error::{VersionError, VersionErrorKind};
pub use etag::ETag;
pub use precondition::Precondition;
pub use version::ScimVersion;
