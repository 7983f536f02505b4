//! Writes that name a version which is not the current one.

use scim_version::{ConditionalResult, Precondition, ScimVersion};
use serde_json::json;

use super::subject::{outcome, random_name};
use super::{Failure, Subject};

pub(super) async fn missing_resource_is_not_found(subject: &Subject) -> Result<(), Failure> {
    let document = subject.sample.document(&random_name(), "x");
    let version = ScimVersion::from_content("nothing");
    // None of these can be an id; hostile ones have to be as absent as any other.
    let long = "x".repeat(10_000);
    for id in [
        "00000000-0000-4000-8000-000000000000",
        "",
        "../1",
        "' OR 1=1 --",
        "a\0b",
        &long,
    ] {
        let shown = id.chars().take(40).collect::<String>();
        subject.ensure(subject.get(id).await?.is_none(), || {
            format!("{shown:?} is found")
        })?;
        let updated = subject.update(id, document.clone(), &version).await?;
        subject.ensure(updated.is_not_found(), || {
            format!(
                "update of {shown:?}, which is missing: {}",
                outcome(&updated)
            )
        })?;
        let deleted = subject.delete(id, &version).await?;
        subject.ensure(deleted.is_not_found(), || {
            format!(
                "delete of {shown:?}, which is missing: {}",
                outcome(&deleted)
            )
        })?;
    }
    Ok(())
}

pub(super) async fn stale_update_writes_nothing(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let first = subject.create(&name, "first").await?;
    let id = subject.id(&first)?;
    let second = subject
        .change(
            &id,
            subject.sample.document(&name, "second"),
            first.version(),
        )
        .await?;
    // A stale version is told before anything is said about the data.
    for data in [
        subject.sample.document(&name, "third"),
        // Nothing new, but its writer has not seen what it would confirm.
        subject.sample.document(&name, "second"),
        json!({}),
        json!("no resource"),
    ] {
        let stale = subject.update(&id, data, first.version()).await?;
        conflict_explains_itself(subject, &stale, &id, first.version(), second.version())?;
        let read = subject.read(&id).await?;
        subject.ensure(read == second, || {
            "a refused update left something behind".into()
        })?;
    }
    Ok(())
}

pub(super) async fn stale_delete_writes_nothing(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let first = subject.create(&name, "first").await?;
    let id = subject.id(&first)?;
    let second = subject
        .change(
            &id,
            subject.sample.document(&name, "second"),
            first.version(),
        )
        .await?;
    let stale = subject.delete(&id, first.version()).await?;
    conflict_explains_itself(subject, &stale, &id, first.version(), second.version())?;
    let read = subject.read(&id).await?;
    subject.ensure(read == second, || {
        "a refused delete left something behind".into()
    })
}

pub(super) async fn deleted_resource_stays_away(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let created = subject.create(&name, "x").await?;
    let id = subject.id(&created)?;
    let deleted = subject.delete(&id, created.version()).await?;
    subject.ensure(deleted.is_success(), || {
        format!("delete of the current version: {}", outcome(&deleted))
    })?;
    subject.ensure(subject.get(&id).await?.is_none(), || {
        "it is still read".into()
    })?;
    let document = subject.sample.document(&name, "y");
    let updated = subject.update(&id, document, created.version()).await?;
    subject.ensure(updated.is_not_found(), || {
        format!("update of a deleted resource: {}", outcome(&updated))
    })?;
    let again = subject.delete(&id, created.version()).await?;
    subject.ensure(again.is_not_found(), || {
        format!("second delete of a resource: {}", outcome(&again))
    })
}

pub(super) async fn write_is_read_back(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let created = subject.create(&name, "0").await?;
    let id = subject.id(&created)?;
    subject.ensure(subject.read(&id).await? == created, || {
        "what create answered is not what is read".into()
    })?;
    let mut version = created.version().clone();
    for n in 1..20 {
        let text = n.to_string();
        let updated = subject
            .change(&id, subject.sample.document(&name, &text), &version)
            .await?;
        let read = subject.read(&id).await?;
        subject.equal("text after an update", subject.text(&read)?, text)?;
        subject.ensure(read == updated, || {
            "what update answered is not what is read".into()
        })?;
        version = updated.version().clone();
    }
    Ok(())
}

fn conflict_explains_itself<T>(
    subject: &Subject,
    result: &ConditionalResult<T>,
    id: &str,
    expected: &ScimVersion,
    current: &ScimVersion,
) -> Result<(), Failure> {
    let Some(conflict) = result.conflict() else {
        return subject.fail(format!("a write of a stale version: {}", outcome(result)));
    };
    subject.equal(
        "expected version",
        &conflict.expected,
        &Precondition::from(expected),
    )?;
    subject.equal("current version", &conflict.current, current)?;
    let resource = (
        conflict.resource_type.as_str(),
        conflict.resource_id.as_str(),
    );
    subject.equal(
        "resource in conflict",
        resource,
        (subject.sample.resource_type(), id),
    )
}
