//! Lists of the standard provider: filtered, sorted, page by page.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod bounds;
mod cursors;
mod derived;
mod filters;
mod search;
mod steps;
mod support;
mod views;
