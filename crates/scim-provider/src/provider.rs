use std::sync::Arc;

use async_trait::async_trait;
use scim_version::{ConditionalResult, ScimVersion};
use serde_json::Value;

use crate::schema::ResourceTypes;
use crate::{
    AtomicProvider, ListQuery, Page, PartialProvider, ProviderError, RequestContext, Resource,
    RetainingProvider, SearchProvider, VersionedResource,
};

/// Keeps SCIM resources, without promising anything about versions.
///
/// # For callers
///
/// Prefer a [`ConditionalProvider`]: [`update_resource`](Self::update_resource) and
/// [`delete_resource`](Self::delete_resource) act on whatever is there by then.
/// [`as_conditional`](Self::as_conditional) tells whether this provider is one, and
/// [`LockingProvider`](crate::LockingProvider) makes one of any other.
///
/// # For implementers
///
/// - The tenant is that of the context; no method may see beyond it.
/// - `resource_type` is the name of a type, such as `User`; answer
///   [`ProviderError::UnknownResourceType`] to one that you don't keep.
/// - An id that can't exist is simply not found.
/// - A [`ListQuery`] may want more than a page by its number: a filter, an order, a cursor. A
///   provider that can't serve one of them answers [`ProviderError::Unsupported`], and never as
///   if it had not been asked: [`ListQuery::only_by_index`] sees to that. One that has its
///   resources at hand serves all with [`ListQuery::page_of`].
/// - A provider that also implements [`ConditionalProvider`], [`PartialProvider`],
///   [`AtomicProvider`], [`SearchProvider`] or [`RetainingProvider`] overrides
///   [`as_conditional`](Self::as_conditional), [`as_partial`](Self::as_partial),
///   [`as_atomic`](Self::as_atomic), [`as_search`](Self::as_search) or
///   [`as_retaining`](Self::as_retaining) with `Some(self)`; one that wraps another forwards them. The defaults leave existing providers as they are.
#[async_trait]
pub trait ResourceProvider: Send + Sync + 'static {
    /// Stores a new resource and gives it an `id`.
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError>;

    /// The resource, or `None` if there is none.
    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError>;

    /// Replaces what the resource says by `data`, whatever its version.
    ///
    /// # Errors
    ///
    /// [`ProviderError::NotFound`] if there is none: an update never creates.
    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError>;

    /// Deletes the resource, whatever its version.
    ///
    /// # Errors
    ///
    /// [`ProviderError::NotFound`] if there is none.
    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError>;

    /// A page of the resources of a type, in the order that was asked for or else one that
    /// stays.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Unsupported`] if the provider does not filter, sort, or go by cursors;
    /// [`ProviderError::InvalidFilter`], [`ProviderError::InvalidSort`] and
    /// [`ProviderError::InvalidCursor`] if they make no sense; [`ProviderError::TooMany`] if it
    /// would take too long.
    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError>;

    /// The types of resources that it keeps, if it knows their schemas: what the layers above
    /// read a PATCH by, unless they are told otherwise.
    fn resource_types(&self) -> Option<&ResourceTypes> {
        None
    }

    /// This provider as one that compares and writes in one step, if it is.
    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        None
    }

    /// This provider as one that reads and writes parts of large resources, if it is.
    fn as_partial(&self) -> Option<&dyn PartialProvider> {
        None
    }

    /// This provider as one that commits several writes as one, if it is.
    fn as_atomic(&self) -> Option<&dyn AtomicProvider> {
        None
    }

    /// This provider as one that lists several types as one, if it is.
    fn as_search(&self) -> Option<&dyn SearchProvider> {
        None
    }

    /// This provider as one that keeps former versions, if it does.
    fn as_retaining(&self) -> Option<&dyn RetainingProvider> {
        None
    }
}

/// A provider whose writes name the version they replace.
///
/// # For callers
///
/// A write that names a version replaces exactly that version or changes nothing;
/// of any number of writes that name the same version one succeeds. A write that
/// says what is stored already succeeds and keeps the version.
///
/// # For implementers
///
/// `scim_provider::testkit::conditional::run_all` (feature `testkit`) checks what
/// follows.
///
/// - **Compare and write are one step**: one statement, one transaction that locks
///   what it read, one critical section. Nothing may come between the comparison and
///   the write, and when the versions differ nothing is written. It can't be had by
///   getting, comparing and putting.
/// - **Missing, then mismatch, then the rest**: a resource that is not there is
///   [`ConditionalResult::NotFound`]; one of another version is
///   [`ConditionalResult::VersionMismatch`] even if `data` is invalid or a duplicate.
/// - **Versions do not repeat**: every change gives the resource a version that it never
///   had, also when it changes back. Every attribute that a client can read and
///   that is stored counts.
/// - **Nothing new, nothing changed**: an update that says what is stored keeps `version` and
///   `meta.lastModified`.
/// - **Unique attributes** are judged in the same step as the write.
/// - **Current**: a read that starts after a write was acknowledged sees it.
/// - **Cancellation**: a future that is dropped has written all or nothing.
#[async_trait]
pub trait ConditionalProvider: ResourceProvider {
    /// Replaces what the resource says by `data` if its version is `expected`.
    async fn conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError>;

    /// Deletes the resource if its version is `expected`.
    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError>;

    /// The resource with its version, or `None` if there is none.
    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError>;

    /// Stores a new resource and gives it an `id` and a version.
    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError>;

    /// A page of the resources of a type with their versions, all from one state; as
    /// [`list_resources`](ResourceProvider::list_resources).
    ///
    /// A page by cursor goes on behind the last one whatever was written meanwhile: a resource
    /// that keeps its place is on one of the pages, and on one only.
    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError>;
}

/// What follows from the methods of [`ResourceProvider`], for every provider.
#[async_trait]
pub trait ResourceProviderExt: ResourceProvider {
    /// Whether there is such a resource.
    async fn resource_exists(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<bool, ProviderError> {
        Ok(self
            .get_resource(resource_type, id, context)
            .await?
            .is_some())
    }
}

impl<P: ResourceProvider + ?Sized> ResourceProviderExt for P {}

macro_rules! forward {
    ($($pointer:ident),*) => { $(
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<P: ResourceProvider + ?Sized> ResourceProvider for $pointer<P> {
            async fn create_resource(
                &self,
                resource_type: &str,
                data: Value,
                context: &RequestContext,
            ) -> Result<Resource, ProviderError> {
                (**self).create_resource(resource_type, data, context).await
            }

            async fn get_resource(
                &self,
                resource_type: &str,
                id: &str,
                context: &RequestContext,
            ) -> Result<Option<Resource>, ProviderError> {
                (**self).get_resource(resource_type, id, context).await
            }

            async fn update_resource(
                &self,
                resource_type: &str,
                id: &str,
                data: Value,
                context: &RequestContext,
            ) -> Result<Resource, ProviderError> {
                (**self).update_resource(resource_type, id, data, context).await
            }

            async fn delete_resource(
                &self,
                resource_type: &str,
                id: &str,
                context: &RequestContext,
            ) -> Result<(), ProviderError> {
                (**self).delete_resource(resource_type, id, context).await
            }

            async fn list_resources(
                &self,
                resource_type: &str,
                query: &ListQuery,
                context: &RequestContext,
            ) -> Result<Page<Resource>, ProviderError> {
                (**self).list_resources(resource_type, query, context).await
            }

            fn resource_types(&self) -> Option<&ResourceTypes> {
                (**self).resource_types()
            }

            fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
                (**self).as_conditional()
            }

            fn as_partial(&self) -> Option<&dyn PartialProvider> {
                (**self).as_partial()
            }

            fn as_atomic(&self) -> Option<&dyn AtomicProvider> {
                (**self).as_atomic()
            }

            fn as_search(&self) -> Option<&dyn SearchProvider> {
                (**self).as_search()
            }

            fn as_retaining(&self) -> Option<&dyn RetainingProvider> {
                (**self).as_retaining()
            }
        }

        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<P: ConditionalProvider + ?Sized> ConditionalProvider for $pointer<P> {
            async fn conditional_update(
                &self,
                resource_type: &str,
                id: &str,
                data: Value,
                expected: &ScimVersion,
                context: &RequestContext,
            ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
                (**self).conditional_update(resource_type, id, data, expected, context).await
            }

            async fn conditional_delete(
                &self,
                resource_type: &str,
                id: &str,
                expected: &ScimVersion,
                context: &RequestContext,
            ) -> Result<ConditionalResult<()>, ProviderError> {
                (**self).conditional_delete(resource_type, id, expected, context).await
            }

            async fn get_versioned_resource(
                &self,
                resource_type: &str,
                id: &str,
                context: &RequestContext,
            ) -> Result<Option<VersionedResource>, ProviderError> {
                (**self).get_versioned_resource(resource_type, id, context).await
            }

            async fn create_versioned_resource(
                &self,
                resource_type: &str,
                data: Value,
                context: &RequestContext,
            ) -> Result<VersionedResource, ProviderError> {
                (**self).create_versioned_resource(resource_type, data, context).await
            }

            async fn list_versioned_resources(
                &self,
                resource_type: &str,
                query: &ListQuery,
                context: &RequestContext,
            ) -> Result<Page<VersionedResource>, ProviderError> {
                (**self).list_versioned_resources(resource_type, query, context).await
            }
        }
    )* };
}

forward!(Arc, Box);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_traits_work_as_objects_and_upcast() {
        fn upcast(provider: &dyn ConditionalProvider) -> &dyn ResourceProvider {
            provider
        }
        fn conditional<P: ConditionalProvider>() {}
        conditional::<Arc<dyn ConditionalProvider>>();
        conditional::<Box<dyn ConditionalProvider>>();
        let _ = upcast;
    }
}
