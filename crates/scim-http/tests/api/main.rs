//! The service through its public API, without a socket.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bulk;
mod collections;
mod discovery;
mod hostile;
mod identity;
mod lists;
mod locations;
mod me;
mod merge;
mod negotiation;
#[cfg(feature = "openapi")]
mod openapi;
mod patch;
mod preconditions;
mod prefer;
mod projections;
mod providers;
mod search;
mod single;
mod support;
#[cfg(feature = "tower")]
mod tower;
