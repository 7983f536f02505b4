use scim_tests::databases::{MariaDb, or_left_out};

#[test]
fn databases_are_apart_and_durable() {
    let Some(mariadb) = or_left_out(MariaDb::shared()) else {
        return;
    };
    let (one, other) = (mariadb.database(), mariadb.database());
    mariadb.sql(&one, "CREATE TABLE t (n integer)");
    mariadb.sql(&other, "CREATE TABLE t (n integer)");
    let shown = mariadb.sql(
        &one,
        "SELECT @@innodb_flush_log_at_trx_commit, @@innodb_doublewrite",
    );
    assert_eq!(shown, "1\t1\n");
}

#[test]
fn what_was_written_is_there_after_a_kill() {
    let settings = [("transaction-isolation", "SERIALIZABLE")];
    let Some(mariadb) = or_left_out(MariaDb::start_with(&settings)) else {
        return;
    };
    let url = mariadb.database();
    mariadb.sql(&url, "CREATE TABLE t (n integer)");
    for n in 1..=3 {
        mariadb.sql(&url, &format!("INSERT INTO t VALUES ({n})"));
        mariadb.kill();
        mariadb.restart();
        let read = mariadb.sql(&url, "SELECT max(n), @@tx_isolation FROM t");
        assert_eq!(read, format!("{n}\tSERIALIZABLE\n"));
    }
}
