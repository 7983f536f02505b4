use std::sync::Arc;

use scim_ops::provider::{ConditionalProvider, InMemoryProvider, RequestContext};
use scim_ops::{
    ConflictMetrics, ConflictStrategy, MergeRules, RetryPolicy, UpdateTarget, update_with_retry,
};
use serde_json::{Value, json};

use crate::scene::{Time, policy};

const TASKS: usize = 32;

/// Each task adds an address of its own to one user. A task loses a race only to one that is done by
/// that, so that each is within as many attempts as there are tasks.
async fn all_add_an_address(strategy: ConflictStrategy) {
    let provider = Arc::new(InMemoryProvider::default());
    let context = RequestContext::with_generated_id();
    let data = json!({ "userName": "bjensen" });
    let user = provider
        .create_versioned_resource("User", data, &context)
        .await;
    let id: Arc<str> = user.unwrap().resource().id().unwrap().into();

    let time = Arc::new(Time::default());
    let metrics = Arc::new(ConflictMetrics::new());
    let retry = RetryPolicy::default().with_attempts(u32::try_from(TASKS).unwrap());
    let policy = policy(retry, &time)
        .with_strategy(strategy)
        .with_conflict_metrics(metrics.clone());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (provider, id, policy) = (provider.clone(), id.clone(), policy.clone());
            tokio::spawn(async move {
                let context = RequestContext::with_generated_id();
                let target = UpdateTarget::new("User", &id, &context);
                let updated = update_with_retry(&*provider, target, &policy, |current| {
                    let mut user = current.resource().to_json();
                    if !user["emails"].is_array() {
                        user["emails"] = json!([]);
                    }
                    let email = json!({ "value": format!("{task}@example.com") });
                    user["emails"].as_array_mut().unwrap().push(email);
                    Ok(user)
                });
                updated.await.unwrap().attempts
            })
        })
        .collect();
    let mut attempts = 0;
    for task in tasks {
        let tried = task.await.unwrap();
        assert!(usize::try_from(tried).unwrap() <= TASKS);
        attempts += u64::from(tried);
    }

    let user = provider.get_versioned_resource("User", &id, &context).await;
    let user = user.unwrap().unwrap();
    let emails = user
        .resource()
        .attribute("emails")
        .and_then(Value::as_array);
    assert_eq!(emails.map(Vec::len), Some(TASKS));
    assert_eq!(metrics.total_attempts(), attempts);
    assert_eq!(
        metrics.version_conflicts(),
        attempts - u64::try_from(TASKS).unwrap()
    );
    assert_eq!(metrics.retries(), metrics.version_conflicts());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn contending_tasks_end_within_their_policy_by_making_their_changes_again() {
    all_add_an_address(ConflictStrategy::Reapply).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn contending_tasks_end_within_their_policy_by_merging() {
    all_add_an_address(ConflictStrategy::Merge(MergeRules::default())).await;
}
