//! RFC 7644 §3.12.

use crate::scene::{BABS, Scene};

#[test]
fn section_3_12_what_does_not_exist_is_404() {
    let scene = Scene::new();
    scene.is_answer(
        &scene.ask("GET /Users/2819c223-7f76-453a-919d-413861904646\nHost: example.com\n"),
        r#"
HTTP/1.1 404 Not Found
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
  "detail":"Resource 2819c223-7f76-453a-919d-413861904646 not found",
  "status": "404"
}
"#,
    );
}

/// Printed as the answer to a PUT, which §3.5.1 has ignore an `id`; PATCH refuses it. A comma is
/// missing in print.
#[test]
fn section_3_12_a_change_of_what_is_read_only_is_400_mutability() {
    let mut scene = Scene::new();
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    let answer = scene.ask(
        r#"
PATCH /Users/2819c223-7f76-453a-919d-413861904646
Host: example.com

{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [{ "op": "replace", "path": "id", "value": "1" }] }
"#,
    );
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 400 Bad Request
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
  "scimType":"mutability",
  "detail":"Attribute 'id' is readOnly",
  "status": "400"
}
"#,
    );
}

#[test]
fn section_3_5_1_a_put_ignores_what_is_read_only() {
    let mut scene = Scene::new();
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    let answer = scene.ask(
        "PUT /Users/2819c223-7f76-453a-919d-413861904646\nHost: example.com\n\n{ \"id\": \"1\", \"userName\": \"babs\" }",
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let read = scene.read("/Users/2819c223-7f76-453a-919d-413861904646");
    assert_eq!(read["userName"], "babs");
    assert_eq!(read["id"], answer.json()["id"]);
}
