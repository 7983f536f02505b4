//! Attributes behind the URI of a schema.

use serde_json::json;

use crate::support::{ENTERPRISE, refused, user};
use scim_ops::PatchErrorKind;

#[test]
fn an_attribute_of_an_extension_is_behind_its_uri() {
    let path = format!("{ENTERPRISE}:employeeNumber");
    for op in ["add", "replace"] {
        let operation = json!({ "op": op, "path": path.to_uppercase(), "value": "7" });
        assert_eq!(
            user(json!({}), operation),
            json!({ ENTERPRISE: { "employeeNumber": "7" } })
        );
    }
    let before = json!({ ENTERPRISE: { "employeeNumber": "7", "division": "d" } });
    let remove = json!({ "op": "remove", "path": path });
    assert_eq!(
        user(before, remove.clone()),
        json!({ ENTERPRISE: { "division": "d" } })
    );
    // With the last of them the extension is gone.
    let before = json!({ ENTERPRISE: { "employeeNumber": "7" } });
    assert_eq!(user(before, remove.clone()), json!({}));
    assert_eq!(user(json!({}), remove), json!({}));
    let plain = json!({ "op": "add", "path": "employeeNumber", "value": "7" });
    assert_eq!(refused(json!({}), plain), PatchErrorKind::InvalidPath);
}

#[test]
fn the_core_schema_may_be_named_too() {
    let path = "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName";
    let operation = json!({ "op": "add", "path": path, "value": "b" });
    assert_eq!(
        user(json!({}), operation),
        json!({ "name": { "givenName": "b" } })
    );
    let path = "urn:ietf:params:scim:schemas:core:2.0:User";
    let operation = json!({ "op": "add", "path": path, "value": { "title": "b" } });
    assert_eq!(user(json!({}), operation), json!({ "title": "b" }));
}

#[test]
fn a_whole_extension_is_set_attribute_by_attribute() {
    let before = json!({ ENTERPRISE: { "employeeNumber": "7", "division": "d" } });
    let value = json!({ "schemas": [ENTERPRISE], "division": "e", "manager.value": "26" });
    let expected = json!({ ENTERPRISE: {
        "employeeNumber": "7", "division": "e", "manager": { "value": "26" },
    } });
    for operation in [
        json!({ "op": "add", "path": ENTERPRISE, "value": value }),
        json!({ "op": "replace", "path": ENTERPRISE, "value": [value] }),
        json!({ "op": "replace", "value": { ENTERPRISE: value } }),
    ] {
        assert_eq!(user(before.clone(), operation), expected);
    }
}

#[test]
fn a_whole_extension_is_removed() {
    let before = json!({ "title": "t", ENTERPRISE: { "division": "d" } });
    for operation in [
        json!({ "op": "remove", "path": ENTERPRISE }),
        json!({ "op": "replace", "path": ENTERPRISE, "value": null }),
        json!({ "op": "replace", "value": { ENTERPRISE: [] } }),
    ] {
        assert_eq!(user(before.clone(), operation), json!({ "title": "t" }));
    }
    let nothing = json!({ "op": "add", "path": ENTERPRISE, "value": [] });
    assert_eq!(user(before.clone(), nothing), before);
}

#[test]
fn another_manager_is_not_found_where_the_former_was() {
    let manager = |manager| json!({ ENTERPRISE: { "manager": manager } });
    let before = manager(json!({ "value": "1", "$ref": "Users/1" }));
    let path = format!("{ENTERPRISE}:manager");
    for (operation, expected) in [
        (
            json!({ "op": "replace", "path": path, "value": "2" }),
            json!({ "value": "2" }),
        ),
        (
            json!({ "op": "replace", "path": format!("{path}.value"), "value": "2" }),
            json!({ "value": "2" }),
        ),
        (
            json!({ "op": "add", "path": path, "value": { "value": "2", "$ref": "Users/2" } }),
            json!({ "value": "2", "$ref": "Users/2" }),
        ),
        (
            json!({ "op": "add", "path": path, "value": "1" }),
            json!({ "value": "1", "$ref": "Users/1" }),
        ),
    ] {
        assert_eq!(user(before.clone(), operation), manager(expected));
    }
    let display = json!({ "op": "add", "path": format!("{path}.displayName"), "value": "x" });
    assert_eq!(refused(before, display), PatchErrorKind::Mutability);
}
