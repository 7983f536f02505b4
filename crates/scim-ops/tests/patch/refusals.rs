//! What can't be applied, and what is said about it.

use serde_json::{Value, json};

use crate::support::{ENTERPRISE, refused, try_patch, user};
use scim_ops::provider::schema::UnknownAttributes;
use scim_ops::{PatchErrorKind, PatchRules};

#[test]
fn each_refusal_has_its_kind() {
    for (operation, kind) in [
        (json!({ "op": "remove" }), PatchErrorKind::NoTarget),
        (
            json!({ "op": "remove", "value": { "title": "x" } }),
            PatchErrorKind::NoTarget,
        ),
        (
            json!({ "op": "add", "path": "title" }),
            PatchErrorKind::InvalidValue,
        ),
        (json!({ "op": "replace" }), PatchErrorKind::InvalidValue),
        (
            json!({ "op": "add", "value": "title" }),
            PatchErrorKind::InvalidValue,
        ),
        (
            json!({ "op": "add", "path": "shoeSize", "value": 1 }),
            PatchErrorKind::InvalidPath,
        ),
        (
            json!({ "op": "remove", "path": "name.shoeSize" }),
            PatchErrorKind::InvalidPath,
        ),
        (
            json!({ "op": "remove", "path": "title[value eq \"x\"]" }),
            PatchErrorKind::InvalidPath,
        ),
        (
            json!({ "op": "remove", "path": "emails[x eq \"x\"]" }),
            PatchErrorKind::InvalidFilter,
        ),
        (
            json!({ "op": "remove", "path": "emails[value gt 1]" }),
            PatchErrorKind::InvalidFilter,
        ),
        (
            json!({ "op": "add", "value": { "shoeSize": 1 } }),
            PatchErrorKind::InvalidSyntax,
        ),
        (
            json!({ "op": "add", "value": { "a b": 1 } }),
            PatchErrorKind::InvalidSyntax,
        ),
        (
            json!({ "op": "add", "value": { "emails[type eq \"work\"": "x" } }),
            PatchErrorKind::InvalidFilter,
        ),
        (
            json!({ "op": "add", "value": { "title": "a", "TITLE": "b" } }),
            PatchErrorKind::InvalidSyntax,
        ),
        (
            json!({ "op": "add", "path": "title", "value": 7 }),
            PatchErrorKind::InvalidValue,
        ),
        (
            json!({ "op": "add", "path": "title", "value": ["a", "b"] }),
            PatchErrorKind::InvalidValue,
        ),
        (
            json!({ "op": "add", "path": "active", "value": "yes" }),
            PatchErrorKind::InvalidValue,
        ),
        (
            json!({ "op": "add", "path": "name", "value": "x" }),
            PatchErrorKind::InvalidValue,
        ),
        (
            json!({ "op": "add", "path": "name", "value": { "x": 1 } }),
            PatchErrorKind::InvalidSyntax,
        ),
        (
            json!({ "op": "add", "path": ENTERPRISE, "value": "x" }),
            PatchErrorKind::InvalidValue,
        ),
        (
            json!({ "op": "add", "path": ENTERPRISE, "value": { "x": 1 } }),
            PatchErrorKind::InvalidSyntax,
        ),
    ] {
        assert_eq!(refused(json!({}), operation.clone()), kind, "{operation}");
    }
}

#[test]
fn a_refusal_says_where_and_shows_no_values() {
    let before = json!({ "userName": "a", "emails": [{ "value": "stored", "type": "home" }] });
    for (operation, text) in [
        (
            json!({ "op": "replace", "path": "emails[value eq \"secret\"].display", "value": "x" }),
            "Operations[1] at emails[…].display: no value matches the filter",
        ),
        (
            json!({ "op": "add", "value": { "emails": [{ "value": "a" }, { "value": ["secret", 1] }] } }),
            "Operations[1] at emails[1].value: expected a string, found an array",
        ),
        (
            json!({ "op": "add", "path": "password", "value": { "secret": "secret" } }),
            "Operations[1] at password: expected a string, found an object",
        ),
        (
            json!({ "op": "add", "path": ENTERPRISE, "value": { "manager": { "value": 1 } } }),
            &format!(
                "Operations[1] at {ENTERPRISE}:manager.value: expected a string, found a number"
            ),
        ),
        (
            json!({ "op": "remove", "path": "userName" }),
            "Operations[1] at userName: the attribute is required and can't be removed",
        ),
        (
            json!({ "op": "remove", "path": "emails[secret" }),
            "Operations[1]: malformed filter: expected an operator at octet 13",
        ),
    ] {
        let operations = json!([{ "op": "add", "path": "title", "value": "x" }, operation]);
        let error = try_patch("User", &before, operations, &PatchRules::default()).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn debug_output_shows_no_values() {
    let patch = scim_ops::Patch::from_json(json!({ "Operations": [
        { "op": "add", "path": "emails[value eq \"secret\"].value", "value": "secret" },
    ] }));
    assert!(!format!("{patch:?}").contains("secret"));
}

#[test]
fn unknown_attributes_are_ignored_where_they_are_to_be() {
    let rules = PatchRules::default().with_unknown_attributes(UnknownAttributes::Ignore);
    let operations = json!([
        { "op": "add", "path": "shoeSize", "value": 1 },
        { "op": "remove", "path": "name.shoeSize" },
        { "op": "replace", "value": {
            "shoeSize": 1, "title": "t", "name": { "givenName": "g", "shoeSize": 1 },
            ENTERPRISE: { "shoeSize": 1, "division": "d" }, "urn:x:y": { "z": 1 },
        } },
    ]);
    let patched = try_patch("User", &json!({}), operations, &rules);
    let expected =
        json!({ "title": "t", "name": { "givenName": "g" }, ENTERPRISE: { "division": "d" } });
    assert_eq!(patched, Ok(expected));
}

#[test]
fn a_patch_that_is_refused_in_the_end_is_refused_as_a_whole() {
    let before = json!({ "title": "t" });
    let operations = json!([
        { "op": "remove", "path": "title" },
        { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "x" },
    ]);
    let error = try_patch("User", &before, operations, &PatchRules::default()).unwrap_err();
    assert_eq!(error.operation(), Some(1));
    assert_eq!(before, json!({ "title": "t" }));
}

#[test]
fn the_resources_own_data_may_be_sent_back() {
    let before = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "1", "title": "t",
        "groups": [{ "value": "g" }], "meta": { "version": "W/\"1\"" },
    });
    let mut value = before.clone();
    value["groups"] = json!([]);
    value["meta"]["version"] = json!("W/\"0\"");
    for op in ["add", "replace"] {
        let operation = json!({ "op": op, "value": value });
        assert_eq!(user(before.clone(), operation), before);
        for other in [json!("2"), json!(1)] {
            let operation = json!({ "op": op, "value": { "ID": other } });
            assert_eq!(
                refused(before.clone(), operation),
                PatchErrorKind::Mutability
            );
        }
    }
}

#[test]
fn a_patch_of_unreasonable_work_is_refused() {
    let values: Vec<Value> = (0..2_000)
        .map(|n| json!({ "value": n.to_string() }))
        .collect();
    let before = json!({ "emails": values });
    let filter = vec!["display eq \"x\""; 3_000].join(" and ");
    let operation = json!({ "op": "remove", "path": format!("emails[{filter}]") });
    let once = json!([operation]);
    let often = Value::Array(vec![operation; 20]);
    assert!(try_patch("User", &before, once, &PatchRules::default()).is_ok());
    let error = try_patch("User", &before, often, &PatchRules::default()).unwrap_err();
    assert_eq!(error.kind(), PatchErrorKind::TooMany);
}

#[test]
fn many_operations_on_many_members_are_no_unreasonable_work() {
    let members: Vec<Value> = (0..5_000)
        .map(|n| json!({ "value": n.to_string() }))
        .collect();
    let before = json!({ "members": members });
    let operations = (0..15_000).map(|n| match n % 3 {
        0 => json!({ "op": "add", "path": "members", "value": format!("new {n}") }),
        1 => json!({ "op": "remove", "path": format!("members[value eq \"{n}\"]") }),
        _ => json!({ "op": "remove", "path": "members", "value": [{ "value": n.to_string() }] }),
    });
    let operations = operations.collect();
    let patched = try_patch("Group", &before, operations, &PatchRules::default()).unwrap();
    let left = (0..5_000).filter(|n| n % 3 == 0).count();
    assert_eq!(patched["members"].as_array().unwrap().len(), left + 5_000);
}

#[test]
fn one_long_text_does_not_become_thousands() {
    let values: Vec<Value> = (0..2_000)
        .map(|n| json!({ "value": n.to_string() }))
        .collect();
    let before = json!({ "emails": values });
    let long = "x".repeat(100_000);
    for operation in [
        json!({ "op": "add", "path": "emails.display", "value": long }),
        json!({ "op": "add", "path": "emails[value pr]", "value": { "display": long } }),
    ] {
        assert_eq!(refused(before.clone(), operation), PatchErrorKind::TooMany);
    }
}
