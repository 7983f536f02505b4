/// Which part of a collection is wanted (RFC 7644 §3.4.2.4).
///
/// ```
/// use scim_provider::ListQuery;
///
/// let query = ListQuery::new().with_start_index(101).with_count(100);
/// assert_eq!((query.start_index(), query.count()), (101, Some(100)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    skip: u64,
    count: Option<u32>,
}

impl ListQuery {
    /// The first page, as long as the provider cares to make it.
    pub const fn new() -> Self {
        Self {
            skip: 0,
            count: None,
        }
    }

    /// From the `start_index`-th resource on, counted from 1; 0 means 1 (RFC
    /// 7644 §3.4.2.4).
    #[must_use]
    pub const fn with_start_index(mut self, start_index: u64) -> Self {
        self.skip = start_index.saturating_sub(1);
        self
    }

    /// At most `count` resources; 0 asks for the total only.
    #[must_use]
    pub const fn with_count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// The 1-based index of the first resource wanted.
    pub const fn start_index(&self) -> u64 {
        self.skip.saturating_add(1)
    }

    /// The most resources wanted, if the client said so.
    pub const fn count(&self) -> Option<u32> {
        self.count
    }
}

/// One page of a collection, taken from a single state of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The resources, in the provider's order, which does not change between
    /// pages.
    pub items: Vec<T>,
    /// How many resources there are on all pages (`totalResults`).
    pub total: u64,
    /// The 1-based index of the first of `items` (`startIndex`).
    pub start_index: u64,
}

impl<T> Page<T> {
    /// A page of `items` out of `total`, the first of them at `start_index`.
    pub const fn new(items: Vec<T>, total: u64, start_index: u64) -> Self {
        Self {
            items,
            total,
            start_index,
        }
    }

    /// The same page with each item turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            total: self.total,
            start_index: self.start_index,
        }
    }
}
