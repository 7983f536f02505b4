use scim_tests::databases::{Postgres, or_left_out};

#[test]
fn databases_are_apart_and_durable() {
    let Some(postgres) = or_left_out(Postgres::shared()) else {
        return;
    };
    let (one, other) = (postgres.database(), postgres.database());
    postgres.sql(&one, "CREATE TABLE t (n integer)");
    postgres.sql(&other, "CREATE TABLE t (n integer)");
    let shown = postgres.sql(
        &one,
        "SHOW fsync; SHOW synchronous_commit; SHOW full_page_writes",
    );
    assert_eq!(shown, "on\non\non\n");
}

#[test]
fn a_database_has_settings_of_its_own() {
    let Some(postgres) = or_left_out(Postgres::shared()) else {
        return;
    };
    let isolation = "default_transaction_isolation";
    let strict = postgres.database_with(&[(isolation, "serializable")]);
    let show = format!("SHOW {isolation}");
    assert_eq!(postgres.sql(&strict, &show), "serializable\n");
    assert_eq!(
        postgres.sql(&postgres.database(), &show),
        "read committed\n"
    );
}

#[test]
fn what_was_written_is_there_after_a_kill() {
    let Some(postgres) = or_left_out(Postgres::start()) else {
        return;
    };
    let url = postgres.database();
    postgres.sql(&url, "CREATE TABLE t (n integer)");
    for n in 1..=3 {
        postgres.sql(&url, &format!("INSERT INTO t VALUES ({n})"));
        postgres.kill();
        postgres.restart();
        assert_eq!(postgres.sql(&url, "SELECT max(n) FROM t"), format!("{n}\n"));
    }
}
