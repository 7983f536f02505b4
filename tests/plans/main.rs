//! No operation but a count of everything looks at more rows than it is about, with 100,000 users, and
//! that count at no documents.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod operations;

use std::fs;

use operations::{NAMES, run};
use scim_provider::storage::{LinkSelection, ModifiedRange, Query, Selection};
use scim_provider::{Scope, Storage};
use scim_sql::{Options, SqlStorage};
use scim_tests::databases::{MariaDb, Postgres, or_left_out};
use tokio::runtime::Runtime;

/// A user for each number `n` of the table `series`, with its keys and a former version, all of them
/// members of one of a hundred groups; as many tenants that something was kept for. `text` makes
/// octets of a text.
fn filling(series: &str, text: fn(&str) -> String) -> String {
    let users = format!("FROM {series}");
    let id = text("concat('user-', n)");
    let group = text("concat('group-', n % 100)");
    let literal = |word: &str| text(&format!("'{word}'"));
    let (user, groups) = (literal("User"), literal("Group"));
    let empty = literal("");
    let document = text("concat('{\"userName\":\"u', n, '\"}')");
    let mut statements = vec![
        format!(
            "INSERT INTO scim_records \
             (scope, resource_type, id, version, created, modified, keys_digest, document) \
             SELECT {empty}, {user}, {id}, {}, 0, n, {}, {document} {users}",
            text("concat('v', n)"),
            literal("d"),
        ),
        format!(
            "INSERT INTO scim_records \
             (scope, resource_type, id, version, created, modified, keys_digest, document) \
             SELECT {empty}, {groups}, {group}, {}, 0, n, {}, {document} {users} WHERE n < 100",
            text("concat('v', n)"),
            literal("d"),
        ),
        format!(
            "INSERT INTO scim_unique_keys (scope, name, value, resource_type, id) \
             SELECT {empty}, {}, {}, {user}, {id} {users}",
            literal("User:userName"),
            text("concat('u', n)"),
        ),
        format!(
            "INSERT INTO scim_links \
             (scope, resource_type, id, attribute, target, reference, detail) \
             SELECT {empty}, {groups}, {group}, {}, {id}, {}, {} {users}",
            literal("members"),
            text("concat('Users/user-', n)"),
            literal("{}"),
        ),
    ];
    statements.push(format!(
        "INSERT INTO scim_formers (scope, resource_type, id, nth, turn, version, next_version, \
         created, modified, replaced, octets, document) \
         SELECT {empty}, {user}, {id}, 0, n, {}, {}, 0, 0, n, 100, {document} {users}",
        text("concat('f', n)"),
        text("concat('v', n)"),
    ));
    let tenant = text("concat('tenant-', n)");
    statements.push(format!(
        "INSERT INTO scim_former_totals (scope, octets, turns) SELECT {tenant}, 0, 0 {users}"
    ));
    statements.push(format!(
        "INSERT INTO scim_former_totals (scope, octets, turns) VALUES ({empty}, 10000000, 100000)"
    ));
    for attribute in ["externalId", "emails.value"] {
        statements.push(format!(
            "INSERT INTO scim_index_entries (scope, resource_type, attribute, value, id) \
             SELECT {empty}, {user}, {}, {}, {id} {users}",
            literal(attribute),
            text("concat('x', n)"),
        ));
    }
    statements.join(";\n")
}

async fn store(url: &str) -> SqlStorage {
    let store = SqlStorage::connect(url, &Options::default()).unwrap();
    store.migrate().await.unwrap();
    store
}

#[test]
fn postgresql_scans_no_table() {
    let settings = [
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
    ];
    let Some(postgres) = or_left_out(Postgres::start_with(&settings)) else {
        return;
    };
    let runtime = Runtime::new().unwrap();
    let url = postgres.database();
    let store = runtime.block_on(store(&url));
    let text = |text: &str| format!("convert_to({text}, 'UTF8')");
    postgres.sql(&url, &filling("generate_series(1, 100000) n", text));
    postgres.sql(&url, "VACUUM ANALYZE");
    let log = postgres.folder().join("log");
    let before = fs::read_to_string(&log).unwrap().len();
    for name in NAMES {
        // More often than it takes the server to settle for a plan that does for all parameters.
        for turn in 0..8 {
            runtime.block_on(run(&store, name, turn));
        }
    }
    let log = fs::read_to_string(&log).unwrap();
    let plans = &log[before..];
    assert!(plans.contains("Index"), "there are plans in the log");
    let scans: Vec<_> = plans
        .split("duration: ")
        .filter(|plan| plan.contains("Seq Scan on scim_"))
        .collect();
    assert!(scans.is_empty(), "{}", scans.join("\n"));
}

/// A new database with so many users, of which the server knows how many they are.
fn filled(mariadb: &MariaDb, runtime: &Runtime, users: usize) -> (String, SqlStorage) {
    let url = mariadb.database();
    let store = runtime.block_on(store(&url));
    let series = format!("(SELECT seq AS n FROM seq_1_to_{users}) s");
    let text = |text: &str| format!("CAST({text} AS BINARY)");
    mariadb.sql(&url, &filling(&series, text));
    let tables = "scim_records, scim_unique_keys, scim_index_entries, scim_links, scim_formers, \
                  scim_former_totals";
    mariadb.sql(&url, &format!("ANALYZE TABLE {tables}"));
    (url, store)
}

#[test]
fn mariadb_scans_no_table() {
    let Some(mariadb) = or_left_out(MariaDb::start()) else {
        return;
    };
    let runtime = Runtime::new().unwrap();
    let (url, store) = filled(&mariadb, &runtime, 100_000);
    // Rows that the server passed over, in whatever session.
    let passed = || -> u64 {
        let status = mariadb.sql(
            &url,
            "SELECT SUM(VARIABLE_VALUE) FROM information_schema.GLOBAL_STATUS \
             WHERE VARIABLE_NAME IN ('HANDLER_READ_NEXT', 'HANDLER_READ_RND_NEXT')",
        );
        let number = status.lines().last().unwrap().trim();
        number.split('.').next().unwrap().parse().unwrap()
    };
    for name in NAMES {
        let before = passed();
        runtime.block_on(run(&store, name, 0));
        let rows = passed() - before;
        // Looking at the counters costs some hundreds.
        assert!(rows < 5_000, "{name} passes over {rows} rows");
    }
}

#[test]
fn mariadb_counts_without_reading_documents() {
    let Some(mariadb) = or_left_out(MariaDb::start_with(&[("userstat", "1")])) else {
        return;
    };
    let runtime = Runtime::new().unwrap();
    let (url, store) = filled(&mariadb, &runtime, 2_000);
    let users = Query::new(Scope::Single, "User", 100).with_links(LinkSelection::None);
    let ever = Selection::Modified(ModifiedRange::new(None, None));
    for query in [users.clone(), users.selecting(ever)] {
        mariadb.sql(&url, "FLUSH INDEX_STATISTICS");
        let page = runtime.block_on(store.query(&query)).unwrap();
        assert_eq!(page.total, 2_000);
        let read = mariadb.sql(
            &url,
            "SELECT index_name FROM information_schema.index_statistics \
             WHERE table_name = 'scim_records' AND rows_read >= 1000",
        );
        assert_eq!(read.trim(), "scim_records_modified", "{query:?}");
    }
}
