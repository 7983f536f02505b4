use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, Record, RecordPage, ResourceKey, StorageError,
    Stored,
};
use scim_provider::{Scope, Storage};

use crate::{commit, query};

/// An ordered map for each tenant, all behind one lock: as slow as it is simple.
///
/// Where this scans, a real back end has an index; where it locks, a transaction.
#[derive(Debug, Default)]
pub(crate) struct MutexStorage {
    tenants: Mutex<BTreeMap<Scope, Records>>,
}

/// The records of one tenant. Keys are ordered by type and by the octets of the id, which is
/// the order that pages have to be in.
pub(crate) type Records = BTreeMap<ResourceKey, Record>;

impl MutexStorage {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Scope, Records>> {
        // A commit is judged before it changes anything, so all is whole after a panic.
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Storage for MutexStorage {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let tenants = self.lock();
        let record = tenants
            .get(key.scope())
            .and_then(|records| records.get(key));
        Ok(record.map(|record| query::stored(key, record, links)))
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        let tenants = self.lock();
        Ok(match tenants.get(&query.scope) {
            Some(records) => query::page(records, query),
            None => RecordPage::new(Vec::new(), 0),
        })
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        let Some(scope) = commit::scope(&commit)? else {
            return Ok(CommitOutcome::Applied);
        };
        // Compared and written under one lock, without an await between.
        let mut tenants = self.lock();
        let records = tenants.entry(scope).or_default();
        let written = match commit::judge(records, &commit) {
            Ok(written) => written,
            Err(refusal) => return Ok(CommitOutcome::Refused(refusal)),
        };
        for (key, record) in written {
            match record {
                Some(record) => records.insert(key, record),
                None => records.remove(&key),
            };
        }
        Ok(CommitOutcome::Applied)
    }
}
