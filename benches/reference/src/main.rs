//! The operations of scim-server 0.5.3, through its own public interface; `compare` of the package beside runs this.

#[path = "../../src/shared/mod.rs"]
mod shared;

use scim_server::providers::helpers::ConditionalOperations;
use scim_server::providers::{ResourceProvider, StandardResourceProvider};
use scim_server::resource::version::{ConditionalResult, RawVersion};
use scim_server::resource::versioned::VersionedResource;
use scim_server::storage::{InMemoryStorage, StorageKey, StorageProvider};
use scim_server::{ListQuery, RequestContext, Resource};
use serde_json::Value;

use shared::comparison::{Subject, run};
use shared::document::numbered_user;

fn main() {
    run::<Reference>();
}

struct Reference {
    provider: StandardResourceProvider<InMemoryStorage>,
    storage: InMemoryStorage,
    context: RequestContext,
}

impl Default for Reference {
    fn default() -> Self {
        let storage = InMemoryStorage::new();
        Self {
            provider: StandardResourceProvider::new(storage.clone()),
            storage,
            context: RequestContext::with_generated_id(),
        }
    }
}

impl Subject for Reference {
    type Version = RawVersion;
    type Parsed = VersionedResource;
    type Found = VersionedResource;

    fn parse(user: Value) -> VersionedResource {
        let resource = Resource::from_json("User".into(), user).expect("the user is valid");
        VersionedResource::new(resource)
    }

    fn version_of(parsed: &VersionedResource) -> RawVersion {
        // What `VersionedResource::refresh_version` does, which needs a mutable one.
        let json = parsed.resource().to_json().expect("a resource prints");
        RawVersion::from_content(json.to_string().as_bytes())
    }

    /// Creates the first user through the provider and puts the others into its store as it put that one: through the
    /// provider, 100,000 take an hour, as each looks at all others for its `userName`.
    async fn seed(&self, users: usize) -> Vec<String> {
        let first = numbered_user(0);
        let first = self
            .provider
            .create_resource("User", first, &self.context)
            .await;
        let first = first.expect("the user is valid");
        let template = first.resource().to_json().expect("a resource prints");
        let mut ids = vec![first.get_id().expect("created users have an id").to_owned()];
        for number in 1..users {
            let (id, user) = (format!("{number:08}-seed"), numbered_user(number));
            let mut stored = template.clone();
            stored["id"] = id.clone().into();
            stored["userName"] = user["userName"].clone();
            stored["externalId"] = user["externalId"].clone();
            let key = StorageKey::new("default", "User", &id);
            self.storage
                .put(key, stored)
                .await
                .expect("memory does not fail");
            ids.push(id);
        }
        ids
    }

    async fn get(&self, id: &str) -> VersionedResource {
        let found = self.provider.get_resource("User", id, &self.context).await;
        found
            .expect("memory does not fail")
            .expect("the user is there")
    }

    fn version(found: &VersionedResource) -> RawVersion {
        found.version().clone()
    }

    fn print(found: &VersionedResource) -> Vec<u8> {
        let json = found.resource().to_json().expect("a resource prints");
        json.to_string().into_bytes()
    }

    async fn update(&self, id: &str, data: Value, expected: &RawVersion) -> Option<RawVersion> {
        let context = &self.context;
        let result = self
            .provider
            .conditional_update_resource("User", id, data, expected, context)
            .await;
        match result.expect("the user is valid and there") {
            ConditionalResult::Success(updated) => Some(updated.version().clone()),
            ConditionalResult::VersionMismatch(_) => None,
            ConditionalResult::NotFound => unreachable!("nobody deletes"),
        }
    }

    async fn page(&self, count: usize) -> usize {
        let query = ListQuery::new().with_count(count);
        let page = self
            .provider
            .list_resources("User", Some(&query), &self.context)
            .await;
        page.expect("memory does not fail").len()
    }
}
