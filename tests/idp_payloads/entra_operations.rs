//! Entra ID and several attributes at once.

use serde_json::json;

use crate::entra_users::user;
use crate::scene::{ENTERPRISE, Scene};

/// The known issues, "Requests to replace multiple attributes", without the flag.
#[test]
fn each_attribute_has_an_operation_of_its_own() {
    let scene = Scene::entra();
    let user = user(&scene);
    let patched = scene.patched(
        &user,
        r#"{
            "schemas": [
                "urn:ietf:params:scim:api:messages:2.0:PatchOp"
            ],
            "Operations": [
                {
                    "op": "Replace",
                    "path": "displayName",
                    "value": "Pvlo"
                },
                {
                    "op": "Replace",
                    "path": "emails[type eq \"work\"].value",
                    "value": "TestBcwqnm@test.microsoft.com"
                },
                {
                    "op": "Replace",
                    "path": "name.givenName",
                    "value": "Gtfd"
                },
                {
                    "op": "Replace",
                    "path": "name.familyName",
                    "value": "Pkqf"
                },
                {
                    "op": "Replace",
                    "path": "externalId",
                    "value": "Eqpj"
                },
                {
                    "op": "Replace",
                    "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
                    "value": "Eqpj"
                }
            ]
        }"#,
    );
    assert_eq!(patched["displayName"], "Pvlo");
    assert_eq!(
        patched["emails"][0]["value"],
        "TestBcwqnm@test.microsoft.com"
    );
    assert_eq!(
        patched["name"],
        json!({ "givenName": "Gtfd", "familyName": "Pkqf" })
    );
    assert_eq!(patched["externalId"], "Eqpj");
    assert_eq!(patched[ENTERPRISE], json!({ "employeeNumber": "Eqpj" }));
}

/// The same with the flag: paths are the names of a value that has no path.
#[test]
fn names_in_a_value_without_a_path_are_paths() {
    let scene = Scene::entra();
    let user = user(&scene);
    let patched = scene.patched(
        &user,
        r#"{
            "schemas": [
                "urn:ietf:params:scim:api:messages:2.0:PatchOp"
            ],
            "Operations": [
                {
                    "op": "replace",
                    "path": "emails[type eq \"work\"].value",
                    "value": "TestMhvaes@test.microsoft.com"
                },
                {
                    "op": "replace",
                    "value": {
                        "displayName": "Bjfe",
                        "name.givenName": "Kkom",
                        "name.familyName": "Unua",
                        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "Aklq"
                    }
                }
            ]
        }"#,
    );
    assert_eq!(patched["displayName"], "Bjfe");
    assert_eq!(
        patched["emails"][0]["value"],
        "TestMhvaes@test.microsoft.com"
    );
    assert_eq!(
        patched["name"],
        json!({ "givenName": "Kkom", "familyName": "Unua" })
    );
    assert_eq!(patched[ENTERPRISE], json!({ "employeeNumber": "Aklq" }));
    assert!(
        patched["schemas"]
            .as_array()
            .unwrap()
            .contains(&json!(ENTERPRISE)),
        "{patched}"
    );
    let names: Vec<&String> = patched.as_object().unwrap().keys().collect();
    assert!(
        !names
            .iter()
            .any(|name| name.contains('.') && **name != ENTERPRISE),
        "{names:?}"
    );
}

/// The validator, "Patch User - Add Attributes": the same with `add`.
#[test]
fn names_in_a_value_that_is_added_without_a_path_are_paths() {
    let scene = Scene::entra();
    let user = format!("/Users/{}", scene.user("hollie"));
    let patched = scene.patched(
        &user,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                {
                    "op": "add",
                    "value": {
                        "active": "True",
                        "displayName": "GFLQRPQSXVZZ",
                        "title": "OBKYZGZXKULT",
                        "preferredLanguage": "dz",
                        "name.givenName": "Bernita",
                        "name.familyName": "Emory",
                        "name.formatted": "Ashley",
                        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "WUWQQIVDTNTL",
                        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "HMEJKPRYNXTT"
                    }
                }
            ]
        }"#,
    );
    assert_eq!(patched["active"], true);
    assert_eq!(
        patched["name"],
        json!({ "givenName": "Bernita", "familyName": "Emory", "formatted": "Ashley" })
    );
    assert_eq!(
        patched[ENTERPRISE],
        json!({ "employeeNumber": "WUWQQIVDTNTL", "department": "HMEJKPRYNXTT" })
    );
}
