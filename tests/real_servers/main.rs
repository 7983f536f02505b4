//! The servers that other tests start: they take connections, lose nothing when they are killed,
//! come back where they were, and are gone with the test process.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod end_of_the_tests;
mod galera;
mod mariadb;
mod postgres;
mod scimd;
