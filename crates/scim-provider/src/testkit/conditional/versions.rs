//! When a version changes, and when it must not.

use std::collections::HashSet;

use serde_json::Value;

use super::subject::random_name;
use super::{Failure, Subject};

pub(super) async fn nothing_new_changes_nothing(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let created = subject.create(&name, "same").await?;
    let id = subject.id(&created)?;
    let document = subject.sample.document(&name, "same");
    // Both a client that sends what it knows and one that sends back what it read.
    for data in [document, created.to_json()] {
        let updated = subject.change(&id, data, created.version()).await?;
        subject.equal(
            "version after writing the same",
            updated.version(),
            created.version(),
        )?;
        let modified =
            |resource: &crate::VersionedResource| resource.resource().meta().last_modified;
        subject.equal(
            "lastModified after writing the same",
            modified(&updated),
            modified(&created),
        )?;
    }
    Ok(())
}

pub(super) async fn version_covers_every_attribute(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let created = subject.create(&name, "a").await?;
    let id = subject.id(&created)?;
    let mut versions = HashSet::from([created.version().clone()]);
    let mut current = created.version().clone();
    let text = subject.sample.document(&name, "b");
    let others = subject.sample.covered().iter().map(|object| {
        let mut document = subject.sample.document(&name, "b");
        for (attribute, value) in object {
            document[attribute] = value.clone();
        }
        document
    });
    for document in std::iter::once(text).chain(others) {
        let shown = attributes(&document);
        let updated = subject.change(&id, document, &current).await?;
        subject.ensure(versions.insert(updated.version().clone()), || {
            format!("a change of one of {shown} kept the version")
        })?;
        current = updated.version().clone();
    }
    Ok(())
}

/// Back and forth as fast as it goes, so that many changes fall into one tick of
/// whatever clock the provider has.
pub(super) async fn version_never_comes_back(subject: &Subject) -> Result<(), Failure> {
    let name = random_name();
    let created = subject.create(&name, "a").await?;
    let id = subject.id(&created)?;
    let mut seen = HashSet::from([created.version().clone()]);
    let mut current = created.version().clone();
    for turn in 0..100 {
        let text = if turn % 2 == 0 { "b" } else { "a" };
        let updated = subject
            .change(&id, subject.sample.document(&name, text), &current)
            .await?;
        subject.ensure(seen.insert(updated.version().clone()), || {
            format!("after {} changes an earlier version is back", turn + 1)
        })?;
        current = updated.version().clone();
    }
    Ok(())
}

fn attributes(document: &Value) -> String {
    let names = document
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
