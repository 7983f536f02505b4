use crate::filter::{AttributePath, Filter};
use crate::{Cursor, ProviderError, View};

/// Which resources of a collection are wanted, in what order, and which part of them (RFC 7644
/// §3.4.2, RFC 9865).
///
/// ```
/// use scim_provider::{ListQuery, ListStart, SortOrder};
///
/// let query = ListQuery::new()
///     .with_filter(r#"userName sw "j""#.parse()?)
///     .with_sort("name.familyName".parse()?, SortOrder::Ascending)
///     .with_start_index(101)
///     .with_count(100);
/// assert_eq!((query.start(), query.count()), (&ListStart::Index(101), Some(100)));
/// # Ok::<(), scim_provider::filter::FilterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    filter: Option<Filter>,
    sort: Option<(AttributePath, SortOrder)>,
    start: ListStart,
    count: Option<u32>,
    view: View,
}

/// Where a page starts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a provider that passed over a way to start would show the wrong page"
)]
pub enum ListStart {
    /// With the resource of this number, counted from 1 (RFC 7644 §3.4.2.4).
    Index(u64),
    /// Behind this cursor, or with the first resource, where pages are to have cursors (RFC
    /// 9865 §2).
    Cursor(Option<Cursor>),
}

impl Default for ListQuery {
    /// [`ListQuery::new`].
    fn default() -> Self {
        Self::new()
    }
}

/// In which order resources are sorted (RFC 7644 §3.4.2.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no third direction")]
pub enum SortOrder {
    /// The lowest first; resources without a value last.
    #[default]
    Ascending,
    /// The highest first, after the resources without a value.
    Descending,
}

impl ListQuery {
    /// The first page of all resources, as long as the provider cares to make it.
    pub const fn new() -> Self {
        Self {
            filter: None,
            sort: None,
            start: ListStart::Index(1),
            count: None,
            view: View::whole(),
        }
    }

    /// Only resources that match.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Sorted by the attribute at `path`.
    #[must_use]
    pub fn with_sort(mut self, path: AttributePath, order: SortOrder) -> Self {
        self.sort = Some((path, order));
        self
    }

    /// From the `start_index`-th resource on, counted from 1; 0 means 1 (RFC
    /// 7644 §3.4.2.4).
    #[must_use]
    pub fn with_start_index(mut self, start_index: u64) -> Self {
        self.start = ListStart::Index(start_index.max(1));
        self
    }

    /// From `cursor` on, which came with another page of the same query; with none, the first
    /// of pages that have cursors (RFC 9865 §2).
    #[must_use]
    pub fn with_cursor(mut self, cursor: Option<Cursor>) -> Self {
        self.start = ListStart::Cursor(cursor);
        self
    }

    /// At most `count` resources; 0 asks for the total only.
    #[must_use]
    pub const fn with_count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// The same page, of whose resources no more is needed than `view`. A provider may leave
    /// out the rest; filter and order see it all the same.
    #[must_use]
    pub fn with_view(mut self, view: View) -> Self {
        self.view = view;
        self
    }

    /// What resources have to match.
    pub const fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// What they are sorted by.
    pub fn sort(&self) -> Option<(&AttributePath, SortOrder)> {
        self.sort.as_ref().map(|(path, order)| (path, *order))
    }

    /// Where the page starts.
    pub const fn start(&self) -> &ListStart {
        &self.start
    }

    /// The most resources wanted, if the client said so.
    pub const fn count(&self) -> Option<u32> {
        self.count
    }

    /// How much of each resource is needed.
    pub const fn view(&self) -> &View {
        &self.view
    }

    /// The 1-based index of the first resource wanted, for a provider that can do no more than
    /// count: it neither filters nor sorts nor knows cursors.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Unsupported`] if the query wants more. To pass over a filter would show
    /// what was not asked for; to pass over a cursor, the first page for ever.
    pub fn only_by_index(&self) -> Result<u64, ProviderError> {
        let unsupported = |what| Err(ProviderError::Unsupported { what });
        match (&self.filter, &self.sort, &self.start) {
            (Some(_), _, _) => unsupported("a filter"),
            (None, Some(_), _) => unsupported("sorting"),
            (None, None, ListStart::Cursor(_)) => unsupported("a cursor"),
            (None, None, ListStart::Index(index)) => Ok(*index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProviderErrorKind;

    #[test]
    fn whatever_a_plain_provider_can_not_do_is_refused() {
        assert_eq!(ListQuery::new().only_by_index().unwrap(), 1);
        let counted = ListQuery::new().with_start_index(0).with_count(5);
        assert_eq!(counted.only_by_index().unwrap(), 1);
        let view = ListQuery::new().with_view(View::document());
        assert_eq!(view.with_start_index(7).only_by_index().unwrap(), 7);
        for more in [
            ListQuery::new().with_filter("id pr".parse().unwrap()),
            ListQuery::new().with_sort("id".parse().unwrap(), SortOrder::Ascending),
            ListQuery::new().with_cursor(None),
            ListQuery::new().with_cursor(Some("a".parse().unwrap())),
        ] {
            let error = more.only_by_index().unwrap_err();
            assert_eq!(error.kind(), ProviderErrorKind::Unsupported, "{more:?}");
        }
    }

    #[test]
    fn debug_output_shows_no_value() {
        let query = ListQuery::new()
            .with_filter("userName eq \"secret\"".parse().unwrap())
            .with_cursor(Some("secret".parse().unwrap()));
        assert!(!format!("{query:?}").contains("secret"));
    }
}
