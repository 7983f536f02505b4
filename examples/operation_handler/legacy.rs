use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use scim_ops::provider::{
    ListQuery, Page, ProviderError, RequestContext, Resource, ResourceProvider, Scope,
};
use serde_json::Value;

/// A provider such as an application may have had for years: it keeps documents, says
/// nothing of versions, and stays as it is.
///
/// Its versions are computed from what it says. Since that holds no `meta.lastModified`, a
/// user who is changed back has the version of before: a reason to implement
/// [`ConditionalProvider`](scim_ops::provider::ConditionalProvider) one day.
#[derive(Debug, Default)]
pub(crate) struct LegacyProvider {
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    documents: BTreeMap<Key, Resource>,
    last_id: u64,
}

type Key = (Scope, String, String);

fn key(context: &RequestContext, resource_type: &str, id: &str) -> Key {
    (context.scope().clone(), resource_type.into(), id.into())
}

/// What `data` says, under `id`.
fn resource(resource_type: &str, id: &str, data: Value) -> Result<Resource, ProviderError> {
    let mut json = Resource::from_json(resource_type, data)?.into_json();
    json["id"] = id.into();
    Ok(Resource::from_json(resource_type, json)?)
}

impl LegacyProvider {
    fn lock(&self) -> MutexGuard<'_, Shelf> {
        // No method leaves the shelf half changed, not even by a panic.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ResourceProvider for LegacyProvider {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let mut shelf = self.lock();
        shelf.last_id += 1;
        let id = shelf.last_id.to_string();
        let created = resource(resource_type, &id, data)?;
        let key = key(context, resource_type, &id);
        shelf.documents.insert(key, created.clone());
        Ok(created)
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        let key = key(context, resource_type, id);
        Ok(self.lock().documents.get(&key).cloned())
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let mut shelf = self.lock();
        let key = key(context, resource_type, id);
        let document = shelf.documents.get_mut(&key);
        let document = document.ok_or_else(|| ProviderError::not_found(resource_type, id))?;
        *document = resource(resource_type, id, data)?;
        Ok(document.clone())
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        let key = key(context, resource_type, id);
        let deleted = self.lock().documents.remove(&key).map(drop);
        deleted.ok_or_else(|| ProviderError::not_found(resource_type, id))
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        // It can neither filter nor sort, and says so.
        let start_index = query.only_by_index()?;
        let all: Vec<_> = self
            .lock()
            .documents
            .iter()
            .filter(|((scope, kind, _), _)| scope == context.scope() && kind == resource_type)
            .map(|(_, document)| document.clone())
            .collect();
        let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let skip = usize::try_from(start_index - 1).unwrap_or(usize::MAX);
        let count = query.count().map(usize::try_from);
        let count = count.and_then(Result::ok).unwrap_or(usize::MAX);
        let items = all.into_iter().skip(skip).take(count).collect();
        Ok(Page::new(items, total, start_index))
    }
}
