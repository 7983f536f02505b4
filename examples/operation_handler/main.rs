//! Run with `cargo run --example operation_handler`.
//!
//! How does an application carry out SCIM operations without HTTP? It hands requests to a
//! [`ScimOperationHandler`], which answers with the resource and its version, or with an
//! error that says what to do. It works over any provider, and finds out what that can do.

mod legacy;

use std::error::Error;
use std::io::{self, Write};

use legacy::LegacyProvider;
use scim_ops::provider::{InMemoryProvider, RequestContext, ResourceProvider};
use scim_ops::{ErrorKind, ScimOperationHandler, ScimOperationRequest};
use serde_json::json;

/// The same story over a provider that knows versions, and over one that does not.
async fn run(out: &mut (dyn Write + Send)) -> Result<(), Box<dyn Error + Send + Sync>> {
    writeln!(out, "== a conditional provider ==")?;
    play(InMemoryProvider::default(), out).await?;
    writeln!(out, "\n== a provider from before versions ==")?;
    play(LegacyProvider::default(), out).await
}

async fn play<P: ResourceProvider>(
    provider: P,
    out: &mut (dyn Write + Send),
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let handler = ScimOperationHandler::new(provider);
    let context = RequestContext::with_generated_id();
    let how = if handler.is_natively_conditional() {
        "in the provider"
    } else {
        "under a lock of the handler, within this process"
    };
    writeln!(out, "versions are compared {how}")?;

    let data = json!({ "userName": "bjensen" });
    let create = ScimOperationRequest::create("User", data, context.clone());
    let created = handler.handle_operation(create).await?;
    let user = created.resource().ok_or("a create answers with it")?;
    let (id, first) = (user.resource().id().ok_or("it has an id")?, user.version());
    writeln!(out, "created")?;

    // The version that a client has seen goes in as `expected_version` …
    let rename = |name: &str| {
        let data = json!({ "userName": "bjensen", "displayName": name });
        ScimOperationRequest::update("User", id, data, context.clone())
    };
    let request = rename("Babs").with_expected_version(first.clone());
    let updated = handler.handle_operation(request).await?;
    // … and the next one comes back as `current_version`.
    let second = updated.current_version().ok_or("it answers with it")?;
    writeln!(out, "updated; a new version: {}", second != first)?;

    // Who still names the first changes nothing, and learns which version there is now.
    let stale = handler.handle_conditional_update(rename("Barbara"), Some(first.clone()));
    let error = stale.await.err().ok_or("the version is stale")?;
    let conflict = error.version_conflict().ok_or("and that is why")?;
    let told = conflict.current == *second;
    writeln!(
        out,
        "a stale update is refused; it tells the current version: {told}"
    )?;

    // What to do about an error is its kind; nobody has to read its text.
    let delete = ScimOperationRequest::delete("User", id, context.clone());
    let request = delete.clone().with_expected_version(second.clone());
    handler.handle_operation(request).await?;
    writeln!(out, "deleted")?;
    match handler.handle_operation(delete).await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            writeln!(out, "deleted again: not found")?;
        }
        other => return Err(format!("deleted twice: {other:?}").into()),
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    run(&mut io::stdout()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_providers_refuse_stale_versions() -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut out = Vec::new();
        run(&mut out).await?;
        let story = "created\n\
            updated; a new version: true\n\
            a stale update is refused; it tells the current version: true\n\
            deleted\n\
            deleted again: not found\n";
        assert_eq!(
            String::from_utf8(out)?,
            format!(
                "== a conditional provider ==\nversions are compared in the provider\n{story}\n\
                 == a provider from before versions ==\n\
                 versions are compared under a lock of the handler, within this process\n{story}"
            )
        );
        Ok(())
    }
}
