//! The progress notes, "ETag Concurrency Control".

use scim_ops::{ErrorKind, ScimOperationHandler, ScimOperationRequest};
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, LockingProvider, RequestContext, ResourceProvider,
    VersionedResource,
};
use scim_tests::PlainProvider;
use serde_json::json;

use super::{id, provider_with_john};

/// Phase 1: the version types.
#[test]
fn versions_come_from_content_and_hashes_and_go_through_headers() {
    let version = ScimVersion::from_content(b"content");
    assert_eq!(
        version,
        ScimVersion::from_content(b"content"),
        "deterministic"
    );
    let stored = ScimVersion::from_hash(version.as_str()).unwrap();
    assert!(stored.matches(&version));
    for header in [version.to_http_header(), format!("\"{version}\"")] {
        assert_eq!(ScimVersion::parse_http_header(&header).unwrap(), version);
    }
}

/// Phase 1: "auto-computes version from content, supports custom version assignment, version
/// refresh capabilities".
#[tokio::test]
async fn versioned_resources_compute_take_and_refresh_versions() {
    let (_, john) = provider_with_john().await;
    let (resource, _) = john.into_parts();
    let custom = ScimVersion::from_revision(7);
    let versioned = VersionedResource::with_version(resource, custom.clone());
    assert_eq!(versioned.version(), &custom);
    assert_ne!(versioned.refresh().version(), &custom);
}

/// Phase 2: the provider in memory is conditional, and existing ones go on working.
#[tokio::test]
async fn conditional_operations_work_with_any_provider() {
    fn conditional<P: ConditionalProvider>() {}
    conditional::<InMemoryProvider>();

    let provider = LockingProvider::new(PlainProvider::new());
    let context = RequestContext::with_generated_id();
    let data = json!({ "userName": "john.doe" });
    let user = provider
        .create_versioned_resource("User", data, &context)
        .await
        .unwrap();

    let data = json!({ "userName": "john.doe", "active": false });
    let update = || {
        provider.try_conditional_update("User", id(&user), data.clone(), user.version(), &context)
    };
    assert!(update().await.unwrap().is_success());
    assert!(update().await.unwrap().is_version_mismatch());

    let current = provider
        .get_versioned_resource("User", id(&user), &context)
        .await
        .unwrap();
    let current = current.unwrap();
    let delete = provider.try_conditional_delete("User", id(&user), current.version(), &context);
    assert_eq!(delete.await.unwrap(), ConditionalResult::Success(()));
    assert!(
        provider
            .get_resource("User", id(&user), &context)
            .await
            .unwrap()
            .is_none()
    );
}

/// Phase 3: `expected_version` in, `current_version` and `version_conflict` out.
#[tokio::test]
async fn the_operation_handler_carries_versions() {
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let context = RequestContext::with_generated_id();
    let data = json!({ "userName": "john.doe" });
    let create = ScimOperationRequest::create("User", data, context.clone());
    let created = handler.handle_operation(create).await.unwrap();
    let expected = created.current_version().unwrap().clone();

    let data = json!({ "userName": "john.doe", "active": false });
    let id = created.resource().unwrap().resource().id().unwrap();
    let request = ScimOperationRequest::update("User", id, data, context);
    let response = handler
        .handle_conditional_update(request.clone(), Some(expected.clone()))
        .await
        .unwrap();
    let current = response.current_version().unwrap().clone();
    assert_ne!(current, expected);

    let error = handler
        .handle_conditional_update(request.clone(), Some(expected))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionMismatch);
    assert_eq!(error.current_version(), Some(&current));
    assert_eq!(error.version_conflict().unwrap().resource_id, id);

    // Without a version it goes through, and says nothing new.
    let response = handler
        .handle_conditional_update(request, None)
        .await
        .unwrap();
    assert_eq!(response.current_version(), Some(&current));
}
