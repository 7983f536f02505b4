use scim_version::{ConditionalResult, ScimVersion};
use tokio::task::yield_now;

use super::stamp::State;
use super::write::{MAX_TURNS, busy, mismatch};
use super::{StandardResourceProvider, key};
use crate::schema::ResourceType;
use crate::storage::{
    Change, Commit, CommitOutcome, LinkKey, LinkSelection, Query, Refusal, Requirement,
    ResourceKey, Selection, Start, Storage, StorageError, StorageErrorKind, Stored, Write,
};
use crate::{ProviderError, RequestContext};

/// How many of the records that link to one are read at once.
const REFERRERS_AT_ONCE: u32 = 5_000;

impl<S: Storage> StandardResourceProvider<S> {
    /// Deletes the resource `key` if its version is `expected`, and with it all links to it,
    /// in one commit: the resources that had them get new versions.
    ///
    /// Who adds it to another resource meanwhile, or changes one that had it, is met by looking
    /// again: each time somebody else got through.
    pub(super) async fn delete_version(
        &self,
        key: ResourceKey,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        for turn in 0..MAX_TURNS {
            if turn > 0 {
                yield_now().await;
            }
            let commit = self.deleting(&key, expected).await?;
            let refusal = match self.storage().commit(commit).await? {
                CommitOutcome::Applied => return Ok(ConditionalResult::Success(())),
                CommitOutcome::Refused(refusal) => refusal,
            };
            match refusal {
                Refusal::Missing { key: gone } if gone == key => {
                    return Ok(ConditionalResult::NotFound);
                }
                Refusal::Mismatch {
                    key: changed,
                    current,
                } if changed == key => return Ok(mismatch(&key, expected, current)),
                // Rivals: links came, or what had them changed or went.
                Refusal::RequirementFailed { .. }
                | Refusal::Missing { .. }
                | Refusal::Mismatch { .. } => {}
                Refusal::Duplicate { .. } => {
                    return Err(StorageError::new(StorageErrorKind::Internal).into());
                }
            }
        }
        Err(busy(&key))
    }

    pub(super) async fn delete_whatever_version(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        let not_found = || ProviderError::not_found(resource_type.name(), id);
        let key = key(resource_type, id, context).ok_or_else(not_found)?;
        for turn in 0..MAX_TURNS {
            if turn > 0 {
                yield_now().await;
            }
            let current = self.storage().get(&key, &LinkSelection::None).await?;
            let version = current.ok_or_else(not_found)?.stamp.version;
            match self.delete_version(key.clone(), &version).await? {
                ConditionalResult::Success(()) => return Ok(()),
                ConditionalResult::NotFound => return Err(not_found()),
                ConditionalResult::VersionMismatch(_) => {}
            }
        }
        Err(busy(&key))
    }

    /// What deletes `key` with all links that there are to it now, if no others come.
    async fn deleting(
        &self,
        key: &ResourceKey,
        expected: &ScimVersion,
    ) -> Result<Commit, StorageError> {
        let mut commit = Commit::of(Write::delete(key.clone(), expected.clone()));
        // Those that had it get new versions by this.
        commit.retention = self.retention;
        let types = self.types.iter();
        let referrers: Vec<_> = types.filter(|it| it.links().next().is_some()).collect();
        if referrers.is_empty() {
            return Ok(commit);
        }
        let reference = self.reference_to(key);
        for referrer in referrers {
            self.unlink(referrer, key, &reference, &mut commit).await?;
        }
        let key = key.clone();
        Ok(commit.requiring(Requirement::Unreferenced { key, reference }))
    }

    /// Adds to `commit` what takes the links to `key` out of the resources of type `referrer`.
    async fn unlink(
        &self,
        referrer: &ResourceType,
        key: &ResourceKey,
        reference: &str,
        commit: &mut Commit,
    ) -> Result<(), StorageError> {
        let id = key.id().as_str();
        let links: Vec<_> = referrer
            .links()
            .map(|name| LinkKey::new(name, id))
            .collect();
        let mut query = Query::new(key.scope().clone(), referrer.name(), REFERRERS_AT_ONCE)
            .selecting(Selection::Linked(links.clone()))
            .with_links(LinkSelection::Of(links));
        loop {
            let page = self.storage().query(&query).await?.records;
            let last = page.last().map(|record| record.key.id().clone());
            let found = u32::try_from(page.len()).unwrap_or(u32::MAX);
            // Its own links go with it.
            let others = page.into_iter().filter(|record| record.key != *key);
            commit
                .writes
                .extend(others.filter_map(|record| self.without_links(record, id, reference)));
            match last {
                Some(last) if found >= REFERRERS_AT_ONCE => query.start = Start::After(last),
                _ => return Ok(()),
            }
        }
    }

    /// The write that removes those of the links of `record` that point to the resource `id`.
    ///
    /// Links that are known to point to a resource of another type with the same id stay.
    fn without_links(&self, record: Stored, id: &str, reference: &str) -> Option<Write> {
        let links = record.links.into_iter();
        let pointing = links.filter(|link| link.points_to(id, reference));
        let removed: Vec<_> = pointing.map(|link| link.key).collect();
        if removed.is_empty() {
            return None;
        }
        let state = State {
            key: &record.key,
            document: &record.document,
            removed: &removed,
            added: &[],
        };
        let stamp = state.next(&record.stamp, self.clock.now());
        let change = Change::new(stamp).with_links(removed, Vec::new());
        Some(Write::update(record.key, record.stamp.version, change))
    }
}
