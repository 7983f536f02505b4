//! RFC 7643 §8.1 to §8.4: the representations, written and read again.

use serde_json::{Value, json};

use crate::scene::{BABS, Scene};

const GROUPS: [(&str, &str); 3] = [
    ("e9e30dba-f08f-4109-8486-d5c6a331660a", "Tour Guides"),
    ("fc348aa8-3835-40eb-a20b-c726e15c55b5", "Employees"),
    ("71ddacd2-a8e7-49b8-a5db-ae50d0a5bfd7", "US Employees"),
];
const MANAGER: &str = "26118915-6090-4610-87e4-49d8ca9f808d";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[test]
fn rfc_7643_section_8_1_a_minimal_user() {
    let mut scene = Scene::new();
    let printed = r#"{
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
      "id": "2819c223-7f76-453a-919d-413861904646",
      "userName": "bjensen@example.com",
      "meta": {
        "resourceType": "User",
        "created": "2010-01-23T04:56:22Z",
        "lastModified": "2011-05-13T04:42:34Z",
        "version": "W\/\"3694e05e9dff590\"",
        "location": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646"
      }
    }"#;
    let created = scene.exists(BABS, "/Users", printed);
    scene.is_shape(&created.json(), printed);
    scene.is_shape(&scene.read(&format!("/Users/{BABS}")), printed);
    // What the client says of these does not count (RFC 7643 §3.1).
    let user = created.json();
    assert_ne!(user["id"], BABS);
    assert_ne!(user["meta"]["created"], "2010-01-23T04:56:22Z");
}

#[test]
fn rfc_7643_section_8_2_a_full_user() {
    let printed = include_str!("resources/full_user.json");
    written_and_read(printed);
}

/// `../Groups/…` and `../Users/…` are printed for references, which lead out of the base URL that §2.3.7
/// resolves them against.
#[test]
fn rfc_7643_section_8_3_a_user_with_the_enterprise_extension() {
    let printed = include_str!("resources/enterprise_user.json");
    written_and_read(&printed.replace("\"../", "\"https://example.com/v2/"));
}

/// `type` is not printed.
#[test]
fn rfc_7643_section_8_4_a_group() {
    let mut scene = Scene::new();
    let mandy = "902c246b-6245-4190-8e05-00816be7344a";
    scene.exists(BABS, "/Users", r#"{ "userName": "bjensen" }"#);
    scene.exists(mandy, "/Users", r#"{ "userName": "mpepperidge" }"#);
    let group = "e9e30dba-f08f-4109-8486-d5c6a331660a";
    let printed = r#"{
      "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      "id": "e9e30dba-f08f-4109-8486-d5c6a331660a",
      "displayName": "Tour Guides",
      "members": [
        {
          "value": "2819c223-7f76-453a-919d-413861904646",
          "$ref": "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
          "display": "Babs Jensen"
        },
        {
          "value": "902c246b-6245-4190-8e05-00816be7344a",
          "$ref": "https://example.com/v2/Users/902c246b-6245-4190-8e05-00816be7344a",
          "display": "Mandy Pepperidge"
        }
      ],
      "meta": {
        "resourceType": "Group",
        "created": "2010-01-23T04:56:22Z",
        "lastModified": "2011-05-13T04:42:34Z",
        "version": "W\/\"3694e05e9dff592\"",
        "location": "https://example.com/v2/Groups/e9e30dba-f08f-4109-8486-d5c6a331660a"
      }
    }"#;
    scene.exists(group, "/Groups", printed);
    let shown = printed.replace("\"display\":", "\"type\": \"User\", \"display\":");
    scene.is_shape(&scene.read(&format!("/Groups/{group}")), &shown);
}

/// The user that is printed is created, becomes a member of the groups that are printed, and is read:
/// all is there but the password.
fn written_and_read(printed: &str) {
    let mut scene = Scene::new();
    scene.exists(
        MANAGER,
        "/Users",
        r#"{ "userName": "jsmith", "displayName": "John Smith" }"#,
    );
    let created = scene.exists(BABS, "/Users", printed);
    for (id, name) in GROUPS {
        let group = json!({ "displayName": name, "members": [{ "value": BABS }] });
        scene.exists(id, "/Groups", &group.to_string());
    }

    let mut shown: Value = serde_json::from_str(printed).unwrap();
    let password = shown.as_object_mut().unwrap().remove("password").unwrap();
    for group in shown["groups"].as_array_mut().unwrap() {
        group["type?"] = "direct".into();
    }
    if let Some(enterprise) = shown.get_mut(ENTERPRISE) {
        let manager = enterprise["manager"].as_object_mut().unwrap();
        // Read-only, and what the server makes of it is its own affair.
        let name = manager.remove("displayName").unwrap();
        manager.insert("displayName?".to_owned(), name);
    }
    let read = scene.ask(&format!("GET /Users/{BABS}\nHost: example.com\n"));
    scene.is_shape(&read.json(), &shown.to_string());
    for answer in [&created, &read] {
        assert!(!answer.body.contains(password.as_str().unwrap()));
    }
}
