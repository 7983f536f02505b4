//! RFC 7644 §3.5.2.1, and what §3.5.2 says of all operations.

use scim_tests::Answer;
use serde_json::{Value, json};

use crate::scene::{BABS, Scene};

const GROUP: &str = "acbf3ae7-8463-4692-b4fd-9b4da3f908ce";

const ADD_MEMBER: &str = r#"
PATCH /Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8

{ "schemas":
   ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations":[
    {
     "op":"add",
     "path":"members",
     "value":[
      {
        "display": "Babs Jensen",
        "$ref": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
        "value": "2819c223-7f76-453a-919d-413861904646"
      }
     ]
    }
  ]
}
"#;

const ADDED: &str = r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json
ETag: W/"b431af54f0671a2"
Content-Location: https://example.com/v2/Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce

{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
  "id": "acbf3ae7-8463-4692-b4fd-9b4da3f908ce",
  "displayName": "Tour Guides",
  "members": [
    {
      "value": "2819c223-7f76-453a-919d-413861904646",
      "$ref": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
      "display": "Babs Jensen",
      "type": "User"
    }
  ],
  "meta": {
    "resourceType": "Group",
    "created": "2010-01-23T04:56:22Z",
    "lastModified": "2011-05-13T04:42:34Z",
    "version": "W\/\"b431af54f0671a2\"",
    "location": "https://example.com/v2/Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce"
  }
}
"#;

fn group() -> (Scene, Answer) {
    let mut scene = Scene::new();
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    let group = scene.exists(GROUP, "/Groups", r#"{ "displayName": "Tour Guides" }"#);
    (scene, group)
}

fn with(request: &str, header: &str) -> String {
    request.replace(
        "Host: example.com\n",
        &format!("Host: example.com\n{header}\n"),
    )
}

/// The ids are printed shortened.
#[test]
fn section_3_5_2_1_adding_a_member() {
    let (mut scene, group) = group();
    scene.let_stand("W/\"a330bc54f0671c9\"", group.etag());
    let added = scene.ask(&with(ADD_MEMBER, "If-Match: W/\"a330bc54f0671c9\""));
    scene.is_answer(&added, ADDED);
    assert_ne!(added.etag(), group.etag());
}

/// The answer that is printed, without a body, is the one to `Prefer: return=minimal`.
/// `Authorization` and `Location` are not sent.
#[test]
fn section_3_5_2_1_adding_a_member_is_answered_without_a_body_if_that_is_preferred() {
    let (scene, group) = group();
    let added = scene.ask(&with(ADD_MEMBER, "Prefer: return=minimal"));
    scene.is_answer(
        &added,
        "\nHTTP/1.1 204 No Content\nETag: W/\"b431af54f0671a2\"\n",
    );
    assert_ne!(added.etag(), group.etag());
    let read = scene.ask(&format!("GET /Groups/{GROUP}\nHost: example.com\n"));
    scene.is_answer(&read, ADDED);
    assert_eq!(read.etag(), added.etag());
}

/// "If the user was already a member of this group, no changes should be made to the resource, and
/// a success response should be returned."
#[test]
fn section_3_5_2_1_adding_a_member_again_changes_nothing() {
    let (scene, _) = group();
    let added = scene.ask(ADD_MEMBER);
    let again = scene.ask(ADD_MEMBER);
    scene.is_answer(&again, ADDED);
    assert_eq!(again.etag(), added.etag());
    assert_eq!(again.json(), added.json());
}

/// With the brace that is missing in print.
#[test]
fn section_3_5_2_1_adding_attributes_without_a_path() {
    let mut scene = Scene::new();
    let created = scene.exists(
        BABS,
        "/Users",
        r#"{ "userName": "bjensen", "nickName": "B",
             "emails": [{ "value": "bjensen@example.com", "type": "work" }] }"#,
    );
    scene.let_stand("W/\"a330bc54f0671c9\"", created.etag());
    let added = scene.ask(
        r#"
PATCH /Users/2819c223-7f76-453a-919d-413861904646
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
If-Match: W/"a330bc54f0671c9"

{
  "schemas":
    ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations":[{
    "op":"add",
    "value":{
      "emails":[
        {
          "value":"babs@jensen.org",
          "type":"home"
        }
      ],
      "nickname":"Babs"
    }
  }]
}
"#,
    );
    assert_eq!(added.status, 200, "{added:?}");
    let user = added.json();
    assert_eq!(user["nickName"], "Babs");
    scene.is_shape(
        &user["emails"],
        r#"[
          { "value": "bjensen@example.com", "type": "work" },
          { "value": "babs@jensen.org", "type": "home" }
        ]"#,
    );
}

#[test]
fn section_3_5_2_an_attribute_of_an_extension_brings_its_schema_along() {
    let mut scene = Scene::new();
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let path = format!("{enterprise}:employeeNumber");
    let add = json!({ "op": "add", "path": path, "value": "701984" });
    let user = patched(&scene, &json!([add]));
    assert_eq!(user[enterprise], json!({ "employeeNumber": "701984" }));
    scene.is_shape(
        &user["schemas"],
        r#"["urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]"#,
    );
}

/// The last path of Figure 8 names a `displayName` that members don't have; it is `display`.
#[test]
fn section_3_5_2_the_example_paths_are_paths() {
    let (mut scene, _) = group();
    scene.exists(
        "the-user",
        "/Users",
        r#"{ "userName": "jsmith", "name": { "familyName": "Smith", "givenName": "James" },
             "addresses": [{ "type": "work", "country": "US" }, { "type": "home", "country": "DE" }] }"#,
    );
    assert_eq!(scene.ask(ADD_MEMBER).status, 200);
    for (resource, path) in [
        ("/Users/the-user", r"name.familyName"),
        ("/Users/the-user", r#"addresses[type eq \"work\"]"#),
        (
            "/Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce",
            r#"members[value eq \"2819c223-7f76-453a-919d-413861904646\"].display"#,
        ),
        (
            "/Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce",
            r#"members[value eq \"2819c223-7f76-453a-919d-413861904646\"]"#,
        ),
        ("/Groups/acbf3ae7-8463-4692-b4fd-9b4da3f908ce", r"members"),
    ] {
        let answer = scene.ask(&format!(
            "PATCH {resource}\nHost: example.com\n\n\
             {{ \"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],
                \"Operations\": [{{ \"op\": \"remove\", \"path\": \"{path}\" }}] }}"
        ));
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
    let user = scene.read("/Users/the-user");
    assert_eq!(user["name"], json!({ "givenName": "James" }));
    assert_eq!(
        user["addresses"],
        json!([{ "type": "home", "country": "DE" }])
    );
}

#[test]
fn section_3_5_2_a_patch_that_fails_in_its_last_operation_changes_nothing() {
    let mut scene = Scene::new();
    let created = scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    let operations = json!([
        { "op": "add", "path": "title", "value": "Guide" },
        { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@example.com" }
    ]);
    let answer = scene.ask(&patch(&operations));
    assert_eq!(
        (answer.status, &answer.json()["scimType"]),
        (400, &"noTarget".into())
    );
    let read = scene.ask(&format!("GET /Users/{BABS}\nHost: example.com\n"));
    assert_eq!((read.etag(), read.json()), (created.etag(), created.json()));
}

#[test]
fn section_3_5_2_a_new_primary_takes_over_from_the_old_one() {
    let mut scene = Scene::new();
    scene.exists(
        BABS,
        "/Users",
        r#"{ "userName": "bjensen", "emails": [{ "value": "a@example.com", "primary": true }] }"#,
    );
    let value = json!([{ "value": "b@example.com", "primary": true }]);
    let user = patched(
        &scene,
        &json!([{ "op": "add", "path": "emails", "value": value }]),
    );
    let primary: Vec<&Value> = user["emails"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|email| email["primary"] == true)
        .collect();
    assert_eq!(
        primary,
        [&json!({ "value": "b@example.com", "primary": true })]
    );
}

#[test]
fn section_3_5_2_a_patch_that_asks_for_attributes_is_answered_with_them() {
    let mut scene = Scene::new();
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    let operations = json!([{ "op": "add", "path": "title", "value": "Guide" }]);
    let request = patch(&operations).replace(BABS, &format!("{BABS}?attributes=title"));
    let answer = scene.ask(&with(&request, "Prefer: return=minimal"));
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 200 OK

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "title":"Guide"
}
"#,
    );
}

fn patch(operations: &Value) -> String {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    let body = json!({ "schemas": schemas, "Operations": operations });
    format!("PATCH /Users/{BABS}\nHost: example.com\n\n{body}")
}

fn patched(scene: &Scene, operations: &Value) -> Value {
    let answer = scene.ask(&patch(operations));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}
