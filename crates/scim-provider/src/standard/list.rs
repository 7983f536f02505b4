use tokio::task::yield_now;

use super::listing::{Found, Listing, Part, TypePage};
use super::{StandardResourceProvider, versioned};
use crate::list::{Beginning, Criteria, Entry};
use crate::schema::ResourceType;
use crate::storage::{Start, Storage, StorageError};
use crate::{ListQuery, Page, ProviderError, RequestContext, Resource, VersionedResource};

/// How many resources are looked at before other tasks get their turn.
const AT_ONCE: usize = 256;

/// How often a page that is read in two steps is begun anew because something on it changed
/// in between, before it is read in one.
const MAX_TURNS: usize = 3;

/// One attempt at a page.
struct Attempt<'a> {
    listing: &'a Listing<'a>,
    /// Whether links that are only shown may be read in a second step.
    narrow: bool,
    /// How many resources may still be looked at.
    scan: u64,
}

impl<S: Storage> StandardResourceProvider<S> {
    /// The page of the resources of one type that `query` wants.
    pub(super) async fn list(
        &self,
        resource_type: &ResourceType,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        let targets = vec![(resource_type, Criteria::of(resource_type, query)?)];
        let listing = Listing::new(targets, query, context, self.max_page)?;
        self.page(&listing).await
    }

    pub(super) async fn page(
        &self,
        listing: &Listing<'_>,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        for _ in 0..MAX_TURNS {
            let mut page = self.attempt(listing, true).await?;
            if self.complete(listing, &mut page.items).await? {
                return self.shown(listing, page).await;
            }
        }
        let page = self.attempt(listing, false).await?;
        self.shown(listing, page).await
    }

    async fn attempt(
        &self,
        listing: &Listing<'_>,
        narrow: bool,
    ) -> Result<Page<Found>, ProviderError> {
        let attempt = Attempt {
            listing,
            narrow,
            scan: self.max_scan,
        };
        if listing.is_sorted {
            self.sorted(attempt).await
        } else {
            self.unsorted(attempt).await
        }
    }

    /// All that match, and the page cut out of them.
    async fn sorted(&self, mut attempt: Attempt<'_>) -> Result<Page<Found>, ProviderError> {
        let mut found = Vec::new();
        for rank in 0..attempt.listing.targets.len() {
            found.extend(self.search(&mut attempt, rank).await?);
        }
        Ok(attempt.listing.arrangement.page_of_all(found))
    }

    /// Type by type, each in the order of its ids.
    async fn unsorted(&self, mut attempt: Attempt<'_>) -> Result<Page<Found>, ProviderError> {
        let arrangement = &attempt.listing.arrangement;
        let (mut skip, last) = match arrangement.beginning() {
            Beginning::Offset(offset) => (*offset, None),
            Beginning::After(position, _) => (0, position.as_ref()),
        };
        let mut page = TypePage::default();
        for rank in 0..attempt.listing.targets.len() {
            let part = match last {
                Some(last) if rank < last.rank => Part::Passed,
                Some(last) if rank == last.rank => {
                    let id = last.id.parse().map_err(|_| ProviderError::InvalidCursor)?;
                    Part::From(Start::After(id))
                }
                _ => Part::From(Start::Offset(skip)),
            };
            let room = arrangement.limit() - page.found.len();
            let next = self.part(&mut attempt, rank, part, room).await?;
            skip = skip.saturating_sub(next.total);
            page.total = page.total.saturating_add(next.total);
            page.more |= next.more;
            page.found.extend(next.found);
        }
        Ok(arrangement.page(page.found, page.total, page.more))
    }

    /// Up to `room` resources of one type, from where `part` begins.
    async fn part(
        &self,
        attempt: &mut Attempt<'_>,
        rank: usize,
        part: Part,
        room: usize,
    ) -> Result<TypePage, ProviderError> {
        let listing = attempt.listing;
        let target = &listing.targets[rank];
        let Some(selection) = &target.plan.selection else {
            return Ok(TypePage::default());
        };
        if !listing.is_paged_by_store(target) {
            let found = self.search(attempt, rank).await?;
            return Ok(TypePage::cut(found, &part, room));
        }
        // One more tells whether there is a next page.
        let more = usize::from(matches!(
            listing.arrangement.beginning(),
            Beginning::After(..)
        ));
        let (start, limit) = match part {
            Part::Passed => (Start::Offset(0), 0),
            Part::From(start) => (start, room.saturating_add(more)),
        };
        let query = listing
            .query(
                target,
                selection.clone(),
                u32::try_from(limit).unwrap_or(u32::MAX),
            )
            .starting(start)
            .with_links(listing.link_needs(target, attempt.narrow).first);
        let page = self.storage().query(&query).await?;
        let more = page.records.len() > room;
        let found = page.records.into_iter().take(room).map(|stored| {
            let item = versioned(stored, target.resource_type)?;
            Ok(Entry::unsorted(rank, item.id(), item))
        });
        Ok(TypePage {
            found: found.collect::<Result<_, StorageError>>()?,
            total: page.total,
            more,
        })
    }

    /// The resources of one type that match, in the order of their ids.
    async fn search(
        &self,
        attempt: &mut Attempt<'_>,
        rank: usize,
    ) -> Result<Vec<Found>, ProviderError> {
        let listing = attempt.listing;
        let target = &listing.targets[rank];
        let Some(selection) = target.plan.selection.clone() else {
            return Ok(Vec::new());
        };
        let limit = u32::try_from(attempt.scan).unwrap_or(u32::MAX);
        let query = listing
            .query(target, selection, limit)
            .with_links(listing.link_needs(target, attempt.narrow).first);
        // All from one state, however many they are.
        let page = self.storage().query(&query).await?;
        if u64::try_from(page.records.len()) != Ok(page.total) {
            let limit = self.max_scan;
            return Err(ProviderError::TooMany { limit });
        }
        attempt.scan -= page.total;
        let is_few = page.records.len() <= AT_ONCE;
        let mut found = Vec::new();
        let mut records = page.records.into_iter();
        while records.len() > 0 {
            let seen = records.by_ref().take(AT_ONCE);
            let seen = seen.map(|stored| versioned(stored, target.resource_type));
            let mut seen = seen.collect::<Result<Vec<_>, _>>()?;
            if Listing::reads_derived(target) {
                self.derive(target.resource_type, listing.scope, &mut seen)
                    .await?;
            }
            for item in seen {
                let object = item.resource().as_object();
                if target.criteria.match_resource(object) {
                    let key = target.criteria.sort_value(object);
                    // Of many, few are shown: they are not kept in two forms meanwhile.
                    let item = if is_few {
                        item
                    } else {
                        item.map_resource(Resource::unparsed)
                    };
                    found.push(Entry::new(key, rank, item.id(), item));
                }
            }
            if !is_few {
                yield_now().await;
            }
        }
        Ok(found)
    }
}
