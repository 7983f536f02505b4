//! `kill -9` at random moments under write load: of `scimd` over SQLite, and of the database server
//! under a `scimd` that goes on. What was acknowledged is there afterwards, with its version; no bulk
//! is there by half; and names are taken exactly if somebody has them.
//!
//! `cargo test -p scim-tests --test killed -- --nocapture` prints what each run came to.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod books;
mod load;
mod report;
mod writer;

use scim_tests::Scimd;
use scim_tests::databases::{MariaDb, Postgres, Store, or_left_out};

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

/// How often something is killed.
const KILLS: usize = 20;

fn scimd(store: &str) -> Scimd {
    Scimd::start(SCIMD, &["--store", store, "--log-filter", "off"])
}

#[test]
fn scimd_over_sqlite() {
    let store = Store::sqlite();
    let scimd = scimd(store.url());
    let report = load::while_killed(&scimd, KILLS, || {
        scimd.kill();
        scimd.restart();
    });
    report.shows_no_loss("scimd over SQLite");
}

#[test]
fn the_server_of_postgresql() {
    if let Some(postgres) = or_left_out(Postgres::start()) {
        let scimd = scimd(&postgres.database());
        let report = load::while_killed(&scimd, KILLS, || {
            postgres.kill();
            postgres.restart();
        });
        report.shows_no_loss("PostgreSQL");
    }
}

#[test]
fn the_server_of_mariadb() {
    if let Some(mariadb) = or_left_out(MariaDb::start()) {
        let scimd = scimd(&mariadb.database());
        let report = load::while_killed(&scimd, KILLS, || {
            mariadb.kill();
            mariadb.restart();
        });
        report.shows_no_loss("MariaDB");
    }
}

/// What these tests are worth: a store that forgets is found out.
#[test]
fn what_is_kept_in_memory_is_lost() {
    let scimd = scimd("memory");
    let report = load::while_killed(&scimd, 2, || {
        scimd.kill();
        scimd.restart();
    });
    println!("scimd without a store: {report}");
    assert!(report.lost.len() > 10, "{report}");
}
