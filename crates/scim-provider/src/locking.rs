mod keyed;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use scim_version::{ConditionalResult, ScimVersion, VersionConflict};
use serde_json::Value;
use tokio::runtime::Handle;

use crate::schema::ResourceTypes;
use crate::{
    AtomicProvider, ConditionalProvider, ListQuery, Page, PartialProvider, ProviderError,
    ProviderErrorKind, RequestContext, Resource, ResourceProvider, RetainingProvider,
    SearchProvider, VersionedResource, View,
};
use keyed::{KeyedGuard, KeyedLocks};

/// Makes any [`ResourceProvider`] conditional, by a lock for each resource.
///
/// Where the provider inside is a [`ConditionalProvider`] already, its own methods are
/// used, and neither is a lock taken nor anything of what follows done.
///
/// # What it promises, and what it can't
///
/// Versions are compared and written under the lock of the resource, so no update is
/// lost among writes **through this wrapper, within this process**. A second
/// process, or a write that goes to the provider directly, takes no lock; share one
/// wrapper (in an `Arc`), and implement [`ConditionalProvider`] over the
/// provider's own store as soon as a second process writes to it.
///
/// A write that has begun is carried out to its end in a task of its own, also if the
/// caller's future is dropped, so that the lock is not free while the provider inside still
/// writes. (Outside of a tokio runtime it ends with the future.)
///
/// `meta` is taken out of what clients send before the provider sees it.
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
    inner: Arc<P>,
    locks: Arc<KeyedLocks>,
}

impl<P> LockingProvider<P> {
    /// Wraps `inner`.
    pub fn new(inner: P) -> Self {
        Self {
            inner: Arc::new(inner),
            locks: Arc::default(),
        }
    }

    /// The provider inside. Writes that go to it directly take no lock.
    pub fn inner(&self) -> &P {
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
        let locked = self.lock(resource_type, id, context).await;
        let (data, expected) = (without_meta(data), expected.clone());
        undisturbed(async move {
            let compared = locked.compare(&expected).await?;
            if !compared.is_success() {
                return Ok(compared);
            }
            Ok(
                found(locked.update(data).await)?.map_or(ConditionalResult::NotFound, |resource| {
                    ConditionalResult::Success(VersionedResource::new(resource))
                }),
            )
        })
        .await
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
        let locked = self.lock(resource_type, id, context).await;
        let expected = expected.clone();
        undisturbed(async move {
            let compared = locked.compare(&expected).await?;
            if !compared.is_success() {
                return Ok(compared.map(drop));
            }
            Ok(found(locked.delete().await)?
                .map_or(ConditionalResult::NotFound, ConditionalResult::Success))
        })
        .await
    }

    /// Waits for the lock of the resource. Who gives up meanwhile has not begun to write.
    async fn lock(&self, resource_type: &str, id: &str, context: &RequestContext) -> Locked<P> {
        Locked {
            _guard: self.locks.lock(resource_type, id, context).await,
            inner: Arc::clone(&self.inner),
            resource_type: resource_type.into(),
            id: id.into(),
            context: context.clone(),
        }
    }

    fn is_native(&self) -> bool {
        self.inner.as_conditional().is_some()
    }
}

/// A resource whose lock is held.
struct Locked<P> {
    _guard: KeyedGuard,
    inner: Arc<P>,
    resource_type: Box<str>,
    id: Box<str>,
    context: RequestContext,
}

impl<P: ResourceProvider> Locked<P> {
    /// The resource, if it has the version `expected`.
    async fn compare(
        &self,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let (resource_type, id) = (&*self.resource_type, &*self.id);
        let current = self
            .inner
            .get_resource(resource_type, id, &self.context)
            .await?;
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

    async fn update(&self, data: Value) -> Result<Resource, ProviderError> {
        self.inner
            .update_resource(&self.resource_type, &self.id, data, &self.context)
            .await
    }

    async fn delete(&self) -> Result<(), ProviderError> {
        self.inner
            .delete_resource(&self.resource_type, &self.id, &self.context)
            .await
    }
}

/// Carries `write` out to its end, also if the caller stops waiting for it.
///
/// The provider inside may go on writing when its future is dropped (a thread, an actor, a
/// statement on the wire); the lock must not be free before it has.
async fn undisturbed<T: Send + 'static>(
    write: impl Future<Output = Result<T, ProviderError>> + Send + 'static,
) -> Result<T, ProviderError> {
    match Handle::try_current() {
        Ok(runtime) => runtime
            .spawn(write)
            .await
            .map_err(ProviderError::internal)?,
        // Another runtime than tokio's: nothing to hand it to.
        Err(_) => write.await,
    }
}

/// `meta` is the provider's to say (RFC 7643 §3.1): one that keeps documents as they come
/// would take a version from a client that sends back what it has read.
fn without_meta(mut data: Value) -> Value {
    if let Value::Object(attributes) = &mut data {
        attributes.retain(|name, _| !name.eq_ignore_ascii_case("meta"));
    }
    data
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
        let data = if self.is_native() {
            data
        } else {
            without_meta(data)
        };
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
        if self.is_native() {
            return self
                .inner
                .update_resource(resource_type, id, data, context)
                .await;
        }
        let locked = self.lock(resource_type, id, context).await;
        undisturbed(async move { locked.update(without_meta(data)).await }).await
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        if self.is_native() {
            return self.inner.delete_resource(resource_type, id, context).await;
        }
        let locked = self.lock(resource_type, id, context).await;
        undisturbed(async move { locked.delete().await }).await
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

    fn resource_types(&self) -> Option<&ResourceTypes> {
        self.inner.resource_types()
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }

    fn as_partial(&self) -> Option<&dyn PartialProvider> {
        self.inner.as_partial()
    }

    fn as_atomic(&self) -> Option<&dyn AtomicProvider> {
        self.inner.as_atomic()
    }

    fn as_search(&self) -> Option<&dyn SearchProvider> {
        self.inner.as_search()
    }

    fn as_retaining(&self) -> Option<&dyn RetainingProvider> {
        self.inner.as_retaining()
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
                let data = without_meta(data);
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
                // Versions are computed from what is shown, which has to be all.
                let query = query.clone().with_view(View::whole());
                let page = self
                    .inner
                    .list_resources(resource_type, &query, context)
                    .await?;
                Ok(page.map(VersionedResource::new))
            }
        }
    }
}
