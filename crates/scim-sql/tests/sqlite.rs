//! The store in a file keeps every promise of both suites.

#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::sync::Arc;
use std::time::Duration;

use scim_provider::testkit::{Config, conditional, storage};
use scim_provider::{PasswordHashing, StandardResourceProvider};
use scim_sql::{Options, SqliteStorage};
use tempfile::TempDir;

async fn store(folder: &TempDir) -> SqliteStorage {
    // A machine that does much else meanwhile is no reason to fail.
    let mut options = Options::default();
    options.connect_timeout = Duration::from_secs(120);
    options.statement_timeout = Duration::from_secs(120);
    let store = SqliteStorage::open(folder.path().join("scim.db"), &options).unwrap();
    store.migrate().await.unwrap();
    store
}

/// Each write waits for the disk.
fn config() -> Config {
    Config::default().with_rounds(20).with_increments(50)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_passes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(store(&folder).await);
    assert_eq!(storage::run_all(store, &config()).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_over_it_passes() {
    let folder = tempfile::tempdir().unwrap();
    let provider = StandardResourceProvider::new(store(&folder).await)
        .with_password_hashing(PasswordHashing::new(8, 1, 1).unwrap());
    let suite = conditional::run_all(Arc::new(provider), &config()).await;
    assert_eq!(suite, Ok(()));
}
