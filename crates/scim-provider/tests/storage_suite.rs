//! The store in memory keeps every promise of the storage suite.

use std::sync::Arc;

use scim_provider::testkit::{Config, Failure, storage};
use scim_provider::{InMemoryStorage, Storage};

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_memory_passes() -> Result<(), Failure> {
    storage::run_all(Arc::new(InMemoryStorage::new()), &Config::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_in_memory_passes_behind_a_shared_pointer() -> Result<(), Failure> {
    let shared: Arc<dyn Storage> = Arc::new(InMemoryStorage::new());
    let config = Config::default().with_rounds(5).with_increments(20);
    // An `Arc` of a store is a store, too; two suites share one store.
    let twice: Arc<dyn Storage> = Arc::new(Arc::clone(&shared));
    storage::run_all(twice, &config).await?;
    storage::run_all(shared, &config).await
}

#[tokio::test]
async fn a_single_threaded_runtime_is_refused() {
    let config = Config::default();
    let failure = storage::run_all(Arc::new(InMemoryStorage::new()), &config)
        .await
        .unwrap_err();
    assert_eq!(failure.check(), "runtime");
}
