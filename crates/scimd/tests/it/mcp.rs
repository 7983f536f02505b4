use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::client::{Answer, send as send_to};
use crate::program::{Program, command, refused};

const WRITE: &str = "write-0123456789abcdef0123456789abcdef";
const READ: &str = "read-0123456789abcdef0123456789abcdef";
const OTHER: &str = "other-0123456789abcdef0123456789abcdef";

fn message(tool: &str, arguments: &Value) -> String {
    let params = json!({ "name": tool, "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string()
}

/// Sends a message as an agent does; `more` are header lines, each with its end.
fn post(scimd: &Program, more: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\
         content-type: application/json\r\naccept: application/json, text/event-stream\r\n{more}\r\n"
    );
    send_to(scimd.address, &(head + body))
}

fn send(scimd: &Program, token: &str, body: &str) -> Answer {
    post(scimd, &format!("authorization: Bearer {token}\r\n"), body)
}

fn call(scimd: &Program, token: &str, tool: &str, arguments: &Value) -> Value {
    let answer = send(scimd, token, &message(tool, arguments));
    assert_eq!(answer.status, 200);
    answer.json()["result"]["structuredContent"].clone()
}

#[test]
fn agents_use_the_tokens_and_the_resources_that_others_do() {
    let (acme, beta) = (format!("acme={WRITE}"), format!("beta={OTHER}"));
    let reader = format!("acme={READ}");
    let scimd = Program::start(&[
        "--tenant",
        &acme,
        "--tenant",
        &beta,
        "--tenant-read-only",
        &reader,
    ]);
    let data = json!({ "data": { "userName": "bjensen" } });
    let created = call(&scimd, WRITE, "create_user", &data);
    let id = json!({ "id": created["id"] });

    let path = format!("/scim/v2/Users/{}", created["id"].as_str().unwrap());
    let bearer = format!("authorization: Bearer {READ}");
    let seen = scimd.send("GET", &path, &[&bearer], "");
    let tag = format!("W/\"{}\"", created["version"].as_str().unwrap());
    assert_eq!(seen.header("etag"), Some(&*tag));

    assert_eq!(
        call(&scimd, READ, "get_user", &id)["version"],
        created["version"]
    );
    let refused = call(&scimd, READ, "create_user", &data);
    assert_eq!(refused["error"]["kind"], "forbidden");

    // What is another tenant's is answered as what is not there.
    let foreign = send(&scimd, OTHER, &message("get_user", &id));
    let empty = Program::start(&["--tenant", &beta]);
    let absent = send(&empty, OTHER, &message("get_user", &id));
    assert_eq!(foreign.body, absent.body);
}

#[test]
fn who_bears_no_known_token_is_no_agent_here() {
    let scimd = Program::start(&["--token", WRITE, "--log-filter", "trace"]);
    let body = message("create_user", &json!({ "data": { "userName": "b" } }));
    for token in ["", READ, OTHER] {
        let answer = send(&scimd, token, &body);
        assert_eq!(answer.status, 401);
        assert!(
            answer
                .header("www-authenticate")
                .unwrap()
                .starts_with("Bearer")
        );
    }
    let total = call(&scimd, WRITE, "search_resources", &json!({}));
    assert_eq!(total["total"], 0);
}

#[test]
fn the_log_tells_of_agents_and_nothing_of_what_they_say() {
    let scimd = Program::start(&["--token", WRITE, "--log-filter", "trace"]);
    let secret = "correct horse battery";
    let data = json!({ "data": { "userName": "s3cret-name", "password": secret } });
    call(&scimd, WRITE, "create_user", &data);
    loop {
        let line = scimd.logged("");
        assert!(!line.contains(secret) && !line.contains("s3cret"), "{line}");
        assert!(!line.contains(WRITE), "{line}");
        if line.contains("answered") {
            assert!(
                line.contains("path=\"/mcp\"") || line.contains("/mcp"),
                "{line}"
            );
            break;
        }
    }
}

#[test]
fn agents_may_be_given_less_or_nothing() {
    let scimd = Program::start(&["--mcp-read-only", "--mcp-tool", "get_user,create_user"]);
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string();
    let tools = send(&scimd, "", &list).json()["result"]["tools"].clone();
    assert_eq!(tools.as_array().unwrap().len(), 1);
    assert_eq!(tools[0]["name"], "get_user");

    let scimd = Program::start(&["--mcp=false"]);
    assert_eq!(send(&scimd, "", &list).status, 404);

    let (code, _, stderr) = refused(&["--mcp-tool", "drop_tables"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("drop_tables"), "{stderr}");
}

#[test]
fn limits_are_those_of_the_server() {
    let scimd = Program::start(&["--max-body", "2KiB", "--max-page", "2"]);
    let long = json!({ "data": { "userName": "x".repeat(3_000) } });
    assert_eq!(send(&scimd, "", &message("create_user", &long)).status, 413);
    for name in ["a", "b", "c"] {
        call(
            &scimd,
            "",
            "create_user",
            &json!({ "data": { "userName": name } }),
        );
    }
    let page = call(&scimd, "", "list_users", &json!({ "count": 100 }));
    assert_eq!(page["resources"].as_array().unwrap().len(), 2);
}

#[test]
fn pages_of_other_sites_do_not_get_through_to_a_server_without_tokens() {
    let scimd = Program::start(&[]);
    let body = message("server_info", &json!({}));
    let answer = post(&scimd, "origin: http://evil.example\r\n", &body);
    assert_eq!(answer.status, 421);
}

#[test]
fn an_agent_is_served_on_stdin_and_stdout_and_nothing_else_is_written_there() {
    let mut command = command(&["mcp", "--store", "memory", "--log-filter", "trace"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let hello = json!({
        "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": { "name": "raw", "version": "1" },
        },
    });
    writeln!(stdin, "{hello}").unwrap();
    let greeting: Value = serde_json::from_str(&stdout.next().unwrap().unwrap()).unwrap();
    assert_eq!(greeting["result"]["serverInfo"]["name"], "scimd");
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    writeln!(stdin, "{ready}").unwrap();
    let data = json!({ "data": { "userName": "s3cret", "password": "correct horse" } });
    writeln!(stdin, "{}", message("create_user", &data)).unwrap();
    // Hashing a password may take longer than what is under way is waited for.
    let created: Value = serde_json::from_str(&stdout.next().unwrap().unwrap()).unwrap();
    assert_eq!(created["result"]["structuredContent"]["changed"], true);
    let data = json!({ "data": { "userName": "s3cret too" } });
    writeln!(stdin, "{}", message("create_user", &data)).unwrap();
    // What is under way when stdin ends is answered.
    drop(stdin);
    let rest: Vec<Value> = stdout
        .map(|line| serde_json::from_str(&line.unwrap()).expect("every line is a message"))
        .collect();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0]["result"]["structuredContent"]["changed"], true);
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success());
    let log = String::from_utf8(ended.stderr).unwrap();
    assert!(!log.contains("s3cret") && !log.contains("horse"), "{log}");
}

#[test]
fn on_stdin_one_of_several_tenants_has_to_be_named() {
    let tenant = format!("acme={WRITE}");
    let (code, stdout, stderr) = refused(&["mcp", "--tenant", &tenant]);
    assert_eq!((code, &*stdout), (Some(2), ""));
    assert!(stderr.contains("--as-tenant"), "{stderr}");
}
