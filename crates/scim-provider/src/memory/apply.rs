use std::collections::BTreeMap;
use std::sync::Arc;

use super::formers;
use super::names::Names;
use super::rows::Rows;
use super::tables::{Entry, LinkRow, Pair, Table, Tables, link_key};
use crate::storage::{
    Change, Commit, IndexEntry, Link, LinkKey, Record, ResourceKey, UniqueKey, WriteOp,
};

/// Carries out a commit that [`judge`](super::judge::judge) has nothing against.
///
/// No step of it can fail, so there is no half of it.
pub(super) fn apply(tables: &mut Tables, commit: Commit) {
    let retention = commit.retention;
    for write in commit.writes {
        match write.op {
            WriteOp::Create(record) => create(tables, &write.key, record),
            WriteOp::Update { change, .. } => {
                match &retention {
                    Some(retention) => formers::keep(tables, &write.key, &change, retention),
                    None => formers::forget(tables, &write.key),
                }
                update(tables, &write.key, change);
            }
            WriteOp::Delete { .. } => {
                formers::forget(tables, &write.key);
                delete(tables, &write.key);
            }
        }
    }
}

const JUDGED: &str = "a commit whose record is missing is refused before it is applied";

fn create(tables: &mut Tables, key: &ResourceKey, record: Record) {
    let Tables {
        names,
        types,
        unique,
        incoming,
        ..
    } = tables;
    let kind = names.shared(key.resource_type());
    let table = types
        .entry(Arc::clone(&kind))
        .or_insert_with(|| Table::new(key.clone()));
    let key = table.kin.with_id(key.id().clone());
    let Table {
        records,
        modified,
        index,
        links,
        ..
    } = table;
    modified.insert((record.stamp.last_modified, key.id().clone()), ());
    let mut entry = Entry {
        stamp: record.stamp,
        document: record.content.document,
        hidden: record.content.hidden,
        unique: Box::default(),
        index: Box::default(),
    };
    let id = key.id().clone();
    let mut place = Place {
        names,
        unique,
        incoming,
        index,
        links,
        kind,
        key,
    };
    place.set_unique(&mut entry, record.content.unique_keys);
    place.set_index(&mut entry, record.content.index);
    for link in record.links {
        place.add_link(link);
    }
    records.insert(id, entry);
}

fn update(tables: &mut Tables, key: &ResourceKey, change: Change) {
    let Tables {
        names,
        types,
        unique,
        incoming,
        ..
    } = tables;
    let kind = names.shared(key.resource_type());
    let Table {
        kin,
        records,
        modified,
        index,
        links,
    } = types.get_mut(&kind).expect(JUDGED);
    let changed = records.change(key.id().as_str(), |id, entry| {
        let mut place = Place {
            names,
            unique,
            incoming,
            index,
            links,
            kind,
            key: kin.with_id(id.clone()),
        };
        modified.remove(&(entry.stamp.last_modified, id.clone()));
        modified.insert((change.stamp.last_modified, id.clone()), ());
        entry.stamp = change.stamp;
        if let Some(content) = change.content {
            entry.document = content.document;
            entry.hidden = content.hidden;
            place.set_unique(entry, content.unique_keys);
            place.set_index(entry, content.index);
        }
        for link in &change.remove_links {
            place.remove_link(link);
        }
        for link in change.add_links {
            place.add_link(link);
        }
    });
    changed.expect(JUDGED);
}

fn delete(tables: &mut Tables, key: &ResourceKey) {
    let Tables {
        names,
        types,
        unique,
        incoming,
        ..
    } = tables;
    let kind = names.shared(key.resource_type());
    let Table {
        records,
        modified,
        index,
        links,
        ..
    } = types.get_mut(&kind).expect(JUDGED);
    let mut entry = records.remove(key.id().as_str()).expect(JUDGED);
    modified.remove(&(entry.stamp.last_modified, key.id().clone()));
    let last = records.is_empty();
    let mut place = Place {
        names,
        unique,
        incoming,
        index,
        links,
        kind: Arc::clone(&kind),
        key: key.clone(),
    };
    place.set_unique(&mut entry, Vec::new());
    place.set_index(&mut entry, Vec::new());
    place.remove_all_links();
    if last {
        types.remove(&kind);
    }
}

/// The rows in which one record shows up beside its own.
struct Place<'a> {
    names: &'a mut Names,
    unique: &'a mut Rows<Pair, ResourceKey>,
    incoming: &'a mut Rows<[Arc<str>; 4]>,
    index: &'a mut BTreeMap<Arc<str>, Rows<Pair>>,
    links: &'a mut Rows<[Arc<str>; 3], LinkRow>,
    kind: Arc<str>,
    key: ResourceKey,
}

impl Place<'_> {
    fn set_unique(&mut self, entry: &mut Entry, keys: Vec<UniqueKey>) {
        let keys = keys
            .into_iter()
            .map(|key| [self.names.shared(&key.name), key.value])
            .collect();
        let (gone, come) = exchange(&mut entry.unique, keys);
        for pair in gone {
            // Another write of the same commit may have taken the key over.
            if self.unique.get(&pair) == Some(&self.key) {
                self.unique.remove(&pair);
            }
        }
        for pair in come {
            self.unique.insert(pair, self.key.clone());
        }
    }

    fn set_index(&mut self, entry: &mut Entry, entries: Vec<IndexEntry>) {
        let entries = entries
            .into_iter()
            .map(|new| [self.names.shared(&new.attribute), new.value])
            .collect();
        let (gone, come) = exchange(&mut entry.index, entries);
        for [attribute, value] in gone {
            if let Some(rows) = self.index.get_mut(&attribute) {
                rows.remove(&[value, Arc::clone(self.key.id().shared())]);
                if rows.is_empty() {
                    self.index.remove(&attribute);
                }
            }
        }
        for [attribute, value] in come {
            let row = [value, Arc::clone(self.key.id().shared())];
            self.index.entry(attribute).or_default().insert(row, ());
        }
    }

    fn add_link(&mut self, link: Link) {
        let key = LinkKey::new(self.names.shared(&link.key.attribute), link.key.target);
        let row = LinkRow {
            reference: link.reference,
            detail: link.detail,
        };
        self.incoming.insert(self.incoming_key(&key), ());
        self.links
            .insert(link_key(self.key.id().shared(), &key), row);
    }

    fn remove_link(&mut self, key: &LinkKey) {
        self.incoming.remove(&self.incoming_key(key));
        self.links.remove(&link_key(self.key.id().shared(), key));
    }

    fn remove_all_links(&mut self) {
        let id = [Arc::clone(self.key.id().shared())];
        let keys: Vec<_> = self
            .links
            .under(&id)
            .map(|([_, attribute, target], _)| {
                LinkKey::new(Arc::clone(attribute), Arc::clone(target))
            })
            .collect();
        for key in &keys {
            self.remove_link(key);
        }
    }

    fn incoming_key(&self, link: &LinkKey) -> [Arc<str>; 4] {
        [
            Arc::clone(&link.target),
            Arc::clone(&link.attribute),
            Arc::clone(&self.kind),
            Arc::clone(self.key.id().shared()),
        ]
    }
}

/// Puts `new`, sorted and each once, in the place of `old`; gives what is no
/// longer and what is newly there. What stays keeps its allocation, which the
/// rows share.
fn exchange(old: &mut Box<[Pair]>, mut new: Vec<Pair>) -> (Vec<Pair>, Vec<Pair>) {
    new.sort_unstable();
    new.dedup();
    let gone = old
        .iter()
        .filter(|pair| new.binary_search(pair).is_err())
        .cloned()
        .collect();
    let mut come = Vec::new();
    for pair in &mut new {
        match old.binary_search(pair) {
            Ok(at) => pair.clone_from(&old[at]),
            Err(_) => come.push(pair.clone()),
        }
    }
    *old = new.into();
    (gone, come)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str) -> Pair {
        [name.into(), "v".into()]
    }

    #[test]
    fn an_exchange_tells_what_went_and_came_and_keeps_what_stays() {
        let mut list: Box<[Pair]> = [pair("a"), pair("b")].into();
        let kept = Arc::clone(&list[1][0]);
        let (gone, come) = exchange(&mut list, vec![pair("c"), pair("b"), pair("c")]);
        assert_eq!((gone, come), (vec![pair("a")], vec![pair("c")]));
        assert_eq!(*list, [pair("b"), pair("c")]);
        assert!(Arc::ptr_eq(&kept, &list[0][0]));
    }
}
