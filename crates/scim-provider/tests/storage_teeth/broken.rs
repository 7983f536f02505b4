//! A store in memory that goes wrong in one place, named by its [`Fault`].

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, Former, LinkSelection, Query, RecordPage, ResourceKey, StorageError,
    Stored, WriteOp,
};
use scim_provider::version::ScimVersion;
use scim_provider::{InMemoryStorage, Storage};

/// What a store does otherwise than a sound one.
#[async_trait]
pub(crate) trait Fault: Send + Sync + 'static {
    async fn get(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        inner.get(key, links).await
    }

    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        inner.query(query).await
    }

    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        inner.commit(commit).await
    }

    async fn former(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        inner.former(key, version).await
    }
}

/// No fault at all.
pub(crate) struct Faultless;

impl Fault for Faultless {}

/// A store with a fault.
pub(crate) struct Broken<F> {
    inner: InMemoryStorage,
    fault: F,
}

impl<F: Fault> Broken<F> {
    pub(crate) fn with(fault: F) -> Self {
        Self {
            inner: InMemoryStorage::new(),
            fault,
        }
    }
}

#[async_trait]
impl<F: Fault> Storage for Broken<F> {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.fault.get(&self.inner, key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.fault.query(&self.inner, query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        self.fault.commit(&self.inner, commit).await
    }

    fn keeps_former(&self) -> bool {
        true
    }

    async fn former(
        &self,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        self.fault.former(&self.inner, key, version).await
    }
}

/// The version of a record.
pub(crate) async fn version(
    inner: &InMemoryStorage,
    key: &ResourceKey,
) -> Result<Option<ScimVersion>, StorageError> {
    Ok(inner
        .get(key, &LinkSelection::None)
        .await?
        .map(|record| record.stamp.version))
}

/// Whether all records are there and have the versions that the commit names.
pub(crate) async fn versions_match(
    inner: &InMemoryStorage,
    commit: &Commit,
) -> Result<bool, StorageError> {
    for write in &commit.writes {
        let current = version(inner, &write.key).await?;
        let matches = match &write.op {
            WriteOp::Create(_) => current.is_none(),
            WriteOp::Update { expected, .. } | WriteOp::Delete { expected } => {
                current.as_ref() == Some(expected)
            }
        };
        if !matches {
            return Ok(false);
        }
    }
    Ok(true)
}
