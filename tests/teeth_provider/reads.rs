//! Providers that show what is not there.

use async_trait::async_trait;
use scim_provider::version::ScimVersion;
use scim_provider::{
    ConditionalProvider, InMemoryProvider, ListQuery, RequestContext, Resource, VersionedResource,
};
use serde_json::Value;

use crate::flaw::{Deleted, Flaw, Found, Listed, Target, Updated};

/// Can all, but does not say so.
#[derive(Default)]
pub(crate) struct NotCapable(InMemoryProvider);

impl Flaw for NotCapable {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    fn is_capable(&self) -> bool {
        false
    }
}

/// Lists from a copy that lags.
#[derive(Default)]
pub(crate) struct ListShowsOther(InMemoryProvider);

#[async_trait]
impl Flaw for ListShowsOther {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn list(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Listed {
        let page = self
            .0
            .list_versioned_resources(resource_type, query, context)
            .await?;
        Ok(page.map(|item| {
            let version = item.version().clone();
            let mut shown = item.to_json();
            shown["displayName"] = "stale".into();
            let shown = Resource::from_json(resource_type, shown).expect("still a resource");
            VersionedResource::with_version(shown, version)
        }))
    }
}

/// The resource type is no part of the key.
#[derive(Default)]
pub(crate) struct TypeForgotten(InMemoryProvider);

fn as_user(target: Target<'_>) -> Target<'_> {
    Target {
        resource_type: "User",
        ..target
    }
}

#[async_trait]
impl Flaw for TypeForgotten {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn update(&self, target: Target<'_>, data: Value, expected: &ScimVersion) -> Updated {
        as_user(target).update(&self.0, data, expected).await
    }

    async fn delete(&self, target: Target<'_>, expected: &ScimVersion) -> Deleted {
        as_user(target).delete(&self.0, expected).await
    }

    async fn get(&self, target: Target<'_>) -> Found {
        as_user(target).get(&self.0).await
    }
}

/// Keys are right; only the list is of all types.
#[derive(Default)]
pub(crate) struct TypeNotListedBy(InMemoryProvider);

#[async_trait]
impl Flaw for TypeNotListedBy {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.0
    }

    async fn list(&self, _: &str, query: &ListQuery, context: &RequestContext) -> Listed {
        self.0
            .list_versioned_resources("User", query, context)
            .await
    }
}
