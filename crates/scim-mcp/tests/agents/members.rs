use serde_json::{Value, json};

use crate::support::{Agent, server, text};

async fn members(agent: &Agent, group: &str) -> Vec<String> {
    let read = agent.done("get_group", json!({ "id": group })).await;
    let members = read["resource"]["members"].as_array().cloned();
    let members = members.unwrap_or_default();
    members
        .iter()
        .map(|member| text(&member["value"]))
        .collect()
}

#[tokio::test]
async fn members_come_and_go_and_others_stay() {
    let agent = Agent::of(&server()).await;
    let (a, _) = agent.user("a").await;
    let (b, _) = agent.user("b").await;
    let (group, first) = agent.group("g").await;
    let change = |ids: &[&String]| json!({ "id": group, "members": ids });

    let added = agent.done("add_group_members", change(&[&a, &b])).await;
    assert_eq!(added["changed"], true);
    assert_ne!(added["version"], first);
    let again = agent.done("add_group_members", change(&[&b])).await;
    assert_eq!(
        (&again["changed"], &again["version"]),
        (&json!(false), &added["version"])
    );

    agent.done("remove_group_members", change(&[&a])).await;
    assert_eq!(members(&agent, &group).await, std::slice::from_ref(&b));
    let again = agent.done("remove_group_members", change(&[&a])).await;
    assert_eq!(again["changed"], false);
    agent.done("get_user", json!({ "id": a })).await;
}

#[tokio::test]
async fn a_membership_may_depend_on_a_version() {
    let agent = Agent::of(&server()).await;
    let (a, _) = agent.user("a").await;
    let (group, version) = agent.group("g").await;
    let add = |version: &str| json!({ "id": group, "members": [a], "expected_version": version });
    let error = agent.refused("add_group_members", add("old")).await;
    assert_eq!(error["kind"], "version_conflict");
    assert_eq!(error["current"]["displayName"], "g");
    agent.done("add_group_members", add(&version)).await;
}

#[tokio::test]
async fn who_does_not_exist_is_no_member() {
    let agent = Agent::of(&server()).await;
    let (group, _) = agent.group("g").await;
    let (user, _) = agent.user("a").await;
    let add = |members: Value| json!({ "id": group, "members": members });
    let error = agent
        .refused("add_group_members", add(json!([user, "nobody"])))
        .await;
    assert_eq!(error["kind"], "invalid_resource");
    assert!(members(&agent, &group).await.is_empty());
    for (wrong, argument) in [
        (json!([]), "members"),
        (json!("x"), "members"),
        (json!([1]), "members[0]"),
        (json!([user, ""]), "members[1]"),
        (json!([{ "value": user }]), "members[0]"),
    ] {
        let error = agent.refused("add_group_members", add(wrong)).await;
        assert_eq!(error["argument"], argument);
    }
    let other = json!({ "id": group, "members": [user], "member_type": "Robot" });
    let error = agent.refused("add_group_members", other).await;
    assert_eq!(error["argument"], "member_type");
    assert!(members(&agent, &group).await.is_empty());
}
