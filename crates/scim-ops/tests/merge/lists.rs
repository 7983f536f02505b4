use serde_json::{Value, json};

use crate::support::{document, right};

/// What becomes of the list `name`.
fn merged(name: &str, base: Value, local: Value, remote: Value) -> Value {
    let of = |list: Value| document(json!({ "label": "a", name: list }));
    let mut merged = right(&of(base), &of(local), &of(remote)).unwrap();
    merged.remove(name).unwrap_or_default()
}

#[test]
fn adds_and_removes_of_both_sides_combine() {
    assert_eq!(
        merged(
            "members",
            json!([{ "value": "1" }, { "value": "2" }, { "value": "3" }]),
            json!([{ "value": "1" }, { "value": "3" }, { "value": "4" }]),
            json!([{ "value": "5" }, { "value": "2" }, { "value": "3" }]),
        ),
        json!([{ "value": "5" }, { "value": "3" }, { "value": "4" }]),
    );
    assert_eq!(
        merged(
            "tags",
            json!(["a", "b"]),
            json!(["A", "b", "c"]),
            json!(["a"])
        ),
        json!(["A", "c"]),
    );
}

#[test]
fn what_both_add_is_there_once() {
    assert_eq!(
        merged(
            "emails",
            json!([]),
            json!([{ "value": "b@x", "type": "work", "display": "B" }]),
            json!([{ "value": "b@x", "type": "work", "note": "n" }, { "value": "b@x" }]),
        ),
        json!([
            { "value": "b@x", "type": "work", "display": "B", "note": "n" },
            { "value": "b@x" },
        ]),
    );
}

#[test]
fn one_address_at_home_and_at_work_is_two() {
    assert_eq!(
        merged(
            "emails",
            json!([]),
            json!([{ "value": "b@x", "type": "work" }]),
            json!([{ "value": "b@x", "type": "home" }]),
        ),
        json!([{ "value": "b@x", "type": "home" }, { "value": "b@x", "type": "work" }]),
    );
}

#[test]
fn parts_of_one_value_go_together() {
    assert_eq!(
        merged(
            "emails",
            json!([{ "value": "b@x", "type": "work", "keys": ["k"] }]),
            json!([{ "value": "b@x", "type": "work", "keys": ["k", "l"], "display": "B" }]),
            json!([{ "value": "B@X", "type": "work", "keys": ["m"] }]),
        ),
        json!([{ "value": "B@X", "type": "work", "keys": ["m", "l"], "display": "B" }]),
    );
}

#[test]
fn addresses_are_known_by_their_type() {
    assert_eq!(
        merged(
            "addresses",
            json!([{ "type": "work", "street": "1 Main", "city": "A" }, { "type": "home" }]),
            json!([{ "type": "work", "street": "2 Main", "city": "A" }, { "type": "home" }]),
            json!([{ "type": "work", "street": "1 Main", "city": "B" }]),
        ),
        json!([{ "type": "work", "street": "2 Main", "city": "B" }]),
    );
}

#[test]
fn several_of_one_identity_are_told_by_all_they_say() {
    assert_eq!(
        merged(
            "addresses",
            json!([{ "type": "work", "city": "A" }, { "type": "work", "city": "B" }]),
            json!([{ "type": "work", "city": "A" }]),
            json!([
                { "type": "work", "city": "A" },
                { "type": "work", "city": "B" },
                { "type": "work", "city": "C" },
            ]),
        ),
        json!([{ "type": "work", "city": "A" }, { "type": "work", "city": "C" }]),
    );
}

#[test]
fn who_names_a_link_by_its_value_alone_has_not_changed_it() {
    let known = json!({ "value": "1", "type": "User", "$ref": "Users/1" });
    assert_eq!(
        merged(
            "members",
            json!([known]),
            json!([{ "value": "1" }]),
            json!([])
        ),
        Value::Null,
    );
    assert_eq!(
        merged(
            "members",
            json!([known]),
            json!([{ "value": "1" }, { "value": "2" }]),
            json!([{ "value": "1", "type": "User", "$ref": "Users/1", "display": "One" }]),
        ),
        json!([
            { "value": "1", "type": "User", "$ref": "Users/1", "display": "One" },
            { "value": "2" },
        ]),
    );
}

#[test]
fn one_side_chooses_the_primary_value_and_the_other_removes_the_one_before() {
    assert_eq!(
        merged(
            "emails",
            json!([{ "value": "a", "primary": true }, { "value": "b" }]),
            json!([{ "value": "a", "primary": false }, { "value": "b", "primary": true }]),
            json!([{ "value": "b" }, { "value": "c" }]),
        ),
        json!([{ "value": "b", "primary": true }, { "value": "c" }]),
    );
}

#[test]
fn who_adds_a_primary_value_takes_it_from_the_one_before() {
    assert_eq!(
        merged(
            "emails",
            json!([{ "value": "a", "primary": true }]),
            json!([{ "value": "a" }, { "value": "b", "primary": true }]),
            json!([{ "value": "a", "primary": true, "display": "A" }]),
        ),
        json!([{ "value": "a", "display": "A" }, { "value": "b", "primary": true }]),
    );
}

#[test]
fn what_the_other_side_has_not_touched_keeps_our_order() {
    assert_eq!(
        merged(
            "tags",
            json!(["a", "b"]),
            json!(["c", "b", "a"]),
            json!(["a", "b"])
        ),
        json!(["c", "b", "a"]),
    );
}
