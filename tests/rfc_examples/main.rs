//! The examples of RFC 7644 §3 and RFC 7643 §8, as they are printed: each test carries the number
//! of its section, sends the request and compares the answer's status, header and shape.
//!
//! Ids and entity tags stand for those that the server chose, what the RFCs leave out (`...`) is
//! filled in. Where an example is no JSON, breaks the grammar or contradicts the text, the test
//! says what was changed; the table of errata in `docs/conformance.md` has them all.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bulk;
mod bulk_results;
mod creating;
mod cursors;
mod discovery;
mod errors;
mod filters;
mod message;
mod patch_add;
mod patch_remove;
mod patch_replace;
mod queries;
mod replacing;
mod representations;
mod retrieving;
mod scene;
mod schemas;
mod shape;
