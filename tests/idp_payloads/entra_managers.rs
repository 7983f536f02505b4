//! Entra ID and the one reference of a user that it writes.

use serde_json::{Value, json};

use crate::scene::{ENTERPRISE, Scene};

/// An issue of SCIM-SDK, "Patch add operation … fails for string value", and the custom mapping of
/// `manager` in the tutorial: the id instead of a value that has it.
#[test]
fn a_manager_is_a_bare_string() {
    let scene = Scene::entra();
    let (user, first, second) = (
        scene.user("bjensen"),
        scene.user("jsmith"),
        scene.user("mp"),
    );
    for (op, manager) in [
        ("add", &first),
        ("Add", &second),
        ("Replace", &first),
        ("replace", &second),
    ] {
        let patched = scene.patched(
            &format!("/Users/{user}"),
            &r#"{
              "schemas": [
                "urn:ietf:params:scim:api:messages:2.0:PatchOp"
              ],
              "Operations": [
                {
                  "op": "add",
                  "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
                  "value": "2c2f6fb8-254f-492e-b7fe-c09c5a61c8a2"
                }
              ]
            }"#
            .replace("\"add\"", &format!("\"{op}\""))
            .replace("2c2f6fb8-254f-492e-b7fe-c09c5a61c8a2", manager),
        );
        is_manager(&patched, manager);
    }
}

/// As it should be, which others send.
#[test]
fn a_manager_is_a_complex_value() {
    let scene = Scene::entra();
    let (user, manager) = (scene.user("bjensen"), scene.user("jsmith"));
    let patched = scene.patched(
        &format!("/Users/{user}"),
        &format!(
            r#"{{
              "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
              "Operations": [
                {{
                  "op": "Add",
                  "path": "{ENTERPRISE}:manager",
                  "value": {{ "value": "{manager}" }}
                }}
              ]
            }}"#
        ),
    );
    is_manager(&patched, &manager);
}

/// A name of a value without a path, as with the flag of the known issues.
#[test]
fn a_manager_is_a_bare_string_in_a_value_without_a_path() {
    let scene = Scene::entra();
    let (user, manager) = (scene.user("bjensen"), scene.user("jsmith"));
    let patched = scene.patched(
        &format!("/Users/{user}"),
        &format!(
            r#"{{
              "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
              "Operations": [
                {{
                  "op": "replace",
                  "value": {{ "{ENTERPRISE}:manager": "{manager}", "title": "Guide" }}
                }}
              ]
            }}"#
        ),
    );
    is_manager(&patched, &manager);
    assert_eq!(patched["title"], "Guide");
}

#[test]
fn a_manager_is_removed() {
    let scene = Scene::entra();
    let manager = scene.user("jsmith");
    let user = scene.create(
        "/Users",
        &json!({ "userName": "bjensen", ENTERPRISE: { "manager": { "value": manager } } }),
    );
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{
          "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          "Operations": [
            {
              "op": "Remove",
              "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
            }
          ]
        }"#,
    );
    assert_eq!(patched.get(ENTERPRISE), None);
}

/// The tutorial, "Example 4. Query the value of a reference attribute to be updated".
#[test]
fn a_manager_is_asked_for_by_id() {
    let scene = Scene::entra();
    let (manager, other) = (scene.user("jsmith"), scene.user("mp"));
    let user = scene.create(
        "/Users",
        &json!({ "userName": "bjensen", ENTERPRISE: { "manager": { "value": manager } } }),
    );
    for (asked, total) in [(&manager, 1), (&other, 0)] {
        for path in [
            format!("{ENTERPRISE}:manager"),
            format!("{ENTERPRISE}:manager.value"),
        ] {
            let (found, first) = scene.found(&format!(
                "/Users?filter=id%20eq%20%22{user}%22%20and%20{path}%20eq%20%22{asked}%22&attributes=id"
            ));
            assert_eq!(found, total, "{path}");
            assert_eq!(
                first["id"],
                if total == 1 { json!(user) } else { Value::Null }
            );
        }
    }
}

fn is_manager(user: &Value, id: &str) {
    let manager = &user[ENTERPRISE]["manager"];
    assert_eq!(manager["value"], id, "{user}");
    // A reference to another is worse than none.
    if let Some(reference) = manager.get("$ref") {
        let reference = reference.as_str().unwrap();
        assert!(reference.ends_with(&format!("/Users/{id}")), "{reference}");
    }
    assert!(
        user["schemas"]
            .as_array()
            .unwrap()
            .contains(&json!(ENTERPRISE))
    );
}
