//! A directory of users and groups, and what is asked of it.

use std::sync::LazyLock;

use scim_provider::schema::{ResourceType, ResourceTypes};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, InMemoryStorage, ListQuery, Page, ProviderErrorKind,
    RequestContext, StandardResourceProvider, Storage, VersionedResource,
};
use serde_json::{Value, json};

/// So many that a search of all of them gives other tasks their turn.
pub(crate) const USERS: usize = 300;
pub(crate) const GROUPS: usize = 20;

pub(crate) fn resource_type(name: &str) -> &'static ResourceType {
    static TYPES: LazyLock<ResourceTypes> = LazyLock::new(ResourceTypes::rfc7643);
    TYPES.get(name).expect("a type of the RFC")
}

pub(crate) struct Directory<S = InMemoryStorage> {
    pub(crate) provider: StandardResourceProvider<S>,
    pub(crate) context: RequestContext,
}

impl Directory {
    pub(crate) fn empty() -> Self {
        Directory::over(InMemoryProvider::default())
    }

    /// Users who have this or that, and groups of some of them, with the ids of both.
    pub(crate) async fn filled() -> (Self, Vec<String>, Vec<String>) {
        let directory = Self::empty();
        let (users, groups) = directory.fill(USERS, GROUPS).await;
        (directory, users, groups)
    }
}

impl<S: Storage> Directory<S> {
    pub(crate) fn over(provider: StandardResourceProvider<S>) -> Self {
        Self {
            provider,
            context: RequestContext::with_generated_id(),
        }
    }

    pub(crate) async fn fill_more(&self, users: usize) {
        for n in 0..users {
            self.create("User", user(10_000 + n)).await;
        }
    }

    pub(crate) async fn fill(&self, users: usize, groups: usize) -> (Vec<String>, Vec<String>) {
        let mut ids = (Vec::new(), Vec::new());
        for n in 0..users {
            ids.0.push(self.create("User", user(n)).await);
        }
        for n in 0..groups {
            let members = ids.0.iter().skip(n).step_by(groups);
            let members: Vec<_> = members.map(|id| json!({ "value": id })).collect();
            let group = json!({ "displayName": format!("Group {}", n % 5), "members": members });
            ids.1.push(self.create("Group", group).await);
        }
        ids
    }

    pub(crate) async fn create(&self, kind: &str, data: Value) -> String {
        let created = self
            .provider
            .create_versioned_resource(kind, data, &self.context)
            .await
            .unwrap();
        id(&created)
    }

    pub(crate) async fn get(&self, kind: &str, id: &str) -> VersionedResource {
        let found = self
            .provider
            .get_versioned_resource(kind, id, &self.context);
        found.await.unwrap().unwrap()
    }

    /// Says it anew, whatever it said.
    pub(crate) async fn change(&self, kind: &str, id: &str, data: Value) {
        let found = self.get(kind, id).await;
        let changed = self
            .provider
            .conditional_update(kind, id, data, found.version(), &self.context)
            .await;
        assert!(changed.unwrap().is_success());
    }

    pub(crate) async fn delete(&self, kind: &str, id: &str) {
        let found = self.get(kind, id).await;
        let deleted = self
            .provider
            .conditional_delete(kind, id, found.version(), &self.context)
            .await;
        assert!(deleted.unwrap().is_success());
    }

    pub(crate) async fn list(&self, kind: &str, query: &ListQuery) -> Page<VersionedResource> {
        let page = self
            .provider
            .list_versioned_resources(kind, query, &self.context)
            .await;
        page.unwrap_or_else(|error| panic!("{query:?}: {error}"))
    }

    pub(crate) async fn refused(&self, kind: &str, query: &ListQuery) -> ProviderErrorKind {
        let page = self
            .provider
            .list_versioned_resources(kind, query, &self.context)
            .await;
        page.unwrap_err().kind()
    }

    /// All resources of a type, in the order of their ids.
    pub(crate) async fn all(&self, kind: &str) -> Vec<VersionedResource> {
        self.list(kind, &ListQuery::new()).await.items
    }

    /// All pages by cursor, with as many resources on each as `query` says.
    pub(crate) async fn by_cursor(&self, kind: &str, query: &ListQuery) -> Vec<VersionedResource> {
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let page = self.list(kind, &query.clone().with_cursor(next)).await;
            found.extend(page.items);
            next = page.next_cursor;
            if next.is_none() {
                return found;
            }
        }
    }
}

pub(crate) fn id(resource: &VersionedResource) -> String {
    resource.resource().id().unwrap().to_owned()
}

pub(crate) fn ids(resources: &[VersionedResource]) -> Vec<String> {
    resources.iter().map(id).collect()
}

pub(crate) fn filtered(filter: &str) -> ListQuery {
    ListQuery::new().with_filter(filter.parse().unwrap())
}

pub(crate) fn user(n: usize) -> Value {
    let mut user = json!({
        "userName": format!("User{n}@example.com"),
        "externalId": format!("X{}", n % 50),
        "displayName": format!("Name {}", n % 7),
        "active": n.is_multiple_of(2),
    });
    if !n.is_multiple_of(3) {
        user["title"] = json!(["Clerk", "manager", "Ärztin"][n % 5 % 3]);
    }
    if !n.is_multiple_of(4) {
        user["emails"] = json!([
            { "value": format!("U{}@Example.com", n % 20), "type": "work" },
            { "value": format!("{n}@home.example.org"), "type": "home", "primary": n % 8 == 1 },
        ]);
    }
    user
}
