//! Lists of the standard provider: filtered, sorted, page by page.

mod bounds;
mod cursors;
mod derived;
mod filters;
mod search;
mod steps;
mod support;
mod views;
