use rmcp::model::ReadResourceRequestParams;
use scim_mcp::Caller;
use scim_mcp::provider::TenantId;
use serde_json::{Value, json};

use crate::support::{Agent, server};

fn of(tenant: &str) -> Caller {
    Caller::new(tenant.parse::<TenantId>().expect("a name"))
}

/// Every call that can name a resource, about the resource `id`.
fn calls(id: &str, member: &str) -> Vec<(&'static str, Value)> {
    let version = "v";
    let patch = json!([{ "op": "add", "path": "displayName", "value": "x" }]);
    let mut calls = Vec::new();
    for (get, replace, change, delete, list) in [
        (
            "get_user",
            "replace_user",
            "patch_user",
            "delete_user",
            "list_users",
        ),
        (
            "get_group",
            "replace_group",
            "patch_group",
            "delete_group",
            "list_groups",
        ),
    ] {
        calls.push((get, json!({ "id": id })));
        calls.push((get, json!({ "id": id, "unless_version": version })));
        let data = json!({ "userName": "x", "displayName": "x" });
        let data = if get == "get_user" {
            json!({ "userName": "x" })
        } else {
            json!({ "displayName": data["displayName"] })
        };
        calls.push((
            replace,
            json!({ "id": id, "data": data, "expected_version": version }),
        ));
        calls.push((change, json!({ "id": id, "operations": patch })));
        calls.push((
            change,
            json!({ "id": id, "operations": patch, "expected_version": version }),
        ));
        calls.push((delete, json!({ "id": id, "expected_version": version })));
        calls.push((list, json!({ "filter": format!("id eq \"{id}\"") })));
        calls.push((list, json!({})));
    }
    for tool in ["add_group_members", "remove_group_members"] {
        calls.push((tool, json!({ "id": id, "members": [member] })));
        calls.push((
            tool,
            json!({ "id": id, "members": [member], "expected_version": version }),
        ));
    }
    calls.push(("search_resources", json!({})));
    for atomic in [false, true] {
        let delete = json!({ "action": "delete", "resource_type": "User", "id": id, "expected_version": version });
        calls.push(("bulk", json!({ "operations": [delete], "atomic": atomic })));
    }
    calls
}

#[tokio::test]
async fn what_is_another_tenants_and_what_is_not_there_are_answered_alike() {
    let server = server();
    let acme = Agent::connect(&server, of("acme")).await;
    let (user, _) = acme.user("a").await;
    let (group, _) = acme.group("g").await;

    let full = Agent::connect(&server, of("beta")).await;
    // The same ids where they are in no tenant at all.
    let empty = Agent::connect(&crate::support::server(), of("beta")).await;
    for id in [&user, &group] {
        for (tool, arguments) in calls(id, &user) {
            let here = full.call(tool, arguments.clone()).await;
            let there = empty.call(tool, arguments.clone()).await;
            assert_eq!(here, there, "{tool} {arguments}");
        }
        for kind in ["User", "Group"] {
            let uri = format!("scim://{kind}/{id}");
            let read = |agent: &Agent| {
                let request = ReadResourceRequestParams::new(uri.clone());
                let peer = agent.0.peer().clone();
                async move { peer.read_resource(request).await.unwrap_err().to_string() }
            };
            assert_eq!(read(&full).await, read(&empty).await);
        }
    }
    // Nothing of it came through.
    acme.done("get_user", json!({ "id": user })).await;
    acme.done("get_group", json!({ "id": group })).await;
}

#[tokio::test]
async fn another_tenants_user_can_not_be_made_a_member() {
    let server = server();
    let acme = Agent::connect(&server, of("acme")).await;
    let (user, _) = acme.user("a").await;
    let errors = [&server, &crate::support::server()].map(|server| {
        let (server, user) = (server.clone(), user.clone());
        async move {
            let beta = Agent::connect(&server, of("beta")).await;
            let (group, _) = beta.group("g").await;
            let add = json!({ "id": group, "members": [user] });
            beta.refused("add_group_members", add).await
        }
    });
    let [here, there] = errors;
    assert_eq!(here.await, there.await);
}

#[tokio::test]
async fn unique_values_are_so_within_a_tenant() {
    let server = server();
    for tenant in ["acme", "beta"] {
        let agent = Agent::connect(&server, of(tenant)).await;
        agent.user("bjensen").await;
    }
}

#[tokio::test]
async fn no_tool_takes_a_tenant() {
    let agent = Agent::connect(&server(), of("acme")).await;
    for name in ["tenant", "tenant_id", "scope"] {
        let mut arguments = json!({ "data": { "userName": "a" } });
        arguments[name] = "beta".into();
        let error = agent.refused("create_user", arguments).await;
        assert_eq!(error["kind"], "invalid_arguments");
    }
}
