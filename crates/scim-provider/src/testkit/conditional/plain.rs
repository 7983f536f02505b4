//! The methods that name no version, next to those that do.

use serde_json::Value;

use super::subject::{outcome, random_name};
use super::{Failure, Subject};
use crate::{
    ListQuery, Page, ProviderError, ProviderErrorKind, RequestContext, Resource, ResourceProvider,
};

/// What is read, written and deleted without a version is the same as what is with one.
pub(super) async fn plain_methods_agree(subject: &Subject) -> Result<(), Failure> {
    let plain = subject.plain();
    let broken = |doing: &'static str| move |error| subject.broken(doing, &error);
    let name = random_name();
    let document = |text: &str| subject.sample.document(&name, text);

    let created = plain.try_create(document("a")).await;
    let created = created.map_err(broken("plain create"))?;
    let Some(id) = created.id() else {
        return subject.fail("a stored resource has no id");
    };
    let first = subject.read(id).await?;
    subject.ensure(*first.resource() == created, || {
        "what a plain create answered is not what is read".into()
    })?;
    reads_agree(subject, id).await?;

    let updated = plain.try_update(id, document("b")).await;
    let updated = updated.map_err(broken("plain update"))?;
    let second = subject.read(id).await?;
    subject.equal("text after a plain update", &*subject.text(&second)?, "b")?;
    subject.ensure(*second.resource() == updated, || {
        "what a plain update answered is not what is read".into()
    })?;
    subject.ensure(second.version() != first.version(), || {
        "a plain update kept the version".into()
    })?;
    let stale = subject.update(id, document("c"), first.version()).await?;
    subject.ensure(stale.is_version_mismatch(), || {
        format!(
            "update of the version before a plain update: {}",
            outcome(&stale)
        )
    })?;
    reads_agree(subject, id).await?;

    let same = plain.try_update(id, document("b")).await;
    same.map_err(broken("plain update"))?;
    subject.ensure(subject.read(id).await? == second, || {
        "a plain update that says the same changed something".into()
    })?;
    let third = subject.change(id, document("c"), second.version()).await?;
    reads_agree(subject, id).await?;

    let deleted = plain.try_delete(id).await;
    deleted.map_err(broken("plain delete"))?;
    subject.ensure(subject.get(id).await?.is_none(), || {
        "it is still read after a plain delete".into()
    })?;
    let late = subject.update(id, document("d"), third.version()).await?;
    subject.ensure(late.is_not_found(), || {
        format!("update after a plain delete: {}", outcome(&late))
    })?;
    plain.finds_nothing(id, document("d")).await?;
    subject.ensure(subject.get(id).await?.is_none(), || {
        "a plain update brought a deleted resource back".into()
    })?;
    // Its name is free again.
    subject.create(&name, "e").await?;
    Ok(())
}

async fn reads_agree(subject: &Subject, id: &str) -> Result<(), Failure> {
    let plain = subject.plain();
    let read = subject.read(id).await?;
    let found = plain.try_get(id).await;
    let found = found.map_err(|error| subject.broken("plain get", &error))?;
    subject.ensure(found.as_ref() == Some(read.resource()), || {
        "a plain get shows something else than one with a version".into()
    })?;
    // Others may write to the one tenant there is between two lists.
    if subject.sample.is_tenanted() {
        let versioned = subject.list(&ListQuery::new()).await?;
        let listed = plain.try_list(&ListQuery::new()).await;
        let listed = listed.map_err(|error| subject.broken("plain list", &error))?;
        let versioned = versioned.map(|item| item.into_parts().0);
        subject.ensure(listed == versioned, || {
            "a plain list shows something else than one with versions".into()
        })?;
    }
    Ok(())
}

/// The subject through the methods that name no version.
pub(super) struct Plain<'a> {
    pub(super) subject: &'a Subject,
    pub(super) context: &'a RequestContext,
}

impl Plain<'_> {
    fn provider(&self) -> &dyn ResourceProvider {
        &self.subject.provider
    }

    fn resource_type(&self) -> &str {
        self.subject.sample.resource_type()
    }

    async fn try_create(&self, data: Value) -> Result<Resource, ProviderError> {
        self.provider()
            .create_resource(self.resource_type(), data, self.context)
            .await
    }

    pub(super) async fn try_get(&self, id: &str) -> Result<Option<Resource>, ProviderError> {
        self.provider()
            .get_resource(self.resource_type(), id, self.context)
            .await
    }

    pub(super) async fn try_update(
        &self,
        id: &str,
        data: Value,
    ) -> Result<Resource, ProviderError> {
        self.provider()
            .update_resource(self.resource_type(), id, data, self.context)
            .await
    }

    pub(super) async fn try_delete(&self, id: &str) -> Result<(), ProviderError> {
        self.provider()
            .delete_resource(self.resource_type(), id, self.context)
            .await
    }

    pub(super) async fn try_list(
        &self,
        query: &ListQuery,
    ) -> Result<Page<Resource>, ProviderError> {
        self.provider()
            .list_resources(self.resource_type(), query, self.context)
            .await
    }

    /// No method finds `id`, not even one that would write `data`.
    pub(super) async fn finds_nothing(&self, id: &str, data: Value) -> Result<(), Failure> {
        let subject = self.subject;
        let found = self.try_get(id).await;
        let found = found.map_err(|error| subject.broken("plain get", &error))?;
        subject.ensure(found.is_none(), || "a plain get finds it".into())?;
        not_found(subject, "plain update", self.try_update(id, data).await)?;
        not_found(subject, "plain delete", self.try_delete(id).await)
    }
}

fn not_found<T>(
    subject: &Subject,
    what: &str,
    result: Result<T, ProviderError>,
) -> Result<(), Failure> {
    match result {
        Ok(_) => subject.fail(format!("a {what} finds it")),
        Err(error) if error.kind() == ProviderErrorKind::NotFound => Ok(()),
        Err(error) => Err(subject.broken(what, &error)),
    }
}
