//! Updates that meet rivals: strategies, attempts, and what is counted of it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod attempts;
mod contention;
mod metrics;
mod recorder;
#[path = "../rival/mod.rs"]
mod rival;
mod scene;
mod stale;
mod strategies;
