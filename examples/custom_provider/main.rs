//! Run with `cargo run --example custom_provider`.
//!
//! How does an application serve SCIM from a table that it has already? It implements
//! [`ConditionalProvider`] over it, with a revision column as the version. The test kit
//! tells whether that keeps the promises of a provider.

mod employee;
mod provider;
mod table;

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;

use provider::Employees;
use scim_provider::testkit::conditional::{Sample, run_all_with};
use scim_provider::testkit::{Config, Failure};
use scim_provider::version::ScimVersion;
use scim_provider::{ConditionalProvider, RequestContext};
use serde_json::json;

/// Has the provider checked, then changes a row through it.
async fn run(out: &mut (dyn Write + Send)) -> Result<(), Box<dyn Error + Send + Sync>> {
    // For a glance; tests and releases want more rounds.
    let config = Config::default().with_rounds(4).with_increments(20);
    match check(&config).await {
        Ok(()) => writeln!(out, "the test kit found no broken promise")?,
        Err(failure) => writeln!(out, "the test kit found a broken promise: {failure}")?,
    }

    let provider = Employees::default();
    let context = RequestContext::with_generated_id();
    let data = json!({ "userName": "bjensen" });
    let user = provider
        .create_versioned_resource("User", data, &context)
        .await?;
    let id = user.resource().id().ok_or("a row has a number")?;
    writeln!(out, "row {id} in revision {}", user.version())?;
    let babs = json!({ "userName": "bjensen", "displayName": "Babs" });
    for expected in [1, 2, 1].map(ScimVersion::from_revision) {
        let result = provider
            .conditional_update("User", id, babs.clone(), &expected, &context)
            .await?;
        match result.into_result() {
            Ok(Some(user)) => writeln!(out, "now in revision {}", user.version())?,
            Ok(None) => writeln!(out, "no such row")?,
            Err(conflict) => writeln!(out, "{conflict}")?,
        }
    }
    Ok(())
}

/// Everything that a provider promises, tried on a new table.
async fn check(config: &Config) -> Result<(), Failure> {
    let sample = Sample::new("User", "displayName")
        .with_unique("userName")
        .covering([
            json!({ "externalId": "701984" }),
            json!({ "active": true }),
            json!({ "active": false }),
        ]);
    run_all_with(Arc::new(Employees::default()), &sample, config).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    run(&mut io::stdout()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_provider_keeps_its_promises() -> Result<(), Failure> {
        check(&Config::default()).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_revision_is_replaced_kept_or_refused() -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut out = Vec::new();
        run(&mut out).await?;
        assert_eq!(
            String::from_utf8(out)?,
            "the test kit found no broken promise\n\
             row 1 in revision 1\n\
             now in revision 2\n\
             now in revision 2\n\
             version conflict on User 1: expected W/\"1\", current W/\"2\"\n"
        );
        Ok(())
    }
}
