use std::collections::BTreeMap;
use std::sync::Arc;

use super::rows::Rows;
use super::tables::{Table, Tables};
use crate::storage::{
    LinkKey, LinkSelection, Query, RecordPage, ResourceId, Selection, Start, Stored,
};

/// The page that `query` wants of these tables.
///
/// Costs the records of the page, the rows that [`Start::Offset`] passes over, and
/// for the selections by index, link, id and time the rows of the selection, which are
/// counted.
pub(super) fn page(tables: &Tables, query: &Query) -> RecordPage {
    let Some(table) = tables.types.get(query.resource_type.as_str()) else {
        return RecordPage::new(Vec::new(), 0);
    };
    let page = Page { table, query };
    match &query.selection {
        Selection::All => page.of_all(),
        Selection::Unique(key) => {
            let holder = tables
                .holder(key)
                .filter(|holder| holder.resource_type() == query.resource_type);
            page.of_one(holder.map(|holder| holder.id()))
        }
        Selection::Indexed(entry) => match table.index.get(&*entry.attribute) {
            Some(rows) => page.of_rows(rows, &[Arc::clone(&entry.value)]),
            None => page.of_one(None),
        },
        Selection::Linked(links) => match links.as_slice() {
            [link] => page.of_rows(&tables.incoming, &incoming(link, query)),
            links => page.of_linked(tables, links),
        },
        Selection::Ids(ids) => {
            let ids = ids.iter().filter_map(|id| table.records.row(id.as_str()));
            page.of_ids(ids.map(|(id, _)| id).collect())
        }
        Selection::Modified(range) => page.of_ids(
            table
                .modified
                .within(range.from, range.to)
                .map(|(_, id)| id)
                .collect(),
        ),
    }
}

/// What the rows of the links backwards begin with, for `link`.
fn incoming(link: &LinkKey, query: &Query) -> [Arc<str>; 3] {
    [
        Arc::clone(&link.target),
        Arc::clone(&link.attribute),
        query.resource_type.as_str().into(),
    ]
}

struct Page<'a> {
    table: &'a Table,
    query: &'a Query,
}

impl Page<'_> {
    fn of_all(&self) -> RecordPage {
        let records = &self.table.records;
        let total = records.len();
        let record = |(id, entry): (_, &_)| self.table.stored(id, entry, &self.query.links);
        let records = match &self.query.start {
            // Past the end there is nothing to walk to.
            Start::Offset(offset) if size(*offset) >= total => Vec::new(),
            Start::Offset(offset) => records
                .iter()
                .skip(size(*offset))
                .take(self.limit())
                .map(record)
                .collect(),
            Start::After(id) => records.after(id).take(self.limit()).map(record).collect(),
        };
        RecordPage::new(records, wide(total))
    }

    fn of_one(&self, id: Option<&ResourceId>) -> RecordPage {
        let wanted = |id: &&ResourceId| match &self.query.start {
            Start::Offset(offset) => *offset == 0,
            Start::After(last) => *id > last,
        };
        let record = id
            .filter(wanted)
            .into_iter()
            .take(self.limit())
            .filter_map(|id| self.record(id.as_str()))
            .collect();
        RecordPage::new(record, u64::from(id.is_some()))
    }

    /// The records that have at least one of `links`, each with those that it has if that is
    /// what is asked for: looking for all of them in each record would be the product of both.
    fn of_linked(&self, tables: &Tables, links: &[LinkKey]) -> RecordPage {
        let mut found: BTreeMap<&ResourceId, Vec<LinkKey>> = BTreeMap::new();
        for link in links {
            let prefix = incoming(link, self.query);
            let rows = tables.incoming.under(&prefix);
            let ids = rows.filter_map(|([.., id], ())| self.table.records.row(id));
            for (id, _) in ids {
                found.entry(id).or_default().push(link.clone());
            }
        }
        let are_shown = matches!(&self.query.links, LinkSelection::Of(shown) if shown == links);
        let total = found.len();
        let from = match &self.query.start {
            Start::Offset(offset) => size(*offset),
            Start::After(last) => found.keys().take_while(|id| **id <= last).count(),
        };
        let page = found.into_iter().skip(from).take(self.limit());
        let records = page.filter_map(|(id, links)| {
            if are_shown {
                self.record_with(id.as_str(), &LinkSelection::Of(links))
            } else {
                self.record(id.as_str())
            }
        });
        RecordPage::new(records.collect(), wide(total))
    }

    /// The records of these ids, which exist.
    fn of_ids(&self, mut ids: Vec<&ResourceId>) -> RecordPage {
        ids.sort_unstable();
        ids.dedup();
        let from = match &self.query.start {
            Start::Offset(offset) => size(*offset),
            Start::After(last) => ids.partition_point(|id| *id <= last),
        };
        let records = ids
            .iter()
            .skip(from)
            .take(self.limit())
            .filter_map(|id| self.record(id.as_str()))
            .collect();
        RecordPage::new(records, wide(ids.len()))
    }

    /// The records of the rows under `prefix`; the last part of a row is the id.
    fn of_rows<const N: usize>(
        &self,
        rows: &Rows<[Arc<str>; N]>,
        prefix: &[Arc<str>],
    ) -> RecordPage {
        let total = rows.under(prefix).count();
        let (from, skip) = match &self.query.start {
            Start::Offset(offset) => (prefix.to_vec(), size(*offset)),
            Start::After(id) => ([prefix, &[Arc::clone(id.shared())]].concat(), 0),
        };
        let records = rows
            .after(from.as_slice())
            .take_while(|(key, ())| key.starts_with(prefix))
            .skip(skip)
            .take(self.limit())
            .filter_map(|(key, ())| self.record(key.last()?))
            .collect();
        RecordPage::new(records, wide(total))
    }

    fn record(&self, id: &str) -> Option<Stored> {
        self.record_with(id, &self.query.links)
    }

    fn record_with(&self, id: &str, links: &LinkSelection) -> Option<Stored> {
        let (id, entry) = self.table.records.row(id)?;
        Some(self.table.stored(id, entry, links))
    }

    fn limit(&self) -> usize {
        usize::try_from(self.query.limit).unwrap_or(usize::MAX)
    }
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
