//! Several writes of the standard provider as one commit of its store.

mod draft;
mod staged;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use scim_version::ConditionalResult;

use self::staged::Staged;
use super::StandardResourceProvider;
use super::write::{duplicate, mismatch};
use crate::storage::{CommitOutcome, Refusal, Storage, StorageError, StorageErrorKind, WriteOp};
use crate::{AtomicProvider, ConditionalProvider, ProviderError, RequestContext, Transaction};

impl<S: Storage> AtomicProvider for StandardResourceProvider<S> {
    fn begin(&self, context: &RequestContext) -> Box<dyn Transaction> {
        let storage: Arc<dyn Storage> = self.storage.clone();
        let staged = Staged::new(Arc::clone(&storage), context.scope().clone());
        Box::new(StandardTransaction {
            provider: Arc::new(self.over(staged)),
            storage,
        })
    }
}

/// The standard provider over a store that keeps its commits back.
struct StandardTransaction {
    provider: Arc<StandardResourceProvider<Staged>>,
    storage: Arc<dyn Storage>,
}

#[async_trait]
impl Transaction for StandardTransaction {
    fn provider(&self) -> Arc<dyn ConditionalProvider> {
        self.provider.clone()
    }

    async fn commit(self: Box<Self>) -> Result<ConditionalResult<()>, ProviderError> {
        let commit = self.provider.storage().take_commit();
        if commit.writes.is_empty() {
            return Ok(ConditionalResult::Success(()));
        }
        let writes = commit.writes.clone();
        let refusal = match self.storage.commit(commit).await? {
            CommitOutcome::Applied => return Ok(ConditionalResult::Success(())),
            CommitOutcome::Refused(refusal) => refusal,
        };
        match refusal {
            // What a link needs went, or a link came to what was to go.
            Refusal::Missing { .. } | Refusal::RequirementFailed { .. } => {
                Ok(ConditionalResult::NotFound)
            }
            Refusal::Mismatch { key, current } => {
                let named = writes.iter().find(|write| write.key == key);
                match named.map(|write| &write.op) {
                    Some(WriteOp::Update { expected, .. } | WriteOp::Delete { expected }) => {
                        Ok(mismatch(&key, expected, current))
                    }
                    // Ids are made for each create.
                    Some(WriteOp::Create(_)) | None => {
                        Err(StorageError::new(StorageErrorKind::Internal).into())
                    }
                }
            }
            Refusal::Duplicate { unique_key, holder } => {
                let writer = writes.iter().find(|write| {
                    let content = match &write.op {
                        WriteOp::Create(record) => Some(&record.content),
                        WriteOp::Update { change, .. } => change.content.as_ref(),
                        WriteOp::Delete { .. } => None,
                    };
                    content.is_some_and(|content| content.unique_keys.contains(&unique_key))
                });
                let resource_type = writer.map_or("", |write| write.key.resource_type());
                let resource_type = self.provider.resource_type(resource_type)?;
                Err(duplicate(resource_type, &unique_key, &holder))
            }
        }
    }
}
