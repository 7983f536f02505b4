use scim_ops::provider::{ConditionalProvider, InMemoryProvider, RequestContext, TenantId};
use scim_ops::version::ConditionalResult;
use serde_json::json;

use super::{id, with};
use crate::Error;
use crate::journal::Journal;

/// The same user in two tenants: versions are counted, and conflicts met, apart.
pub(crate) async fn run(journal: &mut Journal<'_>) -> Result<(), Error> {
    journal.scene("Tenants")?;
    let provider = InMemoryProvider::default();
    let context = |tenant: TenantId| RequestContext::with_generated_id().with_tenant(tenant);
    let (acme, globex) = (context("acme".parse()?), context("globex".parse()?));
    let user = json!({ "userName": "bjensen" });
    let ours = provider
        .create_versioned_resource("User", user.clone(), &acme)
        .await?;
    let theirs = provider
        .create_versioned_resource("User", user, &globex)
        .await?;
    let (v1, v2) = (
        journal.label(ours.version()),
        journal.label(theirs.version()),
    );
    journal.say(format_args!("bjensen is {v1} at acme and {v2} at globex"))?;

    let data = with(&ours, "title", "Guide");
    let updated = provider
        .conditional_update("User", id(&ours), data, ours.version(), &acme)
        .await?
        .into_success()
        .ok_or("nobody else writes")?;
    let v3 = journal.label(updated.version());
    journal.say(format_args!("acme replaces {v1} by {v3}"))?;

    let read = provider
        .get_versioned_resource("User", id(&theirs), &globex)
        .await?
        .ok_or("nobody deletes it")?;
    let read = journal.label(read.version());
    journal.say(format_args!("globex still reads {read}"))?;

    // Not even a conflict: that would tell that there is such a user.
    let across = provider
        .conditional_delete("User", id(&ours), updated.version(), &globex)
        .await?;
    let ConditionalResult::NotFound = across else {
        return Err(format!("a delete from another tenant: {across:?}").into());
    };
    journal.say(format_args!(
        "globex deletes the user of acme, naming {v3}: not found"
    ))?;
    Ok(())
}
