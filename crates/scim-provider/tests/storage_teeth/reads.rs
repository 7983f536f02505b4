//! Stores that don't show what they hold.

use std::cell::RefCell;
use std::collections::HashMap;

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, RecordPage, ResourceKey, Selection, Start,
    StorageError, Stored,
};
use scim_provider::{InMemoryStorage, Storage};

use crate::broken::Fault;

/// No record is said to be one that links point to.
pub(crate) struct NoTargets;

#[async_trait]
impl Fault for NoTargets {
    async fn get(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let found = inner.get(key, links).await?;
        Ok(found.map(|found| found.with_may_be_target(false)))
    }
}

/// The total counts the records of the page.
pub(crate) struct TotalOfPage;

#[async_trait]
impl Fault for TotalOfPage {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let mut page = inner.query(query).await?;
        page.total = page.records.len().try_into().expect("a small number");
        Ok(page)
    }
}

/// A page after a cursor is the first page.
pub(crate) struct CursorForgotten;

#[async_trait]
impl Fault for CursorForgotten {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let start = match &query.start {
            Start::After(_) => Start::Offset(0),
            start => start.clone(),
        };
        inner.query(&query.clone().starting(start)).await
    }
}

/// Only the page of all records knows cursors.
pub(crate) struct CursorOfAllOnly;

#[async_trait]
impl Fault for CursorOfAllOnly {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let start = match (&query.start, &query.selection) {
            (Start::After(_), Selection::Ids(_) | Selection::Modified(_)) => Start::Offset(0),
            (start, _) => start.clone(),
        };
        inner.query(&query.clone().starting(start)).await
    }
}

/// A page is read in two transactions.
pub(crate) struct PageInTwoSteps;

#[async_trait]
impl Fault for PageInTwoSteps {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let mut first = query.clone();
        first.limit = query.limit.min(2);
        let mut page = inner.query(&first).await?;
        let (Some(last), true) = (page.records.last(), query.limit > 2) else {
            return Ok(page);
        };
        let mut second = query.clone().starting(Start::After(last.key.id().clone()));
        second.limit = query.limit - 2;
        std::thread::yield_now();
        let rest = inner.query(&second).await?;
        page.records.extend(rest.records);
        page.total = rest.total;
        Ok(page)
    }
}

/// The total is read in a transaction of its own.
pub(crate) struct TotalApart;

#[async_trait]
impl Fault for TotalApart {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let mut count = query.clone();
        count.limit = 0;
        let total = inner.query(&count).await?.total;
        std::thread::yield_now();
        let records = inner.query(query).await?.records;
        Ok(RecordPage::new(records, total))
    }
}

/// Each thread reads from a copy, which is brought up to date when it writes.
pub(crate) struct Replica;

std::thread_local! {
    static COPY: RefCell<HashMap<(ResourceKey, String), Option<Stored>>> = RefCell::default();
}

#[async_trait]
impl Fault for Replica {
    async fn get(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let asked = (key.clone(), format!("{links:?}"));
        if let Some(found) = COPY.with_borrow(|copy| copy.get(&asked).cloned()) {
            return Ok(found);
        }
        let found = inner.get(key, links).await?;
        COPY.with_borrow_mut(|copy| copy.insert(asked, found.clone()));
        Ok(found)
    }

    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        COPY.with_borrow_mut(HashMap::clear);
        inner.commit(commit).await
    }
}
