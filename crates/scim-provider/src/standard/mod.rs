mod climb;
#[cfg(test)]
mod cost;
mod delete;
mod derived;
mod details;
mod former;
mod kept;
mod link_needs;
mod list;
#[cfg(test)]
mod list_cost;
mod listing;
mod partial;
mod password;
mod plan;
mod references;
mod search;
mod shown;
mod stamp;
mod transaction;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use scim_version::{ConditionalResult, ScimVersion};
use serde_json::Value;

pub(crate) use password::PasswordMemo;
pub use password::{PasswordHashing, PasswordHashingError};
pub use references::UnknownTargets;

use crate::schema::{ResourceType, ResourceTypes};
use crate::storage::{LinkSelection, ResourceKey, Retention, Storage, StorageError, Stored};
use crate::{
    AtomicProvider, Clock, ConditionalProvider, InMemoryStorage, ListQuery, Page, PartialProvider,
    ProviderError, RequestContext, Resource, ResourceProvider, RetainingProvider, SearchProvider,
    SystemClock, VersionedResource,
};

/// SCIM over any [`Storage`]: ids, `meta`, versions, validation, normal form,
/// uniqueness and "same as stored", written once for all stores.
///
/// - Ids are UUIDs of version 7 (RFC 9562), so that the order of ids is that of
///   creation.
/// - What a client writes is brought into a normal form by the schemas of its type
///   (see [`schema`](crate::schema)), and compared with what is stored by SCIM's rules
///   before anything is stamped: a write that says the same keeps `version` and
///   `lastModified`.
/// - `lastModified` is later with every change, whatever the clock does, and the version
///   covers it, so that no version of a resource ever comes back. Nor do two writes make the same
///   version, even if they say the same at the same time.
/// - Attributes that are never shown are kept apart from all others, a password as a hash
///   only. What a write does not mention of them stays, since a client can't send back what it
///   can't read; `null` removes. Whether a new password is the stored one is decided by the
///   stored hash, so that a write that says the same keeps the version also then.
/// - Lists are filtered, sorted, and paged by number or by cursor, of one type or of several. What
///   an index can find is not searched for; a search is bounded by
///   [`with_max_scan`](Self::with_max_scan), and reads the members of those groups only that it
///   shows.
/// - Attributes that may grow large, such as the `members` of a group, are kept as
///   rows beside the document, and read and written in parts ([`PartialProvider`]).
/// - A member has to exist when it is added, which the commit judges that adds it. It learns its
///   `type` and `$ref` if it comes without. See [`UnknownTargets`].
/// - Who is deleted is no member any more, in the same commit; the groups get new versions by
///   it.
/// - A user's `groups` are derived from the members of groups when it is read, and are no part of
///   its version ([`ResourceType::with_derived`]). They are read after the user, so that
///   they may be newer than the rest; in the answer to a write they are those from right before it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use scim_provider::{ConditionalProvider, InMemoryStorage, RequestContext, StandardResourceProvider};
/// use serde_json::json;
///
/// let provider = StandardResourceProvider::new(InMemoryStorage::new());
/// let context = RequestContext::with_generated_id();
///
/// let user = provider
///     .create_versioned_resource("User", json!({ "userName": "bjensen" }), &context)
///     .await?;
/// let id = user.resource().id().ok_or("created resources have an id")?;
///
/// let data = json!({ "userName": "bjensen", "active": true });
/// let first = provider
///     .conditional_update("User", id, data.clone(), user.version(), &context)
///     .await?;
/// assert!(first.is_success());
///
/// // The version has been replaced, so who still names it changes nothing.
/// let second = provider
///     .conditional_update("User", id, json!({ "userName": "b" }), user.version(), &context)
///     .await?;
/// assert!(second.is_version_mismatch());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct StandardResourceProvider<S> {
    /// Shared with transactions.
    /// Asked through [`storage`](Self::storage): the futures of an `Arc` are in a box of their own.
    storage: Arc<S>,
    types: ResourceTypes,
    clock: Arc<dyn Clock>,
    max_page: u32,
    unknown_targets: UnknownTargets,
    passwords: PasswordHashing,
    max_scan: u64,
    retention: Option<Retention>,
}

/// The standard provider over memory.
pub type InMemoryProvider = StandardResourceProvider<InMemoryStorage>;

impl Default for InMemoryProvider {
    fn default() -> Self {
        Self::new(InMemoryStorage::new())
    }
}

// Not derived, because a clone needs no clone of the store.
impl<S> Clone for StandardResourceProvider<S> {
    fn clone(&self) -> Self {
        Self {
            storage: Arc::clone(&self.storage),
            types: self.types.clone(),
            clock: Arc::clone(&self.clock),
            max_page: self.max_page,
            unknown_targets: self.unknown_targets,
            passwords: self.passwords.clone(),
            max_scan: self.max_scan,
            retention: self.retention,
        }
    }
}

impl<S> StandardResourceProvider<S> {
    /// The most resources on one page, unless
    /// [`with_max_page`](Self::with_max_page) says otherwise.
    pub const DEFAULT_MAX_PAGE: u32 = 1_000;

    /// Users and groups of RFC 7643 over `storage`.
    pub fn new(storage: S) -> Self {
        Self {
            storage: Arc::new(storage),
            types: ResourceTypes::default(),
            clock: Arc::new(SystemClock::new()),
            max_page: Self::DEFAULT_MAX_PAGE,
            unknown_targets: UnknownTargets::default(),
            passwords: PasswordHashing::default(),
            max_scan: u64::MAX,
            retention: None,
        }
    }

    /// The same provider with these resource types.
    #[must_use]
    pub fn with_resource_types(self, types: ResourceTypes) -> Self {
        Self { types, ..self }
    }

    /// The same provider with another clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The same provider with pages of at most `max_page` resources.
    #[must_use]
    pub fn with_max_page(self, max_page: u32) -> Self {
        Self { max_page, ..self }
    }

    /// The same provider that does this with references to resources that don't exist.
    #[must_use]
    pub fn with_unknown_targets(self, unknown_targets: UnknownTargets) -> Self {
        Self {
            unknown_targets,
            ..self
        }
    }

    /// The same provider that hashes passwords in this way.
    #[must_use]
    pub fn with_password_hashing(self, passwords: PasswordHashing) -> Self {
        Self { passwords, ..self }
    }

    /// The same provider, which looks at no more than `max_scan` resources to answer a list.
    ///
    /// A filter that an index serves looks at those that the index finds; any other, and every
    /// order, at all of the type. Lists that would need more are
    /// [`ProviderError::TooMany`]. Unless this is called, there is no bound.
    #[must_use]
    pub fn with_max_scan(self, max_scan: u64) -> Self {
        Self { max_scan, ..self }
    }

    /// The store.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// The same provider over another store.
    fn over<T>(&self, storage: T) -> StandardResourceProvider<T> {
        StandardResourceProvider {
            storage: Arc::new(storage),
            types: self.types.clone(),
            clock: Arc::clone(&self.clock),
            max_page: self.max_page,
            unknown_targets: self.unknown_targets,
            passwords: self.passwords.clone(),
            max_scan: self.max_scan,
            retention: self.retention,
        }
    }

    /// The resource types that it keeps.
    pub const fn resource_types(&self) -> &ResourceTypes {
        &self.types
    }

    fn resource_type(&self, name: &str) -> Result<&ResourceType, ProviderError> {
        self.types
            .get(name)
            .ok_or_else(|| ProviderError::UnknownResourceType {
                resource_type: name.into(),
            })
    }
}

impl<S: Storage> StandardResourceProvider<S> {
    async fn read(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        let Some(key) = key(resource_type, id, context) else {
            return Ok(None);
        };
        let links = all_links(resource_type);
        match self.storage().get(&key, links).await? {
            Some(stored) => Ok(Some(self.whole(stored, resource_type).await?)),
            None => Ok(None),
        }
    }

    /// `stored` with all that is derived.
    async fn whole(
        &self,
        stored: Stored,
        resource_type: &ResourceType,
    ) -> Result<VersionedResource, ProviderError> {
        let derived = self.derived_of(resource_type, &stored).await?;
        let mut resource = versioned(stored, resource_type)?;
        resource.set_derived(derived);
        Ok(resource)
    }
}

/// The key of the resource `id`, or `None` if no resource can have that id.
fn key(resource_type: &ResourceType, id: &str, context: &RequestContext) -> Option<ResourceKey> {
    ResourceKey::new(context.scope().clone(), resource_type.name(), id).ok()
}

/// What to read of a resource that is wanted whole: a type without links has none to look for.
fn all_links(resource_type: &ResourceType) -> &'static LinkSelection {
    match resource_type.links().next() {
        Some(_) => &LinkSelection::All,
        None => &LinkSelection::None,
    }
}

fn versioned(
    stored: Stored,
    resource_type: &ResourceType,
) -> Result<VersionedResource, StorageError> {
    let version = stored.stamp.version.clone();
    let resource = Resource::from_stored(
        stored,
        resource_type.name_arc().clone(),
        resource_type.endpoint_arc().clone(),
    )?;
    Ok(VersionedResource::with_version(resource, version))
}

#[async_trait]
impl<S: Storage> ResourceProvider for StandardResourceProvider<S> {
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
        let found = self.read(resource_type, id, context).await?;
        Ok(found.map(|versioned| versioned.into_parts().0))
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let updated = self
            .update_whatever_version(resource_type, id, data, context)
            .await?;
        Ok(updated.into_parts().0)
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        self.delete_whatever_version(resource_type, id, context)
            .await
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
        Ok(page.map(|versioned| versioned.into_parts().0))
    }

    fn resource_types(&self) -> Option<&ResourceTypes> {
        Some(&self.types)
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }

    fn as_partial(&self) -> Option<&dyn PartialProvider> {
        Some(self)
    }

    fn as_atomic(&self) -> Option<&dyn AtomicProvider> {
        Some(self)
    }

    fn as_search(&self) -> Option<&dyn SearchProvider> {
        Some(self)
    }

    fn as_retaining(&self) -> Option<&dyn RetainingProvider> {
        let keeps = self.retention.is_some() && self.storage().keeps_former();
        keeps.then_some(self)
    }
}

#[async_trait]
impl<S: Storage> ConditionalProvider for StandardResourceProvider<S> {
    async fn conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        match key(resource_type, id, context) {
            Some(key) => {
                self.update_version(resource_type, &key, data, expected, context)
                    .await
            }
            None => Ok(ConditionalResult::NotFound),
        }
    }

    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        match key(resource_type, id, context) {
            Some(key) => self.delete_version(key, expected).await,
            None => Ok(ConditionalResult::NotFound),
        }
    }

    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        self.read(resource_type, id, context).await
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        self.create(resource_type, data, context).await
    }

    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        let resource_type = self.resource_type(resource_type)?;
        self.list(resource_type, query, context).await
    }
}
