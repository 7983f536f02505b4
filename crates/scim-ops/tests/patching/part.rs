//! A provider that reads and writes parts, in the plainest way: by reading and writing the
//! whole. It keeps what it was asked for.

use std::sync::Mutex;

use async_trait::async_trait;
use scim_ops::provider::storage::LinkSelection;
use scim_ops::provider::{
    ConditionalProvider, InMemoryProvider, ListQuery, Page, PartialProvider, ProviderError,
    RequestContext, Resource, ResourceProvider, VersionedResource, View,
};
use scim_ops::version::{ConditionalResult, ScimVersion};
use serde_json::Value;

#[derive(Default)]
pub(crate) struct Partial {
    whole: InMemoryProvider,
    asked: Mutex<Vec<LinkSelection>>,
}

impl Partial {
    /// Which links were read and written since this was asked last.
    pub(crate) fn asked(&self) -> Vec<LinkSelection> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn note(&self, links: &LinkSelection) {
        self.asked.lock().unwrap().push(links.clone());
    }
}

/// Whether `links` selects the member `id`.
fn selects(links: &LinkSelection, id: &str) -> bool {
    match links {
        LinkSelection::All => true,
        LinkSelection::None => false,
        LinkSelection::Of(keys) => keys.iter().any(|key| *key.target == *id),
        LinkSelection::AtMost(_) => panic!("nothing here asks for the first ones"),
    }
}

/// `resource` with those of its members only that `links` selects.
fn part(resource: &VersionedResource, links: &LinkSelection) -> VersionedResource {
    let mut value = resource.resource().to_json();
    if let Some(Value::Array(members)) = value.get_mut("members") {
        members.retain(|member| selects(links, member["value"].as_str().unwrap()));
    }
    let part = Resource::from_json(resource.resource().resource_type(), value).unwrap();
    VersionedResource::with_version(part, resource.version().clone())
}

#[async_trait]
impl PartialProvider for Partial {
    async fn get_part(
        &self,
        resource_type: &str,
        id: &str,
        view: &View,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        self.note(view.links());
        let found = self
            .whole
            .get_versioned_resource(resource_type, id, context)
            .await?;
        Ok(found.map(|found| part(&found, view.links())))
    }

    async fn conditional_update_part(
        &self,
        resource_type: &str,
        id: &str,
        mut data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        self.note(links);
        let found = self
            .whole
            .get_versioned_resource(resource_type, id, context)
            .await?;
        let Some(found) = found else {
            return Ok(ConditionalResult::NotFound);
        };
        let stored = found.resource().attribute("members").cloned();
        let mut members = data["members"].as_array().cloned().unwrap_or_default();
        for member in stored.iter().filter_map(Value::as_array).flatten() {
            if !selects(links, member["value"].as_str().unwrap()) {
                members.push(member.clone());
            }
        }
        data["members"] = members.into();
        let result = self
            .whole
            .conditional_update(resource_type, id, data, expected, context)
            .await?;
        Ok(result.map(|updated| part(&updated, links)))
    }
}

#[async_trait]
impl ResourceProvider for Partial {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        self.whole
            .create_resource(resource_type, data, context)
            .await
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        self.whole.get_resource(resource_type, id, context).await
    }

    async fn update_resource(
        &self,
        _: &str,
        _: &str,
        _: Value,
        _: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        unreachable!("the write path names a version")
    }

    async fn delete_resource(
        &self,
        _: &str,
        _: &str,
        _: &RequestContext,
    ) -> Result<(), ProviderError> {
        unreachable!("the write path names a version")
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        self.whole
            .list_resources(resource_type, query, context)
            .await
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }

    fn as_partial(&self) -> Option<&dyn PartialProvider> {
        Some(self)
    }
}

#[async_trait]
impl ConditionalProvider for Partial {
    async fn conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        self.note(&LinkSelection::All);
        self.whole
            .conditional_update(resource_type, id, data, expected, context)
            .await
    }

    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        self.whole
            .conditional_delete(resource_type, id, expected, context)
            .await
    }

    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        self.whole
            .get_versioned_resource(resource_type, id, context)
            .await
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        self.whole
            .create_versioned_resource(resource_type, data, context)
            .await
    }

    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        self.whole
            .list_versioned_resources(resource_type, query, context)
            .await
    }
}
