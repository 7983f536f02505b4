//! RFC 7644 §3.5.1 and §3.6.

use crate::scene::{BABS, Scene};

/// `Location` is `Content-Location`, and stands without the quotes that are printed.
#[test]
fn section_3_5_1_replacing_a_user() {
    let mut scene = Scene::new();
    let created = scene.exists(
        BABS,
        "/Users",
        r#"{ "userName": "bjensen", "roles": [{ "value": "guide" }], "nickName": "Babs" }"#,
    );
    scene.let_stand("W/\"a330bc54f0671c9\"", created.etag());
    let replaced = scene.ask(
        r#"
PUT /Users/2819c223-7f76-453a-919d-413861904646
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
If-Match: W/"a330bc54f0671c9"

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "userName":"bjensen",
  "externalId":"bjensen",
  "name":{
    "formatted":"Ms. Barbara J Jensen III",
    "familyName":"Jensen",
    "givenName":"Barbara",
    "middleName":"Jane"
  },
  "roles":[],
  "emails":[
    {
        "value":"bjensen@example.com"
    },
    {
        "value":"babs@jensen.org"
    }
  ]
}
"#,
    );
    let printed = r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json
ETag: W/"b431af54f0671a2"
Content-Location: https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "userName":"bjensen",
  "externalId":"bjensen",
  "name":{
    "formatted":"Ms. Barbara J Jensen III",
    "familyName":"Jensen",
    "givenName":"Barbara",
    "middleName":"Jane"
  },
  "emails":[
    {
        "value":"bjensen@example.com"
    },
    {
        "value":"babs@jensen.org"
    }
  ],
  "meta": {
    "resourceType":"User",
    "created":"2011-08-08T04:56:22Z",
    "lastModified":"2011-08-08T08:00:12Z",
    "location":"https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
    "version":"W\/\"b431af54f0671a2\""
  }
}
"#;
    scene.is_answer(&replaced, printed);
    assert_ne!(replaced.etag(), created.etag());
    assert_eq!(
        replaced.json()["meta"]["created"],
        created.json()["meta"]["created"]
    );
}

#[test]
fn section_3_5_1_put_creates_nothing() {
    let scene = Scene::new();
    let answer = scene.ask(
        "PUT /Users/2819c223-7f76-453a-919d-413861904646\nHost: example.com\n\n{ \"userName\": \"bjensen\" }",
    );
    assert_eq!(answer.status, 404);
    assert_eq!(scene.read("/Users")["totalResults"], 0);
}

#[test]
fn section_3_6_deleting_a_user() {
    let mut scene = Scene::new();
    let created = scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    scene.let_stand("W/\"c310cd84f0281b7\"", created.etag());
    let deleted = scene.ask(
        r#"
DELETE /Users/2819c223-7f76-453a-919d-413861904646
Host: example.com
Authorization: Bearer h480djs93hd8
If-Match: W/"c310cd84f0281b7"
"#,
    );
    scene.is_answer(&deleted, "\nHTTP/1.1 204 No Content\n");

    let gone = scene.ask(
        "
GET /Users/2819c223-7f76-453a-919d-413861904646
Host: example.com
Authorization: Bearer h480djs93hd8
",
    );
    scene.is_answer(
        &gone,
        r#"
HTTP/1.1 404 Not Found

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
  "detail":"Resource 2819c223... not found",
  "status": "404"
}
"#,
    );

    // Nor does it count any longer for lists and conflicts.
    assert_eq!(scene.read("/Users")["totalResults"], 0);
    scene.create("/Users", r#"{ "userName": "bjensen" }"#);
}
