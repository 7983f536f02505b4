use std::sync::Arc;

use async_trait::async_trait;
use scim_version::{ConditionalResult, ScimVersion};
use serde_json::Value;

use crate::storage::LinkSelection;
use crate::{ConditionalProvider, ProviderError, RequestContext, VersionedResource, View};

/// A provider that reads and writes a resource without touching all of its links.
///
/// # For callers
///
/// Read through a [`View`], change what was read, and write it back through the links of the
/// same view: what the view leaves out stays as it is. One member more of a group of 100,000
/// costs one row this way. [`ResourceProvider::as_partial`](crate::ResourceProvider::as_partial)
/// tells whether a provider can; over one that can't, read and write the whole.
///
/// # For implementers
///
/// The contract of [`ConditionalProvider`] holds: compare and write are one step, whatever the
/// view; a write that says what is stored keeps the version; the version is that of the whole
/// resource.
#[async_trait]
pub trait PartialProvider: ConditionalProvider {
    /// As much of the resource as `view` wants, with the version of the whole, or `None` if
    /// there is none.
    async fn get_part(
        &self,
        resource_type: &str,
        id: &str,
        view: &View,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError>;

    /// Replaces what the resource says by `data` if its version is `expected`, as far as
    /// `links` goes: links that it does not select stay, those that it selects are
    /// there afterwards if and only if `data` has them. A link that `data` has and `links` does
    /// not select is added.
    ///
    /// Answers with the resource as far as `links` goes. What is derived from other resources is
    /// part of the answer only if `links` is [`LinkSelection::All`].
    ///
    /// # Errors
    ///
    /// [`LinkSelection::AtMost`] names no links and can't be written through:
    /// [`ProviderError::Internal`].
    async fn conditional_update_part(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError>;
}

macro_rules! forward {
    ($($pointer:ident),*) => { $(
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<P: PartialProvider + ?Sized> PartialProvider for $pointer<P> {
            async fn get_part(
                &self,
                resource_type: &str,
                id: &str,
                view: &View,
                context: &RequestContext,
            ) -> Result<Option<VersionedResource>, ProviderError> {
                (**self).get_part(resource_type, id, view, context).await
            }

            async fn conditional_update_part(
                &self,
                resource_type: &str,
                id: &str,
                data: Value,
                links: &LinkSelection,
                expected: &ScimVersion,
                context: &RequestContext,
            ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
                (**self)
                    .conditional_update_part(resource_type, id, data, links, expected, context)
                    .await
            }
        }
    )* };
}

forward!(Arc, Box);
