//! RFC 7644 §3.4.1, §3.8, §3.9, §3.10, §3.11 and what §3.14 says of reading.

use scim_tests::Answer;

use crate::scene::{BABS, Scene};

const USER: &str = r#"
{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "externalId":"bjensen",
  "name":{
    "formatted":"Ms. Barbara J Jensen III",
    "familyName":"Jensen",
    "givenName":"Barbara"
  },
  "userName":"bjensen",
  "phoneNumbers":[
    {
      "value":"555-555-8377",
      "type":"work"
    }
  ],
  "emails":[
    {
      "value":"bjensen@example.com",
      "type":"work"
    }
  ]
}
"#;

fn scene() -> (Scene, Answer) {
    let mut scene = Scene::new();
    let created = scene.exists(BABS, "/Users", USER);
    (scene, created)
}

/// `Location`, as it is printed, is `Content-Location` (RFC 7643 §3.1).
#[test]
fn section_3_4_1_retrieving_a_user() {
    let (scene, _) = scene();
    let answer = scene.ask(
        "
GET /Users/2819c223-7f76-453a-919d-413861904646
Host: example.com
Accept: application/scim+json
Authorization: Bearer h480djs93hd8
",
    );
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json
Content-Location: https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646
ETag: W/"f250dd84f0671c3"

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "externalId":"bjensen",
  "meta":{
    "resourceType":"User",
    "created":"2011-08-01T18:29:49.793Z",
    "lastModified":"2011-08-01T18:29:49.793Z",
    "location":"https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
    "version":"W\/\"f250dd84f0671c3\""
  },
  "name":{
    "formatted":"Ms. Barbara J Jensen III",
    "familyName":"Jensen",
    "givenName":"Barbara"
  },
  "userName":"bjensen",
  "phoneNumbers":[
    {
      "value":"555-555-8377",
      "type":"work"
    }
  ],
  "emails":[
    {
      "value":"bjensen@example.com",
      "type":"work"
    }
  ]
}
"#,
    );
}

/// "or via URI suffix" is a MAY that is not done: a suffix belongs to the id.
#[test]
fn section_3_8_a_suffix_chooses_no_format() {
    let (scene, _) = scene();
    let answer = scene.ask(
        "
GET /Users/2819c223-7f76-453a-919d-413861904646.scim
Host: example.com
",
    );
    assert_eq!(answer.status, 404);
}

#[test]
fn section_3_8_the_format_is_scim_json_whether_or_not_it_is_asked_for() {
    let (scene, _) = scene();
    for accept in [
        "",
        "Accept: application/scim+json\n",
        "Accept: application/json\n",
    ] {
        let request = format!("GET /Users/{BABS}\nHost: example.com\n{accept}");
        let answer = scene.ask(&request);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    }
}

#[test]
fn section_3_9_retrieving_one_attribute() {
    let (scene, created) = scene();
    let answer = scene.ask(
        "
GET /Users/2819c223-7f76-453a-919d-413861904646?attributes=userName
Host: example.com
Accept: application/scim+json
Authorization: Bearer h480djs93hd8
",
    );
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json
Content-Location: https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646
ETag: W/"a330bc54f0671c9"

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "userName":"bjensen"
}
"#,
    );
    assert_eq!(answer.etag(), created.etag());
}

#[test]
fn section_3_10_a_fully_qualified_path_in_any_case_names_a_sub_attribute() {
    let (scene, _) = scene();
    for name in [
        "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
        "URN:IETF:params:scim:schemas:CORE:2.0:user:NAME.givenname",
        "name.givenName",
    ] {
        let request = format!("GET /Users/{BABS}?attributes={name}\nHost: example.com\n");
        scene.is_answer(
            &scene.ask(&request),
            r#"
HTTP/1.1 200 OK

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "name":{ "givenName":"Barbara" }
}
"#,
        );
    }
}

#[test]
fn section_3_11_me_is_501_where_it_is_not_supported() {
    let (scene, _) = scene();
    for method in ["GET", "PUT", "PATCH", "DELETE", "POST"] {
        let body = if method == "GET" || method == "DELETE" {
            ""
        } else {
            "\n{ \"userName\": \"bjensen\" }"
        };
        let answer = scene.ask(&format!("{method} /Me\nHost: example.com\n{body}"));
        assert_eq!(answer.status, 501, "{method}: {answer:?}");
        assert_eq!(answer.json()["status"], "501");
    }
}

#[test]
fn section_3_14_what_has_not_changed_is_not_sent_again() {
    let (mut scene, created) = scene();
    scene.let_stand("W/\"e180ee84f0671b1\"", created.etag());
    let conditional = "
GET /Users/2819c223-7f76-453a-919d-413861904646?attributes=displayName
Host: example.com
Accept: application/scim+json
Authorization: Bearer h480djs93hd8
If-None-Match: W/\"e180ee84f0671b1\"
";
    let unchanged = scene.ask(conditional);
    scene.is_answer(&unchanged, "\nHTTP/1.1 304 Not Modified\n");
    assert_eq!(unchanged.etag(), created.etag());

    let change = format!(
        "PUT /Users/{BABS}\nHost: example.com\n\n{{ \"userName\": \"bjensen\", \"displayName\": \"Babs\" }}"
    );
    assert_eq!(scene.ask(&change).status, 200);
    let changed = scene.ask(conditional);
    assert_eq!(
        (changed.status, &changed.json()["displayName"]),
        (200, &"Babs".into())
    );
}

#[test]
fn section_3_14_a_write_whose_tag_is_not_the_latest_fails() {
    let (scene, _) = scene();
    for (method, body) in [
        ("PUT", r#"{ "userName": "bjensen", "displayName": "Babs" }"#),
        (
            "PATCH",
            r#"{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                 "Operations": [{ "op": "add", "path": "displayName", "value": "Babs" }] }"#,
        ),
    ] {
        let answer = scene.ask(&format!(
            "{method} /Users/{BABS}\nHost: example.com\nIf-Match: W/\"e180ee84f0671b1\"\n\n{body}"
        ));
        scene.is_answer(
            &answer,
            r#"
HTTP/1.1 412 Precondition Failed
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
  "detail": "Failed to update.  Resource has changed on the server.",
  "status": "412"
}
"#,
        );
    }
    assert_eq!(
        scene.read(&format!("/Users/{BABS}")).get("displayName"),
        None
    );
}
