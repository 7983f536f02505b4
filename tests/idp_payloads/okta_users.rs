//! Okta and users.

use http::Method;
use serde_json::json;

use crate::scene::Scene;

/// Okta's reference, "Determine if the User already exists" and "Create the User".
#[test]
fn a_user_is_looked_for_and_created() {
    let scene = Scene::okta();
    let query = "/Users?filter=userName%20eq%20%22test.user%40okta.local%22&startIndex=1&count=100";
    assert_eq!(
        scene.read(query),
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": 0,
            "startIndex": 1,
            "itemsPerPage": 0,
            "Resources": []
        })
    );
    let body = r#"{
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "test.user@okta.local",
        "name": {
            "givenName": "Test",
            "familyName": "User"
        },
        "emails": [{
            "primary": true,
            "value": "test.user@okta.local",
            "type": "work"
        }],
        "displayName": "Test User",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": true
    }"#;
    let created = scene.send(Method::POST, "/Users", body);
    assert_eq!(created.status, 201, "{created:?}");
    assert!(!created.body.contains("1mz050nq"));
    let user = created.json();
    assert_eq!(user["externalId"], "00ujl29u0le5T6Aj10h7");
    let list = scene.read(query);
    assert_eq!(
        (&list["totalResults"], &list["itemsPerPage"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(list["Resources"], json!([user]));

    let again = scene.send(Method::POST, "/Users", body);
    assert_eq!(
        (again.status, &again.json()["scimType"]),
        (409, &json!("uniqueness"))
    );
}

/// Okta's reference, "Update the User": the whole user as it was read, with what the server alone
/// decides on.
#[test]
fn a_whole_user_is_put_with_groups_and_meta() {
    let scene = Scene::okta();
    let id = scene.create(
        "/Users",
        &json!({
            "userName": "test.user@okta.local",
            "name": { "givenName": "Another", "familyName": "User" },
            "emails": [{
                "primary": true, "value": "test.user@okta.local", "type": "work",
                "display": "test.user@okta.local"
            }],
            "active": true
        }),
    );
    let group = scene.create(
        "/Groups",
        &json!({ "displayName": "Test SCIMv2", "members": [{ "value": id }] }),
    );
    let path = format!("/Users/{id}");
    let mut whole = scene.read(&path);
    assert_eq!(whole["groups"][0]["value"], group);
    whole["name"]["middleName"] = json!("Excited");
    whole["groups"] = json!([]);
    whole["meta"]["version"] = json!("W/\"stale\"");
    let answer = scene.send(Method::PUT, &path, &whole.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    let user = scene.read(&path);
    assert_eq!(answer.json(), user);
    assert_eq!(user["name"]["middleName"], "Excited");
    assert_eq!(
        user["groups"][0]["value"], group,
        "groups are changed through the group"
    );
    assert_ne!(user["meta"]["version"], "W/\"stale\"");
}

/// The same, byte for byte as the reference has it.
#[test]
fn a_whole_user_is_put_as_the_reference_has_it() {
    let scene = Scene::okta();
    let id = scene.user("test.user@okta.local");
    let answer = scene.send(
        Method::PUT,
        &format!("/Users/{id}"),
        &r#"{
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "23a35c27-23d3-4c03-b4c5-6443c09e7173",
            "userName": "test.user@okta.local",
            "name": {
                "givenName": "Another",
                "middleName": "",
                "familyName": "User"
            },
            "emails": [{
                "primary": true,
                "value": "test.user@okta.local",
                "type": "work",
                "display": "test.user@okta.local"
            }],
            "active": true,
            "groups": [],
            "meta": {
                "resourceType": "User"
            }
        }"#
        .replace("23a35c27-23d3-4c03-b4c5-6443c09e7173", &id),
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let user = answer.json();
    assert_eq!(
        (&user["id"], &user["name"]["familyName"]),
        (&json!(id), &json!("User"))
    );
}

/// Okta's reference, "Update a specific User (PATCH)".
#[test]
fn a_user_is_deactivated_by_a_value_without_a_path() {
    let scene = Scene::okta();
    let id = scene.create(
        "/Users",
        &json!({ "userName": "test.user@okta.local", "active": true }),
    );
    for active in [false, true] {
        let patched = scene.patched(
            &format!("/Users/{id}"),
            &r#"{
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{
                    "op": "replace",
                    "value": {
                        "active": false
                    }
                }]
            }"#
            .replace("false", &active.to_string()),
        );
        assert_eq!(patched["active"], active);
    }
}

/// Okta's reference, "Update a specific User (PATCH)": "Syncing the user password".
#[test]
fn a_password_is_replaced_and_shown_to_nobody() {
    let scene = Scene::okta();
    let id = scene.user("test.user@okta.local");
    let path = format!("/Users/{id}");
    let answer = scene.send(
        Method::PATCH,
        &path,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{
                "op": "replace",
                "value": {
                    "password": "8Dhq2kUz"
                }
            }]
        }"#,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let read = scene.send(Method::GET, &path, "");
    for answer in [&answer, &read] {
        assert!(!answer.body.contains("8Dhq2kUz"));
        assert_eq!(answer.json().get("password"), None);
    }
}

/// Okta's reference, "Retrieve Users": the same order whatever the page, numbers as integers.
#[test]
fn users_are_imported_page_by_page() {
    let scene = Scene::okta();
    for number in 0..7 {
        scene.user(&format!("user{number}"));
    }
    let mut paged = Vec::new();
    for start in [1, 4, 7] {
        let list = scene.read(&format!("/Users?startIndex={start}&count=3"));
        assert_eq!(
            (&list["totalResults"], &list["startIndex"]),
            (&json!(7), &json!(start))
        );
        paged.extend(list["Resources"].as_array().unwrap().clone());
    }
    let whole = scene.read("/Users?startIndex=1&count=100");
    assert_eq!(whole["itemsPerPage"], 7);
    assert_eq!(whole["Resources"], json!(paged));
}
