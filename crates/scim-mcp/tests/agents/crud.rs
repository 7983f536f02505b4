use serde_json::json;

use crate::support::{Agent, identity, server, text};

#[tokio::test]
async fn a_resource_is_created_read_changed_and_deleted_with_versions_in_hand() {
    let agent = Agent::of(&server()).await;
    let data = json!({ "userName": "bjensen", "name": { "familyName": "Jensen" } });
    let created = agent.done("create_user", json!({ "data": data })).await;
    assert_eq!(created["resource_type"], "User");
    assert_eq!(created["changed"], true);
    let (id, first) = identity(&created);
    assert_eq!(
        created["resource"]["meta"]["version"],
        format!("W/\"{first}\"")
    );
    assert_eq!(
        created["resource"]["meta"]["location"],
        format!("Users/{id}")
    );

    let read = agent.done("get_user", json!({ "id": id })).await;
    assert_eq!(identity(&read), (id.clone(), first.clone()));

    let mut data = read["resource"].clone();
    data["title"] = "Tour Guide".into();
    let replaced = json!({ "id": id, "data": data, "expected_version": first });
    let replaced = agent.done("replace_user", replaced).await;
    assert_eq!(replaced["changed"], true);
    assert_eq!(replaced["resource"]["title"], "Tour Guide");
    let second = text(&replaced["version"]);
    assert_ne!(second, first);

    let operations = json!([
        { "op": "replace", "path": "name.familyName", "value": "Smith" },
        { "op": "remove", "path": "title" },
    ]);
    let patched = json!({ "id": id, "operations": operations, "expected_version": second });
    let patched = agent.done("patch_user", patched).await;
    assert_eq!(patched["resource"]["name"]["familyName"], "Smith");
    assert!(patched["resource"].get("title").is_none());
    let third = text(&patched["version"]);

    let deleted = json!({ "id": id, "expected_version": third });
    let deleted = agent.done("delete_user", deleted).await;
    assert_eq!(
        deleted,
        json!({ "resource_type": "User", "id": id, "deleted": true })
    );
    let gone = agent.refused("get_user", json!({ "id": id })).await;
    assert_eq!(gone["kind"], "not_found");
}

#[tokio::test]
async fn a_write_that_says_what_is_there_changes_nothing() {
    let agent = Agent::of(&server()).await;
    let (id, version) = agent.user("a").await;
    for tool in ["replace_user", "patch_user"] {
        let mut arguments = json!({ "id": id, "expected_version": version });
        if tool == "replace_user" {
            arguments["data"] = json!({ "userName": "a" });
        } else {
            arguments["operations"] = json!([{ "op": "add", "path": "userName", "value": "a" }]);
        }
        let written = agent.done(tool, arguments).await;
        assert_eq!(
            (&written["changed"], &written["version"]),
            (&json!(false), &json!(version))
        );
    }
}

#[tokio::test]
async fn a_document_that_was_read_can_be_sent_back_as_it_is() {
    let agent = Agent::of(&server()).await;
    let (user, _) = agent.user("a").await;
    let (group, _) = agent.group("g").await;
    let members = json!({ "id": group, "members": [user] });
    agent.done("add_group_members", members).await;
    for (kind, id) in [("user", &user), ("group", &group)] {
        let read = agent
            .done(&format!("get_{kind}"), json!({ "id": id }))
            .await;
        let again = json!({
            "id": id, "data": read["resource"], "expected_version": read["version"],
        });
        let written = agent.done(&format!("replace_{kind}"), again).await;
        assert_eq!(written["changed"], false, "{kind}");
    }
}

#[tokio::test]
async fn what_has_not_changed_since_is_not_shown_again() {
    let agent = Agent::of(&server()).await;
    let (id, version) = agent.user("a").await;
    let check = json!({ "id": id, "unless_version": version });
    let unchanged = agent.done("get_user", check.clone()).await;
    assert_eq!(
        unchanged,
        json!({ "resource_type": "User", "id": id, "version": version, "unchanged": true })
    );
    let operations = json!([{ "op": "add", "path": "title", "value": "x" }]);
    let patch = json!({ "id": id, "operations": operations });
    agent.done("patch_user", patch).await;
    let changed = agent.done("get_user", check).await;
    assert_eq!(changed["resource"]["title"], "x");
}

#[tokio::test]
async fn only_what_is_asked_for_is_shown() {
    let agent = Agent::of(&server()).await;
    let (id, _) = agent.user("a").await;
    let some = json!({ "id": id, "attributes": ["userName"] });
    let some = agent.done("get_user", some).await;
    assert_eq!(some["resource"]["userName"], "a");
    assert!(some["resource"].get("meta").is_none());
    let rest = json!({ "id": id, "excluded_attributes": ["userName", "meta"] });
    let rest = agent.done("get_user", rest).await;
    assert!(rest["resource"].get("userName").is_none());
    let both = json!({ "id": id, "attributes": ["id"], "excluded_attributes": ["meta"] });
    let both = agent.refused("get_user", both).await;
    assert_eq!(both["argument"], "excluded_attributes");
}

#[tokio::test]
async fn a_password_is_taken_and_never_shown() {
    let agent = Agent::of(&server()).await;
    let data = json!({ "userName": "a", "password": "correct horse" });
    let created = agent.done("create_user", json!({ "data": data })).await;
    let (id, version) = identity(&created);
    let stale = json!({ "id": id, "data": { "userName": "b" }, "expected_version": "stale" });
    let conflict = agent.refused("replace_user", stale).await;
    let read = agent.done("get_user", json!({ "id": id })).await;
    let listed = agent.done("list_users", json!({})).await;
    for shown in [created, conflict, read, listed] {
        let shown = shown.to_string();
        assert!(
            !shown.contains("password") && !shown.contains("horse"),
            "{shown}"
        );
        assert!(shown.contains(&version));
    }
}

#[tokio::test]
async fn duplicates_name_the_resource_that_is_there() {
    let agent = Agent::of(&server()).await;
    let (id, _) = agent.user("bjensen").await;
    let again = json!({ "data": { "userName": "BJensen" } });
    let refused = agent.refused("create_user", again).await;
    assert_eq!(refused["kind"], "duplicate");
    assert_eq!(refused["attribute"], "userName");
    assert_eq!(refused["existing_id"], id);
}
