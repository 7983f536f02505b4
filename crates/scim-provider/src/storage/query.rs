use super::{IndexEntry, LinkKey, LinkSelection, ResourceId, Stored, UniqueKey};
use crate::{Scope, Timestamp};

/// A page of records of one type: which, from where, how many.
///
/// Records come in the order of their ids, compared octet by octet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query {
    /// Whose records.
    pub scope: Scope,
    /// Records of which type.
    pub resource_type: String,
    /// Which of them.
    pub selection: Selection,
    /// From which on.
    pub start: Start,
    /// At most this many; 0 asks for the total only, `u32::MAX` for all.
    pub limit: u32,
    /// Which links of each record.
    pub links: LinkSelection,
}

impl Query {
    /// All records of a type, from the first on.
    pub fn new(scope: Scope, resource_type: impl Into<String>, limit: u32) -> Self {
        Self {
            scope,
            resource_type: resource_type.into(),
            selection: Selection::All,
            start: Start::Offset(0),
            limit,
            links: LinkSelection::All,
        }
    }

    /// The same page of only those records.
    #[must_use]
    pub fn selecting(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// The page that starts there.
    #[must_use]
    pub fn starting(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// The same page with these links.
    #[must_use]
    pub fn with_links(mut self, links: LinkSelection) -> Self {
        self.links = links;
        self
    }
}

/// Which records of a type are wanted: those that an index can name. Whatever
/// else a filter says is evaluated on the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store has to serve every selection; a new one would be a breaking change"
)]
pub enum Selection {
    /// All.
    All,
    /// The one with this unique key.
    Unique(UniqueKey),
    /// Those with this index entry.
    Indexed(IndexEntry),
    /// Those that have at least one of these links, each once.
    Linked(Vec<LinkKey>),
    /// Those of these ids that there are, each once.
    Ids(Vec<ResourceId>),
    /// Those whose `lastModified` lies within this range.
    Modified(ModifiedRange),
}

/// From when to when; both ends are part of it, and an absent one is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModifiedRange {
    /// The earliest `lastModified`.
    pub from: Option<Timestamp>,
    /// The latest.
    pub to: Option<Timestamp>,
}

impl ModifiedRange {
    /// From `from` to `to`.
    pub const fn new(from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        Self { from, to }
    }

    /// Whether `at` is part of it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to)
    }
}

/// Where a page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a store has to serve both; a third would be a breaking change"
)]
pub enum Start {
    /// After so many selected records (`startIndex` minus one).
    Offset(u64),
    /// After the record with this id, there or not (a cursor, RFC 9865).
    After(ResourceId),
}

/// A page of records, all from one state of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordPage {
    /// The records, in the order of their ids.
    pub records: Vec<Stored>,
    /// How many records the selection has on all pages.
    pub total: u64,
}

impl RecordPage {
    /// A page of `records` out of `total`.
    pub const fn new(records: Vec<Stored>, total: u64) -> Self {
        Self { records, total }
    }
}
