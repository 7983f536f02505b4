//! Requests for a collection: lists and creations.

use http::header::{ALLOW, CONTENT_LOCATION, ETAG, IF_NONE_MATCH};
use http::{Method, StatusCode};
use scim_http::Limits;
use serde_json::json;

use crate::support::{OneUser, call, create, get, post, read, service};

#[tokio::test]
async fn a_list_shows_each_resource_with_its_version_and_location() {
    let service = service();
    let (path, _) = create(&service, "a").await;
    create(&service, "b").await;
    let list = get("/Users").on(&service).await;
    assert_eq!(list.status, StatusCode::OK);
    let json = list.json();
    assert_eq!(
        json["schemas"],
        json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
    );
    assert_eq!(
        (&json["totalResults"], &json["startIndex"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(json["itemsPerPage"], 2);
    let first = read(&service, &path).await.json();
    assert_eq!(json["Resources"][0], first);
    assert!(!list.headers.contains_key(ETAG) && !list.headers.contains_key(CONTENT_LOCATION));
}

#[tokio::test]
async fn pages_begin_where_they_are_asked_to() {
    let service = service();
    for name in ["a", "b", "c"] {
        create(&service, name).await;
    }
    for (query, start, names) in [
        ("?startIndex=2", 2, &["b", "c"][..]),
        ("?count=1", 1, &["a"]),
        ("?startIndex=0&count=2", 1, &["a", "b"]),
        ("?startIndex=-7&count=99999999999999", 1, &["a", "b", "c"]),
        ("?count=0", 1, &[]),
        ("?count=-1", 1, &[]),
        ("?startIndex=4", 4, &[]),
    ] {
        let page = get(format!("/Users{query}")).on(&service).await.json();
        assert_eq!(
            (&page["totalResults"], &page["startIndex"]),
            (&json!(3), &json!(start)),
            "{query}"
        );
        assert_eq!(page["itemsPerPage"], names.len(), "{query}");
        let shown = page["Resources"].as_array().unwrap();
        let shown: Vec<_> = shown
            .iter()
            .map(|user| user["userName"].as_str().unwrap())
            .collect();
        assert_eq!(shown, names, "{query}");
    }
}

#[tokio::test]
async fn a_page_that_grows_too_long_ends_early_and_says_so() {
    let service = service();
    for name in ["a", "b", "c"] {
        create(&service, name).await;
    }
    let service = service.with_limits(Limits::default().with_list(1));
    for (start, name) in [(1, "a"), (2, "b"), (3, "c")] {
        let page = get(format!("/Users?startIndex={start}")).on(&service).await;
        let page = page.json();
        assert_eq!(
            (&page["totalResults"], &page["itemsPerPage"]),
            (&json!(3), &json!(1))
        );
        assert_eq!(page["Resources"][0]["userName"], name);
    }
}

#[tokio::test]
async fn an_empty_collection_has_an_empty_page() {
    let empty = get("/Groups").on(&service()).await.json();
    assert_eq!(empty["totalResults"], 0);
    assert_eq!(empty["Resources"], json!([]));
}

#[tokio::test]
async fn what_is_no_number_is_an_invalid_value() {
    for query in [
        "count=x",
        "startIndex=",
        "startIndex=1.0",
        "count=1&count=2",
    ] {
        let (scim_type, _) = get(format!("/Users?{query}"))
            .on(&service())
            .await
            .refusal(400);
        assert_eq!(scim_type.as_deref(), Some("invalidValue"), "{query}");
    }
}

#[tokio::test]
async fn preconditions_on_lists_are_not_looked_at() {
    let service = service();
    for value in ["*", "\"a\"", "junk"] {
        assert_eq!(
            get("/Users").if_match(value).on(&service).await.status,
            StatusCode::OK
        );
        assert_eq!(
            get("/Users").if_none_match(value).on(&service).await.status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn creating_only_if_absent_is_412_with_the_tag_of_the_holder() {
    let one = OneUser::new().await;
    let refused = one
        .send(post("/Users", json!({ "userName": "BJensen" })).if_none_match("*"))
        .await;
    assert_eq!(refused.refusal(412).0, None);
    assert_eq!(refused.etag(), one.etag());
    one.assert_unchanged().await;
    let created = one
        .send(post("/Users", json!({ "userName": "new" })).if_none_match("*"))
        .await;
    assert_eq!(created.status, StatusCode::CREATED);
    assert_eq!(one.send(get("/Users")).await.json()["totalResults"], 2);
}

#[tokio::test]
async fn other_preconditions_on_a_creation_are_ignored() {
    let service = service();
    for (at, value) in ["*", "\"a\"", ""].into_iter().enumerate() {
        let create = post("/Users", json!({ "userName": format!("m{at}") })).if_match(value);
        assert_eq!(create.on(&service).await.status, StatusCode::CREATED);
    }
    for (at, value) in ["\"a\"", ""].into_iter().enumerate() {
        let create = post("/Users", json!({ "userName": format!("n{at}") })).if_none_match(value);
        assert_eq!(create.on(&service).await.status, StatusCode::CREATED);
    }
    post("/Users", json!({ "userName": "n0" }))
        .if_none_match("\"a\"")
        .on(&service)
        .await
        .refusal(409);
}

#[tokio::test]
async fn malformed_preconditions_refuse_a_creation() {
    let service = service();
    let create = || post("/Users", json!({ "userName": "a" }));
    for request in [
        create().if_none_match("junk"),
        create().if_none_match("*").if_none_match("*"),
        create().header(IF_NONE_MATCH, "*, \"a\""),
        create().if_match("junk"),
    ] {
        assert_eq!(
            request.on(&service).await.refusal(400).0.as_deref(),
            Some("invalidSyntax")
        );
    }
    assert_eq!(get("/Users").on(&service).await.json()["totalResults"], 0);
}

#[tokio::test]
async fn other_methods_on_a_collection_are_405() {
    let service = service();
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = call(method, "/Users").on(&service).await;
        refused.refusal(405);
        assert_eq!(refused.header(ALLOW), "GET, HEAD, OPTIONS, POST");
    }
    let described = call(Method::OPTIONS, "/Users").on(&service).await;
    assert_eq!(
        (described.status, described.header(ALLOW)),
        (StatusCode::NO_CONTENT, "GET, HEAD, OPTIONS, POST")
    );
}
