//! What is read and what is answered.

use http::StatusCode;
use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::json;

use crate::support::{OneUser, create, delete, get, post, put, service};

#[tokio::test]
async fn both_json_types_and_none_are_read() {
    let service = service();
    for (at, content_type) in [
        "application/scim+json",
        "application/json",
        "application/json; charset=utf-8",
        "Application/SCIM+JSON;charset=UTF-8",
    ]
    .into_iter()
    .enumerate()
    {
        let create = post("/Users", json!({ "userName": format!("u{at}") }));
        let answer = create.header(CONTENT_TYPE, content_type).on(&service).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{content_type}");
        assert_eq!(answer.header(CONTENT_TYPE), "application/scim+json");
    }
    create(&service, "without").await;
}

#[tokio::test]
async fn other_content_is_415_and_changes_nothing() {
    let one = OneUser::new().await;
    let write = || put(&one.path, json!({ "userName": "x" }));
    for content_type in [
        "text/plain",
        "application/xml",
        "application/json; charset=latin1",
        "\u{7f}",
    ] {
        let answer = one
            .send(write().header(CONTENT_TYPE, content_type.replace('\u{7f}', "é")))
            .await;
        answer.refusal(415);
        assert_eq!(
            answer.header(ACCEPT),
            "application/scim+json, application/json"
        );
    }
    one.send(write().header(CONTENT_ENCODING, "gzip"))
        .await
        .refusal(415);
    one.assert_unchanged().await;
}

#[tokio::test]
async fn an_accept_without_json_is_406_and_changes_nothing() {
    let one = OneUser::new().await;
    for accept in [
        "text/html",
        "application/scim+json;q=0, application/json;q=0",
        "*/*;q=0",
    ] {
        one.send(get(&one.path).header(ACCEPT, accept))
            .await
            .refusal(406);
        one.send(get("/Users").header(ACCEPT, accept))
            .await
            .refusal(406);
        one.send(post("/Users", json!({ "userName": "y" })).header(ACCEPT, accept))
            .await
            .refusal(406);
        one.send(put(&one.path, json!({ "userName": "x" })).header(ACCEPT, accept))
            .await
            .refusal(406);
    }
    assert_eq!(one.send(get("/Users")).await.json()["totalResults"], 1);
    one.assert_unchanged().await;
    let deleted = one
        .send(delete(&one.path).header(ACCEPT, "text/html"))
        .await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_accept_that_admits_json_is_fine() {
    let one = OneUser::new().await;
    for accept in [
        "application/json",
        "application/scim+json",
        "*/*",
        "text/html, application/*;q=0.1",
        "",
    ] {
        let answer = one.send(get(&one.path).header(ACCEPT, accept)).await;
        assert_eq!(answer.status, StatusCode::OK, "{accept}");
    }
}

#[tokio::test]
async fn the_order_of_refusals_is_the_documented_one() {
    let one = OneUser::new().await;
    let bad = || put(&one.path, json!(null)).body("{").if_match("junk");
    let text = |call: crate::support::Call| call.header(CONTENT_TYPE, "text/plain");
    one.send(text(bad()).header(ACCEPT, "text/html"))
        .await
        .refusal(415);
    one.send(bad().header(ACCEPT, "text/html"))
        .await
        .refusal(406);
    let (_, detail) = one.send(bad()).await.refusal(400);
    assert!(detail.starts_with("malformed if-match"), "{detail}");
    let (_, detail) = one
        .send(put(&one.path, json!(null)).body("{").if_match(&one.stale))
        .await
        .refusal(400);
    assert!(detail.starts_with("malformed JSON"), "{detail}");
    one.send(text(put("/none", json!(null)))).await.refusal(404);
    one.assert_unchanged().await;
}
