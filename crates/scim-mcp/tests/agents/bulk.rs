use serde_json::{Value, json};

use crate::support::{Agent, server};

async fn total(agent: &Agent) -> Value {
    let found = agent.done("search_resources", json!({ "count": 0 })).await;
    found["total"].clone()
}

fn creation(bulk_id: &str, name: &str) -> Value {
    json!({ "action": "create", "resource_type": "User", "bulk_id": bulk_id, "data": { "userName": name } })
}

#[tokio::test]
async fn several_changes_may_name_what_the_others_create() {
    let agent = Agent::of(&server()).await;
    let members = json!([{ "value": "bulkId:u" }]);
    let group = json!({
        "action": "create", "resource_type": "Group", "bulk_id": "g",
        "data": { "displayName": "Guides", "members": members },
    });
    let done = agent
        .done("bulk", json!({ "operations": [group, creation("u", "a")] }))
        .await;
    assert_eq!((&done["done"], &done["failed"]), (&json!(2), &json!(0)));
    let results = done["results"].as_array().unwrap();
    assert_eq!(results[0]["bulk_id"], "g");
    let group = agent
        .done("get_group", json!({ "id": results[0]["id"] }))
        .await;
    assert_eq!(group["resource"]["members"][0]["value"], results[1]["id"]);
    assert_eq!(group["version"], results[0]["version"]);
}

#[tokio::test]
async fn each_operation_is_done_or_fails_for_itself() {
    let agent = Agent::of(&server()).await;
    let (a, version) = agent.user("a").await;
    let (b, _) = agent.user("b").await;
    let operations = json!([
        { "action": "delete", "resource_type": "User", "id": a, "expected_version": version },
        { "action": "delete", "resource_type": "User", "id": b, "expected_version": "old" },
        { "action": "patch", "resource_type": "User", "id": b,
          "operations": [{ "op": "add", "path": "title", "value": "x" }] },
        creation("n", "b"),
    ]);
    let called = agent
        .call("bulk", json!({ "operations": operations }))
        .await;
    assert!(called.failed);
    let results = called.value["results"].as_array().unwrap();
    let statuses: Vec<&Value> = results.iter().map(|result| &result["status"]).collect();
    assert_eq!(statuses, ["done", "failed", "done", "failed"]);
    assert_eq!(results[0]["deleted"], true);
    assert_eq!(results[1]["error"]["kind"], "version_conflict");
    assert_eq!(results[1]["error"]["expected_version"], "old");
    assert_eq!(results[3]["error"]["kind"], "duplicate");
}

#[tokio::test]
async fn it_stops_after_as_many_failures_as_were_said() {
    let agent = Agent::of(&server()).await;
    let gone =
        json!({ "action": "delete", "resource_type": "User", "id": "x", "expected_version": "1" });
    let operations = json!([gone, creation("n", "a")]);
    let called = agent
        .call(
            "bulk",
            json!({ "operations": operations, "fail_on_errors": 1 }),
        )
        .await;
    assert_eq!(called.value["not_run"], 1);
    assert_eq!(called.value["results"][1]["status"], "not_run");
    assert_eq!(total(&agent).await, 0);
}

#[tokio::test]
async fn all_is_done_or_nothing_if_so_wanted() {
    let agent = Agent::of(&server()).await;
    let (a, version) = agent.user("a").await;
    let stale =
        json!({ "action": "delete", "resource_type": "User", "id": a, "expected_version": "old" });
    let operations = json!([creation("n", "b"), stale]);
    let error = agent
        .refused("bulk", json!({ "operations": operations, "atomic": true }))
        .await;
    assert_eq!(
        (&error["kind"], &error["operation"]),
        (&json!("version_conflict"), &json!(1))
    );
    assert_eq!(total(&agent).await, 1);

    let fresh = json!({ "action": "delete", "resource_type": "User", "id": a, "expected_version": version });
    let operations = json!([creation("n", "b"), fresh]);
    agent
        .done("bulk", json!({ "operations": operations, "atomic": true }))
        .await;
    assert_eq!(total(&agent).await, 1);
}

#[tokio::test]
async fn one_operation_that_can_not_be_read_refuses_all() {
    let agent = Agent::of(&server()).await;
    let (id, version) = agent.user("a").await;
    for (wrong, argument) in [
        (json!(1), "operations[1]"),
        (json!({}), "operations[1].action"),
        (
            json!({ "action": "merge", "resource_type": "User" }),
            "operations[1].action",
        ),
        (
            json!({ "action": "create", "resource_type": "Robot", "data": {} }),
            "operations[1].resource_type",
        ),
        (
            json!({ "action": "create", "resource_type": "User" }),
            "operations[1].data",
        ),
        (
            json!({ "action": "create", "resource_type": "User", "data": {}, "id": "x" }),
            "operations[1]",
        ),
        (
            json!({ "action": "delete", "resource_type": "User", "id": id }),
            "operations[1].expected_version",
        ),
        (
            json!({ "action": "delete", "resource_type": "User", "id": id, "expected_version": 1 }),
            "operations[1].expected_version",
        ),
        (
            json!({ "action": "delete", "resource_type": "User", "expected_version": version }),
            "operations[1].id",
        ),
        (
            json!({ "action": "patch", "resource_type": "User", "id": id }),
            "operations[1].operations",
        ),
        (
            json!({ "action": "patch", "resource_type": "User", "id": id, "operations": [{ "op": 1 }] }),
            "operations[1].operations[0].op",
        ),
        (creation("n", "z"), "operations"),
    ] {
        let operations = json!([creation("n", "new"), wrong]);
        let error = agent
            .refused("bulk", json!({ "operations": operations }))
            .await;
        assert_eq!(error["argument"], argument, "{error}");
    }
    assert_eq!(total(&agent).await, 1);
}
