//! `/Bulk`.

use http::header::ETAG;
use http::{Method, StatusCode};
use scim_http::provider::InMemoryProvider;
use scim_http::{ATOMIC_BULK, Limits, ScimService};
use serde_json::{Value, json};

use crate::support::{Answer, BASE_URL, call, create, get, post, put, service};

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

async fn bulk(service: &ScimService<InMemoryProvider>, operations: Value) -> Vec<Value> {
    let message = json!({ "schemas": [BULK], "Operations": operations });
    let answer = post("/Bulk", message).on(service).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let answer = answer.json();
    let schema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
    assert_eq!(answer["schemas"], json!([schema]));
    answer["Operations"].as_array().unwrap().clone()
}

async fn atomic(service: &ScimService<InMemoryProvider>, operations: Value) -> Answer {
    let message = json!({ "schemas": [BULK, ATOMIC_BULK], "Operations": operations });
    post("/Bulk", message).on(service).await
}

fn user(name: &str) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": { "userName": name } })
}

async fn total(service: &ScimService<InMemoryProvider>) -> Value {
    get("/Users").on(service).await.json()["totalResults"].clone()
}

#[tokio::test]
async fn each_operation_is_answered_as_it_would_be_alone() {
    let service = service();
    let (path, created) = create(&service, "a").await;
    let operations = json!([
        user("b"),
        { "method": "PUT", "path": path, "version": created.etag(), "data": { "userName": "c" } },
        { "method": "PUT", "path": path, "version": created.etag(), "data": { "userName": "d" } },
        { "method": "DELETE", "path": "/Users/nobody" },
        { "method": "DELETE", "path": path },
        user("B"),
    ]);
    let answers = bulk(&service, operations).await;
    let statuses: Vec<_> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, ["201", "200", "412", "404", "204", "409"]);

    let new = answers[0]["location"].as_str().unwrap();
    assert!(new.starts_with(&format!("{BASE_URL}/Users/")));
    assert_eq!(
        (&answers[0]["method"], &answers[0]["bulkId"]),
        (&json!("POST"), &json!("b"))
    );
    let shown = get(new.strip_prefix(BASE_URL).unwrap()).on(&service).await;
    assert_eq!(answers[0]["version"], shown.etag());
    for answer in &answers[1..=2] {
        assert_eq!(answer["location"], format!("{BASE_URL}{path}"));
        assert!(answer.get("bulkId").is_none());
    }
    // What went wrong is in SCIM's form; what went well is not shown.
    assert!(answers[1].get("response").is_none());
    let refused = &answers[2]["response"];
    assert_eq!(refused["status"], "412");
    let current = answers[1]["version"].as_str().unwrap();
    assert!(refused["detail"].as_str().unwrap().contains(current));
    // A creation that failed has no place.
    assert!(answers[5].get("location").is_none());
    assert_eq!(answers[5]["response"]["scimType"], "uniqueness");
    assert_eq!(total(&service).await, 1);
}

#[tokio::test]
async fn references_become_ids_whatever_the_order() {
    let service = service();
    let group = json!({
        "method": "POST", "path": "/Groups", "bulkId": "g",
        "data": { "displayName": "g", "members": [{ "value": "bulkId:u", "type": "User" }] },
    });
    let rename = json!({ "method": "PUT", "path": "/Users/bulkId:u", "data": { "userName": "v" } });
    let answers = bulk(&service, json!([group, rename, user("u")])).await;
    let path = |answer: &Value| {
        let location = answer["location"].as_str().unwrap();
        location.strip_prefix(BASE_URL).unwrap().to_owned()
    };
    let group = get(path(&answers[0])).on(&service).await.json();
    let user = get(path(&answers[2])).on(&service).await.json();
    assert_eq!(group["members"][0]["value"], user["id"]);
    assert_eq!(user["userName"], "v");
    // The one that changed it was answered with the version it left.
    assert_eq!(answers[1]["version"], user["meta"]["version"]);
    assert_eq!(path(&answers[1]), path(&answers[2]));
}

#[tokio::test]
async fn a_patch_within_a_bulk_takes_the_same_path() {
    let service = service();
    let (path, created) = create(&service, "a").await;
    let patch = |version: &str, op: Value| {
        json!({
            "method": "PATCH", "path": path, "version": version,
            "data": { "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [op] },
        })
    };
    let title = json!({ "op": "add", "path": "title", "value": "t" });
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
    let manager = json!({ "op": "add", "path": manager, "value": "bulkId:boss" });
    let (current, stale) = (created.etag(), "W/\"stale\"");
    let operations = json!([
        patch(stale, title.clone()),
        patch(&current, title),
        { "method": "PATCH", "path": path, "data": { "Operations": [manager] } },
        { "method": "PATCH", "path": path, "data": { "Operations": [{ "op": "replace", "path": "x", "value": 1 }] } },
        user("boss"),
    ]);
    let answers = bulk(&service, operations).await;
    let statuses: Vec<_> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, ["412", "200", "200", "400", "201"]);
    let shown = get(&path).on(&service).await;
    assert_eq!(answers[2]["version"], shown.etag());
    assert_eq!(shown.json()["title"], "t");
    let enterprise = &shown.json()["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"];
    let boss = answers[4]["location"].as_str().unwrap();
    assert!(boss.ends_with(enterprise["manager"]["value"].as_str().unwrap()));
}

#[tokio::test]
async fn an_operation_that_can_t_be_read_is_an_error_of_its_own() {
    let service = service();
    let operations = json!([
        7,
        { "method": "GET", "path": "/Users" },
        { "method": "DELETE", "path": "/Users/1", "version": "\"x" },
        user("a"),
    ]);
    let answers = bulk(&service, operations).await;
    let statuses: Vec<_> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, ["400", "400", "400", "201"]);
    assert_eq!(answers[1]["response"]["scimType"], "invalidSyntax");
}

#[tokio::test]
async fn too_many_errors_end_the_job() {
    let service = service();
    let stray = json!({ "method": "DELETE", "path": "/Users/nobody" });
    let message = json!({
        "schemas": [BULK], "failOnErrors": 1, "Operations": [user("a"), stray, user("b")],
    });
    let answer = post("/Bulk", message).on(&service).await.json();
    assert_eq!(answer["Operations"].as_array().unwrap().len(), 2);
    assert_eq!(total(&service).await, 1);
}

#[tokio::test]
async fn what_is_no_bulk_request_or_too_large_is_refused() {
    let service = service().with_limits(Limits::default().with_bulk_operations(2));
    let (scim_type, _) = post("/Bulk", json!({ "Operations": [] }))
        .on(&service)
        .await
        .refusal(400);
    assert_eq!(scim_type.as_deref(), Some("invalidSyntax"));
    let operations = json!([user("a"), user("b"), user("c")]);
    let message = json!({ "schemas": [BULK], "Operations": operations });
    let (_, detail) = post("/Bulk", message).on(&service).await.refusal(413);
    assert!(detail.contains('3') && detail.contains('2'), "{detail}");
    let twice = json!({ "schemas": [BULK], "Operations": [user("a"), user("a")] });
    post("/Bulk", twice).on(&service).await.refusal(400);
    assert_eq!(total(&service).await, 0);
    let config = get("/ServiceProviderConfig").on(&service).await.json();
    assert_eq!(config["bulk"]["supported"], true);
    assert_eq!(config["bulk"]["maxOperations"], 2);
    call(Method::GET, "/Bulk").on(&service).await.refusal(405);
}

#[tokio::test]
async fn the_preconditions_of_the_request_itself_do_not_count() {
    let service = service();
    let message = json!({ "schemas": [BULK], "Operations": [user("a")] });
    let answer = post("/Bulk", message)
        .if_match("\"x\"")
        .if_none_match("junk")
        .on(&service)
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(ETAG), "");
}

#[tokio::test]
async fn of_an_atomic_request_all_is_done_or_nothing() {
    let service = service();
    let (path, old) = create(&service, "old").await;
    let change = put(&path, json!({ "userName": "new" })).on(&service).await;
    let stale = json!({
        "method": "PUT", "path": path, "version": old.etag(), "data": { "userName": "x" },
    });
    let refused = atomic(&service, json!([user("a"), stale])).await;
    let (_, detail) = refused.refusal(412);
    assert!(
        detail.starts_with("Operations[1]: version conflict"),
        "{detail}"
    );
    assert_eq!(refused.etag(), change.etag());
    let (scim_type, detail) = atomic(&service, json!([user("a"), 7])).await.refusal(400);
    assert_eq!(scim_type.as_deref(), Some("invalidSyntax"));
    assert!(detail.starts_with("Operations[1]: "), "{detail}");
    assert_eq!(total(&service).await, 1);

    let done = atomic(&service, json!([user("a"), user("b")])).await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(total(&service).await, 3);
}
