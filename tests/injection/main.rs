//! Texts that mean something to databases, to their escapes, patterns and collations, in every
//! place that a client controls, on every store: they come back unchanged, find what they should
//! and nothing else, and every store answers as the one in memory does.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bulks;
mod groups;
mod lists;
mod names;
mod patches;
mod scene;
mod tenants;
mod texts;
mod users;
