//! Providers that can't compare and write in one step, and errors on their way up.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod capability;
mod counters;
mod errors;
