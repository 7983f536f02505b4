//! Providers that show other resources than were asked for, or in another order.

use async_trait::async_trait;
use scim_provider::filter::Filter;
use scim_provider::{
    ConditionalProvider, Cursor, InMemoryProvider, ListQuery, ListStart, Page, ProviderError,
    RequestContext, VersionedResource,
};
use tokio::task::yield_now;

use crate::flaw::{Flaw, Listed};

/// How a list goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The filter is passed over.
    FilterIgnored,
    /// Of `a and b` an index finds the first, and nobody looks at the second.
    FirstTermOnly,
    /// A page is cut out of all resources, and filtered.
    PageFiltered,
    /// The total is that of all resources.
    TotalOfAll,
    /// The order is passed over.
    SortIgnored,
    /// A page is cut out of all resources, and sorted.
    PageSorted,
    /// The first page comes again and again.
    CursorIgnored,
    /// A cursor is a number.
    CursorIsOffset,
    /// A cursor is the id of a resource, which has to be there still.
    CursorNeedsItsResource,
    /// A cursor that can't be read leads to the first page.
    GarbledCursorIsNone,
    /// The last page has a cursor, and a page of its own.
    LastPageRepeated,
    /// A cursor is turned into a number first, which leads to the page then.
    CursorInTwoReads,
    /// Nothing goes wrong: whatever is more than a page by its number is refused.
    NothingButPages,
}

#[derive(Debug)]
pub(crate) struct Lists {
    inner: InMemoryProvider,
    wrong: Wrong,
}

/// One list, and the provider that does it right.
struct Asked<'a> {
    inner: &'a InMemoryProvider,
    resource_type: &'a str,
    query: &'a ListQuery,
    context: &'a RequestContext,
}

impl Asked<'_> {
    async fn list(&self, query: &ListQuery) -> Listed {
        self.inner
            .list_versioned_resources(self.resource_type, query, self.context)
            .await
    }

    /// The same query without its filter, if `filter` is not wanted, and so on.
    fn without(&self, filter: bool, sort: bool) -> ListQuery {
        let mut query = match self.query.start() {
            ListStart::Index(index) => ListQuery::new().with_start_index(*index),
            ListStart::Cursor(cursor) => ListQuery::new().with_cursor(cursor.clone()),
        };
        if let Some(own) = self.query.filter().filter(|_| !filter) {
            query = query.with_filter(own.clone());
        }
        if let Some((path, order)) = self.query.sort().filter(|_| !sort) {
            query = query.with_sort(path.clone(), order);
        }
        match self.query.count() {
            Some(count) => query.with_count(count),
            None => query,
        }
    }

    /// All resources.
    async fn all(&self) -> Result<Vec<VersionedResource>, ProviderError> {
        Ok(self.list(&ListQuery::new()).await?.items)
    }

    /// The page with the number `skip`, counted from 0, and a cursor that `name` gives to what
    /// comes next.
    async fn page_from(
        &self,
        skip: usize,
        name: impl Fn(usize, &[VersionedResource]) -> String,
    ) -> Listed {
        let start = u64::try_from(skip).expect("few") + 1;
        let query = self.without(true, true).with_start_index(start);
        let page = self.list(&query).await?;
        let next = skip + page.items.len();
        let more = u64::try_from(next).expect("few") < page.total;
        let cursor = more.then(|| cursor(&name(next, &page.items)));
        Ok(Page::by_cursor(page.items, page.total, cursor))
    }
}

fn cursor(text: &str) -> Cursor {
    text.parse().expect("letters and digits")
}

fn id(resource: &VersionedResource) -> &str {
    resource.resource().id().expect("stored resources have one")
}

fn last_id(_: usize, items: &[VersionedResource]) -> String {
    items.last().map(id).unwrap_or_default().to_owned()
}

impl Lists {
    pub(crate) fn with(wrong: Wrong) -> Self {
        Self {
            inner: InMemoryProvider::default(),
            wrong,
        }
    }

    async fn by_cursor(&self, asked: &Asked<'_>, given: Option<&Cursor>) -> Option<Listed> {
        let given = given.map(Cursor::as_str);
        let invalid = || Some(Err(ProviderError::InvalidCursor));
        match self.wrong {
            Wrong::CursorIgnored => {
                let page = asked.page_from(0, |_, _| "again".into()).await;
                Some(page)
            }
            Wrong::CursorIsOffset => {
                let skip = match given.map(str::parse) {
                    Some(Err(_)) => return invalid(),
                    Some(Ok(skip)) => skip,
                    None => 0,
                };
                Some(asked.page_from(skip, |next, _| next.to_string()).await)
            }
            Wrong::CursorNeedsItsResource | Wrong::CursorInTwoReads => {
                let all = match asked.all().await {
                    Ok(all) => all,
                    Err(error) => return Some(Err(error)),
                };
                let is_exact = self.wrong == Wrong::CursorNeedsItsResource;
                let skip = match given {
                    None => 0,
                    Some(last) if is_exact => match all.iter().position(|it| id(it) == last) {
                        Some(at) => at + 1,
                        None => return invalid(),
                    },
                    Some(last) if last.len() < 36 => return invalid(),
                    Some(last) => all.partition_point(|it| id(it) <= last),
                };
                if !is_exact {
                    yield_now().await;
                }
                Some(asked.page_from(skip, last_id).await)
            }
            Wrong::GarbledCursorIsNone => {
                let page = asked.list(asked.query).await;
                match page {
                    Err(ProviderError::InvalidCursor) => {
                        Some(asked.list(&asked.query.clone().with_cursor(None)).await)
                    }
                    page => Some(page),
                }
            }
            Wrong::LastPageRepeated => {
                let page = asked.list(asked.query).await;
                Some(page.map(|mut page| {
                    if page.next_cursor.is_none() {
                        page.next_cursor = match asked.query.start() {
                            ListStart::Cursor(cursor) => cursor.clone(),
                            ListStart::Index(_) => None,
                        };
                    }
                    page
                }))
            }
            Wrong::NothingButPages => asked.query.only_by_index().err().map(Err),
            _ => None,
        }
    }

    async fn by_index(&self, asked: &Asked<'_>) -> Listed {
        let is_filtered = asked.query.filter().is_some();
        match self.wrong {
            Wrong::FilterIgnored => asked.list(&asked.without(true, false)).await,
            Wrong::SortIgnored => asked.list(&asked.without(false, true)).await,
            Wrong::FirstTermOnly => match asked.query.filter() {
                Some(Filter::And(terms)) => {
                    let query = asked.without(true, false).with_filter(terms[0].clone());
                    asked.list(&query).await
                }
                _ => asked.list(asked.query).await,
            },
            Wrong::PageFiltered if is_filtered => {
                let page = asked.list(&asked.without(true, false)).await?;
                let filter = asked.query.filter().expect("there is one").clone();
                let matching = asked
                    .list(&ListQuery::new().with_filter(filter))
                    .await?
                    .items;
                let items = page.items.into_iter().filter(|it| matching.contains(it));
                Ok(Page::new(
                    items.collect(),
                    page.total,
                    page.start_index.unwrap_or(1),
                ))
            }
            Wrong::TotalOfAll => {
                let mut page = asked.list(asked.query).await?;
                page.total = asked.list(&ListQuery::new()).await?.total;
                Ok(page)
            }
            Wrong::PageSorted if asked.query.sort().is_some() => {
                let mut page = asked.list(&asked.without(false, true)).await?;
                let whole = asked.query.clone().with_start_index(1).with_count(1000);
                let sorted = asked.list(&whole).await?.items;
                page.items
                    .sort_by_key(|it| sorted.iter().position(|other| other == it));
                Ok(page)
            }
            Wrong::NothingButPages => {
                asked.query.only_by_index()?;
                asked.list(asked.query).await
            }
            _ => asked.list(asked.query).await,
        }
    }
}

#[async_trait]
impl Flaw for Lists {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn list(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Listed {
        let asked = Asked {
            inner: &self.inner,
            resource_type,
            query,
            context,
        };
        if let ListStart::Cursor(given) = query.start()
            && let Some(page) = self.by_cursor(&asked, given.as_ref()).await
        {
            return page;
        }
        self.by_index(&asked).await
    }
}
