//! "Conflict Resolution": detection, and the last writer who wins.

use scim_provider::version::{ConditionalResult, ETag, ScimVersion};
use scim_provider::{
    ConditionalProvider, ProviderError, RequestContext, Resource, ResourceProvider,
    VersionedResource,
};
use serde_json::{Value, json};

use super::{id, provider_with_john};

async fn update_user_with_conflict_detection(
    provider: &impl ConditionalProvider,
    user_id: &str,
    data: Value,
    expected: &ScimVersion,
) -> Result<VersionedResource, ConflictError> {
    let context = RequestContext::new("update");

    match provider
        .conditional_update("User", user_id, data, expected, &context)
        .await?
    {
        ConditionalResult::Success(user) => Ok(user),
        ConditionalResult::VersionMismatch(conflict) => Err(ConflictError::VersionMismatch {
            expected: expected.to_etag(),
            current: conflict.current.to_etag(),
            resource_id: user_id.to_string(),
        }),
        ConditionalResult::NotFound => Err(ConflictError::ResourceNotFound),
    }
}

// Simple approach: retry with latest version
async fn retry_with_latest(
    provider: &impl ResourceProvider,
    user_id: &str,
    data: Value,
) -> Result<Resource, Box<dyn std::error::Error>> {
    let context = RequestContext::new("retry");

    // Get current version
    let _current = provider
        .get_resource("User", user_id, &context)
        .await?
        .ok_or("User not found")?;

    // Apply update with current version
    Ok(provider
        .update_resource("User", user_id, data, &context)
        .await?)
}

#[derive(Debug)]
enum ConflictError {
    VersionMismatch {
        expected: ETag,
        current: ETag,
        resource_id: String,
    },
    ResourceNotFound,
    MergeConflict {
        field: String,
        local_value: Value,
        remote_value: Value,
    },
    Provider(ProviderError),
}

impl From<ProviderError> for ConflictError {
    fn from(error: ProviderError) -> Self {
        Self::Provider(error)
    }
}

impl std::error::Error for ConflictError {}

impl std::fmt::Display for ConflictError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ConflictError::VersionMismatch {
                expected,
                current,
                resource_id,
            } => {
                write!(
                    f,
                    "Version conflict on {resource_id}: expected {expected}, got {current}"
                )
            }
            ConflictError::ResourceNotFound => write!(f, "Resource not found"),
            ConflictError::MergeConflict { field, .. } => {
                write!(f, "Merge conflict in field: {field}")
            }
            ConflictError::Provider(error) => error.fmt(f),
        }
    }
}

#[tokio::test]
async fn a_conflict_is_detected() {
    let (provider, john) = provider_with_john().await;
    let data = json!({ "userName": "john.doe", "displayName": "John" });
    let update =
        |data| update_user_with_conflict_detection(&provider, id(&john), data, john.version());
    let updated = update(data.clone()).await.unwrap();

    let error = update(json!({ "userName": "john.doe" })).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "Version conflict on {}: expected {}, got {}",
            id(&john),
            john.etag(),
            updated.etag()
        )
    );

    let missing = update_user_with_conflict_detection(&provider, "123", data, john.version()).await;
    assert_eq!(missing.unwrap_err().to_string(), "Resource not found");

    let current = updated.version();
    let invalid =
        update_user_with_conflict_detection(&provider, id(&john), json!({}), current).await;
    let error = invalid.unwrap_err();
    assert!(
        matches!(error, ConflictError::Provider(ProviderError::Invalid(_))),
        "{error}"
    );
}

#[tokio::test]
async fn the_last_writer_wins_if_it_asks_for_that() {
    let (provider, john) = provider_with_john().await;
    let data = json!({ "userName": "john.doe", "displayName": "Last" });
    let updated = retry_with_latest(&provider, id(&john), data.clone())
        .await
        .unwrap();
    assert_eq!(updated.attribute("displayName"), Some(&json!("Last")));
    assert!(retry_with_latest(&provider, "123", data).await.is_err());
}

#[test]
fn a_merge_conflict_names_the_field() {
    let error = ConflictError::MergeConflict {
        field: "displayName".into(),
        local_value: json!("Mine"),
        remote_value: json!("Theirs"),
    };
    assert_eq!(error.to_string(), "Merge conflict in field: displayName");
    let ConflictError::MergeConflict {
        local_value,
        remote_value,
        ..
    } = error
    else {
        panic!()
    };
    assert_ne!(local_value, remote_value);
}
