//! Run with `cargo run --example multi_tenant`.
//!
//! How do several tenants share one provider? The context of a request names the tenant, and
//! nothing of one can be seen, found, taken or changed from another.

use std::error::Error;
use std::io::{self, Write};

use scim_provider::version::ConditionalResult;
use scim_provider::{
    ConditionalProvider, InMemoryProvider, ListQuery, ProviderErrorKind, RequestContext,
    ResourceProvider, ResourceProviderExt, TenantId,
};
use serde_json::json;

/// Walks two tenants through everything that could let one notice the other.
async fn run(out: &mut (dyn Write + Send)) -> Result<(), Box<dyn Error + Send + Sync>> {
    let provider = InMemoryProvider::default();
    let acme: TenantId = "acme".parse()?;
    let globex: TenantId = "globex".parse()?;
    // A server makes this of the token that a request carries, never of what the client says.
    let at_acme = RequestContext::with_generated_id().with_tenant(acme);
    let at_globex = RequestContext::with_generated_id().with_tenant(globex);

    // A userName is unique within a tenant, and free in all others.
    let bjensen = || json!({ "userName": "bjensen" });
    let ours = provider
        .create_versioned_resource("User", bjensen(), &at_acme)
        .await?;
    let theirs = provider
        .create_versioned_resource("User", bjensen(), &at_globex)
        .await?;
    writeln!(out, "acme and globex each have a bjensen")?;
    match provider.create_resource("User", bjensen(), &at_acme).await {
        Err(error) if error.kind() == ProviderErrorKind::Duplicate => {
            writeln!(out, "a second bjensen at acme: {error}")?;
        }
        other => return Err(format!("a second bjensen at acme: {other:?}").into()),
    }

    for (name, context) in [("acme", &at_acme), ("globex", &at_globex)] {
        let page = provider
            .list_resources("User", &ListQuery::new(), context)
            .await?;
        writeln!(out, "{name} lists {} user", page.total)?;
    }

    // Even who knows id and version of another tenant's user finds nothing there. A
    // conflict would tell that it exists.
    let id = ours.resource().id().ok_or("a created user has an id")?;
    let seen = provider.resource_exists("User", id, &at_globex).await?;
    writeln!(out, "globex sees the bjensen of acme: {seen}")?;
    let stolen = json!({ "userName": "mallory" });
    let update = provider
        .conditional_update("User", id, stolen, ours.version(), &at_globex)
        .await?;
    writeln!(out, "globex updates it: {}", outcome(&update))?;
    let delete = provider
        .conditional_delete("User", id, ours.version(), &at_globex)
        .await?;
    writeln!(out, "globex deletes it: {}", outcome(&delete))?;

    // And what acme does to its own leaves the other's version as it is.
    let renamed = json!({ "userName": "bjensen", "displayName": "Babs" });
    let update = provider
        .conditional_update("User", id, renamed, ours.version(), &at_acme)
        .await?;
    writeln!(out, "acme updates it: {}", outcome(&update))?;
    let id = theirs.resource().id().ok_or("a created user has an id")?;
    let unchanged = provider
        .get_versioned_resource("User", id, &at_globex)
        .await?
        == Some(theirs.clone());
    writeln!(out, "the bjensen of globex is unchanged: {unchanged}")?;
    Ok(())
}

fn outcome<T>(result: &ConditionalResult<T>) -> &'static str {
    match result {
        ConditionalResult::Success(_) => "done",
        ConditionalResult::VersionMismatch(_) => "version conflict",
        ConditionalResult::NotFound => "not found",
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    run(&mut io::stdout()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_of_one_tenant_reaches_the_other() -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut out = Vec::new();
        run(&mut out).await?;
        assert_eq!(
            String::from_utf8(out)?,
            "acme and globex each have a bjensen\n\
             a second bjensen at acme: another User has the same userName\n\
             acme lists 1 user\n\
             globex lists 1 user\n\
             globex sees the bjensen of acme: false\n\
             globex updates it: not found\n\
             globex deletes it: not found\n\
             acme updates it: done\n\
             the bjensen of globex is unchanged: true\n"
        );
        Ok(())
    }
}
