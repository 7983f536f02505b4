//! The promises of a store, as functions that its author calls in one line.
//!
//! ```
//! use std::sync::Arc;
//!
//! use scim_provider::InMemoryStorage;
//! use scim_provider::testkit::{Config, Failure, storage};
//!
//! #[tokio::main(flavor = "multi_thread")]
//! async fn main() -> Result<(), Failure> {
//!     let config = Config::default().with_rounds(2).with_increments(10);
//!     storage::run_all(Arc::new(InMemoryStorage::new()), &config).await
//! }
//! ```
//!
//! A suite makes its own tenants with random names, so that several can run over
//! one database at the same time, and it needs a multi-threaded runtime: on a
//! single thread most races can't happen, and a store that loses updates would
//! pass. The checks that race do so in two ways, because each finds what the
//! other misses: on operating system threads that start at the same moment,
//! which meet in stores that check and write in two steps; and as futures that
//! one task polls in turn, which meet wherever a store suspends between the two.
//!
//! New checks may be added with any release: this module is not covered by
//! semantic versioning.

pub mod conditional;
mod race;
mod report;
pub mod storage;

pub use report::{Config, Failure};
