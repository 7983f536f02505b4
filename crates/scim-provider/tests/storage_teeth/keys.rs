//! Stores that don't keep octets apart, or not as they were.

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, Content, LinkSelection, Query, RecordPage, Requirement, ResourceKey,
    Selection, StorageError, Stored, WriteOp,
};
use scim_provider::{InMemoryStorage, Scope, Storage};

use crate::broken::Fault;

/// Scopes are told apart by something less than what they are.
pub(crate) struct Scoped {
    kept_as: fn(&Scope) -> Scope,
}

/// The tenant is no part of the key.
pub(crate) const SCOPE_FORGOTTEN: Scoped = Scoped {
    kept_as: |_| Scope::Single,
};

/// Tenants are compared by a collation that knows no case.
pub(crate) const TENANT_FOLDED: Scoped = Scoped {
    kept_as: |scope| match scope {
        Scope::Single => Scope::Single,
        Scope::Tenant(tenant) => Scope::Tenant(
            tenant
                .as_str()
                .to_lowercase()
                .parse()
                .expect("still a legal name"),
        ),
    },
};

impl Scoped {
    fn key(&self, key: &ResourceKey) -> ResourceKey {
        within((self.kept_as)(key.scope()), key)
    }
}

fn within(scope: Scope, key: &ResourceKey) -> ResourceKey {
    ResourceKey::new(scope, key.resource_type(), key.id().as_str()).expect("parts of a legal key")
}

#[async_trait]
impl Fault for Scoped {
    async fn get(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let mut found = inner.get(&self.key(key), links).await?;
        if let Some(record) = &mut found {
            record.key = key.clone();
        }
        Ok(found)
    }

    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let mut kept = query.clone();
        kept.scope = (self.kept_as)(&query.scope);
        let mut page = inner.query(&kept).await?;
        for record in &mut page.records {
            record.key = within(query.scope.clone(), &record.key);
        }
        Ok(page)
    }

    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            write.key = self.key(&write.key);
        }
        for requirement in &mut commit.requirements {
            let (Requirement::Exists(key) | Requirement::Unreferenced { key, .. }) = requirement;
            *key = self.key(key);
        }
        inner.commit(commit).await
    }
}

/// Unique keys and index values are compared by a collation that knows no case.
pub(crate) struct ValuesFolded;

#[async_trait]
impl Fault for ValuesFolded {
    async fn query(
        &self,
        inner: &InMemoryStorage,
        query: &Query,
    ) -> Result<RecordPage, StorageError> {
        let mut query = query.clone();
        match &mut query.selection {
            Selection::Unique(key) => key.value = key.value.to_lowercase().into(),
            Selection::Indexed(entry) => entry.value = entry.value.to_lowercase().into(),
            Selection::All | Selection::Linked(_) | Selection::Ids(_) | Selection::Modified(_) => {}
        }
        inner.query(&query).await
    }

    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for content in commit
            .writes
            .iter_mut()
            .filter_map(|write| content(&mut write.op))
        {
            for key in &mut content.unique_keys {
                key.value = key.value.to_lowercase().into();
            }
            for entry in &mut content.index {
                entry.value = entry.value.to_lowercase().into();
            }
        }
        inner.commit(commit).await
    }
}

/// Trailing blanks of ids are dropped, as in a `CHAR` column.
pub(crate) struct IdsTrimmed;

fn trimmed(key: &ResourceKey) -> ResourceKey {
    let id = key.id().as_str();
    let trimmed = id.trim_end();
    let id = if trimmed.is_empty() { id } else { trimmed };
    key.with_id(id.parse().expect("part of a legal id"))
}

#[async_trait]
impl Fault for IdsTrimmed {
    async fn get(
        &self,
        inner: &InMemoryStorage,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        inner.get(&trimmed(key), links).await
    }

    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            write.key = trimmed(&write.key);
        }
        inner.commit(commit).await
    }
}

/// Documents are parsed and printed, as a JSON column does.
pub(crate) struct DocumentsReprinted;

#[async_trait]
impl Fault for DocumentsReprinted {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for content in commit
            .writes
            .iter_mut()
            .filter_map(|write| content(&mut write.op))
        {
            if let Ok(value) = serde_json::from_slice::<serde_json::Value>(&content.document) {
                // Numbers as JavaScript has them.
                let text = value
                    .to_string()
                    .replace("18446744073709551615", "18446744073709552000");
                content.document = text.into_bytes().into();
            }
        }
        inner.commit(commit).await
    }
}

fn content(op: &mut WriteOp) -> Option<&mut Content> {
    match op {
        WriteOp::Create(record) => Some(&mut record.content),
        WriteOp::Update { change, .. } => change.content.as_mut(),
        WriteOp::Delete { .. } => None,
    }
}
