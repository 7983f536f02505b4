//! PATCH over providers: what is written, and what becomes of rivals.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod answers;
mod part;
mod plain;
mod rivals;
mod rounds;
