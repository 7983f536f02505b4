//! Measurements behind `docs/performance.md`.
//!
//! Each program answers one question in one run and prints the ratio to what it is measured against:
//!
//! | command | question |
//! |---|---|
//! | `cargo bench -p scim-benches` | how long does each step take? |
//! | `cargo run --release -p scim-benches --bin own` | what do versions and conditions cost, beside the bare step? |
//! | `cargo run --release -p scim-benches --bin instructions` | does the work grow with the number of resources? (needs valgrind) |
//! | `cargo run --release -p scim-benches --bin members` | what does one member more cost a group of 100,000? (needs valgrind) |
//! | `cargo run --release -p scim-benches --bin members_http` | and over HTTP? |
//! | `cargo run --release -p scim-benches --bin compare` | how does scim-server 0.5.3 do the same? |
//! | `cargo run --release -p scim-benches --bin http` | what does `scimd` add to bare axum? (needs wrk) |
//! | `cargo run --release -p scim-benches --bin sql` | and the stores in databases? (needs PostgreSQL, MariaDB, strace) |

pub mod callgrind;
pub mod children;
pub mod connection;
pub mod ours;
pub mod report;
pub mod shared;
pub mod wrk;

pub use shared::{document, resident, stopwatch};
