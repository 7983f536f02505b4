//! Attributes that have several values.

use serde_json::{Value, json};

use crate::support::{group, refused, try_patch, user};
use scim_ops::provider::schema::{ResourceType, Schema};
use scim_ops::{Patch, PatchErrorKind, PatchRules};

fn emails(emails: Value) -> Value {
    json!({ "emails": emails })
}

/// What becomes of `before` by one operation.
fn check(before: Value, operation: Value, after: Value) {
    let patched = user(emails(before), operation.clone());
    let expected = if after == json!([]) {
        json!({})
    } else {
        emails(after)
    };
    assert_eq!(patched, expected, "{operation}");
}

#[test]
fn values_are_added_if_they_are_not_there() {
    check(
        json!([{ "value": "a", "type": "work" }]),
        json!({ "op": "add", "path": "emails", "value": [
            { "value": "b", "type": "home" }, { "value": "A", "type": "Work", "primary": false },
            { "value": "a" }, { "value": "B", "type": "HOME" },
        ] }),
        json!([
            { "value": "a", "type": "work", "primary": false },
            { "value": "b", "type": "home" },
            { "value": "a" },
        ]),
    );
    check(
        json!([]),
        json!({ "op": "add", "path": "emails", "value": [] }),
        json!([]),
    );
    check(
        json!([{ "value": "a" }]),
        json!({ "op": "add", "path": "emails", "value": null }),
        json!([{ "value": "a" }]),
    );
}

#[test]
fn what_a_value_that_is_there_says_more_is_added_to_it() {
    check(
        json!([{ "value": "a", "type": "work", "display": "old" }]),
        json!({ "op": "add", "path": "emails", "value": { "value": "a", "type": "work", "display": "new" } }),
        json!([{ "value": "a", "type": "work", "display": "new" }]),
    );
}

#[test]
fn a_list_is_replaced_as_a_whole() {
    let before = json!([{ "value": "a" }, { "value": "b" }]);
    for (value, after) in [
        (
            json!([{ "value": "c", "type": null }]),
            json!([{ "value": "c" }]),
        ),
        (json!({ "value": "c" }), json!([{ "value": "c" }])),
        (json!("c"), json!([{ "value": "c" }])),
        (json!([]), json!([])),
        (json!(null), json!([])),
    ] {
        let by_path = json!({ "op": "replace", "path": "emails", "value": value });
        check(before.clone(), by_path, after.clone());
        let without = json!({ "op": "replace", "value": { "emails": value } });
        check(before.clone(), without, after);
    }
    check(
        before,
        json!({ "op": "remove", "path": "emails" }),
        json!([]),
    );
}

#[test]
fn at_most_the_last_value_that_was_made_primary_is() {
    let before = json!([
        { "value": "a", "type": "work", "primary": true }, { "value": "b", "type": "home" },
    ]);
    let moved = json!([
        { "value": "a", "type": "work", "primary": false },
        { "value": "b", "type": "home", "primary": true },
    ]);
    for operation in [
        json!({ "op": "replace", "path": "emails[type eq \"home\"].primary", "value": "True" }),
        json!({ "op": "add", "path": "emails[type eq \"home\"]", "value": { "primary": true } }),
        json!({ "op": "add", "path": "emails", "value": [
            { "value": "b", "type": "home", "primary": true },
        ] }),
        json!({ "op": "replace", "path": "emails[type eq \"home\"]", "value":
            { "value": "b", "type": "home", "primary": true } }),
    ] {
        check(before.clone(), operation, moved.clone());
    }
    check(
        before.clone(),
        json!({ "op": "add", "path": "emails", "value": { "value": "c", "primary": true } }),
        json!([
            { "value": "a", "type": "work", "primary": false },
            { "value": "b", "type": "home" },
            { "value": "c", "primary": true },
        ]),
    );
    // What is about something else leaves it where it is.
    check(
        before,
        json!({ "op": "add", "path": "emails[type eq \"work\"].display", "value": "x" }),
        json!([
            { "value": "a", "type": "work", "primary": true, "display": "x" },
            { "value": "b", "type": "home" },
        ]),
    );
}

#[test]
fn a_filter_selects_values_to_remove() {
    let before = json!([
        { "value": "a@x", "type": "work" }, { "value": "b@y", "type": "WORK" },
        { "value": "c@x", "type": "home" },
    ]);
    for (path, after) in [
        (
            "emails[type eq \"work\"]",
            json!([{ "value": "c@x", "type": "home" }]),
        ),
        (
            "emails[type eq \"work\" and value ew \"@x\"]",
            json!([{ "value": "b@y", "type": "WORK" }, { "value": "c@x", "type": "home" }]),
        ),
        ("emails[value pr]", json!([])),
        ("emails[type eq \"other\"]", before.clone()),
    ] {
        check(
            before.clone(),
            json!({ "op": "remove", "path": path }),
            after,
        );
    }
}

#[test]
fn a_filter_selects_values_whose_part_is_changed() {
    let before = json!([{ "value": "a", "type": "work" }, { "type": "home" }]);
    check(
        before.clone(),
        json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "b" }),
        json!([{ "value": "b", "type": "work" }, { "type": "home" }]),
    );
    check(
        before.clone(),
        json!({ "op": "remove", "path": "emails[value eq \"a\"].value" }),
        json!([{ "type": "work" }, { "type": "home" }]),
    );
    // A value without anything is none.
    check(
        before.clone(),
        json!({ "op": "remove", "path": "emails[type eq \"home\"].type" }),
        json!([{ "value": "a", "type": "work" }]),
    );
    check(
        before,
        json!({ "op": "remove", "path": "emails.type" }),
        json!([{ "value": "a" }]),
    );
}

#[test]
fn a_part_without_a_filter_is_that_of_all_values() {
    let add = json!({ "op": "add", "path": "emails.type", "value": "work" });
    check(
        json!([{ "value": "a" }, { "value": "b", "type": "home" }]),
        add.clone(),
        json!([{ "value": "a", "type": "work" }, { "value": "b", "type": "work" }]),
    );
    check(json!([]), add, json!([{ "type": "work" }]));
    check(
        json!([]),
        json!({ "op": "remove", "path": "emails.type" }),
        json!([]),
    );
}

#[test]
fn selected_values_are_replaced_and_stay_what_they_were_selected_by() {
    let before = json!([
        { "value": "a", "type": "work", "display": "A" }, { "value": "b", "type": "home" },
        { "value": "c", "type": "work" },
    ]);
    let replace = |value: Value| json!({ "op": "replace", "path": "emails[type eq \"work\"]", "value": value });
    check(
        before.clone(),
        replace(json!({ "value": "d" })),
        json!([{ "type": "work", "value": "d" }, { "value": "b", "type": "home" }]),
    );
    check(
        before.clone(),
        replace(json!({ "value": "b", "type": "home", "display": "B" })),
        json!([{ "value": "b", "type": "home", "display": "B" }]),
    );
    check(
        before,
        replace(json!(null)),
        json!([{ "value": "b", "type": "home" }]),
    );
}

#[test]
fn a_replace_of_nothing_has_no_target_unless_it_may_create() {
    let before = emails(json!([{ "value": "a", "type": "home" }]));
    for (path, value) in [
        ("emails[type eq \"work\"].value", json!("b")),
        ("emails[type eq \"work\"]", json!({ "value": "b" })),
    ] {
        let operations = json!([{ "op": "replace", "path": path, "value": value }]);
        let rules = PatchRules::default();
        let error = try_patch("User", &before, operations.clone(), &rules).unwrap_err();
        assert_eq!(error.kind(), PatchErrorKind::NoTarget);
        assert_eq!(error.operation(), Some(0));
        let rules = rules.with_creates_missing(true);
        let after = emails(json!([
            { "value": "a", "type": "home" }, { "type": "work", "value": "b" },
        ]));
        assert_eq!(try_patch("User", &before, operations, &rules), Ok(after));
    }
}

#[test]
fn an_add_to_what_is_not_there_creates_one_value() {
    let operations = json!([
        { "op": "add", "path": "addresses[type eq \"work\"].country", "value": "US" },
        { "op": "add", "path": "addresses[type eq \"work\"].locality", "value": "Hollywood" },
        { "op": "add", "path": "addresses[type eq \"work\"]", "value": { "region": "CA" } },
        { "op": "add", "path": "addresses[primary eq \"True\" and type eq \"home\"].country", "value": "DE" },
    ]);
    let patched = try_patch("User", &json!({}), operations, &PatchRules::default());
    let expected = json!({ "addresses": [
        { "type": "work", "country": "US", "locality": "Hollywood", "region": "CA" },
        { "primary": true, "type": "home", "country": "DE" },
    ] });
    assert_eq!(patched, Ok(expected));
}

#[test]
fn what_the_filter_would_not_find_is_not_created() {
    for path in [
        "addresses[type eq \"work\" or type eq \"home\"].country",
        "addresses[type ne \"work\" and type pr].country",
        "addresses[type eq \"work\" and type eq \"home\"].country",
        "addresses[type eq \"work\"].type",
    ] {
        let operation = json!({ "op": "add", "path": path, "value": "US" });
        assert_eq!(
            refused(json!({}), operation),
            PatchErrorKind::NoTarget,
            "{path}"
        );
    }
}

#[test]
fn a_remove_with_values_removes_only_those() {
    let before = json!([
        { "value": "a", "type": "work" }, { "value": "a", "type": "home" }, { "value": "b" },
    ]);
    for (value, after) in [
        (
            json!([{ "value": "A", "type": "home" }]),
            json!([before[0], before[2]]),
        ),
        (json!({ "value": "a" }), json!([before[2]])),
        (json!("b"), json!([before[0], before[1]])),
        (json!([{ "type": "other" }]), before.clone()),
        (json!([]), before.clone()),
        (json!(null), json!([])),
    ] {
        let operation = json!({ "op": "remove", "path": "emails", "value": value });
        check(before.clone(), operation, after);
    }
}

#[test]
fn members_are_known_by_their_value() {
    let before = json!({ "members": [
        { "value": "1", "$ref": "Users/1", "type": "User" },
        { "value": "2", "$ref": "Users/2", "type": "User", "display": "Two" },
    ] });
    let add = json!({ "op": "add", "path": "members", "value": [
        { "value": "1", "$ref": "https://example.com/v2/Users/1" },
        { "value": "2", "display": "Second" },
        { "value": "3", "display": "Three" },
    ] });
    let after = json!({ "members": [
        { "value": "1", "$ref": "Users/1", "type": "User" },
        { "value": "2", "$ref": "Users/2", "type": "User", "display": "Second" },
        { "value": "3", "display": "Three" },
    ] });
    assert_eq!(group(before.clone(), add), after);
    let remove = json!({ "op": "remove", "path": "members", "value": [
        { "$ref": null, "value": "1" }, { "value": "9" },
    ] });
    assert_eq!(
        group(before.clone(), remove),
        json!({ "members": [before["members"][1]] })
    );
    let remove = json!({ "op": "remove", "path": "members[value eq \"2\"]" });
    assert_eq!(
        group(before.clone(), remove),
        json!({ "members": [before["members"][0]] })
    );
    let other =
        json!({ "op": "replace", "path": "members[value eq \"2\"]", "value": { "value": "1" } });
    assert_eq!(
        group(before.clone(), other),
        json!({ "members": [before["members"][0]] })
    );
    // An id has its case.
    let add = json!({ "op": "add", "path": "members", "value": ["a", "A"] });
    let added = group(json!({}), add);
    assert_eq!(
        added,
        json!({ "members": [{ "value": "a" }, { "value": "A" }] })
    );
}

#[test]
fn members_come_and_go_in_one_patch() {
    let operations = json!([
        { "op": "add", "path": "members", "value": ["1", "2", "3"] },
        { "op": "remove", "path": "members[value eq \"2\"]" },
        { "op": "add", "path": "members", "value": "2" },
        { "op": "remove", "path": "members", "value": ["1", "3"] },
        { "op": "remove", "path": "members[value sw \"9\"]" },
        { "op": "add", "path": "members[value eq \"2\"].display", "value": "Two" },
        { "op": "add", "path": "members", "value": "1" },
    ]);
    let patched = try_patch("Group", &json!({}), operations, &PatchRules::default());
    let expected = json!({ "members": [{ "value": "2", "display": "Two" }, { "value": "1" }] });
    assert_eq!(patched, Ok(expected));
    let all_gone = json!([
        { "op": "add", "path": "members", "value": ["1", "2"] },
        { "op": "remove", "path": "members", "value": ["2", "1", "1"] },
    ]);
    let patched = try_patch("Group", &json!({}), all_gone, &PatchRules::default());
    assert_eq!(patched, Ok(json!({})));
}

#[test]
fn what_is_immutable_in_a_member_stays() {
    let before = json!({ "members": [{ "value": "1", "type": "User" }] });
    for (operation, kind) in [
        (
            json!({ "op": "replace", "path": "members[value eq \"1\"].type", "value": "Group" }),
            PatchErrorKind::Mutability,
        ),
        (
            json!({ "op": "remove", "path": "members[value eq \"1\"].type" }),
            PatchErrorKind::Mutability,
        ),
        (
            json!({ "op": "remove", "path": "members[value eq \"1\"].value" }),
            PatchErrorKind::Mutability,
        ),
        (
            json!({ "op": "add", "path": "members", "value": [{ "type": "User" }] }),
            PatchErrorKind::InvalidValue,
        ),
    ] {
        let operations = json!([operation]);
        let error = try_patch("Group", &before, operations, &PatchRules::default()).unwrap_err();
        assert_eq!(error.kind(), kind, "{operation}");
    }
    for operation in [
        json!({ "op": "add", "path": "members[value eq \"1\"].display", "value": "One" }),
        json!({ "op": "replace", "path": "members[value eq \"1\"].type", "value": "user" }),
    ] {
        group(before.clone(), operation);
    }
}

#[test]
fn simple_values_in_lists_are_told_apart_by_their_type() {
    let schema: Schema = serde_json::from_value(json!({ "id": "urn:thing", "attributes": [
        { "name": "tags", "multiValued": true },
        { "name": "codes", "multiValued": true, "caseExact": true },
        { "name": "sizes", "type": "decimal", "multiValued": true },
        { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "keys", "multiValued": true }, { "name": "area", "type": "decimal" },
        ] },
    ] }))
    .unwrap();
    let thing = ResourceType::new("Thing", "Things", schema).unwrap();
    let before =
        json!({ "tags": ["a", "b"], "codes": ["a"], "sizes": [1], "rooms": [{ "area": 1 }] });
    let operations = json!([
        { "op": "add", "path": "tags", "value": ["A", "c"] },
        { "op": "remove", "path": "tags[value eq \"B\"]" },
        { "op": "replace", "path": "tags[value eq \"c\"]", "value": "d" },
        { "op": "add", "path": "codes", "value": ["A"] },
        { "op": "add", "path": "sizes", "value": [1.0, 2] },
        { "op": "remove", "path": "sizes", "value": [2.0] },
        { "op": "add", "path": "rooms[area eq 1.0].keys", "value": ["x", "y"] },
        { "op": "add", "path": "rooms[area eq 1].keys", "value": "X" },
        { "op": "add", "path": "rooms", "value": [{ "area": 1, "keys": ["y", "x"] }, { "area": 2 }] },
    ]);
    let patch = Patch::from_json(json!({ "Operations": operations })).unwrap();
    let patched = patch.apply(&thing, before.as_object().unwrap(), &PatchRules::default());
    let expected = json!({
        "tags": ["a", "d"], "codes": ["a", "A"], "sizes": [1],
        "rooms": [{ "area": 1, "keys": ["x", "y"] }, { "area": 2 }],
    });
    assert_eq!(patched.map(Value::Object), Ok(expected));
}
