//! "Concurrency Overview": core types, provider integration, error handling.

use std::error::Error;
use std::future::Future;

use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{
    ConditionalProvider, InMemoryStorage, RequestContext, Resource, ResourceProvider,
    StandardResourceProvider, VersionedResource,
};
use serde_json::json;

use super::{id, provider_with_john};

pub(crate) type Provider = StandardResourceProvider<InMemoryStorage>;

#[test]
fn scim_version() {
    // Version is automatically computed from resource content
    let resource_data = br#"{"id":"123","userName":"john.doe","active":true}"#;
    let version = ScimVersion::from_content(resource_data);

    // Convert to HTTP weak ETag header for responses
    let etag_header = version.to_http_header();
    assert_eq!(etag_header, format!("W/\"{version}\""));

    // Parse from client-provided ETag header
    let client_version = ScimVersion::parse_http_header("W/\"abc123def\"").unwrap();
    assert!(!version.matches(&client_version));

    // Check if versions match
    let client_version = ScimVersion::parse_http_header(&etag_header).unwrap();
    assert!(
        version.matches(&client_version),
        "Versions match - safe to proceed"
    );
}

#[test]
fn versioned_resource() {
    let resource = Resource::from_json(
        "User".to_string(),
        json!({
            "id": "123",
            "userName": "john.doe",
            "active": true
        }),
    )
    .unwrap();

    let versioned = VersionedResource::new(resource);
    println!("Resource version: {}", versioned.version().to_http_header());

    // Access the underlying resource
    let resource_ref = versioned.resource();
    let version_ref = versioned.version();
    assert_eq!(resource_ref.id(), Some("123"));
    assert_eq!(version_ref.to_http_header(), versioned.etag().to_string());
}

fn describe(conditional_result: ConditionalResult<VersionedResource>) -> Vec<String> {
    let mut lines = Vec::new();
    match conditional_result {
        ConditionalResult::Success(versioned_resource) => {
            lines.push("Operation succeeded!".to_string());
            lines.push(format!(
                "New version: {}",
                versioned_resource.version().to_http_header()
            ));
        }
        ConditionalResult::VersionMismatch(conflict) => {
            lines.push("Version conflict detected!".to_string());
            lines.push(format!("Expected: {}", conflict.expected.to_http_header()));
            lines.push(format!("Current: {}", conflict.current.to_http_header()));
            lines.push(format!("Message: {}", conflict.message()));
        }
        ConditionalResult::NotFound => {
            lines.push("Resource not found".to_string());
        }
    }
    lines
}

pub(crate) async fn conditional_update_example(
    provider: &Provider,
    id: &str,
    before_the_update: impl Future<Output = ()>,
) -> Result<ConditionalResult<VersionedResource>, Box<dyn Error>> {
    let context = RequestContext::with_generated_id();

    // Get current resource with version
    let versioned = provider
        .get_versioned_resource("User", id, &context)
        .await?
        .ok_or("User not found")?;
    let current_version = versioned.version();

    // Prepare update data
    let update_data = json!({
        "userName": "john.updated",
        "displayName": "John Updated",
        "active": false
    });

    before_the_update.await;
    // Attempt conditional update
    Ok(provider
        .conditional_update("User", id, update_data, current_version, &context)
        .await?)
}

#[tokio::test]
async fn conditional_update() {
    let (provider, john) = provider_with_john().await;
    let id = id(&john);

    let result = conditional_update_example(&provider, id, async {})
        .await
        .unwrap();
    let version = result.success().unwrap().version().to_http_header();
    let lines = [
        "Operation succeeded!".to_string(),
        format!("New version: {version}"),
    ];
    assert_eq!(describe(result), lines);

    let result = conditional_update_example(&provider, id, risky_update(&provider, id)).await;
    let conflict = result.unwrap().into_conflict().unwrap();
    assert_eq!(conflict.expected.to_http_header(), version);
    let lines = describe(conflict.clone().into());
    assert_eq!(lines[1], format!("Expected: {version}"));
    assert_eq!(
        lines[2],
        format!("Current: {}", conflict.current.to_http_header())
    );

    let deleted = async {
        let context = RequestContext::with_generated_id();
        provider
            .delete_resource("User", id, &context)
            .await
            .unwrap();
    };
    let result = conditional_update_example(&provider, id, deleted)
        .await
        .unwrap();
    assert_eq!(describe(result), ["Resource not found"]);

    let error = conditional_update_example(&provider, id, async {})
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "User not found");
}

async fn conditional_delete_example(
    provider: &Provider,
    id: &str,
) -> Result<ConditionalResult<()>, Box<dyn Error>> {
    let context = RequestContext::with_generated_id();

    // Get current version
    let versioned = provider
        .get_versioned_resource("User", id, &context)
        .await?
        .ok_or("User not found")?;
    let current_version = versioned.version();

    // Attempt conditional delete
    let result = provider
        .conditional_delete("User", id, current_version, &context)
        .await?;
    match &result {
        ConditionalResult::Success(()) => println!("Delete successful!"),
        ConditionalResult::VersionMismatch(_conflict) => {
            println!("Conflict detected - resource was modified");
        }
        ConditionalResult::NotFound => println!("Resource already deleted"),
    }
    Ok(result)
}

#[tokio::test]
async fn conditional_delete() {
    let (provider, john) = provider_with_john().await;
    let result = conditional_delete_example(&provider, id(&john))
        .await
        .unwrap();
    assert_eq!(result, ConditionalResult::Success(()));
    assert!(
        conditional_delete_example(&provider, id(&john))
            .await
            .is_err()
    );

    let context = RequestContext::with_generated_id();
    let again = provider
        .conditional_delete("User", id(&john), john.version(), &context)
        .await;
    assert_eq!(again.unwrap(), ConditionalResult::NotFound);
}

fn handle_conflict(conflict: VersionConflict) -> String {
    let lines = [
        "Version conflict detected:".to_string(),
        format!("  Expected: {}", conflict.expected.to_http_header()),
        format!("  Current:  {}", conflict.current.to_http_header()),
        format!("  Message:  {}", conflict.message()),
        // Recommend client action
        "Client should refresh resource and retry operation".to_string(),
    ];
    lines.join("\n")
}

#[test]
fn error_handling() {
    let (old, new) = (ScimVersion::from_revision(1), ScimVersion::from_revision(2));
    let report = handle_conflict(VersionConflict::new("User", "123", old, new));
    assert_eq!(
        report,
        "Version conflict detected:\n  Expected: W/\"1\"\n  Current:  W/\"2\"\n  \
         Message:  version conflict on User 123: expected W/\"1\", current W/\"2\"\n\
         Client should refresh resource and retry operation"
    );
}

// Avoid: Blind updates without version checking
async fn risky_update(provider: &Provider, id: &str) {
    let context = RequestContext::with_generated_id();

    // This could overwrite concurrent changes!
    let data = json!({"userName": "john.doe", "active": false});
    let _updated = provider
        .update_resource("User", id, data, &context)
        .await
        .unwrap();
}
