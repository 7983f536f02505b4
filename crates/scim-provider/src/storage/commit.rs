use std::collections::BTreeSet;
use std::sync::Arc;

use scim_version::ScimVersion;

use super::{
    Content, Link, LinkKey, Record, ResourceKey, Retention, Stamp, StorageError, StorageErrorKind,
    UniqueKey,
};
use crate::Scope;

/// A list of writes that happen all or not at all.
///
/// Each key is written at most once. What a commit requires of other records is
/// judged on the state that the writes leave.
///
/// ```
/// # use scim_provider::{Scope, storage::*};
/// # fn f(record: Record) -> Result<Commit, ResourceKeyError> {
/// let group = ResourceKey::new(Scope::Single, "Group", "e9e30dba")?;
/// let member = ResourceKey::new(Scope::Single, "User", "2819c223")?;
/// let commit = Commit::of(Write::create(group, record))
///     .requiring(Requirement::Exists(member));
/// # Ok(commit) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Commit {
    /// What is written, in this order.
    pub writes: Vec<Write>,
    /// What must hold afterwards.
    pub requirements: Vec<Requirement>,
    /// How much is kept of the versions that it replaces; `None` keeps nothing.
    pub retention: Option<Retention>,
}

impl Commit {
    /// A commit of one write.
    pub fn of(write: Write) -> Self {
        Self {
            writes: vec![write],
            requirements: Vec::new(),
            retention: None,
        }
    }

    /// The scope that the commit is about, or `None` if it is about nothing. For stores, which have
    /// to refuse a commit that is none before they look at anything else.
    ///
    /// # Errors
    ///
    /// [`StorageErrorKind::Unsupported`] if it writes a key twice, adds a link twice to one
    /// record, or reaches into two scopes.
    pub fn scope(&self) -> Result<Option<&Scope>, StorageError> {
        let mut keys = BTreeSet::new();
        let once = self.writes.iter().all(|write| keys.insert(&write.key))
            && self
                .writes
                .iter()
                .all(|write| differ(write.op.added_links()));
        let writes = self.writes.iter().map(|write| &write.key);
        let requirements = self.requirements.iter().map(Requirement::key);
        let mut scopes = writes.chain(requirements).map(ResourceKey::scope);
        let scope = scopes.next();
        if once && scopes.all(|other| Some(other) == scope) {
            Ok(scope)
        } else {
            Err(StorageError::new(StorageErrorKind::Unsupported))
        }
    }

    /// The same commit with one more write.
    #[must_use]
    pub fn and(mut self, write: Write) -> Self {
        self.writes.push(write);
        self
    }

    /// The same commit with one more requirement.
    #[must_use]
    pub fn requiring(mut self, requirement: Requirement) -> Self {
        self.requirements.push(requirement);
        self
    }

    /// The same commit, which keeps so much of the versions that it replaces.
    #[must_use]
    pub const fn keeping(mut self, retention: Option<Retention>) -> Self {
        self.retention = retention;
        self
    }
}

/// One write of a [`Commit`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Write {
    /// Which record.
    pub key: ResourceKey,
    /// What happens to it, and on which condition.
    pub op: WriteOp,
}

impl Write {
    /// Creates `record` at `key`, where nothing may be.
    pub const fn create(key: ResourceKey, record: Record) -> Self {
        Self {
            key,
            op: WriteOp::Create(record),
        }
    }

    /// Changes the record at `key`, which must have the version `expected`.
    pub const fn update(key: ResourceKey, expected: ScimVersion, change: Change) -> Self {
        Self {
            key,
            op: WriteOp::Update { expected, change },
        }
    }

    /// Deletes the record at `key` with its links, if it has the version `expected`.
    pub const fn delete(key: ResourceKey, expected: ScimVersion) -> Self {
        Self {
            key,
            op: WriteOp::Delete { expected },
        }
    }
}

impl WriteOp {
    /// The content that it gives its record, if it gives one.
    pub const fn new_content(&self) -> Option<&Content> {
        match self {
            Self::Create(record) => Some(&record.content),
            Self::Update { change, .. } => change.content.as_ref(),
            Self::Delete { .. } => None,
        }
    }

    /// The links that it gives its record.
    pub fn added_links(&self) -> &[Link] {
        match self {
            Self::Create(record) => &record.links,
            Self::Update { change, .. } => &change.add_links,
            Self::Delete { .. } => &[],
        }
    }
}

fn differ(links: &[Link]) -> bool {
    let mut keys = BTreeSet::new();
    links.iter().all(|link| keys.insert(&link.key))
}

/// What a [`Write`] does. Each kind carries its condition: none is
/// unconditional.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store has to carry out every write; a new kind would be a breaking change"
)]
pub enum WriteOp {
    /// Put a record where there is none.
    Create(Record),
    /// Change the record that has this version.
    Update {
        /// The version that is replaced.
        expected: ScimVersion,
        /// What becomes of the record.
        change: Change,
    },
    /// Remove the record that has this version, and its links.
    Delete {
        /// The version that is removed.
        expected: ScimVersion,
    },
}

/// What an update does to a record: it replaces the whole of it or a part.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The new stamp.
    pub stamp: Stamp,
    /// The new document with its keys and entries; `None` leaves them as they are.
    pub content: Option<Content>,
    /// Links to remove; one that is not there is no error. Removed before
    /// `add_links` are added.
    pub remove_links: Vec<LinkKey>,
    /// Links to add; one with the key of an existing link replaces it.
    pub add_links: Vec<Link>,
}

impl Change {
    /// A change that so far only sets the stamp.
    pub const fn new(stamp: Stamp) -> Self {
        Self {
            stamp,
            content: None,
            remove_links: Vec::new(),
            add_links: Vec::new(),
        }
    }

    /// The same change with a new content.
    #[must_use]
    pub fn with_content(mut self, content: Content) -> Self {
        self.content = Some(content);
        self
    }

    /// The same change with these links removed and those added.
    #[must_use]
    pub fn with_links(mut self, remove: Vec<LinkKey>, add: Vec<Link>) -> Self {
        self.remove_links = remove;
        self.add_links = add;
        self
    }
}

/// What must hold, beside the versions that the writes name, for a commit to be
/// applied.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store that passed over a requirement would lose a promise"
)]
pub enum Requirement {
    /// This record exists: a member that is being deleted can't be added.
    Exists(ResourceKey),
    /// No link of any record of the scope points to this record: a member can't be deleted
    /// while somebody adds it.
    ///
    /// Which links do says [`Link::points_to`]: those with the record's id as target, but none
    /// with another reference than this one.
    Unreferenced {
        /// Which record.
        key: ResourceKey,
        /// What [`Link::reference`] is in links that are known to point to it.
        reference: Arc<str>,
    },
}

impl Requirement {
    /// The record that it is about.
    pub const fn key(&self) -> &ResourceKey {
        match self {
            Self::Exists(key) | Self::Unreferenced { key, .. } => key,
        }
    }
}

/// What became of a commit.
#[must_use = "a commit may have been refused"]
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a commit is applied or it is not")]
pub enum CommitOutcome {
    /// All of it is stored.
    Applied,
    /// Nothing of it is stored.
    Refused(Refusal),
}

/// Why a commit was refused; [`Storage`](super::Storage) says which reason wins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a provider has to answer every refusal; a new one would be a breaking change"
)]
pub enum Refusal {
    /// A record that should be updated or deleted does not exist.
    Missing {
        /// Which.
        key: ResourceKey,
    },
    /// A record has another version than the write names, or exists where one
    /// should be created.
    Mismatch {
        /// Which.
        key: ResourceKey,
        /// The version that it has.
        current: ScimVersion,
    },
    /// A requirement does not hold.
    RequirementFailed {
        /// Which.
        requirement: Requirement,
    },
    /// Another record has one of the unique keys.
    Duplicate {
        /// The key.
        unique_key: UniqueKey,
        /// The record that has it.
        holder: ResourceKey,
    },
}
