//! The HTTP table of the design, row by row, over a socket. After each write that was refused the
//! resource is read again, and is what it was.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod answers;
mod creation;
mod if_match;
mod if_none_match;
mod raw;
mod refusals;
mod scene;
