use crate::Cursor;

/// One page of a collection, taken from a single state of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The resources, in the order that was asked for or else the provider's, which does not
    /// change between pages.
    pub items: Vec<T>,
    /// How many resources there are on all pages (`totalResults`).
    pub total: u64,
    /// The 1-based index of the first of `items` (`startIndex`); `None` where pages have
    /// cursors, which say nothing of numbers.
    pub start_index: Option<u64>,
    /// Where the next page starts (`nextCursor`), if pages have cursors and there is one.
    ///
    /// It stands behind the last of `items`: who shows fewer of them has to ask again for so
    /// few.
    pub next_cursor: Option<Cursor>,
    /// Where the page before starts (`previousCursor`), if pages have cursors and the provider
    /// goes back. RFC 9865 §2 leaves that open; the standard provider goes forwards only, as
    /// the indexes of stores do.
    pub previous_cursor: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of `items` out of `total`, the first of them at `start_index`.
    pub const fn new(items: Vec<T>, total: u64, start_index: u64) -> Self {
        Self {
            items,
            total,
            start_index: Some(start_index),
            next_cursor: None,
            previous_cursor: None,
        }
    }

    /// A page of `items` out of `total`, and where the next one starts.
    pub const fn by_cursor(items: Vec<T>, total: u64, next_cursor: Option<Cursor>) -> Self {
        Self {
            items,
            total,
            start_index: None,
            next_cursor,
            previous_cursor: None,
        }
    }

    /// The same page, and where the one before starts.
    #[must_use]
    pub fn with_previous_cursor(mut self, previous_cursor: Option<Cursor>) -> Self {
        self.previous_cursor = previous_cursor;
        self
    }

    /// The same page with each item turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        self.with_items(|items| items.into_iter().map(f).collect())
    }

    /// The same page with other items.
    pub(crate) fn with_items<U>(self, f: impl FnOnce(Vec<T>) -> Vec<U>) -> Page<U> {
        Page {
            items: f(self.items),
            total: self.total,
            start_index: self.start_index,
            next_cursor: self.next_cursor,
            previous_cursor: self.previous_cursor,
        }
    }
}
