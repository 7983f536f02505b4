//! Stores that make something of commits that contradict themselves.

use std::collections::HashSet;

use async_trait::async_trait;
use scim_provider::storage::{Commit, CommitOutcome, Link, Requirement, StorageError, WriteOp};
use scim_provider::{InMemoryStorage, Scope, Storage};

use crate::broken::Fault;

/// Of two writes of one key the second is passed over.
pub(crate) struct KeyTwice;

#[async_trait]
impl Fault for KeyTwice {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        let mut seen = HashSet::new();
        commit.writes.retain(|write| seen.insert(write.key.clone()));
        inner.commit(commit).await
    }
}

/// Of two links with one key the first is kept.
pub(crate) struct LinkTwice {
    pub(crate) in_creates: bool,
    pub(crate) in_updates: bool,
}

#[async_trait]
impl Fault for LinkTwice {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            match &mut write.op {
                WriteOp::Create(record) if self.in_creates => keep_first(&mut record.links),
                WriteOp::Update { change, .. } if self.in_updates => {
                    keep_first(&mut change.add_links);
                }
                _ => {}
            }
        }
        inner.commit(commit).await
    }
}

fn keep_first(links: &mut Vec<Link>) {
    let mut seen = HashSet::new();
    links.retain(|link| seen.insert(link.key.clone()));
}

/// What is required of another scope than that of the first write is passed over.
pub(crate) struct ForeignRequirementIgnored;

#[async_trait]
impl Fault for ForeignRequirementIgnored {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        if let Some(scope) = commit.writes.first().map(|write| write.key.scope().clone()) {
            commit.requirements.retain(|it| *scope_of(it) == scope);
        }
        inner.commit(commit).await
    }
}

/// Each scope gets its part of a commit.
pub(crate) struct ScopeByScope;

#[async_trait]
impl Fault for ScopeByScope {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        let mut scopes: Vec<Scope> = Vec::new();
        let written = commit.writes.iter().map(|write| write.key.scope());
        for scope in written.chain(commit.requirements.iter().map(scope_of)) {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        for scope in scopes {
            let mut part = commit.clone();
            part.writes.retain(|write| *write.key.scope() == scope);
            part.requirements.retain(|it| *scope_of(it) == scope);
            let outcome = inner.commit(part).await?;
            if outcome != CommitOutcome::Applied {
                return Ok(outcome);
            }
        }
        Ok(CommitOutcome::Applied)
    }
}

fn scope_of(requirement: &Requirement) -> &Scope {
    requirement.key().scope()
}
