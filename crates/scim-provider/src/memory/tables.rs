use std::collections::BTreeMap;
use std::sync::Arc;

use scim_version::ScimVersion;

use super::formers::Formers;
use super::names::Names;
use super::records::Records;
use super::rows::Rows;
use crate::Timestamp;
use crate::storage::{
    Link, LinkKey, LinkSelection, ResourceId, ResourceKey, Stamp, Stored, UniqueKey,
};

/// Two texts of a row, such as rule and value.
pub(super) type Pair = [Arc<str>; 2];

/// All that is stored of one scope.
///
/// Invariants, which [`apply`](super::apply) keeps:
/// - `unique` has the keys of all records and no others; likewise `index` and
///   `incoming` the entries and links;
/// - no table and no attribute's index is empty;
/// - a text that stands in several rows is one allocation.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) names: Names,
    pub(super) types: BTreeMap<Arc<str>, Table>,
    /// Rule and value → the record that has the key.
    pub(super) unique: Rows<Pair, ResourceKey>,
    /// The links backwards: target, attribute, and type and id of the record.
    pub(super) incoming: Rows<[Arc<str>; 4]>,
    /// Versions that have been replaced, if any commit wanted that.
    pub(super) formers: Option<Box<Formers>>,
}

/// The records of one type.
#[derive(Debug)]
pub(super) struct Table {
    /// A key of this table. Keys made from it share scope and type.
    pub(super) kin: ResourceKey,
    pub(super) records: Records,
    /// When each record last changed.
    pub(super) modified: Rows<(Timestamp, ResourceId)>,
    /// Attribute → value and id of each record with that entry. One flat set for
    /// each attribute: a set for each value would cost more than its rows.
    pub(super) index: BTreeMap<Arc<str>, Rows<Pair>>,
    /// Id, attribute and target of each link. Rows of their own, so that one link
    /// more does not touch the others.
    pub(super) links: Rows<[Arc<str>; 3], LinkRow>,
}

/// One record without its links.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) stamp: Stamp,
    pub(super) document: Arc<[u8]>,
    pub(super) hidden: Option<Arc<[u8]>>,
    /// Sorted, each once.
    pub(super) unique: Box<[Pair]>,
    /// Sorted, each once.
    pub(super) index: Box<[Pair]>,
}

/// What a link says beside its key.
#[derive(Debug)]
pub(super) struct LinkRow {
    pub(super) reference: Option<Arc<str>>,
    pub(super) detail: Arc<[u8]>,
}

impl Tables {
    pub(super) fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    pub(super) fn get(&self, key: &ResourceKey, links: &LinkSelection) -> Option<Stored> {
        let table = self.types.get(key.resource_type())?;
        let (id, entry) = table.records.row(key.id().as_str())?;
        Some(table.stored(id, entry, links))
    }

    /// The version of the record at `key`, if there is one.
    pub(super) fn version(&self, key: &ResourceKey) -> Option<&ScimVersion> {
        let table = self.types.get(key.resource_type())?;
        let entry = table.records.get(key.id().as_str())?;
        Some(&entry.stamp.version)
    }

    /// Whether `is_wanted` says yes to a link whose target is `id`, given type and id of its
    /// record. Looks no further than to the first such link.
    pub(super) fn any_link_to(
        &self,
        id: &ResourceId,
        mut is_wanted: impl FnMut(&str, &str, &Link) -> bool,
    ) -> bool {
        let target = [Arc::clone(id.shared())];
        self.incoming
            .under(&target)
            .any(|([target, attribute, kind, record], ())| {
                let key = LinkKey::new(Arc::clone(attribute), Arc::clone(target));
                self.types.get(kind).is_some_and(|table| {
                    let row = table.links.row(&link_key(record, &key));
                    row.is_some_and(|row| is_wanted(kind, record, &link(row)))
                })
            })
    }

    pub(super) fn holder(&self, key: &UniqueKey) -> Option<&ResourceKey> {
        self.unique
            .get(&[Arc::clone(&key.name), Arc::clone(&key.value)])
    }
}

impl Table {
    pub(super) fn new(kin: ResourceKey) -> Self {
        Self {
            kin,
            records: Records::default(),
            modified: Rows::default(),
            index: BTreeMap::new(),
            links: Rows::default(),
        }
    }

    /// A record as it is given out. Copies nothing: all parts are shared.
    pub(super) fn stored(&self, id: &ResourceId, entry: &Entry, links: &LinkSelection) -> Stored {
        Stored::new(
            self.kin.with_id(id.clone()),
            entry.stamp.clone(),
            Arc::clone(&entry.document),
            self.links_of(id, links),
        )
        .with_hidden(entry.hidden.clone())
    }

    /// The link of the record `id` with this key, if it is there.
    pub(super) fn link(&self, id: &ResourceId, key: &LinkKey) -> Option<Link> {
        self.links.row(&link_key(id.shared(), key)).map(link)
    }

    fn links_of(&self, id: &ResourceId, selection: &LinkSelection) -> Vec<Link> {
        let id = id.shared();
        match selection {
            LinkSelection::None => Vec::new(),
            LinkSelection::All => self.links.under(&[Arc::clone(id)]).map(link).collect(),
            LinkSelection::AtMost(most) => self
                .links
                .under(&[Arc::clone(id)])
                .take(usize::try_from(*most).unwrap_or(usize::MAX))
                .map(link)
                .collect(),
            LinkSelection::Of(keys) => {
                let mut keys: Vec<&LinkKey> = keys.iter().collect();
                keys.sort_unstable();
                keys.dedup();
                keys.into_iter()
                    .filter_map(|key| self.links.row(&link_key(id, key)).map(link))
                    .collect()
            }
        }
    }
}

/// The key of a link's row.
pub(super) fn link_key(id: &Arc<str>, key: &LinkKey) -> [Arc<str>; 3] {
    [
        Arc::clone(id),
        Arc::clone(&key.attribute),
        Arc::clone(&key.target),
    ]
}

fn link(([_, attribute, target], row): (&[Arc<str>; 3], &LinkRow)) -> Link {
    Link::new(
        LinkKey::new(Arc::clone(attribute), Arc::clone(target)),
        row.reference.clone(),
        Arc::clone(&row.detail),
    )
}
