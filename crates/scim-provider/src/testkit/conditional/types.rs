//! Resource types that must not be taken for each other.

use super::subject::random_name;
use super::{Failure, Subject};
use crate::{ListQuery, ProviderError, ProviderErrorKind};

/// Under any type but its own a resource is not there, whether the provider knows that type or
/// not.
pub(super) async fn types_do_not_touch(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let created = subject.create(&name, "ours").await?;
    let id = subject.id(&created)?;
    let own = subject.sample.resource_type();
    // One that nobody keeps, and those that most keep.
    for other in [&*random_name(), "User", "Group"] {
        if other == own {
            continue;
        }
        let there = subject.with_type(other);
        is_absent(&there, &id, &created).await?;
        subject.ensure(subject.read(&id).await? == created, || {
            format!("a request for {other} changed a {own}")
        })?;
    }
    Ok(())
}

async fn is_absent(
    there: &Subject,
    id: &str,
    ours: &crate::VersionedResource,
) -> Result<(), Failure> {
    let data = || there.sample.document(&random_name(), "theirs");
    let found = absent(there, "get", there.try_get(id).await)?.flatten();
    there.ensure(found.is_none(), || "read under another type".into())?;
    let updated = there.try_update(id, data(), ours.version()).await;
    let updated = absent(there, "update", updated)?;
    there.ensure(updated.is_none_or(|it| it.is_not_found()), || {
        "an update under another type found it".into()
    })?;
    let deleted = there.try_delete(id, ours.version()).await;
    let deleted = absent(there, "delete", deleted)?;
    there.ensure(deleted.is_none_or(|it| it.is_not_found()), || {
        "a delete under another type found it".into()
    })?;
    let listed = absent(there, "list", there.try_list(&ListQuery::new()).await)?;
    let is_listed = listed.is_some_and(|page| {
        page.items
            .iter()
            .any(|item| item.resource().id() == Some(id))
    });
    there.ensure(!is_listed, || "listed under another type".into())?;

    let plain = there.plain();
    let found = absent(there, "plain get", plain.try_get(id).await)?.flatten();
    there.ensure(found.is_none(), || "plainly read under another type".into())?;
    let updated = absent(there, "plain update", plain.try_update(id, data()).await)?;
    there.ensure(updated.is_none(), || {
        "a plain update under another type found it".into()
    })?;
    let deleted = absent(there, "plain delete", plain.try_delete(id).await)?;
    there.ensure(deleted.is_none(), || {
        "a plain delete under another type found it".into()
    })?;
    let listed = plain.try_list(&ListQuery::new()).await;
    let listed = absent(there, "plain list", listed)?;
    let is_listed = listed.is_some_and(|page| page.items.iter().any(|item| item.id() == Some(id)));
    there.ensure(!is_listed, || "plainly listed under another type".into())
}

/// What was answered, or `None` if the type or the resource is not known.
fn absent<T>(
    subject: &Subject,
    doing: &str,
    result: Result<T, ProviderError>,
) -> Result<Option<T>, Failure> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match error.kind() {
            ProviderErrorKind::NotFound | ProviderErrorKind::UnknownResourceType => Ok(None),
            _ => Err(subject.broken(doing, &error)),
        },
    }
}
