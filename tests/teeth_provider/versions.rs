//! Providers that make their versions in ways of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, InMemoryStorage, ManualClock, StandardResourceProvider,
    Timestamp, VersionedResource,
};
use serde_json::Value;

use crate::flaw::{Deleted, Flaw, Target, Updated};

/// The version is the hash of what the provider's author thought of.
#[derive(Default)]
pub(crate) struct AttributeNotCovered(InMemoryProvider);

#[async_trait]
impl Flaw for AttributeNotCovered {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    fn shown(&self, resource: VersionedResource) -> VersionedResource {
        reversioned(resource, |says, _| {
            if let Some(says) = says.as_object_mut() {
                says.remove("active");
            }
        })
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        update_shown(self, target, data, expected).await
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        delete_shown(self, target, expected).await
    }
}

/// The version covers `lastModified`, in whole seconds: those of a clock that stands still here.
pub(crate) struct VersionComesBack(InMemoryProvider);

impl Default for VersionComesBack {
    fn default() -> Self {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a date-time");
        let provider = StandardResourceProvider::new(InMemoryStorage::new());
        Self(provider.with_clock(Arc::new(ManualClock::new(now))))
    }
}

#[async_trait]
impl Flaw for VersionComesBack {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    fn shown(&self, resource: VersionedResource) -> VersionedResource {
        reversioned(resource, |says, last_modified| {
            says["at"] = (last_modified.as_micros() / 1_000_000).into();
        })
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        update_shown(self, target, data, expected).await
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        delete_shown(self, target, expected).await
    }
}

/// Counts its writes in an attribute, so that no write says what is stored.
#[derive(Default)]
pub(crate) struct NothingNewBumps {
    inner: InMemoryProvider,
    writes: AtomicU64,
}

#[async_trait]
impl Flaw for NothingNewBumps {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn update(&self, target: Target<'_>, mut data: Value, expected: &ScimVersion) -> Updated {
        if let Some(says) = data.as_object_mut() {
            let write = self.writes.fetch_add(1, Ordering::Relaxed);
            says.insert("title".into(), write.to_string().into());
        }
        target.update(&self.inner, data, expected).await
    }
}

/// `resource` under the version of what `cover` leaves of it, without its metadata.
fn reversioned(
    resource: VersionedResource,
    cover: impl Fn(&mut Value, Timestamp),
) -> VersionedResource {
    let (resource, _) = resource.into_parts();
    let mut says = resource.to_json();
    says["meta"] = Value::Null;
    let last_modified = resource
        .meta()
        .last_modified
        .expect("a stored resource has it");
    cover(&mut says, last_modified);
    VersionedResource::with_version(resource, ScimVersion::from_resource(&says))
}

/// Compares with the version that is shown, and writes on the one that is stored.
async fn update_shown<F: Flaw>(
    flaw: &F,
    target: Target<'_>,
    data: Value,
    expected: &ScimVersion,
) -> Updated {
    loop {
        let stored = match stored_version(flaw, target, expected).await? {
            ConditionalResult::Success(stored) => stored,
            ConditionalResult::VersionMismatch(conflict) => return Ok(conflict.into()),
            ConditionalResult::NotFound => return Ok(ConditionalResult::NotFound),
        };
        let updated = target.update(flaw.inner(), data.clone(), &stored).await?;
        if !updated.is_version_mismatch() {
            return Ok(updated);
        }
    }
}

async fn delete_shown<F: Flaw>(flaw: &F, target: Target<'_>, expected: &ScimVersion) -> Deleted {
    loop {
        let stored = match stored_version(flaw, target, expected).await? {
            ConditionalResult::Success(stored) => stored,
            ConditionalResult::VersionMismatch(conflict) => return Ok(conflict.into()),
            ConditionalResult::NotFound => return Ok(ConditionalResult::NotFound),
        };
        let deleted = target.delete(flaw.inner(), &stored).await?;
        if !deleted.is_version_mismatch() {
            return Ok(deleted);
        }
    }
}

/// The version under which the provider inside keeps what is shown as `expected`.
async fn stored_version<F: Flaw>(
    flaw: &F,
    target: Target<'_>,
    expected: &ScimVersion,
) -> Result<ConditionalResult<ScimVersion>, scim_provider::ProviderError> {
    let Some(stored) = target.get(flaw.inner()).await? else {
        return Ok(ConditionalResult::NotFound);
    };
    let version = stored.version().clone();
    let shown = flaw.shown(stored);
    Ok(if shown.version() == expected {
        ConditionalResult::Success(version)
    } else {
        let current = shown.version().clone();
        VersionConflict::new(target.resource_type, target.id, expected, current).into()
    })
}
