use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, RecordPage, ResourceKey, StorageError, Stored,
};
use scim_provider::{InMemoryProvider, InMemoryStorage, Storage};

type Step = Box<dyn FnOnce(InMemoryProvider) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// A store in which somebody else is always a little faster: before each commit, the next of
/// some steps is taken.
#[derive(Default)]
pub(crate) struct Rivalled {
    inner: InMemoryStorage,
    steps: Mutex<VecDeque<Step>>,
}

impl Rivalled {
    /// The provider that nobody interferes with.
    pub(crate) fn undisturbed(&self) -> InMemoryProvider {
        InMemoryProvider::new(self.inner.clone())
    }

    /// Before the next commit that has no step yet, `step` is taken.
    pub(crate) fn before_commit<F: Future<Output = ()> + Send + 'static>(
        &self,
        step: impl FnOnce(InMemoryProvider) -> F + Send + 'static,
    ) {
        let step: Step = Box::new(|provider| Box::pin(step(provider)));
        self.steps().push_back(step);
    }

    /// How many steps have not been taken.
    pub(crate) fn left(&self) -> usize {
        self.steps().len()
    }

    fn steps(&self) -> std::sync::MutexGuard<'_, VecDeque<Step>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Rivalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rivalled").finish_non_exhaustive()
    }
}

#[async_trait]
impl Storage for Rivalled {
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

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        let step = self.steps().pop_front();
        if let Some(step) = step {
            step(self.undisturbed()).await;
        }
        self.inner.commit(commit).await
    }
}
