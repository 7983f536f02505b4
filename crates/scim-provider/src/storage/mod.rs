//! What a new back end implements: [`Storage`], and the values it speaks in.
//!
//! A store knows records, not SCIM: it compares and keeps octets. Everything
//! that makes a record a SCIM resource stands in
//! [`StandardResourceProvider`](crate::StandardResourceProvider), once for all stores.

mod commit;
mod error;
mod key;
mod query;
mod record;
mod retention;

use std::sync::Arc;

use async_trait::async_trait;
use scim_version::ScimVersion;

pub use commit::{Change, Commit, CommitOutcome, Refusal, Requirement, Write, WriteOp};
pub use error::{StorageError, StorageErrorKind};
pub use key::{ResourceId, ResourceKey, ResourceKeyError};
pub use query::{ModifiedRange, Query, RecordPage, Selection, Start};
pub use record::{
    Content, IndexEntry, Link, LinkKey, LinkSelection, Record, Stamp, Stored, UniqueKey,
};
pub use retention::{Former, Retention};

/// A place where records are kept.
///
/// # For callers
///
/// [`get`](Self::get) and [`query`](Self::query) read; [`commit`](Self::commit) is
/// the only way to write. There is no unconditional write: each names the
/// version it replaces, or that nothing is there.
///
/// # For implementers
///
/// `scim_provider::testkit::storage::run_all` (feature `testkit`) checks what
/// follows.
///
/// - **One step.** A commit judges its conditions and applies its writes as one
///   step: no other commit and no read sees or changes anything between. Of any
///   number of commits that name the same version of a record, one is applied.
/// - **All or nothing.** When a commit is refused or fails, nothing of it is
///   stored. The exception is [`StorageErrorKind::OutcomeUnknown`]: either all of
///   it is stored or nothing, and the caller finds out by reading.
/// - **Which refusal wins**, when several apply: [`Refusal::Missing`], then
///   [`Refusal::Mismatch`], then [`Refusal::RequirementFailed`], then
///   [`Refusal::Duplicate`]; among those of one kind, the one for the first write,
///   requirement or key in the order of the commit.
/// - **Requirements and unique keys are judged on the state after the writes**, so
///   that one commit may pass a unique key from a record to another, or remove the
///   links to a record with the record.
/// - **What a commit can't be.** One that reaches into two scopes, writes a key twice, or
///   gives a record two links with one key is [`StorageErrorKind::Unsupported`].
/// - **Who holds a key**, when two writes of one commit claim it: either may be named in
///   [`Refusal::Duplicate`].
/// - **Current.** A read that starts after a commit was answered sees that commit.
/// - **A page is one state.** All records of a [`RecordPage`] and its total come from
///   the same state of the store.
/// - **Each once.** A record that a [`Selection`] names in several ways is one record of the
///   page and of its total. A selection of no ids or no links has no records; one may have as
///   many as the caller likes, more than a statement has places for parameters.
/// - **Order.** Records come in the order of their ids, whatever selects them, and the links of
///   a record in the order of attribute and target, [`LinkSelection::AtMost`] the first of them.
/// - **Octets.** Keys, unique keys, index values, documents and hidden attributes are compared
///   and given back octet by octet: no collation, no folding, no trailing blanks dropped.
/// - **What is hidden** belongs to the content: a new [`Content`] replaces it, with nothing too,
///   and a [`Change`] without content leaves it alone. Nothing hidden and an empty object are two
///   things. Every read gives it back; it is for the caller not to show it.
/// - **Times.** [`Selection::Modified`] compares [`Stamp::last_modified`] to the microsecond, both
///   ends included. Every change of a record moves it there, one of the stamp alone too. Nothing
///   keeps two records from sharing a time, nor a time from going back.
/// - **Scopes do not touch.** Nothing of one [`Scope`](crate::Scope) is visible in
///   another, unique keys included.
/// - **Former versions**, if the store [keeps them](Self::keeps_former). An update of a commit with a
///   [`Commit::retention`] keeps the state that it replaces, in the same step: stamp, document and
///   all links, and nothing that is hidden. No more are kept than the retention of that commit
///   allows: so many of each record, so many octets in the scope, and none that was replaced too long
///   before [`Stamp::last_modified`] of the update; the oldest go first, and a store may keep fewer.
///   Of one record there are no gaps: what is kept leads back from the current version without
///   leaving one out. A delete forgets what was kept of its record, and so does an update without
///   retention: a record that is created anew has no past.
/// - **Cancellation.** A `commit` future that is dropped has applied all of the commit
///   or nothing, and blocks nobody afterwards.
/// - `Clone`, where a store offers it, shares the records.
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// The record at `key` with those of its links that `links` selects, or `None`.
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError>;

    /// A page of records.
    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError>;

    /// Applies all writes of `commit`, or none.
    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError>;

    /// Whether former versions are kept, where a commit wants it. A store that says nothing else
    /// keeps none.
    fn keeps_former(&self) -> bool {
        false
    }

    /// The former version `version` of the record at `key`, if it is kept; never the current one.
    async fn former(
        &self,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        let _ = (key, version);
        Ok(None)
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Storage + ?Sized> Storage for Arc<S> {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        (**self).get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        (**self).query(query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        (**self).commit(commit).await
    }

    fn keeps_former(&self) -> bool {
        (**self).keeps_former()
    }

    async fn former(
        &self,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        (**self).former(key, version).await
    }
}
