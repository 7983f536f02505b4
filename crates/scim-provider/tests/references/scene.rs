use std::sync::LazyLock;

use scim_provider::storage::{
    Commit, CommitOutcome, Content, Link, LinkKey, LinkSelection, Query, Record, ResourceKey,
    Selection, Stamp, Storage, Write,
};
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, PartialProvider, ProviderError, RequestContext,
    ResourceErrorKind, Scope, Timestamp, VersionedResource, View,
};
use serde_json::{Value, json};

/// A provider, and what the tests do with it.
#[derive(Default)]
pub(crate) struct Scene {
    pub(crate) provider: InMemoryProvider,
}

pub(crate) fn context() -> &'static RequestContext {
    static CONTEXT: LazyLock<RequestContext> = LazyLock::new(|| RequestContext::new("test"));
    &CONTEXT
}

impl Scene {
    pub(crate) async fn user(&self, name: &str) -> VersionedResource {
        self.create("User", json!({ "userName": name }))
            .await
            .unwrap()
    }

    pub(crate) async fn users(&self, names: &[&str]) -> Vec<String> {
        let mut ids = Vec::new();
        for name in names {
            ids.push(id(&self.user(name).await));
        }
        ids
    }

    pub(crate) async fn group(&self, members: Value) -> VersionedResource {
        self.create("Group", group(members)).await.unwrap()
    }

    pub(crate) async fn create(
        &self,
        resource_type: &str,
        data: Value,
    ) -> Result<VersionedResource, ProviderError> {
        self.provider
            .create_versioned_resource(resource_type, data, context())
            .await
    }

    pub(crate) async fn get(&self, resource_type: &str, id: &str) -> Option<VersionedResource> {
        let found = self
            .provider
            .get_versioned_resource(resource_type, id, context());
        found.await.unwrap()
    }

    pub(crate) async fn part(&self, id: &str, view: &View) -> VersionedResource {
        let found = self.provider.get_part("Group", id, view, context());
        found.await.unwrap().unwrap()
    }

    pub(crate) async fn update(
        &self,
        group: &VersionedResource,
        data: Value,
    ) -> Result<VersionedResource, ProviderError> {
        self.provider
            .conditional_update("Group", &id(group), data, group.version(), context())
            .await
            .map(success)
    }

    pub(crate) async fn update_part(
        &self,
        group: &VersionedResource,
        data: Value,
        links: &LinkSelection,
    ) -> Result<VersionedResource, ProviderError> {
        self.try_update_part(&id(group), data, links, group.version())
            .await
            .map(success)
    }

    pub(crate) async fn try_update_part(
        &self,
        id: &str,
        data: Value,
        links: &LinkSelection,
        expected: &ScimVersion,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        self.provider
            .conditional_update_part("Group", id, data, links, expected, context())
            .await
    }

    pub(crate) async fn delete(&self, resource_type: &str, resource: &VersionedResource) {
        let (id, version) = (id(resource), resource.version());
        let deleted = self
            .provider
            .conditional_delete(resource_type, &id, version, context());
        success(deleted.await.unwrap());
    }

    /// The ids of all members of a group, as they are stored.
    pub(crate) async fn members(&self, id: &str) -> Vec<String> {
        targets(&self.get("Group", id).await.unwrap())
    }

    /// Writes a record as somebody may who fills a store without the provider.
    pub(crate) async fn put(&self, kind: &str, id: &str, links: Vec<Link>) -> ScimVersion {
        let at = Timestamp::from_micros(0).unwrap();
        let stamp = Stamp::new(ScimVersion::from_revision(1), at, at);
        let key = ResourceKey::new(Scope::Single, kind, id).unwrap();
        let content = Content::new(*br#"{"displayName":"x"}"#, Vec::new(), Vec::new());
        let record = Record::new(stamp.clone(), content, links);
        let create = Commit::of(Write::create(key, record));
        let outcome = self.provider.storage().commit(create).await.unwrap();
        assert_eq!(outcome, CommitOutcome::Applied);
        stamp.version
    }

    /// How many groups have the member `id`.
    pub(crate) async fn linked(&self, id: &str) -> usize {
        let link = LinkKey::new("members", id);
        let query = Query::new(Scope::Single, "Group", 0).selecting(Selection::Linked(vec![link]));
        let found = self.provider.storage().query(&query).await.unwrap();
        found.total.try_into().unwrap()
    }

    /// How many records there are of a type.
    pub(crate) async fn total(&self, resource_type: &str) -> u64 {
        let query = Query::new(Scope::Single, resource_type, 0);
        self.provider.storage().query(&query).await.unwrap().total
    }
}

pub(crate) fn group(members: Value) -> Value {
    json!({ "displayName": "g", "members": members })
}

pub(crate) fn success<T>(result: ConditionalResult<T>) -> T {
    match result {
        ConditionalResult::Success(value) => value,
        ConditionalResult::VersionMismatch(conflict) => panic!("{conflict}"),
        ConditionalResult::NotFound => panic!("not found"),
    }
}

pub(crate) fn id(resource: &VersionedResource) -> String {
    resource.resource().id().unwrap().to_owned()
}

/// The ids of the members that a group shows.
pub(crate) fn targets(group: &VersionedResource) -> Vec<String> {
    let members = group.resource().attribute("members");
    let members = members.and_then(Value::as_array);
    let values = members.into_iter().flatten();
    let mut ids: Vec<_> = values
        .map(|member| member["value"].as_str().unwrap().to_owned())
        .collect();
    ids.sort_unstable();
    ids
}

pub(crate) fn member(id: &str) -> Value {
    json!({ "value": id })
}

pub(crate) fn members(ids: &[String]) -> Value {
    ids.iter().map(|id| member(id)).collect()
}

pub(crate) fn link(target: &str, reference: Option<&str>) -> Link {
    let key = LinkKey::new("members", target);
    Link::new(key, reference.map(Into::into), *b"{}")
}

pub(crate) fn of(ids: &[&str]) -> LinkSelection {
    let key = |id: &&str| LinkKey::new("members", *id);
    LinkSelection::Of(ids.iter().map(key).collect())
}

/// Which attribute a refusal names, and why.
pub(crate) fn refusal<T: std::fmt::Debug>(
    result: Result<T, ProviderError>,
) -> (String, ResourceErrorKind) {
    match result.unwrap_err() {
        ProviderError::Invalid(error) => (error.attribute().to_owned(), error.kind().clone()),
        other => panic!("{other:?}"),
    }
}

/// `ids` in their order.
pub(crate) fn sorted(ids: &[String]) -> Vec<String> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids
}
