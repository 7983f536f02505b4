//! Every store keeps every promise of both suites of the test kit: that in memory is checked beside
//! its code, those in databases here.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::sync::Arc;
use std::time::Duration;

use scim_provider::testkit::{Config, conditional, storage};
use scim_provider::{PasswordHashing, StandardResourceProvider};
use scim_sql::{Options, SqlStorage};
use scim_tests::databases::{MariaDb, Postgres, Store, or_left_out};
use tokio::runtime::Runtime;

/// Each write waits for a disk.
fn config() -> Config {
    Config::default().with_rounds(6).with_increments(12)
}

async fn store(url: &str) -> SqlStorage {
    // A machine that does much else meanwhile is no reason to fail.
    let mut options = Options::default();
    options.connect_timeout = Duration::from_secs(120);
    options.statement_timeout = Duration::from_secs(120);
    let store = SqlStorage::connect(url, &options).unwrap();
    store.migrate().await.unwrap();
    store
}

fn passes(url: &str) {
    Runtime::new().unwrap().block_on(async {
        let result = storage::run_all(Arc::new(store(url).await), &config()).await;
        assert_eq!(result, Ok(()));
        let provider = StandardResourceProvider::new(store(url).await)
            .with_password_hashing(PasswordHashing::new(8, 1, 1).unwrap());
        let result = conditional::run_all(Arc::new(provider), &config()).await;
        assert_eq!(result, Ok(()));
    });
}

/// At each isolation level that a server may have as its default.
fn postgres_passes_at(level: &str) {
    if let Some(postgres) = or_left_out(Postgres::shared()) {
        passes(&postgres.database_with(&[("default_transaction_isolation", level)]));
    }
}

#[test]
fn sqlite_passes() {
    passes(Store::sqlite().url());
}

#[test]
fn postgresql_that_reads_what_is_committed_passes() {
    postgres_passes_at("read committed");
}

#[test]
fn postgresql_with_repeatable_reads_passes() {
    postgres_passes_at("repeatable read");
}

#[test]
fn postgresql_that_is_serializable_passes() {
    postgres_passes_at("serializable");
}

#[test]
fn mariadb_passes() {
    if let Some(mariadb) = or_left_out(MariaDb::shared()) {
        passes(&mariadb.database());
    }
}
