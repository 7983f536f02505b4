//! Stores whose commits do other things than they say.

use async_trait::async_trait;
use scim_provider::storage::{
    Change, Commit, CommitOutcome, Content, LinkKey, LinkSelection, Query, Refusal, Requirement,
    Selection, StorageError, Write, WriteOp,
};
use scim_provider::{InMemoryStorage, Storage};

use crate::broken::{Fault, version, versions_match};

/// A create is an upsert.
pub(crate) struct CreateOverwrites;

#[async_trait]
impl Fault for CreateOverwrites {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            if let (WriteOp::Create(record), Some(expected)) =
                (&write.op, version(inner, &write.key).await?)
            {
                let change = Change::new(record.stamp.clone())
                    .with_content(record.content.clone())
                    .with_links(Vec::new(), record.links.clone());
                write.op = WriteOp::Update { expected, change };
            }
        }
        inner.commit(commit).await
    }
}

/// A delete deletes whatever version is there.
pub(crate) struct DeleteUnconditional;

#[async_trait]
impl Fault for DeleteUnconditional {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            if let (WriteOp::Delete { expected }, Some(current)) =
                (&mut write.op, version(inner, &write.key).await?)
            {
                *expected = current;
            }
        }
        inner.commit(commit).await
    }
}

/// Link rows are written before the version of their record is compared.
pub(crate) struct LinksAddedFirst;

#[async_trait]
impl Fault for LinksAddedFirst {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &commit.writes {
            let WriteOp::Update { change, .. } = &write.op else {
                continue;
            };
            if let Some(there) = inner.get(&write.key, &LinkSelection::None).await? {
                let early = Change::new(there.stamp.clone())
                    .with_links(change.remove_links.clone(), change.add_links.clone());
                let early = Write::update(write.key.clone(), there.stamp.version, early);
                let _ = inner.commit(Commit::of(early)).await?;
            }
        }
        inner.commit(commit).await
    }
}

/// Each write is a transaction of its own.
pub(crate) struct OneByOne;

#[async_trait]
impl Fault for OneByOne {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in commit.writes {
            let outcome = inner.commit(Commit::of(write)).await?;
            if outcome != CommitOutcome::Applied {
                return Ok(outcome);
            }
        }
        Ok(CommitOutcome::Applied)
    }
}

/// Unique keys are looked at before versions.
pub(crate) struct DuplicatesFirst;

#[async_trait]
impl Fault for DuplicatesFirst {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        if let Some(duplicate) = taken_before(inner, &commit).await? {
            let commit_alone = commit.writes.len() == 1 && commit.requirements.is_empty();
            if commit_alone || !versions_match(inner, &commit).await? {
                return Ok(CommitOutcome::Refused(duplicate));
            }
        }
        inner.commit(commit).await
    }
}

/// Unique keys are judged on the state before the writes.
pub(crate) struct UniqueBefore;

#[async_trait]
impl Fault for UniqueBefore {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        if commit.requirements.is_empty()
            && versions_match(inner, &commit).await?
            && let Some(duplicate) = taken_before(inner, &commit).await?
        {
            return Ok(CommitOutcome::Refused(duplicate));
        }
        inner.commit(commit).await
    }
}

/// The first unique key of a commit that another record has.
async fn taken_before(
    inner: &InMemoryStorage,
    commit: &Commit,
) -> Result<Option<Refusal>, StorageError> {
    for write in &commit.writes {
        for unique_key in content(&write.op)
            .into_iter()
            .flat_map(|content| &content.unique_keys)
        {
            let query = Query::new(write.key.scope().clone(), "User", 1)
                .selecting(Selection::Unique(unique_key.clone()));
            let holder = inner
                .query(&query)
                .await?
                .records
                .pop()
                .map(|record| record.key);
            if let Some(holder) = holder.filter(|holder| *holder != write.key) {
                let unique_key = unique_key.clone();
                return Ok(Some(Refusal::Duplicate { unique_key, holder }));
            }
        }
    }
    Ok(None)
}

/// Nobody looks whether a required record is there.
pub(crate) struct ExistsIgnored;

#[async_trait]
impl Fault for ExistsIgnored {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        commit
            .requirements
            .retain(|it| matches!(it, Requirement::Unreferenced { .. }));
        inner.commit(commit).await
    }
}

/// Nobody looks whether a link points to a record that goes.
pub(crate) struct UnreferencedIgnored;

#[async_trait]
impl Fault for UnreferencedIgnored {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        commit
            .requirements
            .retain(|it| matches!(it, Requirement::Exists(_)));
        inner.commit(commit).await
    }
}

/// A link to a record of another type with the same id counts as one to the record.
pub(crate) struct NamesakesCounted;

#[async_trait]
impl Fault for NamesakesCounted {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for requirement in &commit.requirements {
            let Requirement::Unreferenced { key, .. } = requirement else {
                continue;
            };
            let link = LinkKey::new("members", key.id().as_str());
            let query = Query::new(key.scope().clone(), "Group", 100)
                .selecting(Selection::Linked(vec![link]));
            let found = inner.query(&query).await?.records;
            let stays = |key| commit.writes.iter().all(|write| write.key != key);
            if versions_match(inner, &commit).await? && found.into_iter().any(|it| stays(it.key)) {
                let requirement = requirement.clone();
                return Ok(CommitOutcome::Refused(Refusal::RequirementFailed {
                    requirement,
                }));
            }
        }
        inner.commit(commit).await
    }
}

/// The links that an update adds are all that is left.
pub(crate) struct LinksReplaced;

#[async_trait]
impl Fault for LinksReplaced {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            let WriteOp::Update { change, .. } = &mut write.op else {
                continue;
            };
            if change.add_links.is_empty() {
                continue;
            }
            if let Some(there) = inner.get(&write.key, &LinkSelection::All).await? {
                change
                    .remove_links
                    .extend(there.links.into_iter().map(|link| link.key));
            }
        }
        inner.commit(commit).await
    }
}

fn content(op: &WriteOp) -> Option<&Content> {
    match op {
        WriteOp::Create(record) => Some(&record.content),
        WriteOp::Update { change, .. } => change.content.as_ref(),
        WriteOp::Delete { .. } => None,
    }
}
