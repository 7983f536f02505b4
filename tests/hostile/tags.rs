//! Entity tags by the ten thousand octets.

use serde_json::json;

use crate::victim::Victim;

#[test]
fn sixty_kilobytes_of_if_match_are_judged_by_the_grammar() {
    let victim = Victim::start();
    let put = br#"{ "userName": "x" }"#;
    let patch = br#"{ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                      "Operations": [{ "op": "add", "path": "title", "value": "x" }] }"#;
    for (field, status) in [
        (vec!["\"0123456789\""; 4_600].join(","), 412),
        (format!("\"{}\"", "x".repeat(60_000)), 412),
        (format!("W/\"{}\"", "x".repeat(60_000)), 412),
        (",".repeat(60_000), 412),
        ("\",".repeat(30_000), 412),
        ("\"".repeat(60_000 - 1), 400),
        ("*".repeat(60_000), 400),
        ("x".repeat(60_000), 400),
    ] {
        for (method, body) in [("PUT", &put[..]), ("PATCH", patch), ("DELETE", b"")] {
            let answer = victim.send(method, &victim.user, &[("If-Match", &field)], body);
            answer.refuses(status);
        }
    }
    victim.survives();
}

/// More than any head may have: it never reaches the service.
#[test]
fn a_megabyte_of_if_match_is_431() {
    let victim = Victim::start();
    let field = vec!["\"0123456789\""; 80_000].join(",");
    let answer = victim.send("DELETE", &victim.user, &[("If-Match", &field)], b"");
    assert_eq!(answer.status, 431, "{answer:.400?}");
    victim.survives();
}

#[test]
fn sixty_kilobytes_of_if_none_match_are_judged_by_the_grammar() {
    let victim = Victim::start();
    let tags = vec!["\"0123456789\""; 4_600].join(",");
    let read = victim.send("GET", &victim.user, &[("If-None-Match", &tags)], b"");
    assert_eq!(read.status, 200);
    let malformed = "\"".repeat(60_000 - 1);
    let read = victim.send("GET", &victim.user, &[("If-None-Match", &malformed)], b"");
    read.refuses(400);
    victim.survives();
}

/// The version of an operation is the `If-Match` of that operation.
#[test]
fn sixty_kilobytes_of_version_in_a_bulk_are_that_operations_failure() {
    let victim = Victim::start();
    for (version, status) in [
        (format!("W/\"{}\"", "x".repeat(60_000)), "412"),
        ("\"".repeat(60_000 - 1), "400"),
        ("x".repeat(60_000), "400"),
    ] {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{ "method": "DELETE", "path": victim.user, "version": version }],
        });
        let answer = victim.post("/Bulk", body.to_string().as_bytes());
        assert_eq!(answer.status, 200, "{answer:.400?}");
        let result = &answer.json()["Operations"][0];
        assert_eq!(result["status"], status, "{result}");
        assert!(answer.body.len() < 4_000, "{} octets", answer.body.len());
    }
    victim.survives();
}
