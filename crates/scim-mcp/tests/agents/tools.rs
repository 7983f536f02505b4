use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{Agent, server};

#[tokio::test]
async fn schemas_are_described_with_the_tools_for_them() {
    let agent = Agent::of(&server()).await;
    let types = agent.done("describe_schemas", json!({})).await;
    let user = &types["resource_types"][0];
    assert_eq!(user["name"], "User");
    assert_eq!(user["tools"].as_array().unwrap().len(), 6);
    assert!(types.get("schemas").is_none());

    let user = agent
        .done("describe_schemas", json!({ "resource_type": "User" }))
        .await;
    let ids: Vec<_> = user["schemas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ]
    );
    let error = agent
        .refused("describe_schemas", json!({ "resource_type": "user" }))
        .await;
    assert_eq!(error["argument"], "resource_type");
}

#[tokio::test]
async fn the_server_says_what_it_is() {
    let server = server()
        .with_identity("id.example", "7")
        .with_version_required(false);
    let agent = Agent::of(&server).await;
    let info = agent.done("server_info", json!({})).await;
    assert_eq!(
        (&info["name"], &info["version"]),
        (&json!("id.example"), &json!("7"))
    );
    assert_eq!(info["may_write"], true);
    assert_eq!(info["expected_version_required"], false);
    assert_eq!(info["atomic_bulk"], true);
    assert_eq!(info["limits"]["max_page"], 1000);
    let known = agent.0.peer_info().unwrap();
    let known = serde_json::to_value(&*known).unwrap();
    assert_eq!(known["serverInfo"]["name"], "id.example");
    assert!(
        known["instructions"]
            .as_str()
            .unwrap()
            .contains("expected_version")
    );
}

#[tokio::test]
async fn a_tool_that_there_is_not_is_an_error_of_the_protocol() {
    let agent = Agent::of(&server()).await;
    let request = rmcp::model::CallToolRequestParams::new("drop_tables");
    let error = agent.0.call_tool(request).await.unwrap_err();
    assert!(error.to_string().contains("unknown tool"), "{error}");
}

#[tokio::test]
async fn names_are_those_that_the_protocol_admits() {
    let tools = Agent::of(&server()).await.tools().await;
    let names: BTreeSet<_> = tools.iter().map(|tool| tool.name.clone()).collect();
    assert_eq!(names.len(), tools.len());
    for name in names {
        assert!((1..=128).contains(&name.len()));
        assert!(
            name.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)),
            "{name}"
        );
    }
}
