//! What holds for all merges, tried on random resources; that merges which are wrong are found
//! out; and merges that somebody would want to look at.

#![expect(
    clippy::unwrap_used,
    reason = "what is generated here has the shape that is asked for"
)]

mod claims;
mod conflicts;
mod edits;
mod generate;
mod laws;
mod lists;
mod mutants;
mod rules;
mod single;
mod support;
