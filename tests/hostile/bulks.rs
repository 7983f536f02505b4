//! Bulks of too many operations, and of references in circles.

use serde_json::{Value, json};

use crate::victim::{Answer, Victim};

fn bulk(victim: &Victim, operations: &Value) -> Answer {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    });
    victim.post("/Bulk", body.to_string().as_bytes())
}

#[test]
fn ten_thousand_operations_are_413_and_none_is_done() {
    let victim = Victim::start();
    let mut operations = vec![
        json!({ "method": "POST", "path": "/Users", "bulkId": "1", "data": { "userName": "x" } }),
    ];
    operations.resize(10_000, json!({ "method": "DELETE", "path": "/Users/1" }));
    let answer = bulk(&victim, &json!(operations));
    answer.refuses(413);
    victim.survives();
}

/// As many as are advertised, all in one circle: resolved, or each a failure of its own.
#[test]
fn references_in_a_long_circle_are_resolved_or_refused() {
    let victim = Victim::start();
    let config = victim.get("/ServiceProviderConfig").json();
    let most = config["bulk"]["maxOperations"].as_u64().unwrap().min(1_000);
    let operations: Vec<Value> = (0..most)
        .map(|number| {
            let next = (number + 1) % most;
            json!({
                "method": "POST", "path": "/Groups", "bulkId": format!("g{number}"),
                "data": {
                    "displayName": format!("Group {number}"),
                    "members": [{ "type": "Group", "value": format!("bulkId:g{next}") }],
                },
            })
        })
        .collect();
    let answer = bulk(&victim, &json!(operations));
    if answer.status == 200 {
        let results = answer.json();
        for result in results["Operations"].as_array().unwrap() {
            let status = result["status"].as_str().unwrap();
            assert!(status == "201" || status.starts_with('4'), "{result}");
        }
    } else {
        answer.refuses(409);
    }
    victim.survives();
}

#[test]
fn references_to_nothing_and_to_themselves_are_refused() {
    let victim = Victim::start();
    let group = |bulk_id: &str, member: &str| {
        json!({
            "method": "POST", "path": "/Groups", "bulkId": bulk_id,
            "data": { "displayName": "Guides", "members": [{ "value": member }] },
        })
    };
    for operations in [
        json!([group("1", "bulkId:2")]),
        json!([group("1", "bulkId:")]),
        json!([group("1", "bulkId:bulkId:1")]),
    ] {
        let answer = bulk(&victim, &operations);
        assert_eq!(answer.status, 200, "{answer:?}");
        let status = answer.json()["Operations"][0]["status"].clone();
        assert!(
            status.as_str().unwrap().starts_with('4'),
            "{operations}: {answer:?}"
        );
    }
    assert_eq!(victim.get("/Groups").json()["totalResults"], 0);
    victim.survives();
}

#[test]
fn what_is_no_bulk_is_400() {
    let victim = Victim::start();
    for operations in [json!(null), json!({}), json!("POST"), json!(1)] {
        bulk(&victim, &operations).refuses(400);
    }
    let answer = victim.post("/Bulk", b"{}");
    answer.refuses(400);
    victim.survives();
}

/// A bulk goes on after an operation that makes no sense (RFC 7644 §3.7).
#[test]
fn what_is_no_operation_is_its_own_failure_or_the_bulks() {
    let victim = Victim::start();
    for operation in [
        json!({}),
        json!({ "method": "GET", "path": "/Users" }),
        json!({ "method": "post", "path": "/Users", "data": { "userName": "" } }),
        json!({ "method": "POST", "path": "/Users", "bulkId": "1" }),
        json!({ "method": "POST", "path": "/Bulk", "bulkId": "1", "data": {} }),
        json!({ "method": "POST", "path": "/.search", "bulkId": "1", "data": {} }),
        json!({ "method": "POST", "path": "http://example.com/Users", "bulkId": "1", "data": { "userName": "x" } }),
        json!({ "method": "POST", "path": "//Users", "bulkId": "1", "data": { "userName": "x" } }),
        json!({ "method": "POST", "path": "/Users/../Groups", "bulkId": "1", "data": { "userName": "x" } }),
        json!({ "method": "POST", "path": "/ServiceProviderConfig", "bulkId": "1", "data": {} }),
        json!({ "method": "PUT", "path": "/Users", "data": { "userName": "x" } }),
        json!({ "method": "PUT", "path": victim.user }),
        json!({ "method": "PATCH", "path": victim.user, "data": [] }),
        json!({ "method": "DELETE", "path": "/Users" }),
        json!({ "method": "DELETE", "path": "" }),
        json!({ "method": "DELETE", "path": "x".repeat(100_000) }),
    ] {
        let answer = bulk(&victim, &json!([operation]));
        if answer.status == 200 {
            let status = answer.json()["Operations"][0]["status"].clone();
            assert!(
                status.as_str().unwrap().starts_with('4'),
                "{operation:.200}: {answer:?}"
            );
        } else {
            answer.refuses(400);
        }
    }
    victim.survives();
}

#[test]
fn one_bulk_id_for_two_resources_is_refused() {
    let victim = Victim::start();
    let user = |name: &str| json!({ "method": "POST", "path": "/Users", "bulkId": "same", "data": { "userName": name } });
    let answer = bulk(&victim, &json!([user("x"), user("y")]));
    if answer.status == 200 {
        let results = answer.json();
        let failed = results["Operations"].as_array().unwrap().iter();
        let failed = failed.filter(|result| result["status"].as_str().unwrap().starts_with('4'));
        assert!(failed.count() >= 1, "{results}");
    } else {
        answer.refuses(400);
    }
}
