use scim_provider::storage::{
    LinkSelection, Query, Record, RecordPage, ResourceKey, Selection, Start, Stored,
};

use crate::store::Records;

/// The page of a tenant's `records` that `query` asks for.
pub(crate) fn page(records: &Records, query: &Query) -> RecordPage {
    let selected: Vec<_> = records
        .iter()
        .filter(|(key, _)| key.resource_type() == query.resource_type)
        .filter(|(_, record)| is_selected(record, &query.selection))
        .collect();
    let skip = match &query.start {
        Start::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
        Start::After(id) => selected.partition_point(|(key, _)| key.id() <= id),
    };
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let page = selected.iter().skip(skip).take(limit);
    let page = page.map(|(key, record)| stored(key, record, &query.links));
    let total = u64::try_from(selected.len()).unwrap_or(u64::MAX);
    RecordPage::new(page.collect(), total)
}

/// `record` as a reader gets it.
pub(crate) fn stored(key: &ResourceKey, record: &Record, links: &LinkSelection) -> Stored {
    let wanted = |link| match links {
        LinkSelection::None => false,
        LinkSelection::All => true,
        LinkSelection::Of(keys) => keys.contains(link),
    };
    let links = record.links.iter().filter(|link| wanted(&link.key));
    Stored::new(
        key.clone(),
        record.stamp.clone(),
        record.content.document.clone(),
        links.cloned().collect(),
    )
}

fn is_selected(record: &Record, selection: &Selection) -> bool {
    match selection {
        Selection::All => true,
        Selection::Unique(key) => record.content.unique_keys.contains(key),
        Selection::Indexed(entry) => record.content.index.contains(entry),
        Selection::Linked(key) => record.links.iter().any(|link| link.key == *key),
    }
}
