//! What a provider can is found out, and what it can't is made up for.

use std::sync::Arc;

use scim_ops::ScimOperationHandler;
use scim_provider::testkit::{Config, conditional};
use scim_provider::{ConditionalProvider, InMemoryProvider, LockingProvider, ResourceProvider};
use scim_tests::PlainProvider;

#[test]
fn capability_is_detected_both_ways() {
    assert!(PlainProvider::new().as_conditional().is_none());
    assert!(InMemoryProvider::default().as_conditional().is_some());
    assert!(
        LockingProvider::new(PlainProvider::new())
            .as_conditional()
            .is_some()
    );

    assert!(!ScimOperationHandler::new(PlainProvider::new()).is_natively_conditional());
    assert!(ScimOperationHandler::new(InMemoryProvider::default()).is_natively_conditional());
}

#[test]
fn capability_is_detected_behind_pointers() {
    let plain: Arc<dyn ResourceProvider> = Arc::new(PlainProvider::new());
    assert!(plain.as_conditional().is_none());
    assert!(!ScimOperationHandler::new(plain).is_natively_conditional());

    let native: Arc<dyn ConditionalProvider> = Arc::new(InMemoryProvider::default());
    assert!(ScimOperationHandler::new(Arc::clone(&native)).is_natively_conditional());
    let upcast: Arc<dyn ResourceProvider> = native;
    assert!(ScimOperationHandler::new(upcast).is_natively_conditional());
}

/// All promises but that of versions that never come back depend on the lock alone; that one
/// depends on the provider's `lastModified`.
#[tokio::test(flavor = "multi_thread")]
async fn a_plain_provider_passes_the_conditional_suite_behind_the_lock() {
    let provider = Arc::new(LockingProvider::new(PlainProvider::new()));
    let config = Config::default().with_increments(50);
    assert_eq!(conditional::run_all(provider, &config).await, Ok(()));
}
