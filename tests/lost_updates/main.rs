//! No update is lost, no name is taken twice, nothing deleted comes back, and no write is done by
//! half, through any layer.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod counters;
mod dropped;
mod winners;
