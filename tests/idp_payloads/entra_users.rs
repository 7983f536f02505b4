//! Entra ID and users.

use http::Method;
use serde_json::{Value, json};

use crate::scene::{ENTERPRISE, Scene};

/// The tutorial, "Create User", "Get User by query" and "Get User".
#[test]
fn a_user_is_looked_for_created_and_read() {
    let scene = Scene::entra();
    let query = "/Users?filter=userName%20eq%20%22Test_User_00aa00aa%22";
    let nobody = scene.read(query);
    assert_eq!(nobody["totalResults"], 0);
    assert_eq!(nobody["Resources"], json!([]));

    let created = scene.send(
        Method::POST,
        "/Users",
        r#"{
            "schemas": [
                "urn:ietf:params:scim:schemas:core:2.0:User",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
            "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
            "userName": "Test_User_00aa00aa",
            "active": true,
            "emails": [{
                "primary": true,
                "type": "work",
                "value": "Test_User_11bb11bb@testuser.com"
            }],
            "meta": {
                "resourceType": "User"
            },
            "name": {
                "formatted": "givenName familyName",
                "familyName": "familyName",
                "givenName": "givenName"
            },
            "roles": []
        }"#,
    );
    assert_eq!(created.status, 201, "{created:?}");
    let user = created.json();
    // The extension is named and has no attribute.
    assert!(user.get(ENTERPRISE).is_none() && user.get("roles").is_none());
    let (total, found) = scene.found(query);
    assert_eq!((total, &found), (1, &user));
    assert_eq!(
        scene.read(&format!("/Users/{}", user["id"].as_str().unwrap())),
        user
    );
}

/// The tutorial, "Example 2. Provision a user": what has no value is `null`, be it of the core schema
/// or not.
#[test]
fn null_is_no_value() {
    let scene = Scene::entra_saying_more();
    let created = scene.send(
        Method::POST,
        "/Users",
        r#"{
           "schemas":
           [
             "urn:ietf:params:scim:schemas:core:2.0:User",
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
           "externalId":"jyoung",
           "userName":"jyoung@testuser.com",
           "active":true,
           "addresses":null,
           "displayName":"Joy Young",
           "emails": [
             {
               "type":"work",
               "value":"jyoung@Contoso.com",
               "primary":true}],
           "meta": {
             "resourceType":"User"},
            "name":{
             "familyName":"Young",
             "givenName":"Joy"},
           "phoneNumbers":null,
           "preferredLanguage":null,
           "title":null,
           "department":null,
           "manager":null}"#,
    );
    assert_eq!(created.status, 201, "{created:?}");
    let user = created.json();
    assert_eq!(user["displayName"], "Joy Young");
    for name in [
        "addresses",
        "phoneNumbers",
        "title",
        "department",
        "manager",
    ] {
        assert!(user.get(name).is_none(), "{name}");
    }
}

/// The tutorial, "Update User [Multi-valued properties]".
#[test]
fn op_is_capitalised() {
    let scene = Scene::entra();
    let user = user(&scene);
    let patched = scene.patched(
        &user,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                {
                    "op": "Replace",
                    "path": "emails[type eq \"work\"].value",
                    "value": "updatedEmail@microsoft.com"
                },
                {
                    "op": "Replace",
                    "path": "name.familyName",
                    "value": "updatedFamilyName"
                },
                {
                    "op": "Add",
                    "path": "nickName",
                    "value": "Babs"
                },
                {
                    "op": "Remove",
                    "path": "title"
                }
            ]
        }"#,
    );
    assert_eq!(
        patched["emails"],
        json!([{ "value": "updatedEmail@microsoft.com", "type": "work", "primary": true }])
    );
    assert_eq!(
        patched["name"],
        json!({ "familyName": "updatedFamilyName", "givenName": "givenName" })
    );
    assert_eq!(
        (&patched["nickName"], patched.get("title")),
        (&json!("Babs"), None)
    );
}

/// The known issues, "Requests made to disable users": without the flag, and with it.
#[test]
fn a_boolean_is_a_string() {
    let scene = Scene::entra();
    for (value, active) in [
        (r#""False""#, false),
        (r#""True""#, true),
        ("false", false),
        (r#""true""#, true),
        (r#""false""#, false),
    ] {
        let user = user(&scene);
        let patched = scene.patched(
            &user,
            &r#"{
                "schemas": [
                    "urn:ietf:params:scim:api:messages:2.0:PatchOp"
                ],
                "Operations": [
                    {
                        "op": "Replace",
                        "path": "active",
                        "value": "False"
                    }
                ]
            }"#
            .replace(r#""False""#, value),
        );
        assert_eq!(patched["active"], active, "{value}");
        assert_eq!(scene.send(Method::DELETE, &user, "").status, 204);
    }
}

#[test]
fn a_boolean_that_is_another_string_is_none() {
    let scene = Scene::entra();
    let user = user(&scene);
    let answer = scene.send(
        Method::PATCH,
        &user,
        r#"{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{ "op": "Replace", "path": "active", "value": "perhaps" }] }"#,
    );
    assert_eq!(
        (answer.status, &answer.json()["scimType"]),
        (400, &json!("invalidValue")),
        "{answer:?}"
    );
    assert_eq!(scene.read(&user)["active"], true);
}

/// The tutorial, "Update User [Single-valued properties]" and "Delete User".
#[test]
fn a_user_is_renamed_and_deleted() {
    let scene = Scene::entra();
    let user = user(&scene);
    let patched = scene.patched(
        &user,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{
                "op": "Replace",
                "path": "userName",
                "value": "5b50642d@testuser.com"
            }]
        }"#,
    );
    assert_eq!(patched["userName"], "5b50642d@testuser.com");
    assert_eq!(scene.send(Method::DELETE, &user, "").status, 204);
    let gone = scene.send(Method::GET, &user, "");
    assert_eq!(
        (gone.status, &gone.json()["status"]),
        (404, &Value::from("404"))
    );
}

/// The path of a user as the tutorial creates them.
pub(crate) fn user(scene: &Scene) -> String {
    let id = scene.create(
        "/Users",
        &json!({
            "userName": "Test_User_00aa00aa",
            "active": true,
            "title": "Guide",
            "emails": [{ "primary": true, "type": "work", "value": "Test_User_11bb11bb@testuser.com" }],
            "name": { "familyName": "familyName", "givenName": "givenName" }
        }),
    );
    format!("/Users/{id}")
}
