//! Tenants that must not see each other.

use super::subject::{outcome, random_name};
use super::{Failure, Subject};
use crate::ListQuery;

pub(super) async fn tenants_do_not_touch(subject: &Subject) -> Result<(), Failure> {
    let (here, there) = (subject.clone(), subject.elsewhere());
    let name = random_name();
    let ours = here.create(&name, "ours").await?;
    let id = here.id(&ours)?;

    there.ensure(there.get(&id).await?.is_none(), || {
        "read from another tenant".into()
    })?;
    let data = there.sample.document(&random_name(), "theirs");
    let updated = there.update(&id, data, ours.version()).await?;
    there.ensure(updated.is_not_found(), || {
        format!("update from another tenant: {}", outcome(&updated))
    })?;
    let deleted = there.delete(&id, ours.version()).await?;
    there.ensure(deleted.is_not_found(), || {
        format!("delete from another tenant: {}", outcome(&deleted))
    })?;
    let page = there.list(&ListQuery::new()).await?;
    there.equal("resources listed from another tenant", page.total, 0)?;
    there.equal("items listed from another tenant", page.items.len(), 0)?;

    let data = there.sample.document(&random_name(), "theirs");
    there.plain().finds_nothing(&id, data).await?;
    let page = there.plain().try_list(&ListQuery::new()).await;
    let page = page.map_err(|error| there.broken("plain list", &error))?;
    there.equal(
        "resources plainly listed from another tenant",
        (page.total, page.items.len()),
        (0, 0),
    )?;

    // What is unique is so within a tenant, and a refusal elsewhere would tell on us.
    there.create(&name, "theirs").await?;
    let page = here.list(&ListQuery::new()).await?;
    here.equal("our resources after another tenant's create", page.total, 1)?;
    here.ensure(here.read(&id).await? == ours, || {
        "another tenant changed ours".into()
    })
}
