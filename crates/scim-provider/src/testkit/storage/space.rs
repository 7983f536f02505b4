use std::error::Error;
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use scim_version::ScimVersion;
use uuid::Uuid;

use super::super::Failure;
use crate::storage::{
    Change, Commit, CommitOutcome, Content, IndexEntry, Link, LinkKey, LinkSelection,
    ModifiedRange, Query, Record, RecordPage, Refusal, Requirement, ResourceId, ResourceKey,
    Selection, Stamp, StorageErrorKind, Stored, UniqueKey,
};
use crate::{Scope, Storage, TenantId, Timestamp};

/// Microseconds that a store with whole seconds, with milliseconds, with floating point, or with 31
/// bits of seconds has no room for.
const CREATED: [i64; 5] = [
    -1,
    1,
    -11_644_473_600_000_001,
    2_147_483_648_000_003,
    4_294_967_296_123_457,
];

/// A few microseconds before the last second that 31 bits hold is over.
const BEFORE_2038: i64 = 2_147_483_647_999_997;

/// A tenant of its own for one check, and what the check does there.
#[derive(Clone)]
pub(super) struct Space {
    check: &'static str,
    storage: Arc<dyn Storage>,
    scope: Scope,
    revisions: Arc<AtomicU32>,
}

impl Space {
    pub(super) fn new(check: &'static str, storage: &Arc<dyn Storage>) -> Self {
        let tenant: TenantId = Uuid::new_v4()
            .to_string()
            .parse()
            .expect("a UUID is a name for a tenant");
        Self {
            check,
            storage: Arc::clone(storage),
            scope: tenant.into(),
            revisions: Arc::default(),
        }
    }

    /// The same check in another scope.
    pub(super) fn within(&self, scope: Scope) -> Self {
        Self {
            scope,
            ..self.clone()
        }
    }

    pub(super) const fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(super) fn key(&self, resource_type: &str, id: &str) -> ResourceKey {
        ResourceKey::new(self.scope.clone(), resource_type, id)
            .expect("the suite uses only legal keys")
    }

    /// How many stamps in a row differ in `created`.
    pub(super) const TIMES: usize = CREATED.len();

    /// A stamp with a version and a time that no other stamp of this check has.
    pub(super) fn stamp(&self) -> Stamp {
        let revision = self.revisions.fetch_add(1, Ordering::SeqCst) + 1;
        let at = |micros| Timestamp::from_micros(micros).expect("a year within range");
        let turn = usize::try_from(revision).expect("fewer than fit in memory");
        Stamp::new(
            // As long as versions get, in upper and lower case.
            ScimVersion::from_content(revision.to_be_bytes()),
            at(CREATED[turn % CREATED.len()]),
            at(BEFORE_2038 + i64::from(revision)),
        )
    }

    // Requests that must succeed as such.

    pub(super) async fn commit(&self, commit: Commit) -> Result<CommitOutcome, Failure> {
        self.storage
            .commit(commit)
            .await
            .map_err(|error| self.store_failed(&error))
    }

    /// The record with all its links.
    pub(super) async fn get(&self, key: &ResourceKey) -> Result<Option<Stored>, Failure> {
        self.get_with(key, &LinkSelection::All).await
    }

    pub(super) async fn get_with(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, Failure> {
        self.storage
            .get(key, links)
            .await
            .map_err(|error| self.store_failed(&error))
    }

    pub(super) async fn page(&self, query: &Query) -> Result<RecordPage, Failure> {
        self.storage
            .query(query)
            .await
            .map_err(|error| self.store_failed(&error))
    }

    /// All records of a type that a selection has, with all links.
    pub(super) async fn select(
        &self,
        resource_type: &str,
        selection: Selection,
    ) -> Result<RecordPage, Failure> {
        self.page(&Query::new(self.scope.clone(), resource_type, 1_000).selecting(selection))
            .await
    }

    // What must be so.

    pub(super) async fn applied(&self, commit: Commit) -> Result<(), Failure> {
        let outcome = self.commit(commit).await?;
        self.same(
            "the outcome of a commit without hindrance",
            &outcome,
            &CommitOutcome::Applied,
        )
    }

    pub(super) async fn refused(
        &self,
        what: &str,
        commit: Commit,
        refusal: Refusal,
    ) -> Result<(), Failure> {
        let outcome = self.commit(commit).await?;
        self.same(what, &outcome, &CommitOutcome::Refused(refusal))
    }

    /// The store does not accept the commit at all.
    pub(super) async fn errs(
        &self,
        what: &str,
        commit: Commit,
        kind: StorageErrorKind,
    ) -> Result<(), Failure> {
        let found = self.storage.commit(commit).await;
        let found = found.map_err(|error| error.kind());
        self.same(what, &found, &Err(kind))
    }

    /// Creates a record and gives what should be read of it.
    pub(super) async fn create(&self, key: &ResourceKey, draft: Draft) -> Result<Stored, Failure> {
        let stamp = self.stamp();
        let stored = draft.stored(key, &stamp);
        self.applied(Commit::of(draft.create(key, stamp))).await?;
        Ok(stored)
    }

    pub(super) async fn reads(&self, what: &str, wanted: &Stored) -> Result<(), Failure> {
        let found = self.get(&wanted.key).await?;
        self.same(what, &found.as_ref(), &Some(wanted))
    }

    pub(super) async fn absent(&self, what: &str, key: &ResourceKey) -> Result<(), Failure> {
        self.same(what, &self.get(key).await?, &None)
    }

    /// The selection has exactly the records with these ids.
    pub(super) async fn selects(
        &self,
        resource_type: &str,
        selection: Selection,
        ids: &[&str],
    ) -> Result<(), Failure> {
        let what = format!("the {resource_type} records of {selection:?}");
        let page = self.select(resource_type, selection).await?;
        let found: Vec<_> = page
            .records
            .iter()
            .map(|record| record.key.id().as_str())
            .collect();
        self.same(&what, &found.as_slice(), &ids)?;
        self.same(
            &format!("the total of {what}"),
            &page.total,
            &u64_of(ids.len()),
        )
    }

    pub(super) fn same<T: PartialEq + Debug>(
        &self,
        what: &str,
        found: &T,
        wanted: &T,
    ) -> Result<(), Failure> {
        if found == wanted {
            return Ok(());
        }
        Err(self.failure(format!("{what}: found {found:?}, expected {wanted:?}")))
    }

    pub(super) fn holds(&self, what: &str, so: bool) -> Result<(), Failure> {
        if so { Ok(()) } else { Err(self.failure(what)) }
    }

    pub(super) fn failure(&self, detail: impl Into<String>) -> Failure {
        Failure::new(self.check, detail)
    }

    fn store_failed(&self, error: &dyn Error) -> Failure {
        let mut detail = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            detail.push_str(": ");
            detail.push_str(&cause.to_string());
            source = cause.source();
        }
        self.failure(detail)
    }
}

/// What a record is to say, before it has a stamp.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    document: String,
    hidden: Option<String>,
    unique_keys: Vec<UniqueKey>,
    index: Vec<IndexEntry>,
    links: Vec<Link>,
}

impl Draft {
    /// A record that says `{"text":"…"}`.
    pub(super) fn of(text: &str) -> Self {
        let document = serde_json::json!({ "text": text }).to_string();
        Self {
            document,
            ..Self::default()
        }
    }

    pub(super) fn of_document(document: impl Into<String>) -> Self {
        Self {
            document: document.into(),
            ..Self::default()
        }
    }

    pub(super) fn hiding(mut self, hidden: impl Into<String>) -> Self {
        self.hidden = Some(hidden.into());
        self
    }

    pub(super) fn unique(mut self, key: UniqueKey) -> Self {
        self.unique_keys.push(key);
        self
    }

    pub(super) fn indexed(mut self, entry: IndexEntry) -> Self {
        self.index.push(entry);
        self
    }

    pub(super) fn linked(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }

    pub(super) fn content(&self) -> Content {
        let document = self.document.as_bytes();
        Content::new(document, self.unique_keys.clone(), self.index.clone())
            .with_hidden(self.hidden())
    }

    fn hidden(&self) -> Option<Arc<[u8]>> {
        self.hidden.as_ref().map(|hidden| hidden.as_bytes().into())
    }

    pub(super) fn create(&self, key: &ResourceKey, stamp: Stamp) -> crate::storage::Write {
        let record = Record::new(stamp, self.content(), self.links.clone());
        crate::storage::Write::create(key.clone(), record)
    }

    /// The change that gives a record this content; its links stay.
    pub(super) fn change(&self, stamp: Stamp) -> Change {
        Change::new(stamp).with_content(self.content())
    }

    /// What should be read of the record.
    pub(super) fn stored(&self, key: &ResourceKey, stamp: &Stamp) -> Stored {
        let mut links = self.links.clone();
        links.sort_by(|a, b| a.key.cmp(&b.key));
        let document = self.document.as_bytes();
        Stored::new(key.clone(), stamp.clone(), document.into(), links).with_hidden(self.hidden())
    }
}

pub(super) fn user_name(name: &str) -> UniqueKey {
    UniqueKey::new("User:userName", name)
}

pub(super) fn title(title: &str) -> IndexEntry {
    IndexEntry::new("title", title)
}

pub(super) fn member(target: &str) -> Link {
    let reference = format!("Users/{target}");
    Link::new(
        member_key(target),
        Some(reference.into()),
        *br#"{"type":"User"}"#,
    )
}

/// Nobody links to this user.
pub(super) fn unreferenced(key: ResourceKey) -> Requirement {
    let reference = format!("Users/{}", key.id()).into();
    Requirement::Unreferenced { key, reference }
}

pub(super) fn member_key(target: &str) -> LinkKey {
    LinkKey::new("members", target)
}

pub(super) fn ids(ids: &[&str]) -> Selection {
    Selection::Ids(ids.iter().map(|id| id_of(id)).collect())
}

pub(super) fn id_of(id: &str) -> ResourceId {
    id.parse().expect("the suite uses only legal ids")
}

pub(super) const fn modified(from: Option<Timestamp>, to: Option<Timestamp>) -> Selection {
    Selection::Modified(ModifiedRange::new(from, to))
}

pub(super) fn u64_of(count: usize) -> u64 {
    u64::try_from(count).expect("a count of records in memory")
}
