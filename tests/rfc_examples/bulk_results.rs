//! RFC 7644 §3.7.3 and §3.7.4.

use crate::scene::Scene;

/// With the right schema for the user that is created (printed as one of the messages), and PATCH
/// data that is JSON and says what it is (printed as `{[ … ]}`).
const REQUEST: &str = r#"
POST /v2/Bulk
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
Content-Length: ...

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
  "failOnErrors":1,
  "Operations":[
    {
      "method":"POST",
      "path":"/Users",
      "bulkId":"qwerty",
      "data":{
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName":"Alice"
      }
    },
    {
      "method":"PUT",
      "path":"/Users/b7c14771-226c-4d05-8860-134711653041",
      "version":"W\/\"3694e05e9dff591\"",
      "data":{
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id":"b7c14771-226c-4d05-8860-134711653041",
        "userName":"Bob"
      }
    },
    {
      "method": "PATCH",
      "path": "/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc",
      "version": "W/\"edac3253e2c0ef2\"",
      "data": {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [
        {
            "op": "remove",
            "path": "nickName"
        },
        {
            "op": "add",
            "path": "userName",
            "value": "Dave"
        }
      ]}
    },
    {
      "method":"DELETE",
      "path":"/Users/e9025315-6bea-44e1-899c-1e07454e468b",
      "version":"W\/\"0ee8add0a938e1a\""
    }
  ]
}
"#;

/// A server with the users of the example, whose tags those of the request stand for.
fn scene() -> Scene {
    let mut scene = Scene::new();
    for (id, tag, user) in [
        (
            "b7c14771-226c-4d05-8860-134711653041",
            "3694e05e9dff591",
            r#"{ "userName": "bob", "nickName": "B" }"#,
        ),
        (
            "5d8d29d3-342c-4b5f-8683-a3cb6763ffcc",
            "edac3253e2c0ef2",
            r#"{ "userName": "dave", "nickName": "D" }"#,
        ),
        (
            "e9025315-6bea-44e1-899c-1e07454e468b",
            "0ee8add0a938e1a",
            r#"{ "userName": "eve" }"#,
        ),
    ] {
        let created = scene.exists(id, "/Users", user);
        let opaque = created.etag().strip_prefix("W/\"").unwrap();
        scene.let_stand(tag, opaque.strip_suffix('"').unwrap());
    }
    scene
}

#[test]
fn section_3_7_3_adding_updating_and_removing_users() {
    let scene = scene();
    let answer = scene.ask(REQUEST);
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
  "Operations": [
    {
      "location": "https://example.com/v2/Users/92b725cd-9465-4e7d-8c16-01f8e146b87a",
      "method": "POST",
      "bulkId": "qwerty",
      "version": "W\/\"oY4m4wn58tkVjJxK\"",
      "status": "201"
    },
    {
      "location": "https://example.com/v2/Users/b7c14771-226c-4d05-8860-134711653041",
      "method": "PUT",
      "version": "W\/\"huJj29dMNgu3WXPD\"",
      "status": "200"
    },
    {
      "location": "https://example.com/v2/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc",
      "method": "PATCH",
      "version": "W\/\"huJj29dMNgu3WXPE\"",
      "status": "200"
    },
    {
      "location": "https://example.com/v2/Users/e9025315-6bea-44e1-899c-1e07454e468b",
      "method": "DELETE",
      "status": "204"
    }
  ]
}
"#,
    );
    let dave = scene.read("/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc");
    assert_eq!(
        (&dave["userName"], dave.get("nickName")),
        (&"Dave".into(), None)
    );
    assert_eq!(
        dave["meta"]["version"],
        answer.json()["Operations"][2]["version"]
    );
    assert_eq!(scene.read("/Users")["totalResults"], 3);
}

/// A name that is taken is 409; 400 is for one that is missing.
#[test]
fn section_3_7_3_a_bulk_stops_at_the_number_of_errors_it_names() {
    let scene = scene();
    let answer = scene.ask(&REQUEST.replace("\"userName\":\"Alice\"", "\"userName\":\"\""));
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
  "Operations": [
    {
      "method": "POST",
      "bulkId": "qwerty",
      "status": "400",
      "response":{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "scimType":"invalidValue",
        "detail": "Request is unparsable, syntactically incorrect, or violates schema.",
        "status":"400"
      }
    }
  ]
}
"#,
    );
    let users = scene.read("/Users?filter=userName%20eq%20%22eve%22");
    assert_eq!(users["totalResults"], 1, "nothing after it was done");
}

#[test]
fn section_3_7_3_a_bulk_in_which_all_operations_fail() {
    let scene = scene();
    // Everybody changes once more, and Eve goes, before the bulk arrives.
    for id in [
        "b7c14771-226c-4d05-8860-134711653041",
        "5d8d29d3-342c-4b5f-8683-a3cb6763ffcc",
    ] {
        let changed = scene.ask(&format!(
            "PATCH /Users/{id}\nHost: example.com\n\n\
             {{ \"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],
                \"Operations\": [{{ \"op\": \"add\", \"path\": \"title\", \"value\": \"x\" }}] }}"
        ));
        assert_eq!(changed.status, 200);
    }
    let gone = scene.ask("DELETE /Users/e9025315-6bea-44e1-899c-1e07454e468b\nHost: example.com\n");
    assert_eq!(gone.status, 204);

    let request = REQUEST
        .replace("\"failOnErrors\":1,", "")
        .replace("\"userName\":\"Alice\"", "\"userName\":\"\"");
    scene.is_answer(
        &scene.ask(&request),
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
  "Operations": [
    {
      "method": "POST",
      "bulkId": "qwerty",
      "status": "400",
      "response":{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "scimType":"invalidValue",
        "detail": "Request is unparsable, syntactically incorrect, or violates schema.",
        "status":"400"
      }
    },
    {
      "location": "https://example.com/v2/Users/b7c14771-226c-4d05-8860-134711653041",
      "method": "PUT",
      "version?": "W\/\"huJj29dMNgu3WXPD\"",
      "status": "412",
      "response":{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "detail": "Failed to update.  Resource changed on the server.",
        "status":"412"
      }
    },
    {
      "location": "https://example.com/v2/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc",
      "method": "PATCH",
      "version?": "W\/\"huJj29dMNgu3WXPD\"",
      "status": "412",
      "response":{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "detail": "Failed to update.  Resource changed on the server.",
        "status":"412"
      }
    },
    {
      "location": "https://example.com/v2/Users/e9025315-6bea-44e1-899c-1e07454e468b",
      "method": "DELETE",
      "status": "404",
      "response":{
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "detail":"Resource does not exist.",
        "status":"404"
      }
    }
  ]
}
"#,
    );
}

/// The limit that is exceeded is in the body, as the server advertises it.
#[test]
fn section_3_7_4_a_bulk_that_is_too_large_is_413_and_names_the_limit() {
    let scene = Scene::new();
    let limits = scene.read("/ServiceProviderConfig")["bulk"].clone();
    let payload = limits["maxPayloadSize"].as_u64().unwrap();
    let padding = " ".repeat(usize::try_from(payload).unwrap());
    let operations = limits["maxOperations"].as_u64().unwrap();
    let many =
        vec![r#"{"method":"DELETE","path":"/Users/1"}"#; usize::try_from(operations).unwrap() + 1];
    for (body, limit, name) in [
        (format!("{{{padding}}}"), payload, "maxPayloadSize"),
        (
            format!(
                "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\"Operations\":[{}]}}",
                many.join(",")
            ),
            operations,
            "maxOperations",
        ),
    ] {
        let answer = scene.ask(&format!(
            "POST /v2/Bulk\nHost: example.com\nExpect: 100-continue\n\n{body}"
        ));
        scene.is_answer(
            &answer,
            r#"
HTTP/1.1 413 Payload Too Large
Content-Type: application/scim+json

{
  "schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],
  "status": "413",
  "detail": "The size of the bulk operation exceeds the maxPayloadSize (1048576)."
}
"#,
        );
        let error = answer.json();
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.contains(&limit.to_string()), "{name}: {detail}");
    }
}
