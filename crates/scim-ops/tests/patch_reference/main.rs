//! PATCH beside a plain evaluator that was written apart from it, on random resources and
//! operations, and the laws that hold for both.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod generate;
mod laws;
mod message;
mod model;
mod reference;
