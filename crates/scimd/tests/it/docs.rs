//! What is told of the API.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Program, command, refused};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn printed(args: &[&str]) -> Value {
    let mut command = command(&[&["openapi"], args].concat());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn everybody_may_read_the_document_and_what_is_printed_is_the_same() {
    let scimd = Program::start(&["--token", TOKEN]);
    let answer = scimd.send("GET", "/openapi.json", &[], "");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let document = answer.json();
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(document["servers"], json!([{ "url": "/scim/v2" }]));
    let patch = &document["paths"]["/Users/{id}"]["patch"];
    assert_eq!(patch["security"], json!([{ "bearer": [] }]));
    for status in ["401", "408", "412", "503"] {
        assert!(patch["responses"].get(status).is_some(), "{status}");
    }
    assert!(patch["responses"].get("421").is_none());
    assert!(!document.to_string().contains(TOKEN));
    assert_eq!(printed(&["--token", TOKEN]), document);
    // It is still for those with a token to ask for resources.
    assert_eq!(scimd.send("GET", "/scim/v2/Users", &[], "").status, 401);
}

#[test]
fn who_has_the_document_is_not_sent_it_again() {
    let scimd = Program::start(&[]);
    for path in ["/openapi.json", "/docs", "/docs/page.css", "/docs/page.js"] {
        let first = scimd.send("GET", path, &[], "");
        assert_eq!(first.status, 200, "{path}");
        let tag = first.header("etag").unwrap();
        let again = scimd.send("GET", path, &[&format!("if-none-match: {tag}")], "");
        assert_eq!((again.status, again.header("etag")), (304, Some(tag)));
        let stale = scimd.send("GET", path, &["if-match: \"x\""], "");
        assert_eq!((stale.status, stale.header("etag")), (412, Some(tag)));
        let malformed = scimd.send("GET", path, &["if-none-match: x"], "");
        assert_eq!(malformed.status, 400, "{path}");
        assert_eq!(scimd.send("PUT", path, &[], "").status, 405, "{path}");
    }
}

#[test]
fn the_page_may_load_nothing_from_elsewhere() {
    let scimd = Program::start(&[]);
    let page = scimd.send("GET", "/docs", &[], "");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn it_can_be_turned_off() {
    let scimd = Program::start(&["--docs=false", "--token", TOKEN]);
    for path in ["/openapi.json", "/docs"] {
        assert_eq!(scimd.send("GET", path, &[], "").status, 401, "{path}");
        let authorization = format!("authorization: Bearer {TOKEN}");
        let known = scimd.send("GET", path, &[&authorization], "");
        assert_eq!(known.status, 404, "{path}");
    }
}

#[test]
fn options_decide_what_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("doors.json");
    let definitions = json!([
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": "urn:example:door",
            "attributes": [{ "name": "floor", "type": "integer", "required": true }],
        },
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "name": "Door",
            "endpoint": "/Doors",
            "schema": "urn:example:door",
        },
    ]);
    fs::write(&file, definitions.to_string()).unwrap();
    let document = printed(&[
        "--base-url",
        "https://id.example/v2",
        "--require-version",
        "--keep-versions",
        "3",
        "--schemas",
        file.to_str().unwrap(),
    ]);
    assert_eq!(
        document["servers"],
        json!([{ "url": "https://id.example/v2" }])
    );
    assert_eq!(
        document["components"]["schemas"]["DoorRequest"]["required"],
        json!(["floor"])
    );
    let prefer = &document["components"]["parameters"]["Prefer"];
    assert!(prefer.to_string().contains("merge=VERSION"), "{prefer}");
    let delete = &document["paths"]["/Doors/{id}"]["delete"]["responses"];
    assert!(delete.get("428").is_some() && delete.get("421").is_some());

    let (code, _, stderr) = refused(&["openapi", "--base-url", "id.example"]);
    assert_eq!(code, Some(2), "{stderr}");
}
