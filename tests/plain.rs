use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use scim_provider::{
    Clock, ListQuery, Page, ProviderError, RequestContext, Resource, ResourceProvider, Scope,
    SystemClock, Timestamp,
};
use serde_json::{Map, Value, json};
use tokio::task::yield_now;

/// A provider as applications had them before there were versions: a table of its own, no
/// conditional methods, a suspension at each call.
///
/// Of what SCIM asks for it does the least: `userName` is unique, and `lastModified` moves with
/// every change.
#[derive(Debug, Default)]
pub struct PlainProvider {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    rows: BTreeMap<Key, Row>,
    created: u64,
}

type Key = (Scope, String, String);

#[derive(Debug, Clone)]
struct Row {
    says: Map<String, Value>,
    last_modified: Timestamp,
}

impl PlainProvider {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Stores what `data` says, in one step.
    fn put(&mut self, key: &Key, data: Value) -> Result<Resource, ProviderError> {
        let resource = Resource::from_json(key.1.as_str(), data)?;
        let mut says = resource.as_object().clone();
        says.remove("id");
        says.remove("meta");
        let taken = self.rows.iter().find(|(other, row)| {
            (&other.0, &other.1) == (&key.0, &key.1) && other.2 != key.2 && row.is_called_as(&says)
        });
        if let Some((holder, _)) = taken {
            return Err(ProviderError::Duplicate {
                resource_type: key.1.clone(),
                attribute: "userName".into(),
                holder: Some(holder.2.clone()),
            });
        }
        let now = SystemClock::new().now();
        let row = match self.rows.get(key) {
            Some(row) if row.says == says => row.clone(),
            Some(row) => Row {
                says,
                last_modified: now.after(row.last_modified),
            },
            None => Row {
                says,
                last_modified: now,
            },
        };
        self.rows.insert(key.clone(), row.clone());
        row.shown(key)
    }
}

impl Row {
    fn is_called_as(&self, other: &Map<String, Value>) -> bool {
        let name = |says: &Map<String, Value>| Some(says.get("userName")?.as_str()?.to_lowercase());
        name(&self.says).is_some() && name(&self.says) == name(other)
    }

    fn shown(&self, (_, resource_type, id): &Key) -> Result<Resource, ProviderError> {
        let mut shown = self.says.clone();
        shown.insert("id".into(), id.as_str().into());
        shown.insert(
            "meta".into(),
            json!({ "lastModified": self.last_modified.to_string() }),
        );
        Ok(Resource::from_json(resource_type.as_str(), shown.into())?)
    }
}

fn key(resource_type: &str, id: &str, context: &RequestContext) -> Key {
    (context.scope().clone(), resource_type.into(), id.into())
}

#[async_trait]
impl ResourceProvider for PlainProvider {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        yield_now().await;
        let mut table = self.table();
        table.created += 1;
        let id = format!("{:08}", table.created);
        table.put(&key(resource_type, &id, context), data)
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        let key = key(resource_type, id, context);
        let row = self.table().rows.get(&key).cloned();
        yield_now().await;
        row.map(|row| row.shown(&key)).transpose()
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        yield_now().await;
        let key = key(resource_type, id, context);
        let mut table = self.table();
        if !table.rows.contains_key(&key) {
            return Err(ProviderError::not_found(resource_type, id));
        }
        table.put(&key, data)
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        yield_now().await;
        match self.table().rows.remove(&key(resource_type, id, context)) {
            Some(_) => Ok(()),
            None => Err(ProviderError::not_found(resource_type, id)),
        }
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        let start_index = query.only_by_index()?;
        let resources = self
            .table()
            .rows
            .iter()
            .filter(|(key, _)| (&key.0, key.1.as_str()) == (context.scope(), resource_type))
            .map(|(key, row)| row.shown(key))
            .collect::<Result<Vec<_>, _>>()?;
        yield_now().await;
        let total = u64::try_from(resources.len()).unwrap_or(u64::MAX);
        let skip = usize::try_from(start_index - 1).unwrap_or(usize::MAX);
        let count = query
            .count()
            .map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let items = resources.into_iter().skip(skip).take(count).collect();
        Ok(Page::new(items, total, start_index))
    }
}
