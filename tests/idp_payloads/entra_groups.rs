//! Entra ID and groups.

use http::Method;
use serde_json::json;

use crate::scene::{Scene, sorted};

/// The tutorial, "Create Group": with a schema of Microsoft's own, which nobody declares and which has
/// no attributes.
#[test]
fn a_group_comes_with_a_schema_that_nobody_declares() {
    let scene = Scene::entra_saying_more();
    let created = scene.send(
        Method::POST,
        "/Groups",
        r#"{
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group", "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "displayName",
            "meta": {
                "resourceType": "Group"
            }
        }"#,
    );
    assert_eq!(created.status, 201, "{created:?}");
    let group = created.json();
    // "The "schemas" attribute for a resource MUST only contain values defined as "schema" and
    // "schemaExtensions" for the resource's defined "resourceType"" (RFC 7643 §3).
    assert_eq!(
        group["schemas"],
        json!(["urn:ietf:params:scim:schemas:core:2.0:Group"])
    );
    assert_eq!(group["externalId"], "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159");
}

/// The tutorial, "Update Group [Add Members]".
#[test]
fn a_member_is_added_with_a_reference_that_is_null() {
    let scene = Scene::entra();
    let (group, first, second) = group(&scene);
    let added = scene.patched(
        &format!("/Groups/{group}"),
        &r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{
                "op": "Add",
                "path": "members",
                "value": [{
                    "$ref": null,
                    "value": "f648f8d5ea4e4cd38e9c"
                }]
            }]
        }"#
        .replace("f648f8d5ea4e4cd38e9c", &second),
    );
    assert_eq!(scene.members(&group), sorted([&first, &second]));
    for member in added["members"].as_array().unwrap() {
        let id = member["value"].as_str().unwrap();
        assert_eq!(member["type"], "User");
        assert!(
            member["$ref"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/Users/{id}"))
        );
    }
}

/// The tutorial, "Update Group [Remove Members]", and the known issues without the flag: only those
/// who are named go.
#[test]
fn members_are_removed_by_an_array_of_them() {
    for reference in [r#""$ref": null,"#, ""] {
        let scene = Scene::entra();
        let (group, first, second) = group(&scene);
        let third = scene.user("third");
        add(&scene, &group, &second);
        add(&scene, &group, &third);
        scene.patched(
            &format!("/Groups/{group}"),
            &r#"{
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{
                    "op": "Remove",
                    "path": "members",
                    "value": [{
                        "$ref": null,
                        "value": "f648f8d5ea4e4cd38e9c"
                    }]
                }]
            }"#
            .replace(r#""$ref": null,"#, reference)
            .replace("f648f8d5ea4e4cd38e9c", &second),
        );
        assert_eq!(scene.members(&group), sorted([&first, &third]));
    }
}

#[test]
fn several_members_are_removed_by_one_array() {
    let scene = Scene::entra();
    let (group, first, second) = group(&scene);
    let third = scene.user("third");
    add(&scene, &group, &second);
    add(&scene, &group, &third);
    scene.patched(
        &format!("/Groups/{group}"),
        &format!(
            r#"{{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations": [{{ "op": "Remove", "path": "members",
                    "value": [{{ "value": "{first}" }}, {{ "value": "{third}" }}, {{ "value": "u1091" }}] }}] }}"#
        ),
    );
    assert_eq!(scene.members(&group), [second]);
}

/// An array that names nobody removes nobody.
#[test]
fn an_empty_array_removes_nobody() {
    let scene = Scene::entra();
    let (group, first, _) = group(&scene);
    let answer = scene.send(
        Method::PATCH,
        &format!("/Groups/{group}"),
        r#"{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{ "op": "Remove", "path": "members", "value": [] }] }"#,
    );
    assert!([200, 400].contains(&answer.status), "{answer:?}");
    assert_eq!(scene.members(&group), [first]);
}

/// The known issues, "Requests made to remove a group member", with the flag.
#[test]
fn a_member_is_removed_by_a_filter() {
    let scene = Scene::entra();
    let (group, first, second) = group(&scene);
    add(&scene, &group, &second);
    scene.patched(
        &format!("/Groups/{group}"),
        &r#"{
            "schemas": [
                "urn:ietf:params:scim:api:messages:2.0:PatchOp"
            ],
            "Operations": [
                {
                    "op": "remove",
                    "path": "members[value eq \"7f4bc1a3-285e-48ae-8202-5accb43efb0e\"]"
                }
            ]
        }"#
        .replace("7f4bc1a3-285e-48ae-8202-5accb43efb0e", &first),
    );
    assert_eq!(scene.members(&group), [second]);
}

/// The tutorial, "Update Group [Non-member attributes]", whose answer is 204 there: 200 is as good.
#[test]
fn a_group_is_renamed() {
    let scene = Scene::entra();
    let (group, first, _) = group(&scene);
    let patched = scene.patched(
        &format!("/Groups/{group}"),
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{
                "op": "Replace",
                "path": "displayName",
                "value": "1879db59updatedDisplayName"
            }]
        }"#,
    );
    assert_eq!(patched["displayName"], "1879db59updatedDisplayName");
    assert_eq!(scene.members(&group), [first]);
}

/// A group with the first of two users.
fn group(scene: &Scene) -> (String, String, String) {
    let (first, second) = (scene.user("first"), scene.user("second"));
    let json = json!({ "displayName": "displayName", "members": [{ "value": first }] });
    (scene.create("/Groups", &json), first, second)
}

fn add(scene: &Scene, group: &str, user: &str) {
    scene.patched(
        &format!("/Groups/{group}"),
        &format!(
            r#"{{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations": [{{ "op": "Add", "path": "members", "value": [{{ "value": "{user}" }}] }}] }}"#
        ),
    );
}
