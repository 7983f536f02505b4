//! The code of the documents that the project was founded on, compiled and run. It stands here as
//! it stood there as far as that works; `docs/migration.md` lists what is different, and why.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod conflict_resolution;
mod http;
mod implementation;
mod overview;
mod progress;
mod strategies;

use scim_provider::{ConditionalProvider, InMemoryProvider, RequestContext, VersionedResource};
use serde_json::json;

/// A provider with the user whom the documents' examples are about, and that user.
async fn provider_with_john() -> (InMemoryProvider, VersionedResource) {
    let provider = InMemoryProvider::default();
    let context = RequestContext::with_generated_id();
    let data = json!({ "userName": "john.doe", "active": true });
    let john = provider
        .create_versioned_resource("User", data, &context)
        .await
        .unwrap();
    (provider, john)
}

fn id(resource: &VersionedResource) -> &str {
    resource.resource().id().unwrap()
}
