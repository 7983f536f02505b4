use scim_provider::storage::{
    Link, LinkSelection, Query, Record, RecordPage, ResourceKey, Selection, Start, Stored,
};

use crate::store::Records;

/// The page of a tenant's `records` that `query` asks for.
pub(crate) fn page(records: &Records, query: &Query) -> RecordPage {
    let selected: Vec<_> = records
        .iter()
        .filter(|(key, _)| key.resource_type() == query.resource_type)
        .filter(|(key, record)| is_selected(key, record, &query.selection))
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
    let (most, keys) = match links {
        LinkSelection::None => (0, None),
        LinkSelection::All => (usize::MAX, None),
        LinkSelection::Of(keys) => (usize::MAX, Some(keys)),
        LinkSelection::AtMost(most) => (usize::try_from(*most).unwrap_or(usize::MAX), None),
    };
    let wanted = |link: &&Link| keys.is_none_or(|keys| keys.contains(&link.key));
    let links = record.links.iter().filter(wanted).take(most);
    Stored::new(
        key.clone(),
        record.stamp.clone(),
        record.content.document.clone(),
        links.cloned().collect(),
    )
    .with_hidden(record.content.hidden.clone())
}

fn is_selected(key: &ResourceKey, record: &Record, selection: &Selection) -> bool {
    match selection {
        Selection::All => true,
        Selection::Unique(key) => record.content.unique_keys.contains(key),
        Selection::Indexed(entry) => record.content.index.contains(entry),
        Selection::Linked(keys) => record.links.iter().any(|link| keys.contains(&link.key)),
        Selection::Ids(ids) => ids.contains(key.id()),
        Selection::Modified(range) => range.contains(record.stamp.last_modified),
    }
}
