mod keyed;

use std::fmt;

use async_trait::async_trait;
use scim_version::{ConditionalResult, ScimVersion, VersionConflict};
use serde_json::Value;

use crate::{
    ConditionalProvider, ListQuery, Page, ProviderError, ProviderErrorKind, RequestContext,
    Resource, ResourceProvider, VersionedResource,
};
use keyed::KeyedLocks;

/// Makes any [`ResourceProvider`] conditional, by a lock for each resource.
///
/// Where the provider inside is a [`ConditionalProvider`] already, its own methods are
/// used and no lock is taken.
///
/// # What it promises, and what it can't
///
/// Versions are compared and written under the lock of the resource, so no update is
/// lost among writes **through this wrapper, within this process**. A second
/// process, or a write that goes to the provider directly, takes no lock; share one
/// wrapper (in an `Arc`), and implement [`ConditionalProvider`] over the
/// provider's own store as soon as a second process writes to it.
///
/// A resource that the provider gives no `meta.version` gets one computed from its
/// content. Unless that content holds a `meta.lastModified` that moves with every
/// change, a resource that changes back has the version of before.
///
/// ```
/// # use scim_provider::{InMemoryProvider, LockingProvider, RequestContext, ResourceProvider};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let existing_provider = InMemoryProvider::default();
/// # let context = RequestContext::with_generated_id();
/// # let data = serde_json::json!({ "userName": "bjensen" });
/// let provider = LockingProvider::new(existing_provider);
/// assert!(provider.as_conditional().is_some());
/// # let user = provider.create_resource("User", data.clone(), &context).await?;
/// # let user = scim_provider::VersionedResource::new(user);
/// # let (id, expected) = (user.resource().id().unwrap(), user.version());
/// let result = provider
///     .try_conditional_update("User", id, data, expected, &context)
///     .await?;
/// # assert!(result.is_success());
/// # Ok(()) }
/// ```
pub struct LockingProvider<P> {
    inner: P,
    locks: KeyedLocks,
}

impl<P> LockingProvider<P> {
    /// Wraps `inner`.
    pub fn new(inner: P) -> Self {
        Self {
            inner,
            locks: KeyedLocks::default(),
        }
    }

    /// The provider inside. Writes that go to it directly take no lock.
    pub const fn inner(&self) -> &P {
        &self.inner
    }
}

impl<P: ResourceProvider> LockingProvider<P> {
    /// Replaces what the resource says by `data` if its version is `expected`.
    pub async fn try_conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        if let Some(native) = self.inner.as_conditional() {
            return native
                .conditional_update(resource_type, id, data, expected, context)
                .await;
        }
        let _lock = self.locks.lock(resource_type, id, context).await;
        let compared = self.compare(resource_type, id, expected, context).await?;
        if !compared.is_success() {
            return Ok(compared);
        }
        let updated = self
            .inner
            .update_resource(resource_type, id, data, context)
            .await;
        Ok(
            found(updated)?.map_or(ConditionalResult::NotFound, |resource| {
                ConditionalResult::Success(VersionedResource::new(resource))
            }),
        )
    }

    /// Deletes the resource if its version is `expected`.
    pub async fn try_conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        if let Some(native) = self.inner.as_conditional() {
            return native
                .conditional_delete(resource_type, id, expected, context)
                .await;
        }
        let _lock = self.locks.lock(resource_type, id, context).await;
        let compared = self.compare(resource_type, id, expected, context).await?;
        if !compared.is_success() {
            return Ok(compared.map(drop));
        }
        let deleted = self.inner.delete_resource(resource_type, id, context).await;
        Ok(found(deleted)?.map_or(ConditionalResult::NotFound, ConditionalResult::Success))
    }

    /// The resource, if it has the version `expected`; called under its lock.
    async fn compare(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let current = self.inner.get_resource(resource_type, id, context).await?;
        Ok(match current.map(VersionedResource::new) {
            None => ConditionalResult::NotFound,
            Some(current) if current.version() == expected => ConditionalResult::Success(current),
            Some(current) => ConditionalResult::VersionMismatch(VersionConflict::new(
                resource_type,
                id,
                expected,
                current.version().clone(),
            )),
        })
    }
}

/// `None` for a resource that is gone: a write that did not go through this wrapper
/// may have deleted it after it was compared.
fn found<T>(result: Result<T, ProviderError>) -> Result<Option<T>, ProviderError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ProviderErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl<P> fmt::Debug for LockingProvider<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LockingProvider").finish_non_exhaustive()
    }
}

#[async_trait]
impl<P: ResourceProvider> ResourceProvider for LockingProvider<P> {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        self.inner
            .create_resource(resource_type, data, context)
            .await
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        self.inner.get_resource(resource_type, id, context).await
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let _lock = self.locks.lock(resource_type, id, context).await;
        self.inner
            .update_resource(resource_type, id, data, context)
            .await
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        let _lock = self.locks.lock(resource_type, id, context).await;
        self.inner.delete_resource(resource_type, id, context).await
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        self.inner
            .list_resources(resource_type, query, context)
            .await
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }
}

#[async_trait]
impl<P: ResourceProvider> ConditionalProvider for LockingProvider<P> {
    async fn conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        self.try_conditional_update(resource_type, id, data, expected, context)
            .await
    }

    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        self.try_conditional_delete(resource_type, id, expected, context)
            .await
    }

    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        match self.inner.as_conditional() {
            Some(native) => {
                native
                    .get_versioned_resource(resource_type, id, context)
                    .await
            }
            None => {
                let found = self.inner.get_resource(resource_type, id, context).await?;
                Ok(found.map(VersionedResource::new))
            }
        }
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        match self.inner.as_conditional() {
            Some(native) => {
                native
                    .create_versioned_resource(resource_type, data, context)
                    .await
            }
            None => {
                let created = self
                    .inner
                    .create_resource(resource_type, data, context)
                    .await?;
                Ok(VersionedResource::new(created))
            }
        }
    }

    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        match self.inner.as_conditional() {
            Some(native) => {
                native
                    .list_versioned_resources(resource_type, query, context)
                    .await
            }
            None => {
                let page = self
                    .inner
                    .list_resources(resource_type, query, context)
                    .await?;
                Ok(page.map(VersionedResource::new))
            }
        }
    }
}
