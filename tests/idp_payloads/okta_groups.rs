//! Okta and groups.

use http::Method;
use serde_json::json;

use crate::scene::{Scene, sorted};

/// Okta's reference, "Create Groups".
#[test]
fn a_group_is_pushed_without_members() {
    let scene = Scene::okta();
    let created = scene.send(
        Method::POST,
        "/Groups",
        r#"{
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": "Test SCIMv2",
            "members": []
        }"#,
    );
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.json()["displayName"], "Test SCIMv2");
}

/// Okta's reference, "Update a specific Group name": a value without a path that repeats the id of
/// the group it is for.
#[test]
fn a_group_is_renamed_by_a_value_that_repeats_its_id() {
    let scene = Scene::okta();
    let (group, first, _) = group(&scene);
    let patched = scene.patched(
        &format!("/Groups/{group}"),
        &r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{
                "op": "replace",
                "value": {
                    "id": "abf4dd94-a4c0-4f67-89c9-76b03340cb9b",
                    "displayName": "Test SCIMv20"
                }
            }]
        }"#
        .replace("abf4dd94-a4c0-4f67-89c9-76b03340cb9b", &group),
    );
    assert_eq!(
        (&patched["id"], &patched["displayName"]),
        (&json!(group), &json!("Test SCIMv20"))
    );
    assert_eq!(scene.members(&group), [first]);
}

/// Another id is not taken for the group's own.
#[test]
fn a_value_with_the_id_of_another_is_refused() {
    let scene = Scene::okta();
    let (group, ..) = group(&scene);
    let answer = scene.send(
        Method::PATCH,
        &format!("/Groups/{group}"),
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "value": { "id": "abf4dd94", "displayName": "Mine" } }]
        }"#,
    );
    assert_eq!(
        (answer.status, &answer.json()["scimType"]),
        (400, &json!("mutability")),
        "{answer:?}"
    );
    assert_eq!(
        scene.read(&format!("/Groups/{group}"))["displayName"],
        "Test SCIMv2"
    );
}

/// Okta's reference, "Update specific Group membership".
#[test]
fn one_member_goes_and_another_comes_with_a_name_to_show() {
    let scene = Scene::okta();
    let (group, first, second) = group(&scene);
    let patched = scene.patched(
        &format!("/Groups/{group}"),
        &r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{
                  "op": "remove",
                  "path": "members[value eq \"89bb1940-b905-4575-9e7f-6f887cfb368e\"]"
                },
                {
                  "op": "add",
                  "path": "members",
                  "value": [{
                      "value": "23a35c27-23d3-4c03-b4c5-6443c09e7173",
                      "display": "test.user@okta.local"
                }]
            }]
        }"#
        .replace("89bb1940-b905-4575-9e7f-6f887cfb368e", &first)
        .replace("23a35c27-23d3-4c03-b4c5-6443c09e7173", &second),
    );
    assert_eq!(scene.members(&group), [second]);
    assert_eq!(patched["members"][0]["display"], "test.user@okta.local");
    assert_eq!(patched["members"][0]["type"], "User");
}

/// Okta's reference, "a full push of the membership".
#[test]
fn all_members_are_replaced() {
    let scene = Scene::okta();
    let (group, first, second) = group(&scene);
    let third = scene.user("third");
    scene.patched(
        &format!("/Groups/{group}"),
        &r#"{
          "schemas": [
            "urn:ietf:params:scim:api:messages:2.0:PatchOp"
          ],
          "Operations": [
            {
              "op": "replace",
              "path": "members",
              "value": [
                {
                  "value": "23a35c27-23d3-4c03-b4c5-6443c09e7173",
                  "display": "test.user@okta.local"
                },
                {
                  "value": "89bb1940-b905-4575-9e7f-6f887cfb368e",
                  "display": "test.user@okta.local"
                }
              ]
            }
          ]
        }"#
        .replace("23a35c27-23d3-4c03-b4c5-6443c09e7173", &second)
        .replace("89bb1940-b905-4575-9e7f-6f887cfb368e", &third),
    );
    assert_eq!(scene.members(&group), sorted([&second, &third]));
    assert!(!scene.members(&group).contains(&first));
}

/// Issues of SCIM-SDK, "Removing all Group members …", and of SCIM Gateway, "PATCH replace empty
/// members …": the push of a group that has become empty, with a path and without.
#[test]
fn an_empty_group_is_pushed() {
    let scene = Scene::okta();
    let (group, first, _) = group(&scene);
    let path = format!("/Groups/{group}");
    scene.patched(
        &path,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{
                "op": "replace",
                "path": "members",
                "value": []
            }]
        }"#,
    );
    assert_eq!(scene.members(&group), [""; 0]);

    let with_member = format!(
        r#"{{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{{ "op": "add", "path": "members", "value": [{{ "value": "{first}" }}] }}] }}"#
    );
    scene.patched(&path, &with_member);
    let patched = scene.patched(
        &path,
        &r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations":[{"op":"replace","value":{ "members":  [], "id":"org-cd1","displayName":"viewer"}}]
        }"#
        .replace("org-cd1", &group),
    );
    assert_eq!(scene.members(&group), [""; 0]);
    assert_eq!(patched["displayName"], "viewer");
}

/// The PUT of integrations made with Okta's wizard.
#[test]
fn a_group_is_put_with_its_members() {
    let scene = Scene::okta();
    let (group, _, second) = group(&scene);
    let answer = scene.send(
        Method::PUT,
        &format!("/Groups/{group}"),
        &format!(
            r#"{{
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                "id": "{group}",
                "displayName": "Test SCIMv2",
                "members": [{{ "value": "{second}", "display": "test.user@okta.local" }}]
            }}"#
        ),
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(scene.members(&group), [second]);
    assert_eq!(
        scene
            .send(Method::DELETE, &format!("/Groups/{group}"), "")
            .status,
        204
    );
}

/// A group with the first of two users.
fn group(scene: &Scene) -> (String, String, String) {
    let (first, second) = (scene.user("first"), scene.user("second"));
    let json = json!({ "displayName": "Test SCIMv2", "members": [{ "value": first }] });
    (scene.create("/Groups", &json), first, second)
}
