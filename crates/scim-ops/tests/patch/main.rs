//! PATCH as a pure function: what comes of a resource.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod extensions;
mod identity_providers;
mod lists;
mod refusals;
mod rfc;
mod single;
mod support;
