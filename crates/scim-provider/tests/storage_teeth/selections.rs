//! Stores that take a selection for another.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, ModifiedRange, Query, RecordPage, ResourceId,
    ResourceKey, Selection, Start, StorageError, StorageErrorKind, Stored, WriteOp,
};
use scim_provider::{InMemoryStorage, Storage, Timestamp};

use crate::broken::Fault;

/// What another selection gives where this one was asked for.
pub(crate) struct Mistaken {
    asked: fn(&Selection) -> Option<Selection>,
}

/// Only the first of several links is looked for.
pub(crate) const FIRST_LINK_ONLY: Mistaken = Mistaken {
    asked: |selection| match selection {
        Selection::Linked(keys) => Some(Selection::Linked(keys.iter().take(1).cloned().collect())),
        _ => None,
    },
};

/// The range begins after its beginning.
pub(crate) const BEGINNING_EXCLUDED: Mistaken = Mistaken {
    asked: |selection| {
        modified(selection, |range| {
            range.from = range.from.map(|at| by(at, 1))
        })
    },
};

/// The range ends before its end.
pub(crate) const END_EXCLUDED: Mistaken = Mistaken {
    asked: |selection| modified(selection, |range| range.to = range.to.map(|at| by(at, -1))),
};

/// The column for the time has milliseconds, and so has the comparison.
pub(crate) const RANGE_IN_MILLISECONDS: Mistaken = Mistaken {
    asked: |selection| {
        modified(selection, |range| {
            range.from = range
                .from
                .map(|at| by(at, -at.as_micros().rem_euclid(1_000)));
            range.to = range
                .to
                .map(|at| by(at, 999 - at.as_micros().rem_euclid(1_000)));
        })
    },
};

/// An empty list in `IN ()` is no SQL, so the condition is left out.
pub(crate) const NO_IDS_ARE_ALL: Mistaken = Mistaken {
    asked: |selection| match selection {
        Selection::Ids(ids) if ids.is_empty() => Some(Selection::All),
        _ => None,
    },
};

fn modified(selection: &Selection, change: fn(&mut ModifiedRange)) -> Option<Selection> {
    let Selection::Modified(mut range) = selection.clone() else {
        return None;
    };
    change(&mut range);
    Some(Selection::Modified(range))
}

fn by(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_micros(at.as_micros() + micros).expect("not far from it")
}

#[async_trait]
impl Fault for Mistaken {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let asked = (self.asked)(&query.selection);
        let asked = asked.unwrap_or_else(|| query.selection.clone());
        inner.query(&query.clone().selecting(asked)).await
    }
}

/// A join with the links gives a record for each of them.
pub(crate) struct OnceForEachLink;

#[async_trait]
impl Fault for OnceForEachLink {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let Selection::Linked(keys) = &query.selection else {
            return inner.query(query).await;
        };
        let mut records = Vec::new();
        for key in keys {
            let one = query
                .clone()
                .selecting(Selection::Linked(vec![key.clone()]));
            records.extend(inner.query(&whole(one)).await?.records);
        }
        Ok(cut(records, query))
    }
}

/// An id finds a record of whatever type.
pub(crate) struct IdsOfAnyType;

#[async_trait]
impl Fault for IdsOfAnyType {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let Selection::Ids(_) = &query.selection else {
            return inner.query(query).await;
        };
        let mut records = inner.query(&whole(query.clone())).await?.records;
        for kind in ["User", "Group"] {
            if kind != query.resource_type {
                let mut other = whole(query.clone());
                other.resource_type = kind.to_owned();
                records.extend(inner.query(&other).await?.records);
            }
        }
        Ok(cut(records, query))
    }
}

/// An id that is named twice is read twice.
pub(crate) struct IdsOneByOne;

#[async_trait]
impl Fault for IdsOneByOne {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let Selection::Ids(ids) = &query.selection else {
            return inner.query(query).await;
        };
        let mut records = Vec::new();
        for id in ids {
            let key = ResourceKey::new(query.scope.clone(), &query.resource_type, id.as_str());
            records.extend(inner.get(&key.expect("a legal id"), &query.links).await?);
        }
        Ok(cut(records, query))
    }
}

/// Ids come in the order in which they were asked for.
pub(crate) struct IdsAsAsked;

#[async_trait]
impl Fault for IdsAsAsked {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let mut page = inner.query(query).await?;
        if let Selection::Ids(ids) = &query.selection {
            let place = |id: &ResourceId| ids.iter().position(|asked| asked == id);
            page.records.sort_by_key(|record| place(record.key.id()));
        }
        Ok(page)
    }
}

/// The index by time is brought up to date with the content only.
#[derive(Default)]
pub(crate) struct TimeOfContent(Mutex<HashMap<ResourceKey, Timestamp>>);

#[async_trait]
impl Fault for TimeOfContent {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let Selection::Modified(range) = &query.selection else {
            return inner.query(query).await;
        };
        let all = whole(query.clone()).selecting(Selection::All);
        let mut records = inner.query(&all).await?.records;
        let times = self.0.lock().expect("nobody panics with it");
        records.retain(|record| times.get(&record.key).is_some_and(|at| range.contains(*at)));
        Ok(cut(records, query))
    }

    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        let written = commit.writes.iter().filter_map(|write| match &write.op {
            WriteOp::Create(record) => Some((write.key.clone(), record.stamp.last_modified)),
            WriteOp::Update { change, .. } => {
                let _ = change.content.as_ref()?;
                Some((write.key.clone(), change.stamp.last_modified))
            }
            WriteOp::Delete { .. } => None,
        });
        let written: Vec<_> = written.collect();
        let outcome = inner.commit(commit).await?;
        if outcome == CommitOutcome::Applied {
            self.0
                .lock()
                .expect("nobody panics with it")
                .extend(written);
        }
        Ok(outcome)
    }
}

/// A statement has places for 999 values.
pub(crate) struct FewPlaces;

#[async_trait]
impl Fault for FewPlaces {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let selected = match &query.selection {
            Selection::Ids(ids) => ids.len(),
            Selection::Linked(keys) => keys.len(),
            _ => 0,
        };
        let links = match &query.links {
            LinkSelection::Of(keys) => keys.len(),
            _ => 0,
        };
        if selected + links > 999 {
            return Err(StorageError::new(StorageErrorKind::Internal));
        }
        inner.query(query).await
    }
}

/// The first so many links are the first that come, in whatever order.
pub(crate) struct SomeLinks;

#[async_trait]
impl Fault for SomeLinks {
    async fn get(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let LinkSelection::AtMost(most) = links else {
            return inner.get(key, links).await;
        };
        let mut found = inner.get(key, &LinkSelection::All).await?;
        if let Some(record) = &mut found {
            record.links.reverse();
            record
                .links
                .truncate((*most).try_into().unwrap_or(usize::MAX));
            record.links.reverse();
        }
        Ok(found)
    }
}

/// All links are read where the first so many would do, on pages.
pub(crate) struct AllLinks;

#[async_trait]
impl Fault for AllLinks {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let links = match &query.links {
            LinkSelection::AtMost(_) => LinkSelection::All,
            links => links.clone(),
        };
        inner.query(&query.clone().with_links(links)).await
    }
}

/// The same query for all that it selects.
fn whole(mut query: Query) -> Query {
    query.start = Start::Offset(0);
    query.limit = u32::MAX;
    query
}

/// The page that `query` wants of these records.
fn cut(mut records: Vec<Stored>, query: &Query) -> RecordPage {
    records.sort_by(|a, b| a.key.id().cmp(b.key.id()));
    let total = records.len().try_into().expect("few");
    let skip = match &query.start {
        Start::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
        Start::After(id) => records.partition_point(|record| record.key.id() <= id),
    };
    let page = records.into_iter().skip(skip);
    let limit = query.limit.try_into().unwrap_or(usize::MAX);
    RecordPage::new(page.take(limit).collect(), total)
}
