use async_trait::async_trait;
use scim_provider::Storage;
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, RecordPage, ResourceKey, StorageError, Stored,
};
use tokio::task::yield_now;

/// A store that suspends before and after each call, as one across a network does.
///
/// Memory never suspends, so over it a request has no await to be dropped at.
#[derive(Debug, Clone, Default)]
pub struct Suspending<S>(S);

impl<S> Suspending<S> {
    /// `storage`, with suspensions.
    pub const fn new(storage: S) -> Self {
        Self(storage)
    }
}

#[async_trait]
impl<S: Storage> Storage for Suspending<S> {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        yield_now().await;
        let result = self.0.get(key, links).await;
        yield_now().await;
        result
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        yield_now().await;
        let result = self.0.query(query).await;
        yield_now().await;
        result
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        yield_now().await;
        let result = self.0.commit(commit).await;
        yield_now().await;
        result
    }
}
