use async_trait::async_trait;
use scim_provider::schema::ResourceTypes;
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{
    ConditionalProvider, ListQuery, Page, ProviderError, RequestContext, Resource,
    ResourceProvider, VersionedResource,
};
use serde_json::Value;

use crate::employee::{TYPES, user};
use crate::table::Table;

/// SCIM users out of the application's table of employees.
#[derive(Debug)]
pub(crate) struct Employees(pub(crate) Table);

impl Employees {
    fn table(&self, resource_type: &str) -> Result<&Table, ProviderError> {
        match resource_type {
            "User" => Ok(&self.0),
            _ => Err(ProviderError::UnknownResourceType {
                resource_type: resource_type.into(),
            }),
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
        let table = self.table(resource_type)?;
        match table
            .update(context.scope(), id, Some(expected), &data)
            .await?
        {
            ConditionalResult::Success(row) => row.to_scim().map(ConditionalResult::Success),
            ConditionalResult::VersionMismatch(conflict) => Ok(conflict.into()),
            ConditionalResult::NotFound => Ok(ConditionalResult::NotFound),
        }
    }

    async fn conditional_delete(
        &self,
        resource_type: &str,
        id: &str,
        expected: &ScimVersion,
        context: &RequestContext,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        let table = self.table(resource_type)?;
        table.delete(context.scope(), id, Some(expected)).await
    }

    async fn get_versioned_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        let row = self
            .table(resource_type)?
            .select(context.scope(), id)
            .await?;
        row.map(|row| row.to_scim()).transpose()
    }

    async fn create_versioned_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<VersionedResource, ProviderError> {
        let table = self.table(resource_type)?;
        table.insert(context.scope(), data).await?.to_scim()
    }

    /// Filter, order and page are made of all rows of the tenant; `WHERE login = ?` would answer
    /// `userName eq` from the index.
    async fn list_versioned_resources(
        &self,
        resource_type: &str,
        query: &ListQuery,
        context: &RequestContext,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        let rows = self
            .table(resource_type)?
            .select_all(context.scope())
            .await?;
        let users = rows.iter().map(|row| row.to_scim());
        query.page_of(user(), users.collect::<Result<Vec<_>, _>>()?)
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
        let found = self
            .get_versioned_resource(resource_type, id, context)
            .await?;
        Ok(found.map(|user| user.into_parts().0))
    }

    async fn update_resource(
        &self,
        resource_type: &str,
        id: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        let table = self.table(resource_type)?;
        let updated = table
            .update(context.scope(), id, None, &data)
            .await?
            .into_success();
        let row = updated.ok_or_else(|| ProviderError::not_found(resource_type, id))?;
        Ok(row.to_scim()?.into_parts().0)
    }

    async fn delete_resource(
        &self,
        resource_type: &str,
        id: &str,
        context: &RequestContext,
    ) -> Result<(), ProviderError> {
        let table = self.table(resource_type)?;
        let deleted = table
            .delete(context.scope(), id, None)
            .await?
            .into_success();
        deleted.ok_or_else(|| ProviderError::not_found(resource_type, id))
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
        Ok(page.map(|user| user.into_parts().0))
    }

    fn resource_types(&self) -> Option<&ResourceTypes> {
        Some(&TYPES)
    }

    fn as_conditional(&self) -> Option<&dyn ConditionalProvider> {
        Some(self)
    }
}
