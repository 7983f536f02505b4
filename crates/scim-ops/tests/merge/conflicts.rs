use serde_json::{Value, json};

use crate::support::{MORE, document, right};

type Told = (String, [Value; 3]);

/// Where there are conflicts, each with what was, what ours is and what theirs is.
fn conflicts(base: Value, local: Value, remote: Value) -> Vec<Told> {
    let conflicts = right(&document(base), &document(local), &document(remote)).unwrap_err();
    let told = conflicts.iter().map(|conflict| {
        let values = [conflict.base(), conflict.local(), conflict.remote()];
        let values = values.map(|value| value.cloned().unwrap_or_default());
        (conflict.path().to_owned(), values)
    });
    told.collect()
}

fn told<const N: usize>(expected: [(&str, [Value; 3]); N]) -> Vec<Told> {
    expected
        .into_iter()
        .map(|(path, values)| (path.to_owned(), values))
        .collect()
}

#[test]
fn all_conflicts_are_told_in_the_order_of_the_schema() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "name": { "family": "f" }, MORE: { "grade": "1", "label": "l" } }),
            json!({ "label": "b", "name": { "family": "g" }, MORE: { "grade": "2", "label": "m" } }),
            json!({ "label": "c", "name": { "given": "h" }, MORE: { "grade": "3", "label": "l" } }),
        ),
        told([
            ("label", [json!("a"), json!("b"), json!("c")]),
            ("name.family", [json!("f"), json!("g"), Value::Null]),
            ("urn:more:1.0:grade", [json!("1"), json!("2"), json!("3")]),
        ]),
    );
}

#[test]
fn a_value_that_one_changed_and_the_other_removed_is_told_whole() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "emails": [{ "value": "b@x", "type": "work" }] }),
            json!({ "label": "a", "emails": [{ "value": "b@x", "type": "work", "display": "B" }] }),
            json!({ "label": "a" }),
        ),
        told([(
            "emails[value eq \"b@x\" and type eq \"work\"]",
            [
                json!({ "value": "b@x", "type": "work" }),
                json!({ "value": "b@x", "type": "work", "display": "B" }),
                Value::Null,
            ],
        )]),
    );
}

#[test]
fn a_part_of_one_value_is_told_with_a_filter_that_selects_it() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "emails": [{ "value": "a\"b" }] }),
            json!({ "label": "a", "emails": [{ "value": "a\"b", "display": "1" }] }),
            json!({ "label": "a", "emails": [{ "value": "a\"b", "display": "2" }] }),
        ),
        told([(
            "emails[value eq \"a\\\"b\" and not (type pr)].display",
            [Value::Null, json!("1"), json!("2")],
        )]),
    );
    let path = "emails[value eq \"a\\\"b\" and not (type pr)].display";
    let path: scim_ops::provider::filter::PatchPath = path.parse().unwrap();
    let emails = crate::support::thing().attribute("emails").unwrap();
    let filter = emails.compile_value_filter(path.filter().unwrap()).unwrap();
    assert!(filter.matches(&json!({ "value": "a\"b" })));
    assert!(!filter.matches(&json!({ "value": "a\"b", "type": "work" })));
}

#[test]
fn two_choices_of_a_primary_value_are_a_conflict() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "emails": [{ "value": "1" }] }),
            json!({ "label": "a", "emails": [{ "value": "1", "primary": true }] }),
            json!({ "label": "a", "emails": [{ "value": "1" }, { "value": "2", "primary": true }] }),
        ),
        told([(
            "emails[primary eq true]",
            [
                Value::Null,
                json!({ "value": "1", "primary": true }),
                json!({ "value": "2", "primary": true }),
            ],
        )]),
    );
}

#[test]
fn what_one_made_primary_and_the_other_removed_is_a_conflict() {
    let told = conflicts(
        json!({ "label": "a", "emails": [{ "value": "1" }, { "value": "2" }] }),
        json!({ "label": "a", "emails": [{ "value": "1", "primary": true }, { "value": "2" }] }),
        json!({ "label": "a", "emails": [{ "value": "2" }] }),
    );
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "emails[value eq \"1\" and not (type pr)]");
}

#[test]
fn the_last_value_of_what_is_required_stays() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "codes": ["1", "2"] }),
            json!({ "label": "a", "codes": ["1"] }),
            json!({ "label": "a", "codes": ["2"] }),
        ),
        told([("codes", [json!(["1", "2"]), json!(["1"]), json!(["2"])])]),
    );
}

#[test]
fn who_removes_all_of_something_meets_who_adds_to_it() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "owner": { "value": "1" }, MORE: { "grade": "1" } }),
            json!({ "label": "a" }),
            json!({
                "label": "a", "owner": { "value": "1", "note": "n" },
                MORE: { "grade": "1", "label": "l" },
            }),
        ),
        told([
            ("owner.value", [json!("1"), Value::Null, json!("1")]),
            ("urn:more:1.0:grade", [json!("1"), Value::Null, json!("1")]),
        ]),
    );
}

#[test]
fn two_targets_of_one_reference_are_one_conflict() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "owner": { "value": "1", "$ref": "Users/1" } }),
            json!({ "label": "a", "owner": { "value": "2", "$ref": "Users/2" } }),
            json!({ "label": "a", "owner": { "value": "3", "$ref": "Users/3" } }),
        ),
        told([("owner.value", [json!("1"), json!("2"), json!("3")])]),
    );
}

#[test]
fn of_a_secret_only_the_place_is_told() {
    let side = |pin: &str, badge: &str| {
        document(json!({
            "label": "a", "pin": pin, "badges": [{ "value": "1", "type": badge, "pin": pin }],
        }))
    };
    let base = document(json!({ "label": "a", "badges": [{ "value": "1" }] }));
    let conflicts = right(&base, &side("secret", "x"), &side("hidden", "y")).unwrap_err();
    let withheld: Vec<_> = conflicts
        .iter()
        .filter(|conflict| conflict.is_withheld())
        .collect();
    let paths: Vec<_> = withheld.iter().map(|conflict| conflict.path()).collect();
    assert_eq!(paths, ["pin", "badges[value eq \"1\"].pin"]);
    assert!(withheld.iter().all(|conflict| conflict.local().is_none()));
    assert_eq!(conflicts.count(), 3);

    let removed = document(json!({ "label": "a" }));
    let conflicts = right(&base, &side("secret", "x"), &removed).unwrap_err();
    assert_eq!(
        conflicts.first().local(),
        Some(&json!({ "value": "1", "type": "x" }))
    );
}

#[test]
fn what_no_schema_has_can_be_in_conflict() {
    assert_eq!(
        conflicts(
            json!({ "label": "a", "x": 1 }),
            json!({ "label": "a", "x": 2 }),
            json!({ "label": "a" }),
        ),
        told([("x", [json!(1), json!(2), Value::Null])]),
    );
}
