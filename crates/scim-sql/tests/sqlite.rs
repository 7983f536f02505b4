//! The store in a file keeps every promise of both suites.

#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use scim_provider::testkit::{Config, conditional, storage};
use scim_provider::{
    ConditionalProvider, PasswordHashing, ProviderErrorKind, RequestContext,
    StandardResourceProvider,
};
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

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_over_is_in_the_file_after_the_end_and_nothing_comes_after() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let provider = Arc::new(StandardResourceProvider::new(store.clone()));
    let create = |number: usize| {
        let provider = Arc::clone(&provider);
        async move {
            let user = serde_json::json!({ "userName": format!("user {number}") });
            let context = RequestContext::new("req");
            let created = provider.create_versioned_resource("User", user, &context);
            created.await.map_err(|error| error.kind())
        }
    };
    let creating: Vec<_> = (0..100)
        .map(|number| tokio::spawn(create(number)))
        .collect();
    tokio::join!(store.close(), store.close());
    let mut created = 0;
    for creating in creating {
        match creating.await.unwrap() {
            Ok(_) => created += 1,
            Err(kind) => assert_eq!(kind, ProviderErrorKind::Unavailable),
        }
    }
    store.close().await;
    assert_eq!(
        create(100).await.unwrap_err(),
        ProviderErrorKind::Unavailable
    );

    let copy = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("scim.db"), copy.path().join("scim.db")).unwrap();
    let provider = StandardResourceProvider::new(self::store(&copy).await);
    let context = RequestContext::new("req");
    let all = scim_provider::ListQuery::default().with_count(0);
    let page = scim_provider::ResourceProvider::list_resources(&provider, "User", &all, &context);
    assert_eq!(page.await.unwrap().total, created);
}
