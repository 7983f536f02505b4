//! Processes and folders that are gone when the tests are: with the value that stands for them,
//! and with the test process, also when that is killed.
//!
//! A value in a `static` is never dropped, and a killed process drops nothing. So a shell of its own
//! reads a pipe that ends with the test process, and clears up then. (The kernel's own means, the
//! parent-death signal, goes off with the thread that started the process, and tests are threads.)

mod daemon;
mod folder;
mod keeper;
mod output;
mod port;
mod strace;
mod until;
mod user;

pub(crate) use daemon::Daemon;
pub(crate) use folder::Folder;
pub(crate) use output::{output, output_of};
pub(crate) use port::free_port;
pub use strace::{SystemCalls, Unwatched};
pub use until::until;
pub(crate) use user::User;
