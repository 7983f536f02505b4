//! Run with `cargo run --example etag_concurrency_example`.
//!
//! What happens when several clients write one resource? Each scenario lets them meet and
//! tells what came of it. Versions are printed as `v1`, `v2` … in the order in which they
//! replaced each other, with the first characters of the real one behind.
//!
//! Who wins differs from run to run. That somebody wins, that only one does, and that
//! nobody's change is lost does not; each scenario ends in an error if it ever did.

mod journal;
#[cfg(test)]
mod outcome;
mod scenarios;

use std::io::{self, Write};

use journal::Journal;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Plays all scenarios, one after the other.
async fn run(out: &mut (dyn Write + Send)) -> Result<(), Error> {
    let mut journal = Journal::new(out);
    scenarios::simultaneous::run(&mut journal).await?;
    scenarios::retry::run(&mut journal).await?;
    scenarios::mixed::run(&mut journal).await?;
    scenarios::bulk::run(&mut journal).await?;
    scenarios::life::run(&mut journal).await?;
    scenarios::tenants::run(&mut journal).await
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    run(&mut io::stdout()).await
}
