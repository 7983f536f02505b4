use scim_mcp::Caller;
use scim_mcp::provider::Scope;
use serde_json::json;

use crate::support::{Agent, Server, anybody, server};

async fn names(agent: &Agent) -> Vec<String> {
    let tools = agent.tools().await;
    tools
        .into_iter()
        .map(|tool| tool.name.into_owned())
        .collect()
}

#[tokio::test]
async fn who_may_only_read_sees_and_calls_no_tool_that_writes() {
    let server = server();
    let writer = Agent::of(&server).await;
    let (id, version) = writer.user("a").await;
    let read_only = Caller::new(Scope::Single).read_only();
    for (server, caller) in [
        (server.clone(), read_only),
        (server.with_read_only(true), anybody()),
    ] {
        let reader = Agent::connect(&server, caller).await;
        assert_eq!(
            names(&reader).await,
            [
                "get_user",
                "list_users",
                "get_group",
                "list_groups",
                "search_resources",
                "describe_schemas",
                "server_info",
            ]
        );
        let delete = json!({ "id": id, "expected_version": version });
        for (tool, arguments) in [
            ("delete_user", delete),
            ("create_user", json!({ "data": { "userName": "b" } })),
            ("bulk", json!({ "operations": [] })),
        ] {
            let error = reader.refused(tool, arguments).await;
            assert_eq!(error["kind"], "forbidden", "{tool}");
        }
        let info = reader.done("server_info", json!({})).await;
        assert_eq!(info["may_write"], false);
        reader.done("get_user", json!({ "id": id })).await;
    }
}

#[tokio::test]
async fn tools_that_are_not_allowed_are_not_there() {
    let server: Server = server().with_tools(["get_user", "create_user"]).unwrap();
    let agent = Agent::of(&server).await;
    assert_eq!(names(&agent).await, ["create_user", "get_user"]);
    let (id, _) = agent.user("a").await;
    agent.done("get_user", json!({ "id": id })).await;
    let request = rmcp::model::CallToolRequestParams::new("delete_user");
    let error = agent.0.call_tool(request).await.unwrap_err();
    assert!(error.to_string().contains("unknown tool"));
}

#[test]
fn a_list_of_tools_that_names_none_of_ours_is_refused() {
    let error = server().with_tools(["get_user", "get_users"]).unwrap_err();
    assert_eq!(error.name(), "get_users");
    // A later list is not of what an earlier one has left.
    let server = server().with_tools(["get_user"]).unwrap();
    assert!(server.with_tools(["delete_user"]).is_ok());
}
