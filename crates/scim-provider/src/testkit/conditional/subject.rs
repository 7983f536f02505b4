use std::fmt;
use std::sync::Arc;

use scim_version::{ConditionalResult, ScimVersion};
use serde_json::Value;
use uuid::Uuid;

use super::plain::Plain;
use super::{Failure, Sample};
use crate::{
    ConditionalProvider, ListQuery, Page, ProviderError, RequestContext, TenantId,
    VersionedResource,
};

/// The provider under one check, in a tenant of the check's own.
#[derive(Clone)]
pub(super) struct Subject {
    check: &'static str,
    pub(super) provider: Arc<dyn ConditionalProvider>,
    pub(super) sample: Sample,
    context: RequestContext,
}

impl Subject {
    pub(super) fn new(
        check: &'static str,
        provider: Arc<dyn ConditionalProvider>,
        sample: &Sample,
    ) -> Self {
        let mut context = RequestContext::new(check);
        if sample.is_tenanted() {
            context = context.with_tenant(random_tenant());
        }
        Self {
            check,
            provider,
            sample: sample.clone(),
            context,
        }
    }

    /// The same provider in another tenant.
    pub(super) fn elsewhere(&self) -> Self {
        let context = self.context.clone().with_tenant(random_tenant());
        Self {
            context,
            ..self.clone()
        }
    }

    /// The same requests for resources of another type.
    pub(super) fn with_type(&self, resource_type: &str) -> Self {
        Self {
            sample: self.sample.with_type(resource_type),
            ..self.clone()
        }
    }

    /// Requests for other resources of the same tenant.
    pub(super) fn with_sample(&self, sample: &Sample) -> Self {
        Self {
            sample: sample.clone(),
            ..self.clone()
        }
    }

    pub(super) const fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The methods that name no version.
    pub(super) const fn plain(&self) -> Plain<'_> {
        Plain {
            subject: self,
            context: &self.context,
        }
    }

    pub(super) const fn check(&self) -> &'static str {
        self.check
    }

    pub(super) fn fail<T>(&self, detail: impl Into<String>) -> Result<T, Failure> {
        Err(self.failure(detail))
    }

    pub(super) fn failure(&self, detail: impl Into<String>) -> Failure {
        Failure::new(self.check, detail)
    }

    /// Fails with `detail` unless `holds`.
    pub(super) fn ensure(
        &self,
        holds: bool,
        detail: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if holds { Ok(()) } else { self.fail(detail()) }
    }

    pub(super) fn equal<T: PartialEq + fmt::Debug>(
        &self,
        what: &str,
        found: T,
        expected: T,
    ) -> Result<(), Failure> {
        self.ensure(found == expected, || {
            format!("{what}: {found:?}, not {expected:?}")
        })
    }

    /// A failure that shows the provider's error.
    pub(super) fn broken(&self, doing: &str, error: &ProviderError) -> Failure {
        self.failure(format!("{doing} failed: {error}"))
    }

    pub(super) async fn create(
        &self,
        name: &str,
        text: &str,
    ) -> Result<VersionedResource, Failure> {
        self.try_create(self.sample.document(name, text))
            .await
            .map_err(|error| self.broken("create", &error))
    }

    pub(super) async fn try_create(&self, data: Value) -> Result<VersionedResource, ProviderError> {
        let resource_type = self.sample.resource_type();
        self.provider
            .create_versioned_resource(resource_type, data, &self.context)
            .await
    }

    pub(super) async fn get(&self, id: &str) -> Result<Option<VersionedResource>, Failure> {
        self.try_get(id)
            .await
            .map_err(|error| self.broken("get", &error))
    }

    pub(super) async fn try_get(
        &self,
        id: &str,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        self.provider
            .get_versioned_resource(self.sample.resource_type(), id, &self.context)
            .await
    }

    /// The resource, which has to be there.
    pub(super) async fn read(&self, id: &str) -> Result<VersionedResource, Failure> {
        self.get(id)
            .await?
            .ok_or_else(|| self.failure(format!("{id} is gone")))
    }

    pub(super) async fn update(
        &self,
        id: &str,
        data: Value,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<VersionedResource>, Failure> {
        self.try_update(id, data, expected)
            .await
            .map_err(|error| self.broken("update", &error))
    }

    pub(super) async fn try_update(
        &self,
        id: &str,
        data: Value,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let resource_type = self.sample.resource_type();
        self.provider
            .conditional_update(resource_type, id, data, expected, &self.context)
            .await
    }

    /// An update that has to succeed, since nobody else writes.
    pub(super) async fn change(
        &self,
        id: &str,
        data: Value,
        expected: &ScimVersion,
    ) -> Result<VersionedResource, Failure> {
        match self.update(id, data, expected).await? {
            ConditionalResult::Success(updated) => Ok(updated),
            other => self.fail(format!(
                "update of the current version: {}",
                outcome(&other)
            )),
        }
    }

    pub(super) async fn delete(
        &self,
        id: &str,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<()>, Failure> {
        self.try_delete(id, expected)
            .await
            .map_err(|error| self.broken("delete", &error))
    }

    pub(super) async fn try_delete(
        &self,
        id: &str,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        self.provider
            .conditional_delete(self.sample.resource_type(), id, expected, &self.context)
            .await
    }

    pub(super) async fn list(&self, query: &ListQuery) -> Result<Page<VersionedResource>, Failure> {
        self.try_list(query)
            .await
            .map_err(|error| self.broken("list", &error))
    }

    pub(super) async fn try_list(
        &self,
        query: &ListQuery,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        self.provider
            .list_versioned_resources(self.sample.resource_type(), query, &self.context)
            .await
    }

    /// All resources, from pages as long as the provider cares to make them.
    pub(super) async fn list_all(&self) -> Result<Vec<VersionedResource>, Failure> {
        self.list_all_of(&ListQuery::new()).await
    }

    /// The resources of all pages of `query`.
    pub(super) async fn list_all_of(
        &self,
        query: &ListQuery,
    ) -> Result<Vec<VersionedResource>, Failure> {
        let mut all = Vec::new();
        let mut start = 1;
        loop {
            let page = self.list(&query.clone().with_start_index(start)).await?;
            if page.items.is_empty() {
                return Ok(all);
            }
            all.extend(page.items);
            start = u64::try_from(all.len())
                .unwrap_or(u64::MAX)
                .saturating_add(1);
            if start > page.total {
                return Ok(all);
            }
        }
    }

    pub(super) fn id(&self, resource: &VersionedResource) -> Result<String, Failure> {
        match resource.resource().id() {
            Some(id) => Ok(id.into()),
            None => self.fail("a stored resource has no id"),
        }
    }

    pub(super) fn text(&self, resource: &VersionedResource) -> Result<String, Failure> {
        match resource
            .resource()
            .attribute(self.sample.text())
            .and_then(Value::as_str)
        {
            Some(text) => Ok(text.into()),
            None => self.fail(format!(
                "the stored {} is not read back",
                self.sample.text()
            )),
        }
    }
}

/// A name that no other check or run uses.
pub(super) fn random_name() -> String {
    format!("t{}", Uuid::new_v4().simple())
}

fn random_tenant() -> TenantId {
    random_name()
        .parse()
        .expect("letters and digits are a legal name")
}

/// What a conditional operation gave, for people.
pub(super) fn outcome<T>(result: &ConditionalResult<T>) -> String {
    match result {
        ConditionalResult::Success(_) => "success".into(),
        ConditionalResult::VersionMismatch(conflict) => conflict.to_string(),
        ConditionalResult::NotFound => "not found".into(),
    }
}
