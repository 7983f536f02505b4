//! A provider of one user, whom a rival changes just before each of our writes.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use scim_ops::provider::{
    ConditionalProvider, ListQuery, Page, ProviderError, RequestContext, Resource, ResourceError,
    ResourceErrorKind, ResourceProvider, VersionedResource,
};
use scim_ops::version::{ConditionalResult, ScimVersion, VersionConflict};
use serde_json::{Value, json};

/// The id of the one user.
pub(crate) const ID: &str = "1";

/// Versions count: the user is created as 1, and each write is one more.
pub(crate) struct Rival {
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    user: Option<(u64, Value)>,
    rivals_to_come: usize,
    attempts: usize,
}

impl Table {
    fn versioned(&self) -> Option<VersionedResource> {
        let (revision, user) = self.user.clone()?;
        let resource = Resource::from_json("User", user).expect("checked when it was written");
        Some(VersionedResource::with_version(
            resource,
            ScimVersion::from_revision(revision),
        ))
    }

    /// Counts a try to write, before which the rival may write.
    fn attempt(&mut self) {
        self.attempts += 1;
        if self.rivals_to_come > 0 {
            self.rivals_to_come -= 1;
            let name = format!("rival {}", self.attempts);
            let (revision, user) = self.user.as_mut().expect("created first");
            *revision += 1;
            user["displayName"] = json!(name);
        }
    }

    /// The conflict, if the version is not `expected`.
    fn compare(&self, expected: &ScimVersion) -> Option<ConditionalResult<VersionedResource>> {
        let Some(current) = self.versioned() else {
            return Some(ConditionalResult::NotFound);
        };
        (current.version() != expected).then(|| {
            let current = current.version().clone();
            VersionConflict::new("User", ID, expected, current).into()
        })
    }
}

impl Rival {
    /// A rival that comes before the first `times` tries.
    pub(crate) fn that_comes(times: usize) -> Self {
        let table = Table {
            rivals_to_come: times,
            ..Table::default()
        };
        Self {
            table: Mutex::new(table),
        }
    }

    /// How many writes were tried.
    pub(crate) fn attempts(&self) -> usize {
        self.table().attempts
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table
            .lock()
            .expect("no test panics while it holds the table")
    }
}

#[async_trait]
impl ResourceProvider for Rival {
    async fn create_resource(
        &self,
        _: &str,
        mut data: Value,
        _: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        data["id"] = json!(ID);
        let mut table = self.table();
        table.user = Some((1, data));
        Ok(table.versioned().expect("just created").into_parts().0)
    }

    async fn get_resource(
        &self,
        _: &str,
        id: &str,
        _: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        let found = self.table().versioned().filter(|_| id == ID);
        Ok(found.map(|versioned| versioned.into_parts().0))
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
        _: &str,
        _: &ListQuery,
        _: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        unreachable!("nothing here lists")
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }
}

#[async_trait]
impl ConditionalProvider for Rival {
    async fn conditional_update(
        &self,
        _: &str,
        id: &str,
        mut data: Value,
        expected: &ScimVersion,
        _: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        if id != ID {
            return Ok(ConditionalResult::NotFound);
        }
        let mut table = self.table();
        table.attempt();
        if let Some(refused) = table.compare(expected) {
            return Ok(refused);
        }
        if !data["userName"].is_string() {
            return Err(ResourceError::new("userName", ResourceErrorKind::Missing).into());
        }
        data["id"] = json!(ID);
        let (revision, user) = table.user.as_mut().expect("compared");
        if *user != data {
            *revision += 1;
            *user = data;
        }
        Ok(ConditionalResult::Success(
            table.versioned().expect("compared"),
        ))
    }

    async fn conditional_delete(
        &self,
        _: &str,
        id: &str,
        expected: &ScimVersion,
        _: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        if id != ID {
            return Ok(ConditionalResult::NotFound);
        }
        let mut table = self.table();
        table.attempt();
        if let Some(refused) = table.compare(expected) {
            return Ok(refused.map(drop));
        }
        table.user = None;
        Ok(ConditionalResult::Success(()))
    }

    async fn get_versioned_resource(
        &self,
        _: &str,
        id: &str,
        _: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        Ok(self.table().versioned().filter(|_| id == ID))
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        self.create_resource(resource_type, data, context).await?;
        Ok(self.table().versioned().expect("just created"))
    }

    async fn list_versioned_resources(
        &self,
        _: &str,
        query: &ListQuery,
        _: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        let start_index = query.only_by_index()?;
        let items: Vec<_> = self.table().versioned().into_iter().collect();
        let total = items.len().try_into().expect("one at most");
        Ok(Page::new(items, total, start_index))
    }
}
