//! RFC 7644 §3.5.2.2. The answers are left out in print: 200 with the resource.

use scim_tests::Answer;
use serde_json::json;

use crate::scene::{BABS, Scene};

const GROUP: &str = "acbf3ae7-8463-4692-b4fd-9b4da3f908ce";
const JAMES: &str = "08e1d05d-121c-4561-8b96-473d93df9210";

/// A group of which Babs is a member and James is not; the tag of the examples is its own.
fn scene() -> (Scene, Answer) {
    let mut scene = Scene::new();
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    scene.exists(JAMES, "/Users", r#"{ "userName": "jsmith" }"#);
    let group = scene.exists(
        GROUP,
        "/Groups",
        r#"{ "displayName": "Guides",
             "members": [{ "value": "2819c223-7f76-453a-919d-413861904646" }] }"#,
    );
    scene.let_stand("W/\"a330bc54f0671c9\"", group.etag());
    (scene, group)
}

/// The group has these members after `answer`, in it and when it is read.
fn has_members(scene: &Scene, answer: &Answer, members: &[&str]) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let group = scene.read(&format!("/Groups/{GROUP}"));
    assert_eq!(answer.json(), group);
    if members.is_empty() {
        assert_eq!(group.get("members"), None);
    } else {
        let printed: Vec<_> = members
            .iter()
            .map(|id| {
                json!({
                    "value": id,
                    "$ref": format!("https://example.com/v2/Users/{id}"),
                    "type": "User",
                    "display?": if *id == BABS { "Babs Jensen" } else { "James Smith" },
                })
            })
            .collect();
        scene.is_shape(&group["members"], &json!(printed).to_string());
    }
}

/// The ids are printed shortened.
#[test]
fn section_3_5_2_2_removing_a_member() {
    let (scene, _) = scene();
    let removed = scene.ask(
        r#"
PATCH /Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
If-Match: W/"a330bc54f0671c9"

{
  "schemas":
   ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations":[{
    "op":"remove",
    "path":"members[value eq \"2819c223-7f76-453a-919d-413861904646\"]"
  }]
}
"#,
    );
    has_members(&scene, &removed, &[]);
}

/// "If the user was not a member of this group, no changes should be made to the resource, and a
/// success response should be returned."
#[test]
fn section_3_5_2_2_removing_who_is_no_member_changes_nothing() {
    let (scene, group) = scene();
    let removed = scene.ask(
        r#"
PATCH /Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce
Host: example.com

{
  "schemas":
   ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations":[{
    "op":"remove",
    "path":"members[value eq \"08e1d05d-121c-4561-8b96-473d93df9210\"]"
  }]
}
"#,
    );
    has_members(&scene, &removed, &[BABS]);
    assert_eq!(removed.etag(), group.etag());
}

#[test]
fn section_3_5_2_2_removing_all_members() {
    let (scene, _) = scene();
    let removed = scene.ask(
        r#"
PATCH /Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
If-Match: W/"a330bc54f0671c9"

{ "schemas":
   ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations":[{
    "op":"remove","path":"members"
  }]
}
"#,
    );
    has_members(&scene, &removed, &[]);
}

#[test]
fn section_3_5_2_2_removing_values_that_a_filter_lets_through() {
    let (mut scene, _) = scene();
    scene.exists(
        "the-user",
        "/Users",
        r#"{ "userName": "babs", "emails": [
             { "value": "bjensen@example.com", "type": "work" },
             { "value": "babs@example.com", "type": "home" },
             { "value": "bj@example.org", "type": "work" }] }"#,
    );
    let removed = scene.ask(
        r#"
PATCH /Users/the-user
Host: example.com

{
  "schemas":
   ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [{
  "op":"remove",
  "path":"emails[type eq \"work\" and value ew \"example.com\"]"
  }]
}
"#,
    );
    assert_eq!(removed.status, 200, "{removed:?}");
    scene.is_shape(
        &removed.json()["emails"],
        r#"[{ "value": "babs@example.com", "type": "home" },
            { "value": "bj@example.org", "type": "work" }]"#,
    );
}

/// With the blank after `eq` that the grammar wants.
#[test]
fn section_3_5_2_2_removing_one_member_and_adding_another() {
    let (scene, _) = scene();
    let changed = scene.ask(
        r#"
PATCH /Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
If-Match: W/"a330bc54f0671c9"

{ "schemas":
    ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [
    {
      "op":"remove",
      "path":
        "members[value eq \"2819c223-7f76-453a-919d-413861904646\"]"
    },
    {
      "op":"add",
      "path":"members",
      "value": [
        {
          "display": "James Smith",
          "$ref": "https://example.com/v2/Users/08e1d05d-121c-4561-8b96-473d93df9210",
          "value": "08e1d05d-121c-4561-8b96-473d93df9210"
        }
      ]
    }
  ]
}
"#,
    );
    has_members(&scene, &changed, &[JAMES]);
}

#[test]
fn section_3_5_2_2_removing_all_members_and_adding_others() {
    let (scene, _) = scene();
    let changed = scene.ask(
        r#"
PATCH /Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
If-Match: W/"a330bc54f0671c9"

{
  "schemas":
    ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [
    {
      "op":"remove","path":"members"
    },
    {
      "op":"add",
      "path":"members",
      "value":[
      {
        "display": "Babs Jensen",
        "$ref": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
        "value": "2819c223-7f76-453a-919d-413861904646"
      },
      {
        "display": "James Smith",
        "$ref": "https://example.com/v2/Users/08e1d05d-121c-4561-8b96-473d93df9210",
        "value": "08e1d05d-121c-4561-8b96-473d93df9210"
      }]
    }
  ]
}
"#,
    );
    has_members(&scene, &changed, &[BABS, JAMES]);
}

#[test]
fn section_3_5_2_2_a_remove_needs_a_path_and_leaves_what_is_required() {
    let (scene, group) = scene();
    for (operation, scim_type) in [
        (r#"{ "op": "remove" }"#, "noTarget"),
        (r#"{ "op": "remove", "path": "displayName" }"#, "mutability"),
        (r#"{ "op": "remove", "path": "meta" }"#, "mutability"),
    ] {
        let answer = scene.ask(&format!(
            "PATCH /Groups/{GROUP}\nHost: example.com\n\n\
             {{ \"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],
                \"Operations\": [{operation}] }}"
        ));
        assert_eq!(
            (answer.status, &answer.json()["scimType"]),
            (400, &scim_type.into()),
            "{operation}: {answer:?}"
        );
    }
    let read = scene.ask(&format!("GET /Groups/{GROUP}\nHost: example.com\n"));
    assert_eq!(read.etag(), group.etag());
}
