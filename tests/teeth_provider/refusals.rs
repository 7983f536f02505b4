//! Providers that should have refused.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, RecordPage, Refusal, Requirement, ResourceKey,
    StorageError, Stored,
};
use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{ConditionalProvider, InMemoryProvider, InMemoryStorage, Scope, Storage};
use serde_json::Value;

use crate::flaw::{Deleted, Flaw, Found, Target, Updated};

/// Writes nothing, and says that it did.
#[derive(Default)]
pub(crate) struct MismatchIsSuccess(InMemoryProvider);

#[async_trait]
impl Flaw for MismatchIsSuccess {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        match target.update(&self.0, data, expected).await? {
            ConditionalResult::VersionMismatch(_) => Ok(match target.get(&self.0).await? {
                Some(current) => ConditionalResult::Success(current),
                None => ConditionalResult::NotFound,
            }),
            other => Ok(other),
        }
    }
}

/// Looks whether anything is new before it looks at the version.
#[derive(Default)]
pub(crate) struct SameBeforeStale(InMemoryProvider);

#[async_trait]
impl Flaw for SameBeforeStale {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        if let Some(current) = target.get(&self.0).await? {
            let says = |name| current.resource().attribute(name) == data.get(name);
            if says("userName") && says("displayName") {
                return Ok(ConditionalResult::Success(current));
            }
        }
        target.update(&self.0, data, expected).await
    }
}

/// Deletes whatever version there is.
#[derive(Default)]
pub(crate) struct StaleDeleteDeletes(InMemoryProvider);

#[async_trait]
impl Flaw for StaleDeleteDeletes {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn delete(&self, target: Target<'_>, _expected: &ScimVersion) -> Deleted {
        match target.get(&self.0).await? {
            Some(current) => target.delete(&self.0, current.version()).await,
            None => Ok(ConditionalResult::NotFound),
        }
    }
}

/// Marks what is deleted, and forgets to look at the mark when it updates.
#[derive(Default)]
pub(crate) struct UpdateResurrects {
    inner: InMemoryProvider,
    deleted: Mutex<HashSet<String>>,
}

impl UpdateResurrects {
    fn is_deleted(&self, id: &str) -> bool {
        self.deleted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(id)
    }
}

#[async_trait]
impl Flaw for UpdateResurrects {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        let updated = target.update(&self.inner, data, expected).await?;
        if updated.is_success() {
            self.deleted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(target.id);
        }
        Ok(updated)
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        let Some(current) = self.get(target).await? else {
            return Ok(ConditionalResult::NotFound);
        };
        if current.version() != expected {
            let current = current.version().clone();
            return Ok(
                VersionConflict::new(target.resource_type, target.id, expected, current).into(),
            );
        }
        self.deleted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(target.id.into());
        Ok(ConditionalResult::Success(()))
    }

    async fn get(&self, target: Target<'_>) -> Found {
        Ok(target
            .get(&self.inner)
            .await?
            .filter(|_| !self.is_deleted(target.id)))
    }
}

/// A store whose keys have no tenant in them.
#[derive(Default)]
pub(crate) struct TenantForgotten(InMemoryStorage);

fn within(scope: Scope, key: &ResourceKey) -> ResourceKey {
    ResourceKey::new(scope, key.resource_type(), key.id().as_str())
        .expect("the parts of a key make a key")
}

fn without_tenant(key: &ResourceKey) -> ResourceKey {
    within(Scope::Single, key)
}

fn key_of(requirement: &mut Requirement) -> &mut ResourceKey {
    match requirement {
        Requirement::Exists(key) | Requirement::Unreferenced { key, .. } => key,
    }
}

#[async_trait]
impl Storage for TenantForgotten {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.0.get(&without_tenant(key), links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        // The author thought of the tenant here, which hides the mistake from most tests.
        self.0.query(query).await
    }

    async fn commit(&self, mut commit: Commit) -> Result<CommitOutcome, StorageError> {
        let asked = commit.writes.first().map(|write| write.key.scope().clone());
        for write in &mut commit.writes {
            write.key = without_tenant(&write.key);
        }
        for requirement in &mut commit.requirements {
            let key = key_of(requirement);
            *key = without_tenant(key);
        }
        let mut outcome = self.0.commit(commit).await?;
        // What is refused is told of the key that was asked for.
        if let (CommitOutcome::Refused(refusal), Some(scope)) = (&mut outcome, asked) {
            let key = match refusal {
                Refusal::Missing { key } | Refusal::Mismatch { key, .. } => key,
                Refusal::RequirementFailed { requirement } => key_of(requirement),
                Refusal::Duplicate { holder, .. } => holder,
            };
            *key = within(scope, key);
        }
        Ok(outcome)
    }
}
