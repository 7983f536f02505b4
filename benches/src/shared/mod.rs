//! What both sides of the comparison with scim-server share: this library has it as a module, and the package in
//! `reference/`, which can't depend on this one, by path. Standard library, `serde_json` and `tokio` only.

pub mod comparison;
pub mod document;
pub mod resident;
pub mod stopwatch;
