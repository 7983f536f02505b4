//! Requests that nobody means well with, over a socket, to a `scimd` that runs as a process of its
//! own: each is answered with a 4xx, in SCIM's form where it reaches the service, or with the right
//! answer; then the server still serves, and its memory has stayed within a bound.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bodies;
mod bulks;
mod connections;
mod filters;
mod names;
mod patches;
mod tags;
mod victim;
