//! Attributes that have one value.

use serde_json::json;

use crate::support::{refused, try_patch, user};
use scim_ops::{PatchErrorKind, PatchRules};

#[test]
fn a_simple_value_is_set_whether_it_was_there_or_not() {
    for op in ["add", "replace"] {
        for before in [json!({}), json!({ "title": "Mr" })] {
            let operation = json!({ "op": op, "path": "title", "value": "Ms" });
            assert_eq!(user(before, operation), json!({ "title": "Ms" }));
        }
    }
}

#[test]
fn a_value_is_removed_whether_it_was_there_or_not() {
    for operation in [
        json!({ "op": "remove", "path": "title" }),
        json!({ "op": "replace", "path": "TITLE", "value": null }),
        json!({ "op": "replace", "path": "title", "value": [] }),
        json!({ "op": "add", "value": { "title": null } }),
    ] {
        for before in [
            json!({ "active": true }),
            json!({ "active": true, "title": "Mr" }),
        ] {
            assert_eq!(
                user(before, operation.clone()),
                json!({ "active": true }),
                "{operation}"
            );
        }
    }
}

#[test]
fn a_complex_value_keeps_the_sub_attributes_that_are_not_named() {
    let name = json!({ "name": { "givenName": "Barbara", "familyName": "Jensen" } });
    for op in ["add", "replace"] {
        let value = json!({ "FAMILYNAME": "Smith", "middleName": "Jane" });
        let expected = json!({ "name": {
            "givenName": "Barbara", "familyName": "Smith", "middleName": "Jane",
        } });
        let by_path = json!({ "op": op, "path": "name", "value": value });
        assert_eq!(user(name.clone(), by_path), expected);
        let without = json!({ "op": op, "value": { "name": value } });
        assert_eq!(user(name.clone(), without), expected);
    }
    let cleared = json!({ "op": "replace", "path": "name", "value": { "familyName": null } });
    assert_eq!(
        user(name, cleared),
        json!({ "name": { "givenName": "Barbara" } })
    );
}

#[test]
fn a_sub_attribute_is_set_and_removed_by_its_path() {
    let set = json!({ "op": "replace", "path": "name.familyName", "value": "Jensen" });
    let named = json!({ "name": { "familyName": "Jensen" } });
    assert_eq!(user(json!({}), set), named);
    // With the last of them the attribute is gone.
    let remove = json!({ "op": "remove", "path": "name.familyName" });
    assert_eq!(user(named, remove), json!({}));
}

#[test]
fn a_required_attribute_is_replaced_but_not_removed() {
    let before = json!({ "userName": "a" });
    let replace = json!({ "op": "replace", "path": "userName", "value": "b" });
    assert_eq!(user(before.clone(), replace), json!({ "userName": "b" }));
    for operation in [
        json!({ "op": "remove", "path": "userName" }),
        json!({ "op": "replace", "path": "userName", "value": null }),
    ] {
        assert_eq!(
            refused(before.clone(), operation),
            PatchErrorKind::Mutability
        );
    }
}

#[test]
fn only_the_provider_sets_what_is_read_only() {
    let before = json!({ "id": "1", "groups": [{ "value": "g" }] });
    for path in [
        "id",
        "meta",
        "meta.version",
        "groups",
        "groups[value eq \"g\"]",
        "groups.display",
    ] {
        for op in ["add", "replace", "remove"] {
            let operation = json!({ "op": op, "path": path, "value": "x" });
            assert_eq!(
                refused(before.clone(), operation),
                PatchErrorKind::Mutability,
                "{path}"
            );
        }
    }
}

#[test]
fn a_removed_password_is_told_to_the_provider_as_null() {
    // It is no part of what is read, so that taking it out would say nothing.
    let remove = json!({ "op": "remove", "path": "password" });
    assert_eq!(user(json!({}), remove), json!({ "password": null }));
    let set = json!({ "op": "add", "path": "password", "value": "secret" });
    assert_eq!(user(json!({}), set), json!({ "password": "secret" }));
}

#[test]
fn operations_see_what_those_before_them_did() {
    let operations = json!([
        { "op": "add", "path": "title", "value": "a" },
        { "op": "remove", "path": "title" },
        { "op": "add", "path": "name", "value": { "givenName": "b" } },
        { "op": "replace", "path": "name.givenName", "value": "c" },
    ]);
    let patched = try_patch("User", &json!({}), operations, &PatchRules::default());
    assert_eq!(patched, Ok(json!({ "name": { "givenName": "c" } })));
}

#[test]
fn names_in_another_case_are_the_same_attribute() {
    // As a provider over tables of its own may give them.
    let before = json!({ "Title": "a", "NAME": { "GivenName": "b" } });
    let operation = json!({ "op": "replace", "value": { "title": "c", "name.givenname": "d" } });
    assert_eq!(
        user(before, operation),
        json!({ "Title": "c", "NAME": { "GivenName": "d" } })
    );
}
