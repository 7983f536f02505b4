//! RFC 7644 §3.5.2.3. The answers are left out in print: 200 with the resource.

use serde_json::{Value, json};

use crate::scene::{BABS, Scene};

/// Babs with a home address that is the primary one; the tag of the examples is hers.
fn babs() -> Scene {
    let mut scene = Scene::new();
    let created = scene.exists(
        BABS,
        "/Users",
        r#"{ "userName": "bjensen", "title": "Guide", "nickName": "B",
             "emails": [{ "value": "old@example.com", "type": "work" }],
             "addresses": [
               { "type": "work", "streetAddress": "100 Universal City Plaza", "country": "US" },
               { "type": "home", "streetAddress": "456 Hollywood Blvd", "primary": true }] }"#,
    );
    scene.let_stand("W/\"a330bc54f0671c9\"", created.etag());
    scene
}

/// The ids are printed shortened.
#[test]
fn section_3_5_2_3_replacing_all_members() {
    let mut scene = Scene::new();
    let (james, mandy) = ("08e1d05d-121c-4561-8b96-473d93df9210", "902c246b");
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    scene.exists(james, "/Users", r#"{ "userName": "jsmith" }"#);
    scene.exists(mandy, "/Users", r#"{ "userName": "mpepperidge" }"#);
    let group = scene.exists(
        "acbf3ae7-8463-4692-b4fd-9b4da3f908ce",
        "/Groups",
        r#"{ "displayName": "Guides", "members": [{ "value": "902c246b" }] }"#,
    );
    scene.let_stand("W/\"a330bc54f0671c9\"", group.etag());
    let replaced = scene.ask(
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
  "Operations": [{
    "op":"replace",
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
      }
    ]
  }]
}
"#,
    );
    assert_eq!(replaced.status, 200, "{replaced:?}");
    scene.is_shape(
        &replaced.json()["members"],
        r#"[
          {
            "display": "Babs Jensen",
            "$ref": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
            "value": "2819c223-7f76-453a-919d-413861904646",
            "type": "User"
          },
          {
            "display": "James Smith",
            "$ref": "https://example.com/v2/Users/08e1d05d-121c-4561-8b96-473d93df9210",
            "value": "08e1d05d-121c-4561-8b96-473d93df9210",
            "type": "User"
          }
        ]"#,
    );
}

#[test]
fn section_3_5_2_3_replacing_the_work_address() {
    let scene = babs();
    let replaced = scene.ask(
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
  "Operations": [{
    "op":"replace",
    "path":"addresses[type eq \"work\"]",
    "value":
    {
      "type": "work",
      "streetAddress": "911 Universal City Plaza",
      "locality": "Hollywood",
      "region": "CA",
      "postalCode": "91608",
      "country": "US",
      "formatted": "911 Universal City Plaza\nHollywood, CA 91608 US",
      "primary": true
    }
  }]
}
"#,
    );
    assert_eq!(replaced.status, 200, "{replaced:?}");
    // "the service provider will reset "primary" to "false" for any other existing values"
    scene.is_shape(
        &replaced.json()["addresses"],
        r#"[
          {
            "type": "work",
            "streetAddress": "911 Universal City Plaza",
            "locality": "Hollywood",
            "region": "CA",
            "postalCode": "91608",
            "country": "US",
            "formatted": "911 Universal City Plaza\nHollywood, CA 91608 US",
            "primary": true
          },
          { "type": "home", "streetAddress": "456 Hollywood Blvd", "primary": false }
        ]"#,
    );
}

/// The text calls the attribute "emails"; the example is right.
#[test]
fn section_3_5_2_3_replacing_one_sub_attribute_of_the_work_address() {
    let scene = babs();
    let replaced = scene.ask(
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
  "Operations": [{
    "op":"replace",
    "path":"addresses[type eq \"work\"].streetAddress",
    "value":"1010 Broadway Ave"
  }]
}
"#,
    );
    assert_eq!(replaced.status, 200, "{replaced:?}");
    scene.is_shape(
        &replaced.json()["addresses"],
        r#"[
          { "type": "work", "streetAddress": "1010 Broadway Ave", "country": "US" },
          { "type": "home", "streetAddress": "456 Hollywood Blvd", "primary": true }
        ]"#,
    );
}

/// With the brace that is missing in print.
#[test]
fn section_3_5_2_3_replacing_attributes_without_a_path() {
    let scene = babs();
    let replaced = scene.ask(
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
  "Operations": [{
    "op":"replace",
    "value":{
      "emails":[
        {
          "value":"bjensen@example.com",
          "type":"work",
          "primary":true
        },
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
    assert_eq!(replaced.status, 200, "{replaced:?}");
    let user = replaced.json();
    scene.is_shape(
        &user["emails"],
        r#"[
          { "value":"bjensen@example.com", "type":"work", "primary":true },
          { "value":"babs@jensen.org", "type":"home" }
        ]"#,
    );
    // "Note that other attributes are unaffected."
    assert_eq!(
        (&user["nickName"], &user["title"]),
        (&"Babs".into(), &"Guide".into())
    );
    assert_eq!(user["addresses"].as_array().map(Vec::len), Some(2));
}

#[test]
fn section_3_5_2_3_a_filter_that_lets_nothing_through_is_no_target() {
    let scene = babs();
    for (path, value) in [
        (
            "emails[type eq \"home\"]",
            json!({ "value": "a@example.com" }),
        ),
        ("emails[type eq \"home\"].value", json!("a@example.com")),
    ] {
        let answer = replace(&scene, path, &value);
        assert_eq!(answer["status"], "400", "{answer}");
        assert_eq!(answer["scimType"], "noTarget", "{answer}");
    }
}

#[test]
fn section_3_5_2_3_replacing_what_is_not_there_adds_it() {
    let scene = babs();
    assert_eq!(
        replace(&scene, "displayName", &json!("Babs"))["displayName"],
        "Babs"
    );
    assert_eq!(
        replace(&scene, "name.givenName", &json!("Barbara"))["name"],
        json!({ "givenName": "Barbara" })
    );
}

#[test]
fn section_3_5_2_3_a_complex_value_keeps_the_sub_attributes_that_are_not_named() {
    let scene = babs();
    replace(
        &scene,
        "name",
        &json!({ "givenName": "Barbara", "familyName": "Jensen" }),
    );
    assert_eq!(
        replace(&scene, "name", &json!({ "givenName": "Babs" }))["name"],
        json!({ "givenName": "Babs", "familyName": "Jensen" })
    );
}

fn replace(scene: &Scene, path: &str, value: &Value) -> Value {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": path, "value": value }],
    });
    scene
        .ask(&format!("PATCH /Users/{BABS}\nHost: example.com\n\n{body}"))
        .json()
}
