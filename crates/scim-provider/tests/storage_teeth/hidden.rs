//! Stores that are careless with what is never shown.

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, Content, LinkSelection, Query, RecordPage, StorageError, WriteOp,
};
use scim_provider::{InMemoryStorage, Storage};

use crate::broken::Fault;

/// An update without content empties the column.
pub(crate) struct ForgottenOnUpdate;

#[async_trait]
impl Fault for ForgottenOnUpdate {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            let WriteOp::Update { change, .. } = &mut write.op else {
                continue;
            };
            let there = inner.get(&write.key, &LinkSelection::None).await?;
            // A record with unique keys or entries is not rebuilt here; those of the check have none.
            if let (None, Some(there)) = (&change.content, there)
                && there.hidden.is_some()
            {
                change.content = Some(Content::new(there.document, Vec::new(), Vec::new()));
            }
        }
        inner.commit(commit).await
    }
}

/// A new content that hides nothing leaves the column as it was.
pub(crate) struct KeptOnUpdate;

#[async_trait]
impl Fault for KeptOnUpdate {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            let WriteOp::Update { change, .. } = &mut write.op else {
                continue;
            };
            if let Some(content) = &mut change.content
                && content.hidden.is_none()
                && let Some(there) = inner.get(&write.key, &LinkSelection::None).await?
            {
                content.hidden = there.hidden;
            }
        }
        inner.commit(commit).await
    }
}

/// A page leaves the column out.
pub(crate) struct MissingOnPages;

#[async_trait]
impl Fault for MissingOnPages {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let mut page = inner.query(query).await?;
        for record in &mut page.records {
            record.hidden = None;
        }
        Ok(page)
    }
}

/// What is hidden is kept as one object, which has no room for nothing.
pub(crate) struct NothingIsEmpty;

#[async_trait]
impl Fault for NothingIsEmpty {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            let content = match &mut write.op {
                WriteOp::Create(record) => Some(&mut record.content),
                WriteOp::Update { change, .. } => change.content.as_mut(),
                WriteOp::Delete { .. } => None,
            };
            if let Some(content) = content {
                content.hidden = content.hidden.take().filter(|hidden| **hidden != *b"{}");
            }
        }
        inner.commit(commit).await
    }
}
