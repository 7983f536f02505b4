//! Versions that have been replaced.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use scim_version::ScimVersion;

use super::tables::Tables;
use crate::Timestamp;
use crate::storage::{
    Change, Former, Link, LinkKey, LinkSelection, ResourceKey, Retention, Stamp, Stored,
};

/// The former versions of all records of one scope, within bounds.
///
/// Invariants: `order` has the turns of all versions and no others, `octets` is the sum of theirs, and
/// no record is there without a version.
#[derive(Debug, Default)]
pub(super) struct Formers {
    /// Of each record the oldest first.
    by_record: HashMap<ResourceKey, VecDeque<State>>,
    /// Which record's version was kept at which turn.
    order: BTreeMap<u64, ResourceKey>,
    octets: u64,
    next_turn: u64,
}

/// A version as what makes it of the one after it, so that one member more costs one row.
#[derive(Debug)]
struct State {
    turn: u64,
    stamp: Stamp,
    document: Arc<[u8]>,
    replaced: Timestamp,
    /// Links that came with the version after it.
    came: Vec<LinkKey>,
    /// Links that went, or said something else.
    went: Vec<Link>,
    octets: u64,
}

/// Keeps the version of the record at `key` that `change` is about to replace.
pub(super) fn keep(tables: &mut Tables, key: &ResourceKey, change: &Change, retention: &Retention) {
    let Some(table) = tables.types.get(key.resource_type()) else {
        return;
    };
    let Some((id, entry)) = table.records.row(key.id().as_str()) else {
        return;
    };
    let (mut came, mut went) = (Vec::new(), BTreeMap::new());
    for link in &change.remove_links {
        if let Some(link) = table.link(id, link) {
            went.insert(link.key.clone(), link);
        }
    }
    for link in &change.add_links {
        match table.link(id, &link.key) {
            Some(before) => {
                went.insert(before.key.clone(), before);
            }
            None => came.push(link.key.clone()),
        }
    }
    let record = table.kin.with_id(id.clone());
    let mut state = State {
        turn: 0,
        stamp: entry.stamp.clone(),
        document: Arc::clone(&entry.document),
        replaced: change.stamp.last_modified,
        came,
        went: went.into_values().collect(),
        octets: 0,
    };
    state.octets = state.size(change.content.is_some());
    let formers = tables.formers.get_or_insert_default();
    formers.push(record.clone(), state);
    formers.trim(&record, retention, change.stamp.last_modified);
    if formers.by_record.is_empty() {
        tables.formers = None;
    }
}

/// Forgets what was kept of the record at `key`.
pub(super) fn forget(tables: &mut Tables, key: &ResourceKey) {
    let Some(formers) = &mut tables.formers else {
        return;
    };
    while formers.drop_oldest(key) {}
    if formers.by_record.is_empty() {
        tables.formers = None;
    }
}

/// The former version `version` of the record at `key`.
pub(super) fn find(tables: &Tables, key: &ResourceKey, version: &ScimVersion) -> Option<Former> {
    let formers = tables.formers.as_ref()?;
    let states = formers.by_record.get(key)?;
    let at = states
        .iter()
        .position(|state| state.stamp.version == *version)?;
    let current = tables.get(key, &LinkSelection::All)?;
    let links = current.links.into_iter();
    let mut links: BTreeMap<LinkKey, Link> = links.map(|link| (link.key.clone(), link)).collect();
    for state in states.range(at..).rev() {
        for key in &state.came {
            links.remove(key);
        }
        let went = state.went.iter();
        links.extend(went.map(|link| (link.key.clone(), link.clone())));
    }
    let state = &states[at];
    let stored = Stored::new(
        current.key,
        state.stamp.clone(),
        Arc::clone(&state.document),
        links.into_values().collect(),
    );
    Some(Former::new(stored, state.replaced))
}

impl Formers {
    fn push(&mut self, record: ResourceKey, mut state: State) {
        state.turn = self.next_turn;
        self.next_turn += 1;
        self.octets += state.octets;
        self.order.insert(state.turn, record.clone());
        self.by_record.entry(record).or_default().push_back(state);
    }

    /// Drops what is beyond `retention`, the oldest first.
    fn trim(&mut self, record: &ResourceKey, retention: &Retention, now: Timestamp) {
        let most = usize::try_from(retention.versions()).unwrap_or(usize::MAX);
        let too_many = |states: &VecDeque<State>| states.len() > most;
        while self.by_record.get(record).is_some_and(too_many) {
            self.drop_oldest(record);
        }
        while let Some(record) = self
            .order
            .first_key_value()
            .map(|(_, record)| record.clone())
        {
            let oldest = self.by_record.get(&record).and_then(VecDeque::front);
            let is_over = oldest.is_some_and(|state| retention.is_over(state.replaced, now));
            if self.octets <= retention.octets() && !is_over {
                break;
            }
            if !self.drop_oldest(&record) {
                break;
            }
        }
    }

    /// Drops the oldest version of `record`, if there is one.
    fn drop_oldest(&mut self, record: &ResourceKey) -> bool {
        let Some(states) = self.by_record.get_mut(record) else {
            return false;
        };
        let oldest = states.pop_front();
        if states.is_empty() {
            self.by_record.remove(record);
        }
        if let Some(oldest) = &oldest {
            self.octets -= oldest.octets;
            self.order.remove(&oldest.turn);
        }
        oldest.is_some()
    }
}

impl State {
    /// What a version takes beside its texts, about.
    const OVERHEAD: usize = 256;

    /// What it takes. A document that stays is shared with the version after it.
    fn size(&self, document_changes: bool) -> u64 {
        let document = if document_changes {
            self.document.len()
        } else {
            0
        };
        let key = |key: &LinkKey| 64 + key.attribute.len() + key.target.len();
        let link = |link: &Link| key(&link.key) + 64 + link.detail.len();
        let links = self.came.iter().map(key).chain(self.went.iter().map(link));
        let all = Self::OVERHEAD + document + links.sum::<usize>();
        u64::try_from(all).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Scope;
    use crate::memory::apply::apply;
    use crate::storage::{Commit, Content, Record as Whole, Write};

    fn key(id: &str) -> ResourceKey {
        ResourceKey::new(Scope::Single, "User", id).unwrap()
    }

    fn stamp(revision: u64) -> Stamp {
        let at = Timestamp::from_micros(i64::try_from(revision).unwrap()).unwrap();
        Stamp::new(ScimVersion::from_revision(revision), at, at)
    }

    fn content(octets: usize) -> Content {
        Content::new(vec![b'x'; octets], Vec::new(), Vec::new())
    }

    fn created(ids: &[&str]) -> Tables {
        let mut tables = Tables::default();
        for id in ids {
            let record = Whole::new(stamp(0), content(100), Vec::new());
            apply(&mut tables, Commit::of(Write::create(key(id), record)));
        }
        tables
    }

    fn update(tables: &mut Tables, id: &str, revision: u64, retention: Option<Retention>) {
        let change = Change::new(stamp(revision)).with_content(content(100));
        let expected = tables.version(&key(id)).unwrap().clone();
        let update = Write::update(key(id), expected, change);
        apply(tables, Commit::of(update).keeping(retention));
    }

    fn kept(tables: &Tables, id: &str) -> Vec<u64> {
        let is_kept = |n: &u64| find(tables, &key(id), &ScimVersion::from_revision(*n)).is_some();
        (0..1000).filter(is_kept).collect()
    }

    #[test]
    fn without_retention_there_is_nothing() {
        let mut tables = created(&["a"]);
        update(&mut tables, "a", 1, None);
        assert!(tables.formers.is_none());
    }

    #[test]
    fn the_last_versions_of_each_record_are_kept() {
        let mut tables = created(&["a", "b"]);
        let retention = Some(Retention::new(2, u64::MAX));
        for revision in 1..=5 {
            update(&mut tables, "a", revision, retention);
        }
        update(&mut tables, "b", 6, retention);
        assert_eq!(kept(&tables, "a"), [3, 4]);
        assert_eq!(kept(&tables, "b"), [0]);
        update(&mut tables, "a", 7, None);
        assert_eq!((kept(&tables, "a"), kept(&tables, "b")), (vec![], vec![0]));
        update(&mut tables, "b", 8, Some(Retention::new(0, u64::MAX)));
        assert!(tables.formers.is_none());
    }

    #[test]
    fn the_oldest_of_all_go_first() {
        let mut tables = created(&["a", "b"]);
        let each = u64::try_from(100 + State::OVERHEAD).unwrap();
        let retention = Some(Retention::new(10, 3 * each));
        for (id, revision) in [("a", 1), ("b", 2), ("a", 3), ("b", 4), ("b", 5)] {
            update(&mut tables, id, revision, retention);
        }
        assert_eq!(
            (kept(&tables, "a"), kept(&tables, "b")),
            (vec![1], vec![2, 4])
        );
        let formers = tables.formers.as_ref().unwrap();
        assert_eq!((formers.octets, formers.order.len()), (3 * each, 3));
        update(&mut tables, "b", 6, Some(Retention::new(10, each - 1)));
        assert!(tables.formers.is_none());
    }

    #[test]
    fn what_is_too_old_goes() {
        let mut tables = created(&["a"]);
        let retention = Retention::new(10, u64::MAX).with_age(Duration::from_micros(10));
        for revision in [1, 5, 15, 16] {
            update(&mut tables, "a", revision, Some(retention));
        }
        // Replaced at 1, 5, 15 and 16.
        assert_eq!(kept(&tables, "a"), [5, 15]);
    }

    #[test]
    fn a_deleted_record_has_no_past() {
        let mut tables = created(&["a", "b"]);
        let retention = Some(Retention::new(10, u64::MAX));
        update(&mut tables, "a", 1, retention);
        let delete = Write::delete(key("a"), ScimVersion::from_revision(1));
        apply(&mut tables, Commit::of(delete).keeping(retention));
        assert!(tables.formers.is_none());
    }

    #[test]
    fn memory_is_bounded_however_often_one_is_written() {
        let mut tables = created(&["a"]);
        let retention = Retention::new(8, 1 << 20);
        for revision in 1..=100_000 {
            update(&mut tables, "a", revision, Some(retention));
        }
        let formers = tables.formers.as_ref().unwrap();
        assert_eq!((formers.order.len(), formers.by_record.len()), (8, 1));
    }
}
