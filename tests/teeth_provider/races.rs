//! Providers that do in two steps what has to be one.

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, Content, IndexEntry, LinkSelection, Query, Record, RecordPage, Refusal,
    ResourceKey, Selection, StorageError, Stored, UniqueKey, Write, WriteOp,
};
use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, InMemoryStorage, ListQuery, RequestContext, Storage,
};
use serde_json::Value;
use tokio::task::yield_now;

use crate::flaw::{Deleted, Flaw, Listed, Target, Updated};

/// Whether a provider suspends between its two steps.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Between {
    Nothing,
    Suspension,
}

impl Between {
    pub(crate) async fn steps(self) {
        if self == Self::Suspension {
            yield_now().await;
        }
    }
}

/// Compares, then writes.
pub(crate) struct CheckThenWrite {
    pub(crate) inner: InMemoryProvider,
    pub(crate) between: Between,
}

#[async_trait]
impl Flaw for CheckThenWrite {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        let Some(current) = target.get(&self.inner).await? else {
            return Ok(ConditionalResult::NotFound);
        };
        if current.version() != expected {
            let current = current.version().clone();
            return Ok(
                VersionConflict::new(target.resource_type, target.id, expected, current).into(),
            );
        }
        self.between.steps().await;
        target.overwrite(&self.inner, data).await
    }
}

/// Compares, then deletes; that a rival was faster is as good as done.
pub(crate) struct DeletedByARival {
    pub(crate) inner: InMemoryProvider,
    pub(crate) between: Between,
}

#[async_trait]
impl Flaw for DeletedByARival {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        let Some(current) = target.get(&self.inner).await? else {
            return Ok(ConditionalResult::NotFound);
        };
        self.between.steps().await;
        match target.delete(&self.inner, expected).await? {
            ConditionalResult::NotFound if current.version() == expected => {
                Ok(ConditionalResult::Success(()))
            }
            other => Ok(other),
        }
    }
}

/// Takes the total of a page from one state and its resources from another.
pub(crate) struct PageOfTwoReads {
    pub(crate) inner: InMemoryProvider,
    pub(crate) between: Between,
}

#[async_trait]
impl Flaw for PageOfTwoReads {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn list(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Listed {
        let list = |query| async move {
            self.inner
                .list_versioned_resources(resource_type, &query, context)
                .await
        };
        let total = list(query.clone().with_count(0)).await?.total;
        self.between.steps().await;
        let mut page = list(query.clone()).await?;
        page.total = total;
        Ok(page)
    }
}

/// A store that looks whether a unique key is taken, then commits.
pub(crate) struct UniqueOutsideTheLock {
    pub(crate) inner: InMemoryStorage,
    pub(crate) between: Between,
}

impl UniqueOutsideTheLock {
    async fn holder(
        &self,
        key: &ResourceKey,
        entry: &IndexEntry,
    ) -> Result<Option<Stored>, StorageError> {
        let query = Query::new(key.scope().clone(), key.resource_type(), u32::MAX)
            .selecting(Selection::Indexed(entry.clone()));
        let page = self.inner.query(&query).await?;
        Ok(page.records.into_iter().find(|stored| stored.key != *key))
    }
}

/// The entry under which a record is found instead of by its unique key.
fn entry(unique_key: &UniqueKey) -> IndexEntry {
    IndexEntry::new(unique_key.name.clone(), unique_key.value.clone())
}

fn content(write: &mut Write) -> Option<&mut Content> {
    match &mut write.op {
        WriteOp::Create(record) => Some(&mut record.content),
        WriteOp::Update { change, .. } => change.content.as_mut(),
        WriteOp::Delete { .. } => None,
    }
}

#[async_trait]
impl Storage for UniqueOutsideTheLock {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.inner.get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.inner.query(query).await
    }

    async fn commit(&self, mut commit: Commit) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            let key = write.key.clone();
            let Some(content) = content(write) else {
                continue;
            };
            for unique_key in std::mem::take(&mut content.unique_keys) {
                let entry = entry(&unique_key);
                if let Some(Stored { key: holder, .. }) = self.holder(&key, &entry).await? {
                    let refusal = Refusal::Duplicate { unique_key, holder };
                    return Ok(CommitOutcome::Refused(refusal));
                }
                content.index.push(entry);
            }
        }
        self.between.steps().await;
        self.inner.commit(commit).await
    }
}

/// A store that puts back what a rival deleted since it was read.
#[derive(Default)]
pub(crate) struct UpdateIsUpsert(InMemoryStorage);

#[async_trait]
impl Storage for UpdateIsUpsert {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.0.get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.0.query(query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        let outcome = self.0.commit(commit.clone()).await?;
        let CommitOutcome::Refused(Refusal::Missing { key }) = &outcome else {
            return Ok(outcome);
        };
        for write in commit.writes {
            if let WriteOp::Update { change, .. } = write.op
                && let Some(content) = change.content
            {
                let record = Record::new(change.stamp, content, change.add_links);
                return self
                    .0
                    .commit(Commit::of(Write::create(key.clone(), record)))
                    .await;
            }
        }
        Ok(outcome)
    }
}
