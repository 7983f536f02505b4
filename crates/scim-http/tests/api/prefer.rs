//! What a client prefers to be answered (RFC 7240).

use http::StatusCode;
use http::header::{CONTENT_LOCATION, CONTENT_TYPE, HeaderName, LOCATION};
use serde_json::json;

use crate::support::{BASE_URL, Call, OneUser, get, post, put, read};

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

fn preferring(call: Call, preference: &str) -> Call {
    call.header(HeaderName::from_static("prefer"), preference)
}

#[tokio::test]
async fn a_replacement_is_answered_with_no_more_than_its_tag() {
    let one = OneUser::new().await;
    let change = put(&one.path, json!({ "userName": "babs" }));
    let answer = one.send(preferring(change, "return=minimal")).await;
    assert_eq!(
        (answer.status, answer.octets.len()),
        (StatusCode::NO_CONTENT, 0)
    );
    assert_eq!(answer.header(PREFERENCE_APPLIED), "return=minimal");
    assert_eq!(
        answer.header(CONTENT_LOCATION),
        format!("{BASE_URL}{}", one.path)
    );
    assert!(!answer.headers.contains_key(CONTENT_TYPE));
    let now = read(&one.service, &one.path).await;
    assert_eq!(
        (now.etag(), &now.json()["userName"]),
        (answer.etag(), &json!("babs"))
    );
}

#[tokio::test]
async fn a_creation_is_answered_with_no_more_than_where_it_is() {
    let one = OneUser::new().await;
    let create = post("/Users", json!({ "userName": "b" }));
    let answer = one.send(preferring(create, "return=minimal")).await;
    assert_eq!(
        (answer.status, answer.octets.len()),
        (StatusCode::CREATED, 0)
    );
    let location = answer.header(LOCATION);
    assert_eq!(answer.header(CONTENT_LOCATION), location);
    let created = read(&one.service, location.strip_prefix(BASE_URL).unwrap()).await;
    assert_eq!(created.etag(), answer.etag());
}

#[tokio::test]
async fn the_resource_is_shown_to_others() {
    let one = OneUser::new().await;
    for (preference, applied) in [
        ("return=representation", "return=representation"),
        ("respond-async", ""),
        ("return=all", ""),
        ("\"", ""),
    ] {
        let change = put(&one.path, json!({ "userName": preference }));
        let answer = one.send(preferring(change, preference)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.json()["userName"], preference);
        assert_eq!(answer.header(PREFERENCE_APPLIED), applied);
    }
}

#[tokio::test]
async fn reads_and_refusals_are_answered_as_ever() {
    let one = OneUser::new().await;
    let read = one.send(preferring(get(&one.path), "return=minimal")).await;
    assert_eq!(
        (read.status, read.json()["userName"].as_str()),
        (StatusCode::OK, Some("bjensen"))
    );
    assert!(!read.headers.contains_key(PREFERENCE_APPLIED));
    let change = put(&one.path, json!({ "userName": "x" })).if_match(&one.stale);
    one.send(preferring(change, "return=minimal"))
        .await
        .refusal(412);
    one.assert_unchanged().await;
}
