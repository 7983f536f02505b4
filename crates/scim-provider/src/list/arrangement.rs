use std::cmp::Ordering;
use std::sync::Arc;

use super::position::{ListDigest, Position};
use super::{ListQuery, ListStart, Page, SortOrder};
use crate::ProviderError;
use crate::filter::SortValue;

/// By how many characters texts are sorted; those alike so far have the order of their types
/// and ids. So a cursor is as long at most as fits into a URL, whatever a resource says.
const SORTED_BY: usize = 256;

/// How a list is put in order and cut into pages.
///
/// The order is total, and no write changes it but for the resource that is written: by the
/// sort value, then the type, then the octets of the id.
#[derive(Debug)]
pub(crate) struct Arrangement {
    order: SortOrder,
    beginning: Beginning,
    limit: usize,
}

/// From where on a list is shown.
#[derive(Debug)]
pub(crate) enum Beginning {
    /// After so many resources.
    Offset(u64),
    /// After this place, or before all; the page will have a cursor.
    After(Option<Position>, ListDigest),
}

/// A resource of a list and what gives it its place.
#[derive(Debug)]
pub(crate) struct Entry<T> {
    key: SortValue,
    /// The number of its type among those of the list.
    pub(crate) rank: usize,
    pub(crate) id: Arc<str>,
    pub(crate) item: T,
}

impl<T> Entry<T> {
    pub(crate) fn new(key: SortValue, rank: usize, id: Arc<str>, item: T) -> Self {
        Self {
            key: key.shortened(SORTED_BY),
            rank,
            id,
            item,
        }
    }

    /// One of a list that is not sorted.
    pub(crate) const fn unsorted(rank: usize, id: Arc<str>, item: T) -> Self {
        Self {
            key: SortValue::absent(),
            rank,
            id,
            item,
        }
    }

    fn position(&self) -> Position {
        Position {
            key: self.key.clone(),
            rank: self.rank,
            id: self.id.as_ref().into(),
        }
    }
}

impl Arrangement {
    /// Of the page of the list of these types that `query` wants, with no more than `most`
    /// resources.
    pub(crate) fn new(
        resource_types: &[&str],
        query: &ListQuery,
        most: u32,
    ) -> Result<Self, ProviderError> {
        let beginning = match query.start() {
            ListStart::Index(index) => Beginning::Offset(index.saturating_sub(1)),
            ListStart::Cursor(cursor) => {
                let digest = ListDigest::of(resource_types, query);
                let position = match cursor {
                    Some(cursor) => digest.position(cursor)?,
                    None => None,
                };
                Beginning::After(position, digest)
            }
        };
        let limit = query.count().unwrap_or(most).min(most);
        Ok(Self {
            order: query
                .sort()
                .map_or_else(SortOrder::default, |(_, order)| order),
            beginning,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
        })
    }

    pub(crate) const fn beginning(&self) -> &Beginning {
        &self.beginning
    }

    /// The most resources of the page.
    pub(crate) const fn limit(&self) -> usize {
        self.limit
    }

    /// The page of `entries`, which are all of the list.
    pub(crate) fn page_of_all<T>(&self, mut entries: Vec<Entry<T>>) -> Page<Entry<T>> {
        let total = entries.len();
        let skip = match &self.beginning {
            Beginning::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
            Beginning::After(None, _) => 0,
            Beginning::After(Some(last), _) => {
                entries.retain(|entry| self.compare_with(entry, last).is_gt());
                0
            }
        };
        // Only what is shown has to be in order.
        let left = entries.len();
        let end = skip.saturating_add(self.limit).min(left);
        let start = skip.min(left);
        if end < left {
            entries.select_nth_unstable_by(end, |a, b| self.compare(a, b));
            entries.truncate(end);
        }
        if 0 < start && start < end {
            entries.select_nth_unstable_by(start, |a, b| self.compare(a, b));
        }
        let mut shown = entries.split_off(start);
        shown.sort_unstable_by(|a, b| self.compare(a, b));
        self.page(shown, u64::try_from(total).unwrap_or(u64::MAX), end < left)
    }

    /// The page of `shown`, which are in order; `more` says whether others follow.
    pub(crate) fn page<T>(&self, shown: Vec<Entry<T>>, total: u64, more: bool) -> Page<Entry<T>> {
        match &self.beginning {
            Beginning::Offset(offset) => Page::new(shown, total, offset.saturating_add(1)),
            Beginning::After(start, digest) => {
                let last = shown.last().map(Entry::position);
                let last = last.as_ref().or(start.as_ref());
                let next = more.then(|| digest.cursor(last));
                Page::by_cursor(shown, total, next)
            }
        }
    }

    fn compare<T>(&self, a: &Entry<T>, b: &Entry<T>) -> Ordering {
        self.by_key(&a.key, &b.key)
            .then_with(|| (a.rank, &a.id).cmp(&(b.rank, &b.id)))
    }

    fn compare_with<T>(&self, entry: &Entry<T>, place: &Position) -> Ordering {
        self.by_key(&entry.key, &place.key)
            .then_with(|| (entry.rank, &*entry.id).cmp(&(place.rank, &*place.id)))
    }

    fn by_key(&self, a: &SortValue, b: &SortValue) -> Ordering {
        match self.order {
            SortOrder::Ascending => a.cmp(b),
            SortOrder::Descending => b.cmp(a),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::filter::Sorter;
    use crate::schema::ResourceTypes;

    fn sorter() -> Sorter {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        user.sort_key(&"title".parse().unwrap()).unwrap()
    }

    /// Entries of which many have the same title, or none, in no order.
    fn entries(count: usize) -> Vec<Entry<usize>> {
        let sorter = sorter();
        let entry = |n: usize| {
            let long = "x".repeat(n % 5 * 100);
            let title = ["", "b", "A", "c", &long][n % 5];
            let title = json!({ "title": title });
            let id = format!("{:03}", n * 7919 % 1000);
            Entry::new(sorter.key(title.as_object().unwrap()), n % 2, id.into(), n)
        };
        (0..count).map(entry).collect()
    }

    fn query(order: SortOrder) -> ListQuery {
        ListQuery::new().with_sort("title".parse().unwrap(), order)
    }

    fn page(query: &ListQuery, entries: Vec<Entry<usize>>) -> Page<Entry<usize>> {
        let arrangement = Arrangement::new(&["User"], query, 1000).unwrap();
        arrangement.page_of_all(entries)
    }

    #[test]
    fn pages_of_any_length_together_are_the_whole_in_order() {
        for order in [SortOrder::Ascending, SortOrder::Descending] {
            let whole = page(&query(order), entries(97));
            let arrangement = Arrangement::new(&["User"], &query(order), 1000).unwrap();
            assert!(
                whole
                    .items
                    .is_sorted_by(|a, b| arrangement.compare(a, b).is_lt())
            );
            let whole: Vec<_> = whole.items.iter().map(|entry| entry.item).collect();
            for count in [1, 2, 10, 96, 97, 98] {
                let (mut by_index, mut by_cursor) = (Vec::new(), Vec::new());
                while by_index.len() < whole.len() {
                    let start = u64::try_from(by_index.len()).unwrap() + 1;
                    let query = query(order).with_count(count).with_start_index(start);
                    let page = page(&query, entries(97));
                    assert_eq!((page.total, page.start_index), (97, Some(start)));
                    by_index.extend(page.items.iter().map(|entry| entry.item));
                }
                let mut next = None;
                loop {
                    let query = query(order).with_count(count).with_cursor(next);
                    let page = page(&query, entries(97));
                    assert_eq!((page.total, page.start_index), (97, None));
                    by_cursor.extend(page.items.iter().map(|entry| entry.item));
                    next = page.next_cursor;
                    if next.is_none() {
                        break;
                    }
                }
                assert_eq!(by_index, whole, "{count} by index");
                assert_eq!(by_cursor, whole, "{count} by cursor");
            }
        }
    }

    #[test]
    fn a_page_of_none_leads_to_where_it_stands() {
        let none = query(SortOrder::Ascending).with_count(0);
        let first = page(&none.clone().with_cursor(None), entries(5));
        let again = page(&none.with_cursor(first.next_cursor.clone()), entries(5));
        assert_eq!((first.total, first.items.len()), (5, 0));
        assert_eq!(again.next_cursor, first.next_cursor);
        let all = query(SortOrder::Ascending).with_cursor(again.next_cursor);
        assert_eq!(page(&all, entries(5)).items.len(), 5);
        let past = query(SortOrder::Ascending).with_start_index(6);
        assert!(page(&past, entries(5)).items.is_empty());
        assert!(
            page(&past.with_start_index(u64::MAX), entries(5))
                .items
                .is_empty()
        );
    }

    #[test]
    fn a_cursor_fits_into_a_url_whatever_a_resource_says() {
        let hostile = "\u{1}\u{10ffff}\"".repeat(100_000);
        let resource = json!({ "title": hostile });
        let key = sorter().key(resource.as_object().unwrap());
        let id = "\"".repeat(255);
        let entries = vec![
            Entry::new(key.clone(), usize::MAX, id.as_str().into(), 0),
            Entry::new(key, usize::MAX, format!("{id}x").into(), 1),
        ];
        let query = query(SortOrder::Ascending).with_count(1).with_cursor(None);
        let page = page(&query, entries);
        let cursor = page.next_cursor.unwrap().to_string();
        assert!(
            cursor.parse::<crate::Cursor>().is_ok(),
            "{} octets",
            cursor.len()
        );
    }
}
