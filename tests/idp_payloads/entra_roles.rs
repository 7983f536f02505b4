//! Entra ID and roles, of which it knows the primary one.

use serde_json::json;

use crate::scene::Scene;

/// The mappings, "SingleAppRoleAssignment": the target attributes are
/// `roles[primary eq "True"].value`, `.display` and `.type`.
#[test]
fn a_boolean_in_a_filter_is_a_string() {
    let scene = Scene::entra();
    let user = scene.create(
        "/Users",
        &json!({
            "userName": "alias",
            "roles": [{ "primary": true, "value": "Admin" }, { "primary": false, "value": "User" }]
        }),
    );
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "Owner" },
                { "op": "Add", "path": "roles[primary eq \"True\"].display", "value": "The Owner" }
            ]
        }"#,
    );
    assert_eq!(
        patched["roles"],
        json!([
            { "primary": true, "value": "Owner", "display": "The Owner" },
            { "primary": false, "value": "User" }
        ])
    );
}

/// The value that is made has a boolean, not the string of the filter.
#[test]
fn a_boolean_of_a_filter_is_one_in_the_value_that_it_makes() {
    let scene = Scene::entra();
    let user = scene.user("alias");
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Add", "path": "roles[primary eq \"True\"].display", "value": "Admin" },
                { "op": "Add", "path": "roles[primary eq \"True\"].type", "value": "WindowsAzureActiveDirectoryRole" },
                { "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "Admin" }
            ]
        }"#,
    );
    assert_eq!(
        patched["roles"],
        json!([{
            "primary": true,
            "display": "Admin",
            "type": "WindowsAzureActiveDirectoryRole",
            "value": "Admin"
        }])
    );
}

/// The mappings, "AppRoleAssignmentsComplex", the PATCH: a document in a string.
#[test]
fn a_role_is_json_in_a_string() {
    let scene = Scene::entra();
    let user = scene.user("alias");
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{
          "schemas": [
            "urn:ietf:params:scim:api:messages:2.0:PatchOp"
          ],
          "Operations": [
            {
              "op": "Add",
              "path": "roles",
              "value": [
                {
                  "value": "{\"id\":\"06b07648\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"
                },
                {
                  "value": "{\"id\":\"06b07649\",\"value\":\"User\",\"displayName\":\"User\"}"
                }
              ]
            }
          ]
        }"#,
    );
    assert_eq!(
        patched["roles"],
        json!([
            { "value": "{\"id\":\"06b07648\",\"value\":\"Admin\",\"displayName\":\"Admin\"}" },
            { "value": "{\"id\":\"06b07649\",\"value\":\"User\",\"displayName\":\"User\"}" }
        ])
    );
}

/// The mappings, "AssertiveAppRoleAssignmentsComplex", the PATCH.
#[test]
fn roles_are_replaced() {
    let scene = Scene::entra();
    let user = scene.create(
        "/Users",
        &json!({ "userName": "contoso", "roles": [{ "value": "Gone", "primary": true }] }),
    );
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{
          "schemas": [
            "urn:ietf:params:scim:api:messages:2.0:PatchOp"
          ],
          "Operations": [
            {
              "op": "replace",
              "path": "roles",
              "value": [
                {
                  "primary": false,
                  "type": "WindowsAzureActiveDirectoryRole",
                  "display": "User",
                  "value": "User"
                },
                {
                  "primary": false,
                  "type": "WindowsAzureActiveDirectoryRole",
                  "display": "Test",
                  "value": "Test"
                }
              ]
            }
          ]
        }"#,
    );
    assert_eq!(
        patched["roles"],
        json!([
            {
                "primary": false, "type": "WindowsAzureActiveDirectoryRole",
                "display": "User", "value": "User"
            },
            {
                "primary": false, "type": "WindowsAzureActiveDirectoryRole",
                "display": "Test", "value": "Test"
            }
        ])
    );
}
