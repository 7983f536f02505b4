//! The provider that ships keeps the promises of a provider.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::sync::Arc;

use scim_provider::testkit::conditional::Sample;
use scim_provider::testkit::{Config, conditional};
use scim_provider::{InMemoryProvider, LockingProvider, PasswordHashing};
use serde_json::json;

/// Hashes that cost nothing, since the suite is not about them.
fn provider() -> InMemoryProvider {
    InMemoryProvider::default().with_password_hashing(PasswordHashing::new(8, 1, 1).unwrap())
}

fn users_with_passwords() -> Sample {
    Sample::users().with_secret("password")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_in_memory_passes() {
    let provider = Arc::new(provider());
    let result =
        conditional::run_all_with(provider, &users_with_passwords(), &Config::default()).await;
    assert_eq!(result, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_in_memory_passes_with_a_password_in_every_write() {
    let provider = Arc::new(provider());
    let users = Sample::users().with_constant("password", json!("correct horse"));
    let config = Config::default().with_rounds(4).with_increments(20);
    let result = conditional::run_all_with(provider, &users, &config).await;
    assert_eq!(result, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrapped_provider_that_is_conditional_itself_passes() {
    let provider = Arc::new(LockingProvider::new(InMemoryProvider::default()));
    let result = conditional::run_all(provider, &Config::default()).await;
    assert_eq!(result, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_in_memory_passes_with_one_tenant_and_no_unique_attribute() {
    let provider = Arc::new(InMemoryProvider::default());
    let group = Sample::groups().single_tenant();
    let config = Config::default().with_rounds(4).with_increments(20);
    // Several may be checked at the same time, hence spawned.
    let suite = async move { conditional::run_all_with(provider, &group, &config).await };
    assert_eq!(tokio::spawn(suite).await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_single_threaded_runtime_is_refused() {
    let provider = Arc::new(InMemoryProvider::default());
    let failure = conditional::run_all(provider, &Config::default())
        .await
        .unwrap_err();
    assert_eq!(failure.check(), "runtime");
}
