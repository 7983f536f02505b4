//! Tasks that patch one group at once, none of which names a version.

use std::collections::BTreeSet;
use std::sync::Arc;

use scim_ops::provider::{InMemoryProvider, RequestContext, ResourceProvider};
use scim_ops::{Patch, ScimOperationHandler, ScimOperationRequest};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::part::Partial;
use crate::plain::Plain;

const TASKS: usize = 8;

fn context() -> RequestContext {
    RequestContext::new("test")
}

fn patch(operation: Value) -> Patch {
    Patch::from_json(json!({ "Operations": [operation] })).unwrap()
}

async fn create<P: ResourceProvider>(
    handler: &ScimOperationHandler<P>,
    resource_type: &str,
    data: Value,
) -> String {
    let request = ScimOperationRequest::create(resource_type, data, context());
    let created = handler.handle_operation(request).await.unwrap();
    created
        .resource()
        .unwrap()
        .resource()
        .id()
        .unwrap()
        .to_owned()
}

async fn members<P: ResourceProvider>(
    handler: &ScimOperationHandler<P>,
    id: &str,
) -> BTreeSet<String> {
    let request = ScimOperationRequest::get("Group", id, context());
    let found = handler.handle_operation(request).await.unwrap();
    let members = found.resource().unwrap().resource().attribute("members");
    let members = members.and_then(Value::as_array).into_iter().flatten();
    members
        .map(|member| member["value"].as_str().unwrap().to_owned())
        .collect()
}

/// Users who can be members.
async fn users<P: ResourceProvider>(handler: &ScimOperationHandler<P>, kind: &str) -> Vec<String> {
    let mut users = Vec::new();
    for n in 0..TASKS {
        let user = json!({ "userName": format!("{kind} {n}") });
        users.push(create(handler, "User", user).await);
    }
    users
}

/// In each round every task adds a member of its own, and every other one takes an old one
/// away. Each is answered at the first try.
async fn no_member_is_lost<P: ResourceProvider>(provider: P, rounds: usize) {
    let handler = Arc::new(ScimOperationHandler::new(provider));
    let (new, old) = (users(&handler, "new").await, users(&handler, "old").await);
    for round in 0..rounds {
        let members_before: Vec<_> = old.iter().map(|id| json!({ "value": id })).collect();
        let group = json!({ "displayName": "g", "members": members_before });
        let id = create(&handler, "Group", group).await;
        let start = Arc::new(Barrier::new(TASKS));
        let tasks: Vec<_> = (0..TASKS)
            .map(|n| {
                let (handler, start, id) = (handler.clone(), start.clone(), id.clone());
                let mut patches =
                    vec![json!({ "op": "add", "path": "members", "value": [{ "value": new[n] }] })];
                if n % 2 == 0 {
                    let path = format!("members[value eq \"{}\"]", old[n]);
                    patches.push(json!({ "op": "remove", "path": path }));
                }
                tokio::spawn(async move {
                    start.wait().await;
                    for operation in patches {
                        let patch = patch(operation);
                        let request = ScimOperationRequest::patch("Group", &*id, patch, context());
                        handler.handle_operation(request).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let left = old.iter().skip(1).step_by(2);
        let expected: BTreeSet<String> = new.iter().chain(left).cloned().collect();
        assert_eq!(members(&handler, &id).await, expected, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn no_member_is_lost_in_memory() {
    no_member_is_lost(InMemoryProvider::default(), 30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn no_member_is_lost_under_the_lock() {
    no_member_is_lost(Plain::default(), 30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn no_member_is_lost_where_parts_are_written() {
    no_member_is_lost(Partial::default(), 30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_patches_that_name_one_version_one_is_applied() {
    let handler = Arc::new(ScimOperationHandler::new(InMemoryProvider::default()));
    let users = users(&handler, "user").await;
    for _ in 0..30 {
        let request =
            ScimOperationRequest::create("Group", json!({ "displayName": "g" }), context());
        let created = handler.handle_operation(request).await.unwrap();
        let (id, version) = {
            let created = created.resource().unwrap();
            (
                created.resource().id().unwrap().to_owned(),
                created.version().clone(),
            )
        };
        let start = Arc::new(Barrier::new(TASKS));
        let tasks: Vec<_> = (0..TASKS)
            .map(|n| {
                let (handler, start, id) = (handler.clone(), start.clone(), id.clone());
                let add = json!({ "op": "add", "path": "members", "value": users[n] });
                let request = ScimOperationRequest::patch("Group", id, patch(add), context())
                    .with_expected_version(version.clone());
                tokio::spawn(async move {
                    start.wait().await;
                    handler.handle_operation(request).await
                })
            })
            .collect();
        let mut winners = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => winners += 1,
                Err(error) => assert!(error.version_conflict().is_some(), "{error}"),
            }
        }
        assert_eq!((winners, members(&handler, &id).await.len()), (1, 1));
    }
}
