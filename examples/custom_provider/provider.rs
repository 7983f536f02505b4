use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{
    ConditionalProvider, ListQuery, Page, ProviderError, RequestContext, Resource,
    ResourceProvider, VersionedResource,
};
use serde_json::Value;

use crate::table::Table;

/// SCIM users out of the application's table of employees.
///
/// Every method takes the lock once and does all it does under it, so that nothing comes
/// between comparison and write. Over a database that is one statement, or one
/// transaction that locks what it reads.
#[derive(Debug, Default)]
pub(crate) struct Employees {
    table: Mutex<Table>,
}

impl Employees {
    fn table(&self, resource_type: &str) -> Result<MutexGuard<'_, Table>, ProviderError> {
        if resource_type == "User" {
            // Whatever can fail in a step comes before its first change, so that the table is
            // whole after a panic.
            Ok(self.table.lock().unwrap_or_else(PoisonError::into_inner))
        } else {
            Err(ProviderError::UnknownResourceType {
                resource_type: resource_type.into(),
            })
        }
    }
}

#[async_trait]
impl ConditionalProvider for Employees {
    async fn conditional_update(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let mut table = self.table(resource_type)?;
        table.update(context.scope(), id, Some(expected), data)
    }

    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        let mut table = self.table(resource_type)?;
        Ok(table.delete(context.scope(), id, Some(expected)))
    }

    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        self.table(resource_type)?.select(context.scope(), id)
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        self.table(resource_type)?.insert(context.scope(), data)
    }

    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        self.table(resource_type)?.page(context.scope(), query)
    }
}

#[async_trait]
impl ResourceProvider for Employees {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let created = self.table(resource_type)?.insert(context.scope(), data)?;
        Ok(created.into_parts().0)
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        let found = self.table(resource_type)?.select(context.scope(), id)?;
        Ok(found.map(|user| user.into_parts().0))
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let mut table = self.table(resource_type)?;
        // Without a version to compare there is no conflict: it is updated or not there.
        let updated = table.update(context.scope(), id, None, data)?;
        let updated = updated.into_success();
        let updated = updated.ok_or_else(|| ProviderError::not_found(resource_type, id))?;
        Ok(updated.into_parts().0)
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        let deleted = self.table(resource_type)?.delete(context.scope(), id, None);
        let deleted = deleted.into_success();
        deleted.ok_or_else(|| ProviderError::not_found(resource_type, id))
    }

    async fn list_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        let page = self.table(resource_type)?.page(context.scope(), query)?;
        Ok(page.map(|user| user.into_parts().0))
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use scim_provider::ProviderErrorKind;
    use serde_json::json;

    use super::*;

    fn context() -> RequestContext {
        RequestContext::with_generated_id()
    }

    async fn create(provider: &Employees, name: &str) -> Resource {
        let data = json!({ "userName": name });
        let created = provider.create_resource("User", data, &context()).await;
        created.unwrap()
    }

    #[tokio::test]
    async fn writes_without_a_version_replace_any_and_create_none() {
        let (provider, context) = (Employees::default(), context());
        let user = create(&provider, "bjensen").await;
        let id = user.id().unwrap();
        for name in ["Babs", "Barbara"] {
            let data = json!({ "userName": "bjensen", "displayName": name });
            let update = provider.update_resource("User", id, data.clone(), &context);
            assert_eq!(
                update.await.unwrap().attribute("displayName"),
                Some(&json!(name))
            );
            let missing = provider.update_resource("User", "7", data, &context).await;
            assert_eq!(missing.unwrap_err().kind(), ProviderErrorKind::NotFound);
        }
        let delete = || provider.delete_resource("User", id, &context);
        delete().await.unwrap();
        assert_eq!(
            delete().await.unwrap_err().kind(),
            ProviderErrorKind::NotFound
        );
        // Neither number nor revisions of the row are given to another.
        let next = create(&provider, "bjensen").await;
        assert_eq!(
            (next.id(), next.meta().version),
            (Some("4"), Some(ScimVersion::from_revision(4)))
        );
    }

    #[tokio::test]
    async fn both_faces_show_the_same_version() {
        let provider = Employees::default();
        let user = create(&provider, "bjensen").await;
        let versioned = provider
            .get_versioned_resource("User", "1", &context())
            .await;
        assert_eq!(versioned.unwrap(), Some(VersionedResource::new(user)));
    }

    #[tokio::test]
    async fn other_spellings_of_a_number_are_no_ids() {
        let provider = Employees::default();
        create(&provider, "bjensen").await;
        for id in ["01", "+1", " 1", "1.0"] {
            let found = provider.get_resource("User", id, &context()).await;
            assert_eq!(found.unwrap(), None, "{id:?}");
        }
    }

    #[tokio::test]
    async fn other_resource_types_are_unknown() {
        let groups = Employees::default()
            .list_resources("Group", &ListQuery::new(), &context())
            .await;
        assert_eq!(
            groups.unwrap_err().kind(),
            ProviderErrorKind::UnknownResourceType
        );
    }
}
