//! Providers whose methods without a version are not what those with one are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use scim_provider::{
    ConditionalProvider, InMemoryProvider, ListQuery, Page, ProviderError, RequestContext,
    Resource, VersionedResource,
};
use serde_json::Value;

use crate::flaw::{Flaw, Target};

/// The method that goes wrong, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Plain {
    GetForgetsTheTenant,
    UpdateForgetsTheTenant,
    DeleteForgetsTheTenant,
    ListForgetsTheTenant,
    GetShowsOther,
    ListShowsOther,
    UpdateWritesNothing,
    UpdateCreates,
    DeleteDeletesNothing,
    DeleteOfNothingSucceeds,
}

pub(crate) struct PlainMethods {
    inner: InMemoryProvider,
    flaw: Plain,
    /// In which tenant each id was created.
    created: Mutex<HashMap<String, RequestContext>>,
}

impl PlainMethods {
    pub(crate) fn with(flaw: Plain) -> Self {
        Self {
            inner: InMemoryProvider::default(),
            flaw,
            created: Mutex::default(),
        }
    }

    /// The tenant that a method works in, if it is the one that forgets it.
    fn context(&self, target: Target<'_>, forgets: Plain) -> RequestContext {
        let created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
        match created.get(target.id) {
            Some(context) if self.flaw == forgets => context.clone(),
            _ => target.context.clone(),
        }
    }

    fn other(resource: &Resource) -> Resource {
        let mut shown = resource.to_json();
        shown["displayName"] = "stale".into();
        Resource::from_json(resource.resource_type(), shown).expect("still a resource")
    }
}

#[async_trait]
impl Flaw for PlainMethods {
    fn inner(&self) -> &dyn ConditionalProvider {
        &self.inner
    }

    async fn create(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let created = self
            .inner
            .create_versioned_resource(resource_type, data, context)
            .await?;
        let id = created.resource().id().expect("a created resource has one");
        self.created
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.into(), context.clone());
        Ok(created)
    }

    async fn plain_get(&self, target: Target<'_>) -> Result<Option<Resource>, ProviderError> {
        let context = self.context(target, Plain::GetForgetsTheTenant);
        let found = self
            .inner()
            .get_resource(target.resource_type, target.id, &context);
        let found = found.await?;
        Ok(match self.flaw {
            Plain::GetShowsOther => found.as_ref().map(Self::other),
            _ => found,
        })
    }

    async fn plain_update(
        &self,
        target: Target<'_>,
        data: Value,
    ) -> Result<Resource, ProviderError> {
        let Target {
            resource_type, id, ..
        } = target;
        let context = self.context(target, Plain::UpdateForgetsTheTenant);
        let found = self
            .inner()
            .get_resource(resource_type, id, &context)
            .await?;
        match (self.flaw, found) {
            (Plain::UpdateWritesNothing, Some(found)) => Ok(found),
            (Plain::UpdateCreates, None) => {
                self.inner()
                    .create_resource(resource_type, data, &context)
                    .await
            }
            _ => {
                self.inner()
                    .update_resource(resource_type, id, data, &context)
                    .await
            }
        }
    }

    async fn plain_delete(&self, target: Target<'_>) -> Result<(), ProviderError> {
        let Target {
            resource_type, id, ..
        } = target;
        let context = self.context(target, Plain::DeleteForgetsTheTenant);
        let found = self
            .inner()
            .get_resource(resource_type, id, &context)
            .await?;
        match (self.flaw, found) {
            (Plain::DeleteDeletesNothing, Some(_)) | (Plain::DeleteOfNothingSucceeds, None) => {
                Ok(())
            }
            _ => {
                self.inner()
                    .delete_resource(resource_type, id, &context)
                    .await
            }
        }
    }

    async fn plain_list(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        if self.flaw == Plain::ListForgetsTheTenant {
            let contexts: Vec<_> = {
                let created = self.created.lock().unwrap_or_else(PoisonError::into_inner);
                created.values().cloned().collect()
            };
            let mut all = Vec::new();
            for context in contexts {
                let page = self
                    .inner()
                    .list_resources(resource_type, query, &context)
                    .await?;
                all.extend(page.items);
            }
            let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
            return Ok(Page::new(all, total, query.only_by_index()?));
        }
        let page = self
            .inner()
            .list_resources(resource_type, query, context)
            .await?;
        Ok(match self.flaw {
            Plain::ListShowsOther => page.map(|item| Self::other(&item)),
            _ => page,
        })
    }
}
