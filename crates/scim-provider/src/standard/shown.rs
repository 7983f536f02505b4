//! From what was found to what is shown.

use std::collections::HashMap;

use super::listing::{Found, Listing};
use super::{StandardResourceProvider, versioned};
use crate::storage::{Selection, Storage};
use crate::{Page, ProviderError, VersionedResource};

impl<S: Storage> StandardResourceProvider<S> {
    /// Reads the rest of what was read without all that is shown; whether each of `found` is
    /// still what it was. If so the page is that of the state that was searched, since a
    /// version stands for all that a resource says.
    pub(super) async fn complete(
        &self,
        listing: &Listing<'_>,
        found: &mut [Found],
    ) -> Result<bool, ProviderError> {
        for (rank, target) in listing.targets.iter().enumerate() {
            if !listing.link_needs(target, true).again {
                continue;
            }
            let found = found.iter_mut().filter(|entry| entry.rank == rank);
            let found: Vec<_> = found.collect();
            if found.is_empty() {
                continue;
            }
            let ids = found.iter().filter_map(|entry| entry.id.parse().ok());
            let query = listing
                .query(target, Selection::Ids(ids.collect()), u32::MAX)
                .with_links(listing.view.links().clone());
            let mut whole = HashMap::new();
            for stored in self.storage().query(&query).await?.records {
                let item = versioned(stored, target.resource_type)?;
                whole.insert(item.id(), item);
            }
            for entry in found {
                match whole.remove(&entry.id) {
                    Some(same) if same.version() == entry.item.version() => entry.item = same,
                    Some(_) | None => return Ok(false),
                }
            }
        }
        Ok(true)
    }

    /// What the client sees of the resources of `page`.
    pub(super) async fn shown(
        &self,
        listing: &Listing<'_>,
        mut page: Page<Found>,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        for (rank, target) in listing.targets.iter().enumerate() {
            if !listing.shows_derived_later(target) {
                continue;
            }
            let found = page.items.iter_mut().filter(|entry| entry.rank == rank);
            let found: Vec<_> = found.collect();
            let mut items: Vec<_> = found.iter().map(|entry| entry.item.clone()).collect();
            self.derive(target.resource_type, listing.scope, &mut items)
                .await?;
            for (entry, item) in found.into_iter().zip(items) {
                entry.item = item;
            }
        }
        let links = listing.view.links();
        Ok(page.map(|found| found.item.map_resource(|it| it.with_links_of(links))))
    }
}
