use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use scim_version::ScimVersion;

use super::draft::Draft;
use crate::Scope;
use crate::storage::{
    Commit, CommitOutcome, LinkSelection, Query, RecordPage, Refusal, Requirement, ResourceKey,
    Retention, Selection, Start, Storage, StorageError, StorageErrorKind, Stored, WriteOp,
};

/// A store whose commits are kept back, to be made one commit of the store behind it.
///
/// Reads see what was kept back. Versions are judged at each commit, against what the
/// transaction sees; unique keys and requirements are judged at each commit as far as they
/// are known by then, so that the write that breaks them is the one refused, and by the store
/// at the end.
pub(super) struct Staged {
    /// Any store, so that a transaction within a transaction is no new type each time.
    base: Arc<dyn Storage>,
    scope: Scope,
    staging: Mutex<Staging>,
}

#[derive(Default)]
struct Staging {
    drafts: BTreeMap<ResourceKey, Arc<Draft>>,
    requirements: BTreeSet<Requirement>,
    /// That of the commits, which come from one provider.
    retention: Option<Retention>,
}

impl Staged {
    pub(super) fn new(base: Arc<dyn Storage>, scope: Scope) -> Self {
        Self {
            base,
            scope,
            staging: Mutex::default(),
        }
    }

    /// All that was kept back, as one commit.
    pub(super) fn take_commit(&self) -> Commit {
        let Staging {
            drafts,
            requirements,
            retention,
        } = std::mem::take(&mut *self.staging());
        let writes = drafts.into_iter().filter_map(|(key, draft)| {
            let draft = Arc::try_unwrap(draft).unwrap_or_else(|shared| (*shared).clone());
            draft.into_write(key)
        });
        Commit {
            writes: writes.collect(),
            requirements: requirements.into_iter().collect(),
            retention,
        }
    }

    // No await happens under this lock, and each change under it is one assignment.
    fn staging(&self) -> MutexGuard<'_, Staging> {
        self.staging.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draft(&self, key: &ResourceKey) -> Option<Arc<Draft>> {
        self.staging().drafts.get(key).cloned()
    }

    fn drafts_of(&self, resource_type: &str) -> Vec<(ResourceKey, Arc<Draft>)> {
        let staging = self.staging();
        let drafts = staging.drafts.iter();
        drafts
            .filter(|(key, _)| key.resource_type() == resource_type)
            .map(|(key, draft)| (key.clone(), Arc::clone(draft)))
            .collect()
    }
}

impl Staged {
    /// The versions that the store has of the records of `commit` that were not written yet.
    async fn untouched(&self, commit: &Commit) -> Result<Versions, StorageError> {
        let mut versions = Versions::new();
        for write in &commit.writes {
            if self.draft(&write.key).is_none() {
                let found = self.base.get(&write.key, &LinkSelection::None).await?;
                versions.insert(write.key.clone(), found.map(|found| found.stamp.version));
            }
        }
        Ok(versions)
    }

    async fn requirement_failed(&self, commit: &Commit) -> Result<Option<Refusal>, StorageError> {
        for requirement in &commit.requirements {
            // Who links to a record is known to the store alone, which is asked at the end.
            let Requirement::Exists(key) = requirement else {
                continue;
            };
            let written = commit.writes.iter().find(|write| write.key == *key);
            let exists = match written.map(|write| &write.op) {
                Some(WriteOp::Create(_) | WriteOp::Update { .. }) => true,
                Some(WriteOp::Delete { .. }) => false,
                None => self.get(key, &LinkSelection::None).await?.is_some(),
            };
            if !exists {
                let requirement = requirement.clone();
                return Ok(Some(Refusal::RequirementFailed { requirement }));
            }
        }
        Ok(None)
    }

    async fn duplicate(&self, commit: &Commit) -> Result<Option<Refusal>, StorageError> {
        for write in &commit.writes {
            let content = match &write.op {
                WriteOp::Create(record) => Some(&record.content),
                WriteOp::Update { change, .. } => change.content.as_ref(),
                WriteOp::Delete { .. } => None,
            };
            for unique_key in content.iter().flat_map(|content| &content.unique_keys) {
                let selection = Selection::Unique(unique_key.clone());
                // Rules are named after types, so that a holder of another type is none.
                let query = Query::new(self.scope.clone(), write.key.resource_type(), 1)
                    .selecting(selection)
                    .with_links(LinkSelection::None);
                let holder = self.query(&query).await?.records.pop();
                // A record that the same commit writes may give the key away.
                let rival = holder.map(|holder| holder.key).filter(|holder| {
                    *holder != write.key && commit.writes.iter().all(|other| other.key != *holder)
                });
                if let Some(holder) = rival {
                    return Ok(Some(Refusal::Duplicate {
                        unique_key: unique_key.clone(),
                        holder,
                    }));
                }
            }
        }
        Ok(None)
    }

    async fn is_selected(
        &self,
        key: &ResourceKey,
        draft: &Draft,
        selection: &Selection,
        in_store: bool,
    ) -> Result<bool, StorageError> {
        if let Some(known) = draft.is_selected(key, selection, in_store) {
            return Ok(known);
        }
        let Selection::Linked(links) = selection else {
            return Ok(in_store);
        };
        let found = self.get(key, &LinkSelection::Of(links.clone())).await?;
        Ok(found.is_some_and(|found| !found.links.is_empty()))
    }
}

/// Versions of records, `None` where there is no record.
type Versions = BTreeMap<ResourceKey, Option<ScimVersion>>;

#[async_trait]
impl Storage for Staged {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let Some(draft) = self.draft(key) else {
            let found = self.base.get(key, links).await?;
            // Drafts of others may have links to it that the store has not.
            return Ok(found.map(|found| found.with_may_be_target(true)));
        };
        let base = match &*draft {
            Draft::Changed(_) => self.base.get(key, &draft.needed(links)).await?,
            Draft::Created(_) | Draft::Deleted { .. } | Draft::Undone => None,
        };
        Ok(draft.stored(key, links, base))
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        let drafts = self.drafts_of(&query.resource_type);
        if drafts.is_empty() {
            return self.base.query(query).await;
        }
        let mut whole = query.clone();
        whole.start = Start::Offset(0);
        whole.limit = u32::MAX;
        let found = self.base.query(&whole).await?.records.into_iter();
        let mut records: BTreeMap<_, _> = found.map(|found| (found.key.clone(), found)).collect();
        for (key, draft) in &drafts {
            let in_store = records.remove(key).is_some();
            if self
                .is_selected(key, draft, &query.selection, in_store)
                .await?
                && let Some(stored) = self.get(key, &query.links).await?
            {
                records.insert(key.clone(), stored);
            }
        }
        let total = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let skip = match &query.start {
            Start::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
            Start::After(id) => records.keys().take_while(|key| key.id() <= id).count(),
        };
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let page = records.into_values().skip(skip).take(limit).collect();
        Ok(RecordPage::new(page, total))
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        let in_scope = |key: &ResourceKey| *key.scope() == self.scope;
        if !commit.writes.iter().all(|write| in_scope(&write.key)) {
            return Err(StorageError::new(StorageErrorKind::Unsupported));
        }
        // Two writes of one key are no commit. No id is given twice, so nobody needs them.
        let comes_back = commit.writes.iter().any(|write| {
            matches!(write.op, WriteOp::Create(_))
                && matches!(
                    self.draft(&write.key).as_deref(),
                    Some(Draft::Deleted { .. })
                )
        });
        if comes_back {
            return Err(StorageError::new(StorageErrorKind::Unsupported));
        }
        let untouched = self.untouched(&commit).await?;
        let requirement_failed = self.requirement_failed(&commit).await?;
        let duplicate = self.duplicate(&commit).await?;

        let mut staging = self.staging();
        let refused = staging
            .missing(&commit, &untouched)
            .or_else(|| staging.mismatch(&commit, &untouched))
            .or(requirement_failed)
            .or(duplicate);
        if let Some(refusal) = refused {
            return Ok(CommitOutcome::Refused(refusal));
        }
        staging.apply(commit);
        Ok(CommitOutcome::Applied)
    }
}

impl Staging {
    fn version<'a>(
        &'a self,
        key: &ResourceKey,
        untouched: &'a Versions,
    ) -> Option<&'a ScimVersion> {
        match self.drafts.get(key) {
            Some(draft) => draft.version(),
            None => untouched.get(key)?.as_ref(),
        }
    }

    fn missing(&self, commit: &Commit, untouched: &Versions) -> Option<Refusal> {
        let missing = commit.writes.iter().find(|write| {
            !matches!(write.op, WriteOp::Create(_)) && self.version(&write.key, untouched).is_none()
        })?;
        Some(Refusal::Missing {
            key: missing.key.clone(),
        })
    }

    fn mismatch(&self, commit: &Commit, untouched: &Versions) -> Option<Refusal> {
        commit.writes.iter().find_map(|write| {
            let current = self.version(&write.key, untouched)?;
            let matches = match &write.op {
                WriteOp::Create(_) => false,
                WriteOp::Update { expected, .. } | WriteOp::Delete { expected } => {
                    expected == current
                }
            };
            (!matches).then(|| Refusal::Mismatch {
                key: write.key.clone(),
                current: current.clone(),
            })
        })
    }

    /// Keeps back a commit whose versions are right.
    fn apply(&mut self, commit: Commit) {
        self.requirements.extend(commit.requirements);
        self.retention = commit.retention.or(self.retention);
        for write in commit.writes {
            // Who was to be there for a link may be deleted once the link is gone, and a
            // commit requires nothing of what it deletes itself.
            if let WriteOp::Delete { .. } = write.op {
                let exists = Requirement::Exists(write.key.clone());
                self.requirements.remove(&exists);
            }
            let draft = match self.drafts.remove(&write.key) {
                Some(draft) => Arc::unwrap_or_clone(draft).then(write.op),
                None => Draft::first(write.op),
            };
            self.drafts.insert(write.key, Arc::new(draft));
        }
    }
}
