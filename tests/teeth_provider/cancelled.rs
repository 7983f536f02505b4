//! Providers that can't bear to be dropped.

use std::collections::HashSet;

use async_trait::async_trait;
use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, ProviderError, RequestContext, VersionedResource,
};
use serde_json::Value;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::yield_now;

use crate::flaw::{Deleted, Flaw, Found, Target, Updated};

/// Writes the `displayName` after the rest. A lock hides it from everybody, unless the request
/// is dropped between the two.
#[derive(Default)]
pub(crate) struct WritesInTwoAwaits {
    inner: InMemoryProvider,
    lock: Mutex<()>,
}

#[async_trait]
impl Flaw for WritesInTwoAwaits {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        let _lock = self.lock.lock().await;
        let current = target.get(&self.inner).await?;
        let display_name = current
            .as_ref()
            .and_then(|current| current.resource().attribute("displayName"))
            .unwrap_or(&Value::Null);
        if data["displayName"] == *display_name {
            return target.update(&self.inner, data, expected).await;
        }
        let mut rest = data.clone();
        if let Some(rest) = rest.as_object_mut() {
            rest.remove("displayName");
        }
        let updated = target.update(&self.inner, rest, expected).await?;
        if !updated.is_success() {
            return Ok(updated);
        }
        yield_now().await;
        target.overwrite(&self.inner, data).await
    }

    async fn get(&self, target: Target<'_>) -> Found {
        let _lock = self.lock.lock().await;
        target.get(&self.inner).await
    }
}

/// Gives its lock back by hand, which a dropped request doesn't come to.
pub(crate) struct LeaksItsLock {
    inner: InMemoryProvider,
    lock: Semaphore,
}

impl Default for LeaksItsLock {
    fn default() -> Self {
        Self {
            inner: InMemoryProvider::default(),
            lock: Semaphore::new(1),
        }
    }
}

impl LeaksItsLock {
    async fn take(&self) {
        self.lock
            .acquire()
            .await
            .expect("it is never closed")
            .forget();
        yield_now().await;
    }
}

#[async_trait]
impl Flaw for LeaksItsLock {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        self.take().await;
        let updated = target.update(&self.inner, data, expected).await;
        self.lock.add_permits(1);
        updated
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        self.take().await;
        let deleted = target.delete(&self.inner, expected).await;
        self.lock.add_permits(1);
        deleted
    }
}

/// Takes the name in one step and stores the resource in the next.
#[derive(Default)]
pub(crate) struct TakesTheNameFirst {
    inner: InMemoryProvider,
    taken: std::sync::Mutex<HashSet<String>>,
}

impl TakesTheNameFirst {
    fn taken(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.taken
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl Flaw for TakesTheNameFirst {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn create(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let name = data["userName"].as_str().unwrap_or_default();
        let name = format!("{} {}", context.scope(), name.to_lowercase());
        if !self.taken().insert(name.clone()) {
            return Err(ProviderError::Duplicate {
                resource_type: resource_type.into(),
                attribute: "userName".into(),
                holder: None,
            });
        }
        yield_now().await;
        let created = self
            .inner
            .create_versioned_resource(resource_type, data, context)
            .await;
        self.taken().remove(&name);
        created
    }
}

/// Stores the `displayName` after the rest of a new resource, which a lock hides.
#[derive(Default)]
pub(crate) struct CreatesInTwoAwaits {
    inner: InMemoryProvider,
    lock: Mutex<()>,
}

#[async_trait]
impl Flaw for CreatesInTwoAwaits {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn create(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let _lock = self.lock.lock().await;
        let mut rest = data.clone();
        if let Some(rest) = rest.as_object_mut() {
            rest.remove("displayName");
        }
        let created = self
            .inner
            .create_versioned_resource(resource_type, rest, context)
            .await?;
        yield_now().await;
        let id = created.resource().id().expect("a created resource has one");
        let target = Target {
            resource_type,
            id,
            context,
        };
        let created = target.overwrite(&self.inner, data).await?;
        Ok(created.into_success().expect("nobody knows it yet"))
    }

    async fn get(&self, target: Target<'_>) -> Found {
        let _lock = self.lock.lock().await;
        target.get(&self.inner).await
    }
}

/// Hides a resource in one step and removes it in the next.
#[derive(Default)]
pub(crate) struct DeletesInTwoAwaits {
    inner: InMemoryProvider,
    hidden: Mutex<HashSet<String>>,
}

#[async_trait]
impl Flaw for DeletesInTwoAwaits {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        let hidden = self.hidden.lock().await;
        if hidden.contains(target.id) {
            return Ok(ConditionalResult::NotFound);
        }
        target.update(&self.inner, data, expected).await
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        let mut hidden = self.hidden.lock().await;
        let found = target.get(&self.inner).await?;
        let Some(current) = found.filter(|_| !hidden.contains(target.id)) else {
            return Ok(ConditionalResult::NotFound);
        };
        if current.version() != expected {
            let current = current.version().clone();
            return Ok(
                VersionConflict::new(target.resource_type, target.id, expected, current).into(),
            );
        }
        hidden.insert(target.id.into());
        yield_now().await;
        let deleted = target.delete(&self.inner, expected).await;
        hidden.remove(target.id);
        deleted
    }

    async fn get(&self, target: Target<'_>) -> Found {
        let hidden = self.hidden.lock().await;
        let found = target.get(&self.inner).await?;
        Ok(found.filter(|_| !hidden.contains(target.id)))
    }
}
