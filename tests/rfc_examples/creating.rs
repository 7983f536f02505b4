//! RFC 7644 §3.3.

use crate::scene::Scene;

const REQUEST: &str = r#"
POST /Users  HTTP/1.1
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
Content-Length: ...

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "userName":"bjensen",
  "externalId":"bjensen",
  "name":{
    "formatted":"Ms. Barbara J Jensen III",
    "familyName":"Jensen",
    "givenName":"Barbara"
  }
}
"#;

#[test]
fn section_3_3_creating_a_user() {
    let scene = Scene::new();
    let created = scene.ask(REQUEST);
    scene.is_answer(
        &created,
        r#"
HTTP/1.1 201 Created
Content-Type: application/scim+json
Location: https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646
ETag: W/"e180ee84f0671b1"

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "externalId":"bjensen",
  "meta":{
    "resourceType":"User",
    "created":"2011-08-01T21:32:44.882Z",
    "lastModified":"2011-08-01T21:32:44.882Z",
    "location":"https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
    "version":"W\/\"e180ee84f0671b1\""
  },
  "name":{
    "formatted":"Ms. Barbara J Jensen III",
    "familyName":"Jensen",
    "givenName":"Barbara"
  },
  "userName":"bjensen"
}
"#,
    );
    let meta = &created.json()["meta"];
    assert_eq!(meta["created"], meta["lastModified"], "RFC 7643 §3.1");
}

#[test]
fn section_3_3_a_duplicate_user_name_is_409_uniqueness() {
    let scene = Scene::new();
    assert_eq!(scene.ask(REQUEST).status, 201);
    scene.is_answer(
        &scene.ask(REQUEST),
        r#"
HTTP/1.1 409 Conflict
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
  "scimType": "uniqueness",
  "detail": "...",
  "status": "409"
}
"#,
    );
}

#[test]
fn section_3_3_1_the_endpoint_sets_the_resource_type() {
    let scene = Scene::new();
    let user = scene.ask("POST /Users\nHost: example.com\n\n{ \"userName\": \"bjensen\" }");
    let group = scene.ask("POST /Groups\nHost: example.com\n\n{ \"displayName\": \"Guides\" }");
    assert_eq!(user.json()["meta"]["resourceType"], "User");
    assert_eq!(group.json()["meta"]["resourceType"], "Group");
}

/// The answer that is printed leaves out the `externalId` of the request.
#[test]
fn section_3_14_creating_a_user_gives_it_a_version() {
    let scene = Scene::new();
    let request = REQUEST.replace("Accept: application/scim+json\n", "");
    scene.is_answer(
        &scene.ask(&request),
        r#"
HTTP/1.1 201 Created
Content-Type: application/scim+json
Location: https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646
ETag: W/"e180ee84f0671b1"

{
  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
  "id":"2819c223-7f76-453a-919d-413861904646",
  "externalId":"bjensen",
  "meta":{
    "resourceType":"User",
    "created":"2011-08-01T21:32:44.882Z",
    "lastModified":"2011-08-01T21:32:44.882Z",
    "location":"https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
    "version":"W\/\"e180ee84f0671b1\""
  },
  "name":{
    "formatted":"Ms. Barbara J Jensen III",
    "familyName":"Jensen",
    "givenName":"Barbara"
  },
  "userName":"bjensen"
}
"#,
    );
}
