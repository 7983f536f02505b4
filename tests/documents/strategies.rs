//! "Concurrency Overview": conflict resolution strategies, best practices.

use std::error::Error;
use std::future::Future;

use scim_provider::version::ConditionalResult;
use scim_provider::{ConditionalProvider, RequestContext, ResourceProvider, VersionedResource};
use serde_json::json;

use super::overview::{Provider, conditional_update_example};
use super::{id, provider_with_john};

async fn retry_update_example(provider: &Provider, id: &str) -> Result<u32, Box<dyn Error>> {
    let context = RequestContext::with_generated_id();

    let update_data = json!({"userName": "john.doe", "displayName": "New Name"});
    let mut retry_count = 0;
    let max_retries = 3;

    loop {
        // Get latest version
        let versioned = provider
            .get_versioned_resource("User", id, &context)
            .await?
            .ok_or("User not found")?;

        // Here, a rival comes twice.
        if retry_count < 2 {
            rival(provider, id, retry_count).await;
        }

        // Attempt update
        match provider
            .conditional_update(
                "User",
                id,
                update_data.clone(),
                versioned.version(),
                &context,
            )
            .await?
        {
            ConditionalResult::Success(_updated) => {
                println!("Update succeeded after {retry_count} retries");
                return Ok(retry_count);
            }
            ConditionalResult::VersionMismatch(_) => {
                retry_count += 1;
                if retry_count >= max_retries {
                    return Err("Max retries exceeded".into());
                }
                // Brief delay before retry
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            ConditionalResult::NotFound => {
                return Err("Resource was deleted".into());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn retry_with_latest_version() {
    let (provider, john) = provider_with_john().await;
    assert_eq!(retry_update_example(&provider, id(&john)).await.unwrap(), 2);
}

async fn merge_update_example(
    provider: &Provider,
    id: &str,
    meanwhile: impl Future<Output = ()>,
) -> Result<Option<ConditionalResult<VersionedResource>>, Box<dyn Error>> {
    let context = RequestContext::with_generated_id();

    // Get original resource (before our changes)
    let original = provider
        .get_resource("User", id, &context)
        .await?
        .ok_or("User not found")?;

    // Our intended changes
    let my_changes = json!({"displayName": "My Update"});

    meanwhile.await;

    // Get current version
    let current_versioned = provider
        .get_versioned_resource("User", id, &context)
        .await?
        .ok_or("User not found")?;

    // Check if resource was modified by others
    if VersionedResource::new(original.clone()).version() != current_versioned.version() {
        // Resource was modified - attempt merge
        let current_resource = current_versioned.resource();

        // Simple merge: preserve other changes, apply our changes
        let mut merged_data = current_resource.to_json();
        if let (Some(merged_obj), Some(changes_obj)) =
            (merged_data.as_object_mut(), my_changes.as_object())
        {
            for (key, value) in changes_obj {
                merged_obj.insert(key.clone(), value.clone());
            }
        }

        // Attempt update with current version
        let version = current_versioned.version();
        let result = provider
            .conditional_update("User", id, merged_data, version, &context)
            .await?;
        return Ok(Some(result));
    }

    Ok(None)
}

#[tokio::test]
async fn merge_changes() {
    let (provider, john) = provider_with_john().await;
    let id = id(&john);
    assert_eq!(
        merge_update_example(&provider, id, async {}).await.unwrap(),
        None
    );

    let merged = merge_update_example(&provider, id, rival(&provider, id, 7))
        .await
        .unwrap();
    let merged = merged.unwrap().into_success().unwrap().to_json();
    assert_eq!(merged["displayName"], "My Update");
    assert_eq!(merged["title"], "7", "the rival's change survived");
}

async fn rival(provider: &Provider, id: &str, n: u32) {
    let context = RequestContext::with_generated_id();
    let data = json!({"userName": "john.doe", "title": n.to_string()});
    provider
        .update_resource("User", id, data, &context)
        .await
        .unwrap();
}

async fn robust_update(provider: &Provider, id: &str) -> Result<(), Box<dyn Error>> {
    let context = RequestContext::with_generated_id();
    let update_data = json!({"userName": "john.doe", "active": false});

    for attempt in 1..=3 {
        let versioned = provider
            .get_versioned_resource("User", id, &context)
            .await?
            .ok_or("User not found")?;

        // Here, a rival comes each time.
        rival(provider, id, attempt).await;

        match provider
            .conditional_update(
                "User",
                id,
                update_data.clone(),
                versioned.version(),
                &context,
            )
            .await?
        {
            ConditionalResult::Success(_) => return Ok(()),
            ConditionalResult::VersionMismatch(_) if attempt < 3 => {
                // Retry with exponential backoff
                let delay = std::time::Duration::from_millis(100 * 2_u64.pow(attempt - 1));
                tokio::time::sleep(delay).await;
            }
            ConditionalResult::VersionMismatch(_) => {
                return Err("Too many version conflicts".into());
            }
            ConditionalResult::NotFound => {
                return Err("Resource was deleted".into());
            }
        }
    }

    Ok(())
}

#[tokio::test(start_paused = true)]
async fn retry_logic_gives_up() {
    let (provider, john) = provider_with_john().await;
    let error = robust_update(&provider, id(&john)).await.unwrap_err();
    assert_eq!(error.to_string(), "Too many version conflicts");
}

#[derive(Default)]
struct ConflictMetrics {
    total_attempts: u32,
    version_conflicts: u32,
}

impl ConflictMetrics {
    fn record_attempt(&mut self) {
        self.total_attempts += 1;
    }

    fn record_conflict(&mut self) {
        self.version_conflicts += 1;
    }

    fn conflict_rate(&self) -> f64 {
        if self.total_attempts == 0 {
            0.0
        } else {
            f64::from(self.version_conflicts) / f64::from(self.total_attempts)
        }
    }
}

#[tokio::test]
async fn monitor_conflict_rates() {
    let (provider, john) = provider_with_john().await;
    let mut metrics = ConflictMetrics::default();
    assert!(metrics.conflict_rate().abs() < f64::EPSILON);
    for rivals in [true, false, false, true] {
        metrics.record_attempt();
        let meanwhile = async {
            if rivals {
                rival(&provider, id(&john), metrics.total_attempts).await;
            }
        };
        let result = conditional_update_example(&provider, id(&john), meanwhile)
            .await
            .unwrap();
        if result.is_version_mismatch() {
            metrics.record_conflict();
        }
    }
    assert!((metrics.conflict_rate() - 0.5).abs() < f64::EPSILON);
}
