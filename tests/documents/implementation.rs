//! "Implementation": version tracking, with a table in memory for the database.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use scim_provider::version::{ConditionalResult, ETag, ScimVersion, VersionConflict};
use scim_provider::{
    ConditionalProvider, ListQuery, Page, ProviderError, RequestContext, Resource,
    ResourceProvider, Scope, VersionedResource,
};
use serde_json::{Value, json};

#[test]
fn etag_generation() {
    let etag = ScimVersion::from_content(b"content").to_etag();
    assert_eq!(etag, ScimVersion::from_content(b"content").to_etag());
    assert!(etag.is_weak());
    assert!(!ETag::strong(ScimVersion::from_content(b"content")).is_weak());
}

/// The document's table `users`, with its columns `version` and `etag`; the key is that of its
/// index.
#[derive(Default)]
struct DatabaseProvider {
    users: Mutex<BTreeMap<(Scope, String), Row>>,
}

struct Row {
    data: Value,
    version: u64,
    etag: ScimVersion,
}

impl DatabaseProvider {
    /// Begins a transaction, which locks the table; it is committed when it is dropped.
    fn begin(&self) -> MutexGuard<'_, BTreeMap<(Scope, String), Row>> {
        self.users.lock().unwrap()
    }
}

impl Row {
    fn new(data: Value, version: u64) -> Self {
        Self {
            data,
            version,
            etag: ScimVersion::from_revision(version),
        }
    }

    fn resource(&self, resource_type: &str, id: &str) -> Result<VersionedResource, ProviderError> {
        let mut data = self.data.clone();
        data["id"] = id.into();
        let resource = Resource::from_json(resource_type, data)?;
        Ok(VersionedResource::with_version(resource, self.etag.clone()))
    }
}

#[async_trait]
impl ConditionalProvider for DatabaseProvider {
    async fn conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let mut tx = self.begin();

        // Check current version
        let Some(current) = tx.get_mut(&(context.scope().clone(), id.to_string())) else {
            return Ok(ConditionalResult::NotFound);
        };

        // Verify ETag matches
        if current.etag != *expected {
            return Ok(ConditionalResult::VersionMismatch(VersionConflict::new(
                resource_type,
                id,
                expected,
                current.etag.clone(),
            )));
        }

        // Update with new version
        let new_version = current.version + 1;
        *current = Row::new(data, new_version);
        Ok(ConditionalResult::Success(
            current.resource(resource_type, id)?,
        ))
    }

    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        let mut tx = self.begin();
        let key = (context.scope().clone(), id.to_string());
        match tx.get(&key) {
            None => Ok(ConditionalResult::NotFound),
            Some(current) if current.etag == *expected => {
                tx.remove(&key);
                Ok(ConditionalResult::Success(()))
            }
            Some(current) => {
                let current = current.etag.clone();
                Ok(VersionConflict::new(resource_type, id, expected, current).into())
            }
        }
    }

    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        let tx = self.begin();
        let row = tx.get(&(context.scope().clone(), id.to_string()));
        row.map(|row| row.resource(resource_type, id)).transpose()
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let mut tx = self.begin();
        let id = (tx.len() + 1).to_string();
        let row = Row::new(data, 1);
        let created = row.resource(resource_type, &id)?;
        tx.insert((context.scope().clone(), id), row);
        Ok(created)
    }

    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        let tx = self.begin();
        let of_tenant = tx.iter().filter(|((scope, _), _)| scope == context.scope());
        let items = of_tenant
            .map(|((_, id), row)| row.resource(resource_type, id))
            .collect::<Result<Vec<_>, _>>()?;
        let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
        Ok(Page::new(items, total, query.only_by_index()?))
    }
}

#[async_trait]
impl ResourceProvider for DatabaseProvider {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let created = self
            .create_versioned_resource(resource_type, data, context)
            .await?;
        Ok(created.into_parts().0)
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        let found = self
            .get_versioned_resource(resource_type, id, context)
            .await?;
        Ok(found.map(|found| found.into_parts().0))
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let mut tx = self.begin();
        let row = tx.get_mut(&(context.scope().clone(), id.to_string()));
        let row = row.ok_or_else(|| ProviderError::not_found(resource_type, id))?;
        *row = Row::new(data, row.version + 1);
        Ok(row.resource(resource_type, id)?.into_parts().0)
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        let removed = self
            .begin()
            .remove(&(context.scope().clone(), id.to_string()));
        removed
            .map(drop)
            .ok_or_else(|| ProviderError::not_found(resource_type, id))
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        let page = self
            .list_versioned_resources(resource_type, query, context)
            .await?;
        Ok(page.map(|resource| resource.into_parts().0))
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }
}

#[tokio::test]
async fn test_conditional_update_success() {
    let provider = DatabaseProvider::default();
    let context = RequestContext::with_generated_id().with_tenant("acme".parse().unwrap());
    let user = provider
        .create_versioned_resource("User", json!({ "userName": "john" }), &context)
        .await
        .unwrap();
    assert_eq!(user.version().to_http_header(), "W/\"1\"");

    let data = json!({ "userName": "john", "active": true });
    let updated = provider
        .conditional_update("User", "1", data, user.version(), &context)
        .await;
    let updated = updated.unwrap().into_success().unwrap();
    assert_eq!(updated.version().to_http_header(), "W/\"2\"");
    let read = provider
        .get_versioned_resource("User", "1", &context)
        .await
        .unwrap();
    assert_eq!(read, Some(updated));

    let elsewhere = RequestContext::with_generated_id();
    assert_eq!(
        provider
            .get_resource("User", "1", &elsewhere)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        provider
            .list_resources("User", &ListQuery::new(), &context)
            .await
            .unwrap()
            .total,
        1
    );
}

#[tokio::test]
async fn test_version_mismatch() {
    let provider = DatabaseProvider::default();
    let context = RequestContext::with_generated_id();
    let john = json!({ "userName": "john" });
    let user = provider
        .create_versioned_resource("User", john.clone(), &context)
        .await
        .unwrap();
    let changed = provider.update_resource("User", "1", json!({ "userName": "jo" }), &context);
    changed.await.unwrap();

    let stale = provider
        .conditional_update("User", "1", john, user.version(), &context)
        .await;
    let conflict = stale.unwrap().into_conflict().unwrap();
    assert_eq!(
        conflict.message(),
        "version conflict on User 1: expected W/\"1\", current W/\"2\""
    );
    let stale = provider
        .conditional_delete("User", "1", user.version(), &context)
        .await
        .unwrap();
    assert_eq!(stale.into_conflict(), Some(conflict.clone()));

    let deleted = provider
        .conditional_delete("User", "1", &conflict.current, &context)
        .await;
    assert!(deleted.unwrap().is_success());
    let again = provider
        .delete_resource("User", "1", &context)
        .await
        .unwrap_err();
    assert_eq!(again.to_string(), "no User 1");
}
