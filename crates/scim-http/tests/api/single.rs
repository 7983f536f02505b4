//! Requests for one resource: what they answer.

use http::header::{
    ALLOW, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_RANGE, CONTENT_TYPE, ETAG, LOCATION,
};
use http::{Method, StatusCode};
use serde_json::json;

use crate::support::{Answer, OneUser, call, create, delete, get, post, put, read, service};

#[track_caller]
fn assert_headers_say_what_meta_says(answer: &Answer) {
    let meta = &answer.json()["meta"];
    assert_eq!(meta["version"], answer.header(ETAG));
    assert_eq!(meta["location"], answer.header(CONTENT_LOCATION));
    assert_eq!(answer.header(CONTENT_TYPE), "application/scim+json");
    assert_eq!(
        answer.header(CONTENT_LENGTH),
        answer.octets.len().to_string()
    );
}

#[tokio::test]
async fn created_shows_the_resource_its_tag_and_its_location() {
    let (path, created) = create(&service(), "bjensen").await;
    assert_headers_say_what_meta_says(&created);
    assert_eq!(created.header(LOCATION), created.header(CONTENT_LOCATION));
    assert_eq!(created.json()["userName"], "bjensen");
    assert!(path.starts_with("/Users/"));
}

#[tokio::test]
async fn reads_and_replacements_show_the_resource_its_tag_and_its_location() {
    let one = OneUser::new().await;
    let read = one.send(get(&one.path)).await;
    assert_headers_say_what_meta_says(&read);
    assert!(!read.headers.contains_key(LOCATION));
    let replaced = one
        .send(put(&one.path, json!({ "userName": "babs" })).if_match(one.etag()))
        .await;
    assert_eq!(replaced.status, StatusCode::OK);
    assert_headers_say_what_meta_says(&replaced);
    assert_ne!(replaced.etag(), one.etag());
    assert_eq!(one.send(get(&one.path)).await.octets, replaced.octets);
}

#[tokio::test]
async fn replacing_by_the_same_changes_nothing() {
    let one = OneUser::new().await;
    let same = json!({ "displayName": "Babs", "userName": "bjensen", "title": null });
    let answer = one.send(put(&one.path, same)).await;
    assert_eq!((answer.status, answer.etag()), (StatusCode::OK, one.etag()));
    one.assert_unchanged().await;
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let one = OneUser::new().await;
    for path in [one.path.as_str(), "/Users", "/Users/none", "/none"] {
        let named = |method| call(method, path).header("x-request-id".parse().unwrap(), "1");
        let (get, head) = (
            one.send(named(Method::GET)).await,
            one.send(named(Method::HEAD)).await,
        );
        assert_eq!(
            (head.status, &head.headers),
            (get.status, &get.headers),
            "{path}"
        );
        assert!(head.octets.is_empty() && !get.octets.is_empty());
    }
}

#[tokio::test]
async fn a_deleted_resource_is_gone() {
    let one = OneUser::new().await;
    let deleted = one.send(delete(&one.path).if_match(one.etag())).await;
    assert_eq!(
        (deleted.status, deleted.octets.len()),
        (StatusCode::NO_CONTENT, 0)
    );
    assert!(!deleted.headers.contains_key(CONTENT_TYPE));
    one.send(get(&one.path)).await.refusal(404);
    one.send(delete(&one.path)).await.refusal(404);
}

#[tokio::test]
async fn a_name_that_is_taken_is_409_and_changes_nothing() {
    let one = OneUser::new().await;
    let (other, _) = create(&one.service, "other").await;
    let taken = json!({ "userName": "BJENSEN" });
    for write in [post("/Users", taken.clone()), put(&other, taken)] {
        let (scim_type, detail) = one.send(write).await.refusal(409);
        assert_eq!(scim_type.as_deref(), Some("uniqueness"));
        assert!(detail.contains("userName"), "{detail}");
    }
    assert_eq!(read(&one.service, &other).await.json()["userName"], "other");
    one.assert_unchanged().await;
}

#[tokio::test]
async fn other_methods_are_405_with_those_allowed() {
    let one = OneUser::new().await;
    for method in ["POST", "TRACE", "BREW"] {
        let refused = one.send(call(method.parse().unwrap(), &one.path)).await;
        refused.refusal(405);
        assert_eq!(
            refused.header(ALLOW),
            "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
        );
    }
    let described = one
        .send(call(Method::OPTIONS, &one.path).if_match("junk"))
        .await;
    assert_eq!(described.status, StatusCode::NO_CONTENT);
    assert_eq!(
        described.header(ALLOW),
        "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
    );
    one.assert_unchanged().await;
}

#[tokio::test]
async fn groups_are_served_like_users() {
    let one = OneUser::new().await;
    let id = one.path.strip_prefix("/Users/").unwrap();
    let group = json!({ "displayName": "admins", "members": [{ "value": id }] });
    let created = one.send(post("/Groups", group)).await;
    assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
    assert_headers_say_what_meta_says(&created);
    assert_eq!(created.json()["members"][0]["value"], id);
}

#[tokio::test]
async fn a_part_does_not_replace_the_whole() {
    let one = OneUser::new().await;
    let part = put(&one.path, json!({ "userName": "x" }))
        .header(CONTENT_RANGE, "bytes 0-15/40")
        .on(&one.service)
        .await;
    let (_, detail) = part.refusal(400);
    assert!(detail.contains("Content-Range"), "{detail}");
    one.assert_unchanged().await;
}

#[tokio::test]
async fn what_is_wrong_as_a_whole_is_said_without_a_path() {
    let array = call(Method::POST, "/Users").body("[]");
    let (scim_type, detail) = array.on(&service()).await.refusal(400);
    assert_eq!(scim_type.as_deref(), Some("invalidSyntax"));
    assert_eq!(detail, "expected an object, found an array");
}
