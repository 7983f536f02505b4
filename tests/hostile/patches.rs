//! PATCHes of many operations, and of values that are not what they should be.

use serde_json::{Value, json};

use crate::victim::{Answer, Victim};

fn patch(victim: &Victim, operations: &Value) -> Answer {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    victim.send("PATCH", &victim.user, &[], body.to_string().as_bytes())
}

#[test]
fn ten_thousand_operations_are_done_or_refused() {
    let victim = Victim::start();
    let operations: Vec<Value> = (0..10_000)
        .map(|number| json!({ "op": "add", "path": "title", "value": number.to_string() }))
        .collect();
    let answer = patch(&victim, &json!(operations));
    if answer.status == 200 {
        assert_eq!(answer.json()["title"], "9999");
    } else {
        assert!((400..500).contains(&answer.status), "{answer:.400?}");
        answer.refuses(answer.status);
    }
    victim.survives();
}

/// Each makes a value that the ones after it look through.
#[test]
fn thousands_of_values_that_filters_make_are_done_or_refused() {
    let victim = Victim::start();
    let operations: Vec<Value> = (0..3_000)
        .map(|number| {
            let path = format!("emails[type eq \"t{number}\"].value");
            json!({ "op": "add", "path": path, "value": "a@example.com" })
        })
        .collect();
    let answer = patch(&victim, &json!(operations));
    if answer.status == 200 {
        assert_eq!(
            answer.json()["emails"].as_array().map(Vec::len),
            Some(3_000)
        );
    } else {
        assert!((400..500).contains(&answer.status), "{answer:.400?}");
        answer.refuses(answer.status);
    }
    victim.survives();
}

#[test]
fn what_is_no_operation_is_400() {
    let victim = Victim::start();
    for operations in [
        json!(null),
        json!({}),
        json!("add"),
        json!([]),
        json!([null]),
        json!([[]]),
        json!([{}]),
        json!([{ "op": "move", "path": "title", "value": "x" }]),
        json!([{ "op": 1, "path": "title", "value": "x" }]),
        json!([{ "op": "add" }]),
        json!([{ "op": "add", "path": "title" }]),
        json!([{ "op": "add", "path": 1, "value": "x" }]),
        json!([{ "op": "add", "path": "", "value": "x" }]),
        json!([{ "op": "add", "path": "title[", "value": "x" }]),
        json!([{ "op": "add", "path": "title]", "value": "x" }]),
        json!([{ "op": "add", "path": "name.givenName.more", "value": "x" }]),
        json!([{ "op": "add", "path": "emails[type eq \"work\"].value.more", "value": "x" }]),
        json!([{ "op": "add", "path": "title", "value": ["x", "y"] }]),
        json!([{ "op": "add", "path": "title", "value": { "colour": "x" } }]),
        json!([{ "op": "add", "path": "name", "value": "x" }]),
        json!([{ "op": "add", "path": "emails", "value": [[[]]] }]),
        json!([{ "op": "add", "path": "active", "value": 1 }]),
        json!([{ "op": "replace", "value": "x" }]),
        json!([{ "op": "replace", "value": [] }]),
        json!([{ "op": "replace", "path": "userName", "value": null }]),
        json!([{ "op": "remove", "path": "userName" }]),
        json!([{ "op": "replace", "path": "meta.version", "value": "W/\"x\"" }]),
    ] {
        let answer = patch(&victim, &operations);
        assert_eq!(answer.status, 400, "{operations}: {answer:?}");
        answer.refuses(400);
    }
    victim.survives();
}
