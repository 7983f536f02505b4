//! The operations of this library, over the provider in memory.

use scim_ops::provider::version::{ConditionalResult, ScimVersion};
use scim_ops::provider::{
    ConditionalProvider, InMemoryProvider, ListQuery, RequestContext, Resource, ResourceProvider,
    VersionedResource,
};
use serde_json::Value;

use crate::document::numbered_user;
use crate::shared::comparison::Subject;

/// Users in memory.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ours {
    /// The provider that keeps them.
    pub provider: InMemoryProvider,
    /// The context of all requests.
    pub context: RequestContext,
}

impl Default for Ours {
    fn default() -> Self {
        Self {
            provider: InMemoryProvider::default(),
            context: RequestContext::new("bench"),
        }
    }
}

impl Ours {
    /// Stores `user`.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn create(&self, user: Value) -> VersionedResource {
        let created = self
            .provider
            .create_versioned_resource("User", user, &self.context)
            .await;
        created.expect("the user is valid and nobody has its name")
    }

    /// Deletes a user.
    ///
    /// # Panics
    ///
    /// If it has another version by now.
    pub async fn delete(&self, user: &VersionedResource) {
        let id = user.resource().id().expect("stored users have an id");
        let deleted = self
            .provider
            .conditional_delete("User", id, user.version(), &self.context)
            .await;
        let deleted = deleted.expect("memory does not fail");
        assert!(deleted.is_success(), "nobody else writes");
    }

    /// Replaces what a user says, whatever its version.
    ///
    /// # Panics
    ///
    /// If it is refused.
    pub async fn update_unconditionally(&self, id: &str, data: Value) -> Resource {
        let updated = self
            .provider
            .update_resource("User", id, data, &self.context)
            .await;
        updated.expect("the user is valid and there")
    }
}

impl Subject for Ours {
    type Version = ScimVersion;
    type Parsed = Value;
    type Found = VersionedResource;

    fn parse(user: Value) -> Value {
        user
    }

    fn version_of(parsed: &Value) -> ScimVersion {
        ScimVersion::from_resource(parsed)
    }

    async fn seed(&self, users: usize) -> Vec<String> {
        let mut ids = Vec::with_capacity(users);
        for number in 0..users {
            let created = self.create(numbered_user(number)).await;
            ids.push(
                created
                    .resource()
                    .id()
                    .expect("created users have an id")
                    .to_owned(),
            );
        }
        ids
    }

    async fn get(&self, id: &str) -> VersionedResource {
        let found = self
            .provider
            .get_versioned_resource("User", id, &self.context)
            .await;
        found
            .expect("memory does not fail")
            .expect("the user is there")
    }

    fn version(found: &VersionedResource) -> ScimVersion {
        found.version().clone()
    }

    fn print(found: &VersionedResource) -> Vec<u8> {
        let mut json = Vec::new();
        found.write_json(&mut json, "https://example.com/scim/v2", "Users");
        json
    }

    async fn update(&self, id: &str, data: Value, expected: &ScimVersion) -> Option<ScimVersion> {
        let result = self
            .provider
            .conditional_update("User", id, data, expected, &self.context)
            .await;
        match result.expect("the user is valid") {
            ConditionalResult::Success(updated) => Some(updated.version().clone()),
            ConditionalResult::VersionMismatch(_) => None,
            ConditionalResult::NotFound => panic!("nobody deletes users here"),
        }
    }

    async fn page(&self, count: usize) -> usize {
        let count = u32::try_from(count).expect("pages are small");
        let query = ListQuery::new().with_count(count);
        let page = self
            .provider
            .list_versioned_resources("User", &query, &self.context)
            .await;
        page.expect("memory does not fail").items.len()
    }
}
