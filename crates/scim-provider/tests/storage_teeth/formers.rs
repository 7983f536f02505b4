//! Stores that are careless with former versions.

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, Former, LinkSelection, ResourceKey, Retention, StorageError,
};
use scim_provider::version::ScimVersion;
use scim_provider::{InMemoryStorage, Storage};

use crate::broken::Fault;

/// What becomes of a former version that is read.
pub(crate) enum Read {
    /// It has the links of today.
    LinksOfToday,
    /// It has what is hidden today.
    HiddenShown,
    /// It was replaced when it was made.
    ReplacedAtOnce,
    /// The current one counts, too.
    CurrentToo,
    /// There is none.
    Nothing,
}

#[async_trait]
impl Fault for Read {
    async fn former(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        let former = inner.former(key, version).await?;
        let Some(today) = inner.get(key, &LinkSelection::All).await? else {
            return Ok(former);
        };
        if let (Self::CurrentToo, true) = (self, today.stamp.version == *version) {
            let replaced = today.stamp.last_modified;
            return Ok(Some(Former::new(today, replaced)));
        }
        Ok(former.and_then(|mut former| {
            match self {
                Self::LinksOfToday => former.stored.links = today.links,
                Self::HiddenShown => former.stored.hidden = today.hidden,
                Self::ReplacedAtOnce => former.replaced = former.stored.stamp.last_modified,
                Self::CurrentToo => {}
                Self::Nothing => return None,
            }
            Some(former)
        }))
    }
}

/// What is taken for the bounds of a commit.
pub(crate) struct Bounds(pub(crate) fn(Option<Retention>) -> Option<Retention>);

impl Bounds {
    pub(crate) const NO_COUNT: Self = Self(|bounds| {
        bounds.map(|bounds| with_age(Retention::new(u32::MAX, bounds.octets()), bounds))
    });
    pub(crate) const NO_OCTETS: Self = Self(|bounds| {
        bounds.map(|bounds| with_age(Retention::new(bounds.versions(), u64::MAX), bounds))
    });
    pub(crate) const NO_AGE: Self =
        Self(|bounds| bounds.map(|bounds| Retention::new(bounds.versions(), bounds.octets())));
    pub(crate) const ALWAYS: Self = Self(|bounds| bounds.or(Some(Retention::new(1_000, 1 << 30))));
}

fn with_age(retention: Retention, of: Retention) -> Retention {
    match of.age() {
        Some(age) => retention.with_age(age),
        None => retention,
    }
}

#[async_trait]
impl Fault for Bounds {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        let bounds = self.0(commit.retention);
        inner.commit(commit.keeping(bounds)).await
    }
}
