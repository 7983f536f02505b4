//! [`InMemoryStorage`]: all records in ordered maps behind one lock per scope.

mod apply;
#[cfg(test)]
mod cost;
mod formers;
mod judge;
mod names;
mod page;
mod records;
mod rows;
mod tables;
mod visits;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use async_trait::async_trait;
use scim_version::ScimVersion;

use self::apply::apply;
use self::judge::judge;
use self::page::page;
use self::tables::Tables;
#[cfg(test)]
pub(crate) use self::visits::count as count_visits;
use crate::Scope;
use crate::storage::{
    Commit, CommitOutcome, Former, LinkSelection, Query, RecordPage, ResourceKey, Storage,
    StorageError, Stored,
};

/// Keeps records in memory, for as long as the process lives.
///
/// A clone shares the records. What an operation costs follows what it touches,
/// not how many records there are; documents are kept as the octets they came in
/// and shared with readers. Each scope has its own lock, held for one operation
/// at a time and never while a future waits.
///
/// A commit that reaches into two scopes is
/// [`StorageErrorKind::Unsupported`](crate::storage::StorageErrorKind::Unsupported); likewise one
/// that writes a key twice, or gives one record two links with the same key.
///
/// ```
/// use scim_provider::storage::{Query, ResourceKey, LinkSelection};
/// use scim_provider::{InMemoryStorage, Scope, Storage};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let storage = InMemoryStorage::new();
/// let key = ResourceKey::new(Scope::Single, "User", "2819c223")?;
/// assert_eq!(storage.get(&key, &LinkSelection::All).await?, None);
/// assert_eq!(storage.query(&Query::new(Scope::Single, "User", 100)).await?.total, 0);
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct InMemoryStorage {
    scopes: Arc<RwLock<Scopes>>,
}

/// The outer lock is only taken for writing when a scope comes or goes; who holds
/// an inner lock holds the outer one for reading, so that no scope goes while it
/// is in use.
type Scopes = BTreeMap<Scope, RwLock<Tables>>;

impl InMemoryStorage {
    /// A store without records.
    pub fn new() -> Self {
        Self::default()
    }

    /// Commits to a scope that has records; gives the commit back if it has none.
    fn commit_to_known(&self, scope: &Scope, commit: Commit) -> Result<CommitOutcome, Commit> {
        let emptied = {
            let scopes = read(&self.scopes);
            let Some(tables) = scopes.get(scope) else {
                return Err(commit);
            };
            let mut tables = write(tables);
            if let Some(refusal) = judge(&tables, &commit) {
                return Ok(CommitOutcome::Refused(refusal));
            }
            apply(&mut tables, commit);
            tables.is_empty()
        };
        if emptied {
            self.forget_if_empty(scope);
        }
        Ok(CommitOutcome::Applied)
    }

    /// Commits to a scope that had no records a moment ago.
    fn commit_to_new(&self, scope: Scope, commit: Commit) -> CommitOutcome {
        // What an empty scope refuses need not stop all others for a moment.
        if let Some(refusal) = judge(&Tables::default(), &commit) {
            return CommitOutcome::Refused(refusal);
        }
        let mut scopes = write(&self.scopes);
        let tables = scopes.entry(scope.clone()).or_default();
        let tables = tables.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Somebody may have come first, hence judged again.
        let outcome = match judge(tables, &commit) {
            Some(refusal) => CommitOutcome::Refused(refusal),
            None => {
                apply(tables, commit);
                CommitOutcome::Applied
            }
        };
        if tables.is_empty() {
            scopes.remove(&scope);
        }
        outcome
    }

    fn forget_if_empty(&self, scope: &Scope) {
        let mut scopes = write(&self.scopes);
        if scopes
            .get(scope)
            .is_some_and(|tables| read(tables).is_empty())
        {
            scopes.remove(scope);
        }
    }
}

impl fmt::Debug for InMemoryStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Records hold personal data, which has no place in a log.
        f.debug_struct("InMemoryStorage").finish_non_exhaustive()
    }
}

#[async_trait]
impl Storage for InMemoryStorage {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let scopes = read(&self.scopes);
        Ok(scopes
            .get(key.scope())
            .and_then(|tables| read(tables).get(key, links)))
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        let scopes = read(&self.scopes);
        Ok(match scopes.get(&query.scope) {
            Some(tables) => page(&read(tables), query),
            None => RecordPage::new(Vec::new(), 0),
        })
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        let Some(scope) = commit.scope()?.cloned() else {
            return Ok(CommitOutcome::Applied);
        };
        Ok(self
            .commit_to_known(&scope, commit)
            .unwrap_or_else(|commit| self.commit_to_new(scope, commit)))
    }

    fn keeps_former(&self) -> bool {
        true
    }

    async fn former(
        &self,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        let scopes = read(&self.scopes);
        Ok(scopes
            .get(key.scope())
            .and_then(|tables| formers::find(&read(tables), key, version)))
    }
}

// A commit is judged before its first change and applied by steps that don't
// fail, so the tables are whole even if a thread panicked under the lock.

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::storage::{
        Change, Content, IndexEntry, Link, LinkKey, Record, Stamp, UniqueKey, Write,
    };

    fn stamp(revision: u64) -> Stamp {
        let at = Timestamp::from_micros(0).unwrap();
        Stamp::new(ScimVersion::from_revision(revision), at, at)
    }

    fn key(scope: &Scope, kind: &str, id: &str) -> ResourceKey {
        ResourceKey::new(scope.clone(), kind, id).unwrap()
    }

    fn record(name: &str) -> Record {
        let content = Content::new(
            *b"{}",
            vec![UniqueKey::new(format!("rule {name}"), name)],
            vec![IndexEntry::new(format!("attribute {name}"), name)],
        );
        let links = vec![Link::new(LinkKey::new("members", name), None, *b"{}")];
        Record::new(stamp(1), content, links)
    }

    async fn applied(storage: &InMemoryStorage, commit: Commit) {
        assert_eq!(
            storage.commit(commit).await.unwrap(),
            CommitOutcome::Applied
        );
    }

    #[tokio::test]
    async fn what_is_deleted_leaves_nothing_behind() {
        let storage = InMemoryStorage::new();
        let scopes = [Scope::Single, Scope::Tenant("a".parse().unwrap())];
        for scope in &scopes {
            for kind in ["User", "Group"] {
                let create = Write::create(key(scope, kind, "1"), record(kind));
                applied(&storage, Commit::of(create)).await;
            }
        }
        for scope in &scopes {
            applied(
                &storage,
                Commit::of(Write::delete(key(scope, "User", "1"), stamp(1).version)),
            )
            .await;
            let scopes = read(&storage.scopes);
            let tables = read(&scopes[scope]);
            assert_eq!(
                (
                    tables.types.len(),
                    tables.unique.len(),
                    tables.incoming.len()
                ),
                (1, 1, 1)
            );
        }
        for scope in &scopes {
            let cleared = Change::new(stamp(2))
                .with_content(Content::new(*b"{}", Vec::new(), Vec::new()))
                .with_links(vec![LinkKey::new("members", "Group")], Vec::new());
            let group = key(scope, "Group", "1");
            applied(
                &storage,
                Commit::of(Write::update(group.clone(), stamp(1).version, cleared)),
            )
            .await;
            {
                let scopes = read(&storage.scopes);
                let tables = read(&scopes[scope]);
                assert_eq!((tables.unique.len(), tables.incoming.len()), (0, 0));
                assert!(tables.types["Group"].index.is_empty());
                assert!(tables.types["Group"].links.is_empty());
            }
            applied(&storage, Commit::of(Write::delete(group, stamp(2).version))).await;
        }
        assert!(read(&storage.scopes).is_empty());
    }

    #[tokio::test]
    async fn a_refused_commit_to_an_empty_scope_leaves_no_scope() {
        let storage = InMemoryStorage::new();
        let write = Write::delete(key(&Scope::Single, "User", "1"), stamp(1).version);
        assert!(matches!(
            storage.commit(Commit::of(write)).await.unwrap(),
            CommitOutcome::Refused(_)
        ));
        assert!(read(&storage.scopes).is_empty());
    }

    #[tokio::test]
    async fn commits_that_contradict_themselves_are_unsupported() {
        let storage = InMemoryStorage::new();
        let single = Scope::Single;
        let twice = Commit::of(Write::create(key(&single, "User", "1"), record("a")))
            .and(Write::create(key(&single, "User", "1"), record("b")));
        let elsewhere = Scope::Tenant("a".parse().unwrap());
        let across = Commit::of(Write::create(key(&single, "User", "1"), record("a"))).requiring(
            crate::storage::Requirement::Exists(key(&elsewhere, "User", "1")),
        );
        let mut doubled = record("a");
        doubled.links.extend(doubled.links.clone());
        let doubled = Commit::of(Write::create(key(&single, "User", "1"), doubled));
        for commit in [twice, across, doubled] {
            let error = storage.commit(commit).await.unwrap_err();
            assert_eq!(error.kind(), crate::storage::StorageErrorKind::Unsupported);
        }
        assert!(read(&storage.scopes).is_empty());
    }

    #[tokio::test]
    async fn a_clone_shares_the_records_and_debug_shows_none() {
        let storage = InMemoryStorage::new();
        let user = key(&Scope::Single, "User", "1");
        applied(
            &storage.clone(),
            Commit::of(Write::create(user.clone(), record("secret"))),
        )
        .await;
        assert!(
            storage
                .get(&user, &LinkSelection::None)
                .await
                .unwrap()
                .is_some()
        );
        assert!(!format!("{storage:?}").contains("secret"));
    }
}
