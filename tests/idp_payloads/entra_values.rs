//! Entra ID and values of multi-valued attributes, which it names by their `type`.

use http::Method;
use serde_json::{Value, json};

use crate::scene::Scene;

/// The mappings' standard target attributes for addresses, one operation each, with no address
/// there: one value comes of them.
#[test]
fn sub_attributes_of_an_address_that_is_not_there_make_one() {
    let scene = Scene::entra();
    let user = format!("/Users/{}", scene.user("bjensen"));
    let patched = scene.patched(
        &user,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "US" }
            ]
        }"#,
    );
    assert_eq!(
        patched["addresses"],
        json!([{ "type": "work", "country": "US" }])
    );
}

#[test]
fn several_sub_attributes_of_an_address_that_is_not_there_make_one() {
    let scene = Scene::entra();
    let user = format!("/Users/{}", scene.user("bjensen"));
    let patched = scene.patched(
        &user,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "US" },
                { "op": "Add", "path": "addresses[type eq \"work\"].formatted", "value": "100 Plaza" },
                { "op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Hollywood" },
                { "op": "Add", "path": "addresses[type eq \"work\"].postalCode", "value": "91608" },
                { "op": "Add", "path": "addresses[type eq \"work\"].region", "value": "CA" },
                { "op": "Add", "path": "addresses[type eq \"work\"].streetAddress", "value": "100" },
                { "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "555-1" },
                { "op": "Add", "path": "phoneNumbers[type eq \"work\"].value", "value": "555-2" }
            ]
        }"#,
    );
    assert_eq!(
        patched["addresses"],
        json!([{
            "type": "work", "country": "US", "formatted": "100 Plaza", "locality": "Hollywood",
            "postalCode": "91608", "region": "CA", "streetAddress": "100"
        }])
    );
    assert_eq!(
        patched["phoneNumbers"],
        json!([{ "type": "mobile", "value": "555-1" }, { "type": "work", "value": "555-2" }])
    );

    // In another request it is there already.
    let again = scene.patched(
        &user,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "DE" },
                { "op": "Add", "path": "addresses[type eq \"home\"].country", "value": "FR" }
            ]
        }"#,
    );
    let addresses = again["addresses"].as_array().unwrap();
    assert_eq!(addresses.len(), 2);
    assert_eq!(
        (&addresses[0]["country"], &addresses[0]["region"]),
        (&json!("DE"), &json!("CA"))
    );
    assert_eq!(addresses[1], json!({ "type": "home", "country": "FR" }));
}

/// Microsoft's question and answer pages, "Entra ID patch sending Add instead of Replace".
#[test]
fn add_replaces_the_value_of_an_address_that_is_there() {
    let scene = Scene::entra();
    let user = scene.create(
        "/Users",
        &json!({
            "userName": "joe",
            "emails": [{ "primary": true, "type": "work", "value": "old@joe.com" }]
        }),
    );
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
            {"op":"Replace","path":"title","value":"tester"},
            {"op":"Add","path":"emails[type eq \"work\"].value","value":"new@joe.com"}]}"#,
    );
    assert_eq!(patched["title"], "tester");
    assert_eq!(
        patched["emails"],
        json!([{ "primary": true, "type": "work", "value": "new@joe.com" }])
    );
}

/// The validator, "Patch User - Replace Attributes" after some have been added: values are made by one
/// operation and found by the next.
#[test]
fn operations_see_the_values_that_those_before_them_made() {
    let scene = Scene::entra();
    let user = scene.create(
        "/Users",
        &json!({
            "userName": "oren",
            "emails": [{ "primary": true, "type": "work", "value": "oren@white.com" }]
        }),
    );
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{
            "Operations": [
                { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "oren.c@white.com" },
                { "op": "add", "path": "emails[type eq \"home\"].value", "value": "angelita@mante.us" },
                { "op": "add", "path": "emails[type eq \"other\"].value", "value": "yasmine@braun.us" },
                { "op": "replace", "path": "emails[type eq \"work\"].display", "value": "0TXBC2MOGUI0" },
                { "op": "replace", "path": "emails[type eq \"home\"].display", "value": "14UDKFEIO3YS" },
                { "op": "add", "path": "emails[type eq \"work\"].primary", "value": false },
                { "op": "replace", "path": "emails[type eq \"home\"].primary", "value": true },
                { "op": "add", "path": "phoneNumbers[type eq \"pager\"].value", "value": "555-3" },
                { "op": "add", "path": "phoneNumbers[type eq \"pager\"].primary", "value": "True" }
            ],
            "schemas": [
                "urn:ietf:params:scim:api:messages:2.0:PatchOp"
            ]
        }"#,
    );
    assert_eq!(
        patched["emails"],
        json!([
            {
                "value": "oren.c@white.com", "type": "work", "display": "0TXBC2MOGUI0", "primary": false
            },
            {
                "value": "angelita@mante.us", "type": "home", "display": "14UDKFEIO3YS", "primary": true
            },
            { "value": "yasmine@braun.us", "type": "other" }
        ])
    );
    assert_eq!(
        patched["phoneNumbers"],
        json!([{ "type": "pager", "value": "555-3", "primary": true }])
    );
}

/// RFC 7644 §3.5.2.3, and what servers are asked for by Entra's users all the same: only if configured.
#[test]
fn replacing_an_address_that_is_not_there_is_no_target() {
    let scene = Scene::entra();
    let user = format!("/Users/{}", scene.user("bjensen"));
    let answer = scene.send(
        Method::PATCH,
        &user,
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Replace", "path": "displayName", "value": "Babs" },
                { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "a@example.com" }
            ]
        }"#,
    );
    assert_eq!(
        (answer.status, &answer.json()["scimType"]),
        (400, &json!("noTarget")),
        "{answer:?}"
    );
    let user = scene.read(&user);
    assert_eq!((user.get("displayName"), user.get("emails")), (None, None));
}

/// Attributes of Entra ID that lose their value, in a custom app's mappings.
#[test]
fn a_value_is_removed_by_the_path_that_set_it() {
    let scene = Scene::entra();
    let user = scene.create(
        "/Users",
        &json!({
            "userName": "joe",
            "phoneNumbers": [{ "type": "work", "value": "555-1" }, { "type": "mobile", "value": "555-2" }]
        }),
    );
    let patched = scene.patched(
        &format!("/Users/{user}"),
        r#"{
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [
                { "op": "Remove", "path": "phoneNumbers[type eq \"mobile\"].value" }
            ]
        }"#,
    );
    let values: Vec<&Value> = patched["phoneNumbers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|number| number.get("value"))
        .collect();
    assert_eq!(values, [&json!("555-1")]);
}
