use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use scim_mcp::provider::{InMemoryProvider, Scope, TenantId};
use scim_mcp::{Caller, Limits, McpHttpService};
use serde_json::{Value, json};

use crate::support::{anybody, server};

type Service = McpHttpService<InMemoryProvider>;

fn request(message: &Value) -> Request<Full<bytes::Bytes>> {
    Request::post("/mcp")
        .header("host", "localhost:8080")
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .header("authorization", "Bearer secret")
        .body(Full::from(message.to_string()))
        .expect("a request")
}

fn call(tool: &str, arguments: Value) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params })
}

async fn answer(
    service: &Service,
    request: Request<Full<bytes::Bytes>>,
    caller: Caller,
) -> (StatusCode, Value) {
    let response = service.handle(request, caller).await;
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn called(service: &Service, tool: &str, arguments: Value, caller: Caller) -> Value {
    let (status, answer) = answer(service, request(&call(tool, arguments)), caller).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["result"]["structuredContent"].clone()
}

#[tokio::test]
async fn each_request_is_served_on_behalf_of_its_own_caller() {
    let service = server().http();
    let acme = Caller::new("acme".parse::<TenantId>().unwrap());
    let beta = Caller::new("beta".parse::<TenantId>().unwrap());
    let data = json!({ "data": { "userName": "a" } });
    let created = called(&service, "create_user", data.clone(), acme.clone()).await;
    let id = json!({ "id": created["id"] });
    let seen = called(&service, "get_user", id.clone(), acme.clone()).await;
    assert_eq!(seen["version"], created["version"]);
    let foreign = called(&service, "get_user", id, beta.clone()).await;
    assert_eq!(foreign["error"]["kind"], "not_found");
    let refused = called(&service, "create_user", data, beta.read_only()).await;
    assert_eq!(refused["error"]["kind"], "forbidden");
}

#[tokio::test]
async fn it_is_spoken_in_the_older_and_the_newer_form() {
    let service = server().http();
    let hello = json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": { "name": "raw", "version": "1" },
        },
    });
    let (status, greeting) = answer(&service, request(&hello), anybody()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(greeting["result"]["protocolVersion"], "2025-06-18");

    let discover = json!({
        "jsonrpc": "2.0", "id": 1, "method": "server/discover",
        "params": { "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "raw", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {},
        } },
    });
    let mut discover = request(&discover);
    let headers = discover.headers_mut();
    headers.insert("mcp-protocol-version", "2026-07-28".parse().unwrap());
    headers.insert("mcp-method", "server/discover".parse().unwrap());
    let (status, discovered) = answer(&service, discover, anybody()).await;
    assert_eq!(status, StatusCode::OK, "{discovered}");
    assert!(
        discovered["result"]["supportedVersions"]
            .as_array()
            .is_some(),
        "{discovered}"
    );
}

#[tokio::test]
async fn there_are_no_sessions_to_take_over() {
    let service = server().http();
    for method in [Method::GET, Method::DELETE] {
        let mut request = request(&json!({}));
        *request.method_mut() = method;
        request
            .headers_mut()
            .insert("mcp-session-id", "1".parse().unwrap());
        let (status, _) = answer(&service, request, anybody()).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    }
    let response = service
        .handle(request(&call("server_info", json!({}))), anybody())
        .await;
    assert!(!response.headers().contains_key("mcp-session-id"));
}

#[tokio::test]
async fn other_hosts_than_those_of_this_machine_have_to_be_named() {
    let at = |host: &str| {
        let mut request = request(&call("server_info", json!({})));
        request.headers_mut().insert("host", host.parse().unwrap());
        request
    };
    let service = server().http();
    let status = async |service: &Service, host: &str| answer(service, at(host), anybody()).await.0;
    assert_eq!(status(&service, "127.0.0.1:1").await, StatusCode::OK);
    assert_eq!(
        status(&service, "evil.example").await,
        StatusCode::FORBIDDEN
    );
    let service = service.with_hosts(["id.example"]);
    assert_eq!(status(&service, "id.example:8443").await, StatusCode::OK);
    assert_eq!(status(&service, "localhost").await, StatusCode::FORBIDDEN);
    let service = service.with_any_host();
    assert_eq!(status(&service, "evil.example").await, StatusCode::OK);
}

#[tokio::test]
async fn what_is_too_long_or_no_message_is_refused() {
    let limits = Limits::default().with_message(1_000);
    let service = server().with_limits(limits).http();
    let long = json!({ "data": { "userName": "x".repeat(1_000) } });
    let (status, _) = answer(&service, request(&call("create_user", long)), anybody()).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    for body in ["", "{", "[]", "{}", "\u{0}"] {
        let mut request = request(&json!({}));
        *request.body_mut() = Full::from(body);
        let response = service.handle(request, anybody()).await;
        assert!(
            response.status().is_client_error(),
            "{body}: {}",
            response.status()
        );
    }
    for arguments in [json!("x"), json!([1]), json!(1)] {
        let message = call("create_user", arguments);
        let response = service.handle(request(&message), anybody()).await;
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        assert!(
            status.is_client_error() || body.get("error").is_some(),
            "{status} {body}"
        );
    }
    let total = called(
        &service,
        "search_resources",
        json!({}),
        Caller::new(Scope::Single),
    )
    .await;
    assert_eq!(total["total"], 0);
}
