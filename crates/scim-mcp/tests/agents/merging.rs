use std::sync::Arc;

use scim_mcp::ops::ScimOperationHandler;
use scim_mcp::provider::InMemoryProvider;
use scim_mcp::provider::storage::Retention;
use serde_json::{Value, json};

use crate::support::{Agent, identity, server, server_over, text};

/// An agent at a server that keeps former versions.
async fn agent() -> Agent {
    let provider = InMemoryProvider::default().with_retention(Retention::new(8, 1 << 20));
    let handler = Arc::new(ScimOperationHandler::new(provider));
    Agent::of(&server_over(handler)).await
}

async fn patched(agent: &Agent, id: &str, path: &str, value: &str) -> Value {
    let operations = json!([{ "op": "replace", "path": path, "value": value }]);
    agent
        .done("patch_user", json!({ "id": id, "operations": operations }))
        .await
}

#[tokio::test]
async fn a_change_of_a_version_that_was_replaced_is_merged_with_what_came_between() {
    let agent = agent().await;
    let data = json!({ "userName": "a", "title": "Guide" });
    let created = agent.done("create_user", json!({ "data": data })).await;
    let (id, seen) = identity(&created);
    patched(&agent, &id, "title", "Tour Guide").await;

    let mut mine = created["resource"].clone();
    mine["nickName"] = "Babs".into();
    let write = json!({ "id": id, "data": mine, "expected_version": seen, "merge": true });
    let merged = agent.done("replace_user", write).await;
    let resource = &merged["resource"];
    assert_eq!(
        (&resource["title"], &resource["nickName"]),
        (&json!("Tour Guide"), &json!("Babs"))
    );

    let operations = json!([{ "op": "add", "path": "displayName", "value": "Barbara" }]);
    let write =
        json!({ "id": id, "operations": operations, "expected_version": seen, "merge": true });
    let merged = agent.done("patch_user", write).await;
    let read = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(read["version"], merged["version"]);
    for (name, value) in [
        ("title", "Tour Guide"),
        ("nickName", "Babs"),
        ("displayName", "Barbara"),
    ] {
        assert_eq!(read["resource"][name], value);
    }
}

#[tokio::test]
async fn where_both_changed_the_same_the_agent_is_told_what_and_how() {
    let agent = agent().await;
    let data = json!({ "userName": "a", "title": "Guide" });
    let created = agent.done("create_user", json!({ "data": data })).await;
    let (id, seen) = identity(&created);
    let theirs = patched(&agent, &id, "title", "Tour Guide").await;

    let mut mine = created["resource"].clone();
    mine["title"] = "Lead".into();
    let write = json!({ "id": id, "data": mine, "expected_version": seen, "merge": true });
    let error = agent.refused("replace_user", write).await;
    assert_eq!(error["kind"], "merge_conflict");
    assert_eq!(
        error["conflicts"],
        json!([{ "path": "title", "base": "Guide", "mine": "Lead", "theirs": "Tour Guide" }])
    );
    assert_eq!(error["expected_version"], seen);
    assert_eq!(error["current_version"], theirs["version"]);
    assert_eq!(error["current"]["title"], "Tour Guide");
    let read = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(read["version"], theirs["version"]);

    // The way out that it is told.
    let mut decided = error["current"].clone();
    decided["title"] = "Lead".into();
    let version = text(&error["current_version"]);
    let write = json!({ "id": id, "data": decided, "expected_version": version });
    let written = agent.done("replace_user", write).await;
    assert_eq!(written["resource"]["title"], "Lead");
}

#[tokio::test]
async fn what_is_not_kept_can_not_be_merged_and_is_a_conflict() {
    for agent in [agent().await, Agent::of(&server()).await] {
        let (id, _) = agent.user("a").await;
        let data = json!({ "userName": "b" });
        let write = json!({ "id": id, "data": data, "expected_version": "made-up", "merge": true });
        let error = agent.refused("replace_user", write).await;
        assert_eq!(error["kind"], "version_conflict");
        assert_eq!(error["current"]["userName"], "a");
    }
}

#[tokio::test]
async fn merging_takes_a_version_and_is_true_or_false() {
    let agent = agent().await;
    let (id, version) = agent.user("a").await;
    let data = json!({ "userName": "b" });
    let without = json!({ "id": id, "data": data, "merge": true });
    let error = agent.refused("replace_user", without).await;
    assert_eq!(error["argument"], "expected_version");
    for wrong in [json!("true"), json!(1), json!(null)] {
        let write = json!({ "id": id, "data": data, "expected_version": version, "merge": wrong });
        let error = agent.refused("replace_user", write).await;
        assert_eq!(error["argument"], "merge");
    }
    let delete = json!({ "id": id, "expected_version": version, "merge": true });
    let error = agent.refused("delete_user", delete).await;
    assert_eq!(error["kind"], "invalid_arguments");
    let read = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(identity(&read), (id, version));
}
