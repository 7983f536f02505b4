//! What the tests that cross crates share, and the Markdown pages, whose code is
//! compiled and run as doctests of this crate.

mod client;
pub mod databases;
mod gate;
mod outcome;
mod plain;
mod polls;
mod processes;
mod scimd;
mod server;
mod suspending;

pub use client::{Answer, Client};
pub use gate::{race, rounds};
pub use outcome::Outcome;
pub use plain::PlainProvider;
pub use polls::dropped_after;
pub use processes::{SystemCalls, Unwatched, until};
pub use scimd::Scimd;
pub use server::Server;
pub use suspending::Suspending;

/// The front page.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub mod readme {}

/// The map.
#[cfg(doctest)]
#[doc = include_str!("../docs/architecture.md")]
pub mod architecture {}

/// What becomes of two writers at one resource.
#[cfg(doctest)]
#[doc = include_str!("../docs/conflicts.md")]
pub mod conflicts {}

/// What the RFCs ask for, and where it is done.
#[cfg(doctest)]
#[doc = include_str!("../docs/conformance.md")]
pub mod conformance {}

/// Which crate to take.
#[cfg(doctest)]
#[doc = include_str!("../docs/crates.md")]
pub mod crates {}

/// The decisions.
#[cfg(doctest)]
#[doc = include_str!("../docs/design.md")]
pub mod design {}

/// A service of one's own.
#[cfg(doctest)]
#[doc = include_str!("../docs/axum-service.md")]
pub mod axum_service {}

/// In axum, hyper, warp and actix-web.
#[cfg(doctest)]
#[doc = include_str!("../docs/frameworks.md")]
pub mod frameworks {}

/// From checks written by hand.
#[cfg(doctest)]
#[doc = include_str!("../docs/hand-written-checks.md")]
pub mod hand_written_checks {}

/// Providers, stores and handlers of one's own.
#[cfg(doctest)]
#[doc = include_str!("../docs/implementation.md")]
pub mod implementation {}

/// AI agents.
#[cfg(doctest)]
#[doc = include_str!("../docs/mcp.md")]
pub mod mcp {}

/// What is served, in OpenAPI 3.1.
#[cfg(doctest)]
#[doc = include_str!("../docs/openapi.md")]
pub mod openapi {}

/// From the documents' names and from scim-server 0.5.
#[cfg(doctest)]
#[doc = include_str!("../docs/migration.md")]
pub mod migration {}

/// Running the server.
#[cfg(doctest)]
#[doc = include_str!("../docs/operating.md")]
pub mod operating {}

/// What versioned SCIM is.
#[cfg(doctest)]
#[doc = include_str!("../docs/overview.md")]
pub mod overview {}

/// The figures.
#[cfg(doctest)]
#[doc = include_str!("../docs/performance.md")]
pub mod performance {}

/// What may change with which release.
#[cfg(doctest)]
#[doc = include_str!("../docs/policy.md")]
pub mod policy {}

/// Where resources are kept.
#[cfg(doctest)]
#[doc = include_str!("../docs/stores.md")]
pub mod stores {}
