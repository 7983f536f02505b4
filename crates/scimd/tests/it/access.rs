use serde_json::Value;

use crate::client::{request, send};
use crate::program::Program;

const WRITE: &str = "write-0123456789abcdef0123456789abcdef";
const READ: &str = "read-0123456789abcdef0123456789abcdef";
const OTHER: &str = "other-0123456789abcdef0123456789abcdef";

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}")
}

#[test]
fn who_bears_no_known_token_is_told_how_to() {
    let scimd = Program::start(&["--token", WRITE]);
    let nothing = scimd.send("GET", "/scim/v2/Users", &[], "");
    assert_eq!(
        (nothing.status, nothing.header("www-authenticate")),
        (401, Some(r#"Bearer realm="scim""#))
    );
    assert_eq!(
        nothing.header("content-type"),
        Some("application/scim+json")
    );
    assert_eq!(nothing.json()["status"], "401");

    let wrong = scimd.send("GET", "/scim/v2/Users", &[&bearer(READ)], "");
    assert_eq!(wrong.status, 401);
    assert_eq!(
        wrong.header("www-authenticate"),
        Some(r#"Bearer realm="scim", error="invalid_token""#)
    );

    assert_eq!(
        scimd
            .send("GET", "/scim/v2/Users", &[&bearer(WRITE)], "")
            .status,
        200
    );
}

#[test]
fn a_read_only_token_changes_nothing() {
    let scimd = Program::start(&["--token", WRITE, "--read-only-token", READ]);
    let body = r#"{"userName":"bjensen"}"#;
    let refused = scimd.send("POST", "/scim/v2/Users", &[&bearer(READ)], body);
    assert_eq!(
        (refused.status, &refused.json()["status"]),
        (403, &Value::from("403"))
    );
    let list = scimd.send("GET", "/scim/v2/Users", &[&bearer(READ)], "");
    assert_eq!(
        (list.status, &list.json()["totalResults"]),
        (200, &Value::from(0))
    );

    let created = scimd.send("POST", "/scim/v2/Users", &[&bearer(WRITE)], body);
    let path = format!("/scim/v2/Users/{}", created.json()["id"].as_str().unwrap());
    for method in ["PUT", "DELETE"] {
        assert_eq!(
            scimd.send(method, &path, &[&bearer(READ)], body).status,
            403,
            "{method}"
        );
    }
    let read = scimd.send("GET", &path, &[&bearer(READ)], "");
    assert_eq!(read.json(), created.json());
}

#[test]
fn tenants_do_not_see_each_other() {
    let tenants = [format!("acme={WRITE}"), format!("beta={OTHER}")];
    let reader = format!("acme={READ}");
    let scimd = Program::start(&[
        "--tenant",
        &tenants[0],
        "--tenant",
        &tenants[1],
        "--tenant-read-only",
        &reader,
    ]);
    let body = r#"{"userName":"bjensen"}"#;
    let created = scimd.send("POST", "/scim/v2/Users", &[&bearer(WRITE)], body);
    let path = format!("/scim/v2/Users/{}", created.json()["id"].as_str().unwrap());

    assert_eq!(
        scimd.send("GET", &path, &[&bearer(READ)], "").json(),
        created.json()
    );
    assert_eq!(scimd.send("GET", &path, &[&bearer(OTHER)], "").status, 404);
    // The same name is free there.
    assert_eq!(
        scimd
            .send("POST", "/scim/v2/Users", &[&bearer(OTHER)], body)
            .status,
        201
    );
    assert_eq!(
        scimd
            .send("POST", "/scim/v2/Users", &[&bearer(WRITE)], body)
            .status,
        409
    );
}

#[test]
fn a_request_is_one_line_of_the_log_without_token_or_query() {
    let tenant = format!("acme={WRITE}");
    let scimd = Program::start(&["--tenant", &tenant, "--log-format", "json"]);
    let path = "/scim/v2/Users/nobody";
    let lines = [bearer(WRITE), "x-request-id: req-7".into()];
    let answer = scimd.send(
        "GET",
        &format!("{path}?attributes=s3cret"),
        &lines.each_ref().map(|line| &**line),
        "",
    );
    assert_eq!(answer.header("x-request-id"), Some("req-7"));

    let line = scimd.logged("answered");
    assert!(!line.contains(WRITE) && !line.contains("s3cret"), "{line}");
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["level"], "INFO");
    assert_eq!(event["status"], answer.status);
    assert_eq!(event["request_id"], "req-7");
    assert!(event["microseconds"].is_number(), "{line}");
    assert_eq!(event["span"]["method"], "GET");
    assert_eq!(event["span"]["path"], path);
    assert_eq!(event["span"]["tenant"], "acme");
}

#[test]
fn without_a_token_a_foreign_name_of_this_machine_is_not_answered_for() {
    let scimd = Program::start(&[]);
    let answer = scimd.send("GET", "/scim/v2/Users", &["host: evil.example:8080"], "");
    assert_eq!(
        (answer.status, &answer.json()["status"]),
        (421, &Value::from("421"))
    );

    let with_token = Program::start(&["--token", WRITE]);
    let lines = [bearer(WRITE), "host: id.example".into()];
    let answer = with_token.send(
        "GET",
        "/scim/v2/Users",
        &lines.each_ref().map(|line| &**line),
        "",
    );
    assert_eq!(answer.status, 200);
}

#[test]
fn without_a_token_pages_of_other_sites_change_nothing() {
    let scimd = Program::start(&[]);
    let body = r#"{"userName":"bjensen"}"#;
    for site in [
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
    ] {
        // As a form would be sent, which a browser does without asking.
        let head = format!("origin: {site}\r\ncontent-length: {}", body.len());
        let request = request("POST", "/scim/v2/Users", &[&head], "") + body;
        assert_eq!(send(scimd.address, &request).status, 421, "{site}");
    }
    let list = scimd.send("GET", "/scim/v2/Users", &[], "").json();
    assert_eq!(list["totalResults"], 0);
    let local = ["origin: http://localhost:3000"];
    let created = scimd.send("POST", "/scim/v2/Users", &local, body);
    assert_eq!(created.status, 201);
}

#[test]
fn a_request_that_cannot_be_told_where_it_goes_is_refused() {
    let bearer = bearer(WRITE);
    let scimd = Program::start(&["--token", WRITE, "--base-url", "https://id.example"]);
    let no_host = format!("GET /scim/v2/Users HTTP/1.1\r\n{bearer}\r\n\r\n");
    assert_eq!(send(scimd.address, &no_host).status, 400);
    for path in ["/scim/v2/Users", "/healthz", "/readyz"] {
        for hosts in ["host: a\r\nhost: b", "host: a b", "host:"] {
            let answer = scimd.send("GET", path, &[&bearer, hosts], "");
            assert_eq!(answer.status, 400, "{path} {hosts}");
        }
    }
}
