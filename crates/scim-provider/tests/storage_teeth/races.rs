//! Stores that work as long as nobody else does, and is not interrupted.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use scim_provider::storage::{
    Change, Commit, CommitOutcome, Query, Refusal, Selection, StorageError, Write, WriteOp,
};
use scim_provider::{InMemoryStorage, Storage};
use tokio::task::yield_now;

use crate::broken::{Fault, version, versions_match};

/// A lock that is not released when the future that holds it is dropped.
#[derive(Default)]
pub(crate) struct LockKept {
    locked: AtomicBool,
}

#[async_trait]
impl Fault for LockKept {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        while self.locked.swap(true, Ordering::SeqCst) {
            yield_now().await;
        }
        yield_now().await;
        let outcome = inner.commit(commit).await;
        self.locked.store(false, Ordering::SeqCst);
        outcome
    }
}

/// Index entries are written in a second transaction.
pub(crate) struct IndexAfterwards;

#[async_trait]
impl Fault for IndexAfterwards {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        let mut later = Vec::new();
        for write in &mut commit.writes {
            let (stamp, content) = match &mut write.op {
                WriteOp::Create(record) => (&record.stamp, &mut record.content),
                WriteOp::Update { change, .. } => match &mut change.content {
                    Some(content) => (&change.stamp, content),
                    None => continue,
                },
                WriteOp::Delete { .. } => continue,
            };
            let change = Change::new(stamp.clone()).with_content(content.clone());
            later.push(Write::update(
                write.key.clone(),
                stamp.version.clone(),
                change,
            ));
            content.index.clear();
        }
        let outcome = inner.commit(commit).await?;
        if outcome == CommitOutcome::Applied {
            yield_now().await;
            for write in later {
                let _ = inner.commit(Commit::of(write)).await?;
            }
        }
        Ok(outcome)
    }
}

/// Versions are compared in one step and the commit is written in the next.
pub(crate) struct CheckThenWrite {
    pub(crate) suspends: bool,
}

#[async_trait]
impl Fault for CheckThenWrite {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        if !versions_match(inner, &commit).await? {
            return inner.commit(commit).await;
        }
        if self.suspends {
            yield_now().await;
        }
        loop {
            for write in &mut commit.writes {
                if let (
                    WriteOp::Update { expected, .. } | WriteOp::Delete { expected },
                    Some(current),
                ) = (&mut write.op, version(inner, &write.key).await?)
                {
                    *expected = current;
                }
            }
            match inner.commit(commit.clone()).await? {
                CommitOutcome::Refused(Refusal::Mismatch { .. })
                    if !commit
                        .writes
                        .iter()
                        .any(|it| matches!(it.op, WriteOp::Create(_))) => {}
                outcome => return Ok(outcome),
            }
        }
    }
}

/// A create looks for its unique keys first and is then stored in any case.
pub(crate) struct UniqueOutsideLock;

#[async_trait]
impl Fault for UniqueOutsideLock {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        if taken(inner, &commit).await? {
            return inner.commit(commit).await;
        }
        std::thread::yield_now();
        match inner.commit(commit.clone()).await? {
            CommitOutcome::Refused(Refusal::Duplicate { .. }) => {
                if let [
                    Write {
                        op: WriteOp::Create(record),
                        ..
                    },
                ] = commit.writes.as_mut_slice()
                {
                    record.content.unique_keys.clear();
                }
                inner.commit(commit).await
            }
            outcome => Ok(outcome),
        }
    }
}

/// Whether somebody has a unique key of this create; so for all other commits,
/// which the fault leaves alone.
async fn taken(inner: &InMemoryStorage, commit: &Commit) -> Result<bool, StorageError> {
    let [
        Write {
            key,
            op: WriteOp::Create(record),
            ..
        },
    ] = commit.writes.as_slice()
    else {
        return Ok(true);
    };
    for unique_key in &record.content.unique_keys {
        for resource_type in ["User", "Group", key.resource_type()] {
            let query = Query::new(key.scope().clone(), resource_type, 0)
                .selecting(Selection::Unique(unique_key.clone()));
            if inner.query(&query).await?.total > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What a write requires is looked for first; then it is written in any case.
pub(crate) struct RequirementsOutsideLock;

#[async_trait]
impl Fault for RequirementsOutsideLock {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        let [
            Write {
                op: WriteOp::Update { .. } | WriteOp::Delete { .. },
                ..
            },
        ] = commit.writes.as_slice()
        else {
            return inner.commit(commit).await;
        };
        let mut looked = commit.clone();
        looked.writes.clear();
        if inner.commit(looked).await? == CommitOutcome::Applied {
            commit.requirements.clear();
            std::thread::yield_now();
        }
        inner.commit(commit).await
    }
}
