//! A write is on the disk before it is answered. A killed process shows nothing of that, since the
//! system keeps what it was given: so the system calls of one write are looked at, and the settings
//! of the servers.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod calls;

use http::Method;
use scim_tests::databases::{MariaDb, Postgres, Store, or_left_out};
use scim_tests::{Scimd, SystemCalls};
use serde_json::json;

use calls::Calls;

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

/// The calls of `scimd` and of `servers` from before a PUT until after its answer; nothing where
/// they can't be watched. Which they are is asked when `scimd` has the connection that it writes by.
fn of_one_write(scimd: &Scimd, servers: impl FnOnce() -> Vec<u32>) -> Option<Calls> {
    let client = scimd.client();
    let user = json!({ "userName": "bjensen" });
    let created = client.send_json(Method::POST, "/Users", &[], &user);
    assert_eq!(created.status, 201, "{created:?}");
    let location = created.header("location").unwrap();

    let processes = [&[scimd.process_id()], &servers()[..]].concat();
    let names = [
        "write",
        "writev",
        "pwrite64",
        "pwritev",
        "sendto",
        "sendmsg",
        "fsync",
        "fdatasync",
    ];
    let watched = or_left_out(SystemCalls::watch(&processes, &names))?;
    let user = json!({ "userName": "bjensen", "displayName": "Babs" });
    let changed = client.send_json(Method::PUT, location, &[], &user);
    let calls = watched.stop();
    assert_eq!(changed.status, 200, "{changed:?}");
    Some(Calls::parse(&calls))
}

#[test]
fn sqlite_syncs_its_log_before_the_answer() {
    let store = Store::sqlite();
    let scimd = Scimd::start(SCIMD, &["--store", store.url()]);
    if let Some(calls) = of_one_write(&scimd, Vec::new) {
        assert!(
            calls.show_a_sync_before_the_answer("scimd.db-wal"),
            "{calls:#?}"
        );
    }
}

#[test]
fn postgresql_syncs_its_log_before_the_answer() {
    let Some(postgres) = or_left_out(Postgres::start()) else {
        return;
    };
    let database = postgres.database();
    let scimd = Scimd::start(SCIMD, &["--store", &database]);
    // Each connection has a process of its own.
    let processes = || {
        let backends = postgres.sql(
            &database,
            "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
        );
        let backends = backends.lines().map(|pid| pid.parse().unwrap());
        backends.chain([postgres.process_id()]).collect()
    };
    if let Some(calls) = of_one_write(&scimd, processes) {
        assert!(
            calls.show_a_sync_before_the_answer("/pg_wal/"),
            "{calls:#?}"
        );
    }
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        assert_eq!(postgres.sql(&database, &format!("SHOW {setting}")), "on\n");
    }
}

#[test]
fn mariadb_syncs_its_log_before_the_answer() {
    let Some(mariadb) = or_left_out(MariaDb::start()) else {
        return;
    };
    let database = mariadb.database();
    let scimd = Scimd::start(SCIMD, &["--store", &database]);
    if let Some(calls) = of_one_write(&scimd, || vec![mariadb.process_id()]) {
        assert!(
            calls.show_a_sync_before_the_answer("/ib_logfile0"),
            "{calls:#?}"
        );
    }
    let settings = "SELECT @@innodb_flush_log_at_trx_commit, @@innodb_doublewrite";
    assert_eq!(mariadb.sql(&database, settings), "1\t1\n");
}

/// What these tests are worth: a store that syncs later is found out.
#[test]
fn sqlite_that_syncs_later_is_found_out() {
    let store = Store::sqlite();
    let args = ["--store", store.url(), "--durability", "relaxed"];
    let scimd = Scimd::start(SCIMD, &args);
    if let Some(calls) = of_one_write(&scimd, Vec::new) {
        assert!(
            !calls.show_a_sync_before_the_answer("scimd.db-wal"),
            "{calls:#?}"
        );
    }
}
