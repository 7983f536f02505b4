use serde_json::json;

use crate::support::{MORE, document, right};

fn merged(
    base: serde_json::Value,
    local: serde_json::Value,
    remote: serde_json::Value,
) -> serde_json::Value {
    let merged = right(&document(base), &document(local), &document(remote));
    serde_json::Value::Object(merged.unwrap())
}

#[test]
fn different_parts_of_a_complex_value_go_together() {
    assert_eq!(
        merged(
            json!({ "label": "a", "name": { "given": "Babs", "family": "Jensen" } }),
            json!({ "label": "a", "name": { "given": "Barbara", "family": "Jensen" } }),
            json!({ "label": "a", "name": { "given": "Babs", "family": "Smith", "titles": ["Ms"] } }),
        ),
        json!({ "label": "a", "name": { "given": "Barbara", "family": "Smith", "titles": ["Ms"] } }),
    );
}

#[test]
fn a_corrected_case_is_a_change() {
    assert_eq!(
        merged(
            json!({ "label": "mcdonald" }),
            json!({ "label": "McDonald" }),
            json!({ "label": "mcdonald", "count": 1 }),
        ),
        json!({ "label": "McDonald", "count": 1 }),
    );
}

#[test]
fn names_in_another_case_are_the_same_names() {
    assert_eq!(
        merged(
            json!({ "label": "a", "name": { "given": "b" } }),
            json!({ "LABEL": "a", "Name": { "GIVEN": "b", "Family": "c" } }),
            json!({ "label": "d", "name": { "given": "b" } }),
        ),
        json!({ "label": "d", "name": { "given": "b", "family": "c" } }),
    );
}

#[test]
fn null_and_nothing_are_the_same() {
    assert_eq!(
        merged(
            json!({ "label": "a", "code": "c", "tags": ["x"] }),
            json!({ "label": "a", "code": null, "tags": ["x"], "emails": [] }),
            json!({ "label": "a", "code": "c", "tags": [] }),
        ),
        json!({ "label": "a" }),
    );
}

#[test]
fn what_the_service_provider_sets_is_the_other_sides() {
    assert_eq!(
        merged(
            json!({ "id": "1", "serial": "1", "meta": { "version": "W/\"1\"" }, "label": "a" }),
            json!({ "serial": "mine", "label": "b" }),
            json!({ "id": "1", "serial": "2", "meta": { "version": "W/\"2\"" }, "label": "a" }),
        ),
        json!({ "id": "1", "serial": "2", "meta": { "version": "W/\"2\"" }, "label": "b" }),
    );
}

#[test]
fn extensions_are_merged_and_schemas_follow() {
    assert_eq!(
        merged(
            json!({ "schemas": ["urn:thing"], "label": "a" }),
            json!({ "schemas": ["urn:thing"], "label": "a", MORE: { "grade": "1" } }),
            json!({ "schemas": ["urn:thing"], "label": "b" }),
        ),
        json!({ "schemas": ["urn:thing", MORE], "label": "b", MORE: { "grade": "1" } }),
    );
    assert_eq!(
        merged(
            json!({ "label": "a", MORE: { "grade": "1", "tags": ["x"] } }),
            json!({ "label": "a", "URN:MORE:1.0": { "grade": "1", "tags": ["x"], "LABEL": "l" } }),
            json!({ "label": "a", MORE: { "grade": "2" } }),
        ),
        json!({ "label": "a", MORE: { "grade": "2", "label": "l" } }),
    );
}

#[test]
fn a_reference_that_points_elsewhere_takes_its_uri_along() {
    assert_eq!(
        merged(
            json!({ "label": "a", "owner": { "value": "1", "$ref": "Users/1", "shown": "One" } }),
            json!({ "label": "a", "owner": { "value": "2", "note": "n" } }),
            json!({ "label": "b", "owner": { "value": "1", "$ref": "Users/1", "shown": "One" } }),
        ),
        json!({ "label": "b", "owner": { "value": "2", "note": "n" } }),
    );
}

#[test]
fn a_secret_that_one_side_sets_or_removes_is_in_what_is_merged() {
    assert_eq!(
        merged(
            json!({ "label": "a" }),
            json!({ "label": "a", "pin": "1234" }),
            json!({ "label": "b" }),
        ),
        json!({ "label": "b", "pin": "1234" }),
    );
    assert_eq!(
        merged(
            json!({ "label": "a" }),
            json!({ "label": "a", "pin": null, MORE: null }),
            json!({ "label": "b" }),
        ),
        json!({ "label": "b", "pin": null, MORE: null }),
    );
}

#[test]
fn what_no_schema_has_is_merged_as_a_whole() {
    assert_eq!(
        merged(
            json!({ "label": "a", "x": { "y": 1 } }),
            json!({ "label": "a", "x": { "y": 2 } }),
            json!({ "label": "a", "x": { "y": 1 }, "z": [1] }),
        ),
        json!({ "label": "a", "x": { "y": 2 }, "z": [1] }),
    );
}
