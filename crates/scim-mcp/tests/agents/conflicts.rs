use scim_mcp::Limits;
use serde_json::{Value, json};

use crate::support::{Agent, identity, server};

fn stale(tool: &str, id: &str, version: &str) -> Value {
    let mut arguments = json!({ "id": id, "expected_version": version });
    match tool {
        "replace_user" => arguments["data"] = json!({ "userName": "mine" }),
        "patch_user" => {
            arguments["operations"] = json!([{ "op": "add", "path": "title", "value": "mine" }]);
        }
        _ => {}
    }
    arguments
}

#[tokio::test]
async fn a_conflict_shows_what_was_expected_what_is_there_and_what_to_do() {
    let agent = Agent::of(&server()).await;
    let (id, first) = agent.user("a").await;
    let operations = json!([{ "op": "add", "path": "title", "value": "theirs" }]);
    let theirs = json!({ "id": id, "operations": operations });
    let (_, second) = identity(&agent.done("patch_user", theirs).await);

    for tool in ["replace_user", "patch_user", "delete_user"] {
        let error = agent.refused(tool, stale(tool, &id, &first)).await;
        assert_eq!(error["kind"], "version_conflict", "{tool}");
        assert_eq!(error["expected_version"], first);
        assert_eq!(error["current_version"], second);
        assert_eq!(
            (&error["resource_type"], &error["id"]),
            (&json!("User"), &json!(id))
        );
        assert_eq!(error["current"]["title"], "theirs");
        assert!(
            error["next_step"]
                .as_str()
                .unwrap()
                .contains("current_version")
        );
    }
    let read = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(identity(&read), (id, second));
}

#[tokio::test]
async fn with_what_a_conflict_shows_the_next_write_succeeds() {
    let agent = Agent::of(&server()).await;
    let (id, _) = agent.user("a").await;
    let error = agent
        .refused("replace_user", stale("replace_user", &id, "old"))
        .await;
    let mut data = error["current"].clone();
    data["title"] = "mine".into();
    let again = json!({ "id": id, "data": data, "expected_version": error["current_version"] });
    let written = agent.done("replace_user", again).await;
    assert_eq!(written["resource"]["title"], "mine");
}

#[tokio::test]
async fn a_version_is_taken_as_meta_shows_it_too() {
    let agent = Agent::of(&server()).await;
    let (id, version) = agent.user("a").await;
    let tag = format!("W/\"{version}\"");
    agent
        .done("patch_user", stale("patch_user", &id, &tag))
        .await;
    let error = agent
        .refused("patch_user", stale("patch_user", &id, &tag))
        .await;
    assert_eq!(
        (&error["kind"], &error["expected_version"]),
        (&json!("version_conflict"), &json!(version))
    );
}

#[tokio::test]
async fn replacing_and_deleting_take_a_version() {
    let agent = Agent::of(&server()).await;
    let (id, version) = agent.user("a").await;
    for tool in ["replace_user", "delete_user"] {
        let mut arguments = stale(tool, &id, "x");
        arguments
            .as_object_mut()
            .unwrap()
            .remove("expected_version");
        let error = agent.refused(tool, arguments).await;
        assert_eq!(error["kind"], "invalid_arguments", "{tool}");
        assert_eq!(error["argument"], "expected_version");
    }
    let read = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(identity(&read), (id, version));
}

#[tokio::test]
async fn a_server_may_do_without() {
    let agent = Agent::of(&server().with_version_required(false)).await;
    let (id, _) = agent.user("a").await;
    let data = json!({ "userName": "b" });
    agent
        .done("replace_user", json!({ "id": id, "data": data }))
        .await;
    // A version that is named counts all the same.
    let error = agent
        .refused("delete_user", stale("delete_user", &id, "old"))
        .await;
    assert_eq!(error["kind"], "version_conflict");
    agent.done("delete_user", json!({ "id": id })).await;
}

#[tokio::test]
async fn whatever_is_no_version_refuses_the_write() {
    let agent = Agent::of(&server().with_version_required(false)).await;
    let (id, version) = agent.user("a").await;
    for wrong in [
        json!(1),
        json!(null),
        json!([version]),
        json!({ "version": version }),
        json!(""),
        json!("a b"),
        json!("\"unclosed"),
        json!("W/\"a\", W/\"b\""),
    ] {
        for tool in ["replace_user", "patch_user", "delete_user"] {
            let mut arguments = stale(tool, &id, "x");
            arguments["expected_version"] = wrong.clone();
            let error = agent.refused(tool, arguments).await;
            assert_eq!(error["kind"], "invalid_arguments", "{tool} {wrong}");
            assert_eq!(error["argument"], "expected_version");
        }
    }
    let read = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(identity(&read), (id, version));
}

#[tokio::test]
async fn a_conflict_on_a_large_resource_shows_its_version_only() {
    let limits = Limits::default().with_answer(400);
    let agent = Agent::of(&server().with_limits(limits)).await;
    let data = json!({ "userName": "a", "title": "x".repeat(500) });
    let created = agent.done("create_user", json!({ "data": data })).await;
    assert!(created.get("resource").is_none() && created.get("note").is_some());
    let (id, version) = identity(&created);
    let error = agent
        .refused("patch_user", stale("patch_user", &id, "old"))
        .await;
    assert_eq!(error["current_version"], version);
    assert!(error.get("current").is_none());
    assert!(error["next_step"].as_str().unwrap().contains("get_user"));
}

#[tokio::test]
async fn what_is_gone_is_no_conflict() {
    let agent = Agent::of(&server()).await;
    for tool in ["replace_user", "patch_user", "delete_user"] {
        let error = agent.refused(tool, stale(tool, "nobody", "x")).await;
        assert_eq!(error["kind"], "not_found", "{tool}");
    }
}
