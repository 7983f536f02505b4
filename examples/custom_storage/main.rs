//! Run with `cargo run --example custom_storage`.
//!
//! How is a back end of one's own put below SCIM? It implements [`Storage`], which knows
//! records but no SCIM; [`StandardResourceProvider`] adds the rest. The test kit tells
//! whether the back end keeps its promises.

mod commit;
mod query;
mod store;

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;

use scim_provider::testkit::{Config, storage};
use scim_provider::{ConditionalProvider, RequestContext, StandardResourceProvider, Storage};
use serde_json::json;
use store::MutexStorage;

/// Has the store checked, then lets the standard provider keep a user in it.
async fn run(out: &mut (dyn Write + Send)) -> Result<(), Box<dyn Error + Send + Sync>> {
    let store: Arc<dyn Storage> = Arc::new(MutexStorage::default());
    // For a glance; tests and releases want more rounds.
    let config = Config::default().with_rounds(4).with_increments(20);
    match storage::run_all(Arc::clone(&store), &config).await {
        Ok(()) => writeln!(out, "the test kit found no broken promise")?,
        Err(failure) => writeln!(out, "the test kit found a broken promise: {failure}")?,
    }

    let provider = StandardResourceProvider::new(store);
    let context = RequestContext::with_generated_id();
    let data = json!({ "userName": "bjensen" });
    let user = provider
        .create_versioned_resource("User", data, &context)
        .await?;
    let id = user.resource().id().ok_or("a created user has an id")?;
    writeln!(out, "the standard provider keeps a user in the store")?;
    for name in ["Babs", "Barbara"] {
        let data = json!({ "userName": "bjensen", "displayName": name });
        // Both times on the version that was created.
        let result = provider
            .conditional_update("User", id, data, user.version(), &context)
            .await?;
        match result.into_result() {
            Ok(updated) => writeln!(out, "{name}: stored: {}", updated.is_some())?,
            Err(conflict) => {
                let stale = conflict.expected.matches(user.version());
                writeln!(
                    out,
                    "{name}: refused, since a stale version was named: {stale}"
                )?;
            }
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    run(&mut io::stdout()).await
}

#[cfg(test)]
mod tests {
    use scim_provider::testkit::{Failure, conditional};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_store_keeps_its_promises() -> Result<(), Failure> {
        storage::run_all(
            Arc::new(MutexStorage::default()),
            &Config::default().with_rounds(20).with_increments(100),
        )
        .await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_standard_provider_over_it_keeps_its_promises() -> Result<(), Failure> {
        let provider = StandardResourceProvider::new(MutexStorage::default());
        conditional::run_all(Arc::new(provider), &Config::default()).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_two_updates_of_one_version_the_second_is_refused()
    -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut out = Vec::new();
        run(&mut out).await?;
        assert_eq!(
            String::from_utf8(out)?,
            "the test kit found no broken promise\n\
             the standard provider keeps a user in the store\n\
             Babs: stored: true\n\
             Barbara: refused, since a stale version was named: true\n"
        );
        Ok(())
    }
}
