//! Preconditions on one resource, row by row of the table in the design.

use http::header::{CONTENT_LOCATION, CONTENT_TYPE, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE};
use http::{Method, StatusCode};
use scim_http::ScimService;
use scim_http::ops::ScimOperationHandler;
use scim_http::provider::InMemoryProvider;
use serde_json::json;

use crate::support::{OneUser, base_url, call, create, delete, get, put, read};

#[tokio::test]
async fn a_stale_if_match_is_412_with_both_versions_and_changes_nothing() {
    let one = OneUser::new().await;
    for write in [
        put(&one.path, json!({ "userName": "x" })),
        delete(&one.path),
    ] {
        let refused = one.send(write.if_match(&one.stale)).await;
        let (scim_type, detail) = refused.refusal(412);
        assert_eq!(scim_type, None);
        assert_eq!(refused.etag(), one.etag());
        let id = one.path.strip_prefix("/Users/").unwrap();
        for part in [one.stale.as_str(), &one.etag(), "User", id] {
            assert!(detail.contains(part), "{detail} says {part}");
        }
        one.assert_unchanged().await;
    }
}

#[tokio::test]
async fn if_match_compares_weakly() {
    let one = OneUser::new().await;
    let strong = one.etag().strip_prefix("W/").unwrap().to_owned();
    let same = || {
        put(
            &one.path,
            json!({ "userName": "bjensen", "displayName": "Babs" }),
        )
    };
    for tag in [one.etag(), strong] {
        assert_eq!(one.send(same().if_match(tag)).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn if_match_may_be_a_list_on_several_lines() {
    let one = OneUser::new().await;
    let change = put(&one.path, json!({ "userName": "babs" }))
        .if_match("\"a,b\" ,,")
        .if_match(one.etag());
    assert_eq!(one.send(change).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_empty_list_matches_nothing() {
    let one = OneUser::new().await;
    one.send(put(&one.path, json!({ "userName": "x" })).if_match(""))
        .await
        .refusal(412);
    one.send(get(&one.path).if_match(" , ")).await.refusal(412);
    one.assert_unchanged().await;
}

#[tokio::test]
async fn a_star_passes_if_the_resource_exists() {
    let one = OneUser::new().await;
    let change = || put(&one.path, json!({ "userName": "babs" })).if_match("*");
    assert_eq!(one.send(change()).await.status, StatusCode::OK);
    assert_eq!(
        one.send(delete(&one.path).if_match("*")).await.status,
        StatusCode::NO_CONTENT
    );
    one.send(change()).await.refusal(404);
}

#[tokio::test]
async fn malformed_preconditions_are_refused_and_change_nothing() {
    let one = OneUser::new().await;
    let current = one.etag();
    for malformed in [
        "1",
        "\"",
        "\"a",
        "a\"",
        "w/\"a\"",
        "W/a",
        "\"a\" \"b\"",
        "*, \"a\"",
        "\"a\", *",
        "**",
        "\"a\\\"\"",
        current.trim_end_matches('"'),
        &format!("{current} x"),
    ] {
        for write in [
            put(&one.path, json!({ "userName": "x" })),
            delete(&one.path),
            get(&one.path),
        ] {
            let (scim_type, detail) = one.send(write.if_match(malformed)).await.refusal(400);
            assert_eq!(scim_type.as_deref(), Some("invalidSyntax"), "{malformed}");
            assert!(detail.starts_with("malformed if-match: "), "{detail}");
        }
        for write in [
            put(&one.path, json!({ "userName": "x" })),
            delete(&one.path),
            get(&one.path),
        ] {
            let (scim_type, _) = one.send(write.if_none_match(malformed)).await.refusal(400);
            assert_eq!(scim_type.as_deref(), Some("invalidSyntax"), "{malformed}");
        }
        one.assert_unchanged().await;
    }
}

#[tokio::test]
async fn a_malformed_line_beside_a_matching_one_refuses_the_write() {
    let one = OneUser::new().await;
    let write = delete(&one.path).if_match(one.etag()).if_match("junk");
    let (_, detail) = one.send(write).await.refusal(400);
    assert!(detail.ends_with("at octet 0 of field line 2"), "{detail}");
    one.assert_unchanged().await;
}

#[tokio::test]
async fn a_missing_resource_is_404_whatever_the_preconditions() {
    let one = OneUser::new().await;
    for tag in ["*", "\"a\"", ""] {
        let write = || put("/Users/none", json!({ "userName": "x" }));
        for request in [write(), delete("/Users/none"), get("/Users/none")] {
            one.send(request.if_match(tag)).await.refusal(404);
        }
        for request in [write(), delete("/Users/none"), get("/Users/none")] {
            one.send(request.if_none_match(tag)).await.refusal(404);
        }
    }
    assert_eq!(one.send(get("/Users")).await.json()["totalResults"], 1);
}

#[tokio::test]
async fn a_stale_tag_goes_before_an_invalid_body() {
    let one = OneUser::new().await;
    for invalid in [json!({ "userName": 7 }), json!({}), json!([])] {
        one.send(put(&one.path, invalid.clone()).if_match(&one.stale))
            .await
            .refusal(412);
        one.send(put(&one.path, invalid.clone()).if_match(one.etag()))
            .await
            .refusal(400);
        one.send(put(&one.path, invalid)).await.refusal(400);
    }
    one.assert_unchanged().await;
}

#[tokio::test]
async fn a_read_of_what_the_client_has_is_304() {
    let one = OneUser::new().await;
    let location = one
        .send(get(&one.path))
        .await
        .header(CONTENT_LOCATION)
        .to_owned();
    for method in [Method::GET, Method::HEAD] {
        for tag in [one.etag(), "*".into(), format!("\"x\", {}", one.etag())] {
            let answer = one
                .send(call(method.clone(), &one.path).if_none_match(tag))
                .await;
            assert_eq!(
                (answer.status, answer.octets.len()),
                (StatusCode::NOT_MODIFIED, 0)
            );
            assert_eq!(answer.etag(), one.etag());
            assert_eq!(answer.header(CONTENT_LOCATION), location);
            assert!(!answer.headers.contains_key(CONTENT_TYPE));
        }
        let other = call(method, &one.path).if_none_match(&one.stale);
        assert_eq!(one.send(other).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_write_against_an_excluded_version_is_412() {
    let one = OneUser::new().await;
    for tag in [one.etag(), "*".into()] {
        for write in [
            put(&one.path, json!({ "userName": "x" })),
            delete(&one.path),
        ] {
            let refused = one.send(write.if_none_match(&tag)).await;
            assert_eq!(refused.refusal(412).0, None);
            assert_eq!(refused.etag(), one.etag());
        }
        one.assert_unchanged().await;
    }
    let other = put(&one.path, json!({ "userName": "babs" })).if_none_match(&one.stale);
    assert_eq!(one.send(other).await.status, StatusCode::OK);
}

#[tokio::test]
async fn if_match_is_judged_before_if_none_match() {
    let one = OneUser::new().await;
    let both = |if_match: &str| get(&one.path).if_match(if_match).if_none_match(one.etag());
    one.send(both(&one.stale)).await.refusal(412);
    assert_eq!(
        one.send(both(&one.etag())).await.status,
        StatusCode::NOT_MODIFIED
    );
}

#[tokio::test]
async fn conditions_on_dates_are_ignored() {
    let one = OneUser::new().await;
    let (past, future) = (
        "Sat, 01 Jan 2000 00:00:00 GMT",
        "Fri, 01 Jan 2100 00:00:00 GMT",
    );
    let read = get(&one.path)
        .header(IF_MODIFIED_SINCE, future)
        .header(IF_UNMODIFIED_SINCE, past);
    let answer = one.send(read).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.headers.contains_key(http::header::LAST_MODIFIED));
}

#[tokio::test]
async fn where_a_version_is_required_a_write_without_is_428_and_404_goes_first() {
    let handler =
        ScimOperationHandler::new(InMemoryProvider::default()).with_version_required(true);
    let service = ScimService::new(handler).with_base_url(base_url());
    let (path, created) = create(&service, "bjensen").await;
    for write in [put(&path, json!({ "userName": "x" })), delete(&path)] {
        let (scim_type, detail) = write.on(&service).await.refusal(428);
        assert_eq!(scim_type, None);
        assert!(detail.contains("If-Match"), "{detail}");
    }
    assert_eq!(read(&service, &path).await.octets, created.octets);
    delete("/Users/none").on(&service).await.refusal(404);
    let named = delete(&path).if_match(created.etag());
    assert_eq!(named.on(&service).await.status, StatusCode::NO_CONTENT);
}
