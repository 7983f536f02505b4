//! Searches by POST, and lists of all types.

use http::header::{ALLOW, CONTENT_TYPE, ETAG};
use http::{Method, StatusCode};
use scim_http::provider::InMemoryProvider;
use scim_http::{Limits, ScimService};
use serde_json::{Value, json};

use crate::support::{Answer, BASE_URL, call, create, get, post, service};

const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// Users `a` and `b`, and the group `b`.
async fn three() -> ScimService<InMemoryProvider> {
    let service = service();
    for name in ["a", "b"] {
        create(&service, name).await;
    }
    let group = json!({ "displayName": "b", "externalId": "7" });
    assert_eq!(
        post("/Groups", group).on(&service).await.status,
        StatusCode::CREATED
    );
    service
}

async fn search(service: &ScimService<InMemoryProvider>, path: &str, mut request: Value) -> Answer {
    request["schemas"] = json!([SEARCH_REQUEST]);
    post(path, request).on(service).await
}

fn types(list: &Answer) -> Vec<String> {
    assert_eq!(list.status, StatusCode::OK, "{list:?}");
    let json = list.json();
    let resources = json["Resources"].as_array().unwrap().clone();
    let name = |resource: Value| {
        resource["meta"]["resourceType"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    resources.into_iter().map(name).collect()
}

#[tokio::test]
async fn a_search_is_a_list_whose_parameters_are_in_the_content() {
    let service = three().await;
    let found = search(
        &service,
        "/Users/.search",
        json!({
            "attributes": ["userName", "meta.resourceType"], "filter": "userName pr",
            "sortBy": "userName", "sortOrder": "descending", "startIndex": 1, "count": 1,
        }),
    )
    .await;
    let target = "/Users?attributes=userName,meta.resourceType&filter=userName%20pr&\
                  sortBy=userName&sortOrder=descending&startIndex=1&count=1";
    assert_eq!(found.octets, get(target).on(&service).await.octets);
    assert_eq!(found.json()["Resources"][0]["userName"], "b");
    assert_eq!(found.header(CONTENT_TYPE), "application/scim+json");
    assert!(!found.headers.contains_key(ETAG));
    let all = search(&service, "/Users/.search", json!({})).await;
    assert_eq!(all.octets, get("/Users").on(&service).await.octets);
}

#[tokio::test]
async fn the_root_lists_all_types() {
    let service = three().await;
    let all = get("/").on(&service).await;
    assert_eq!(types(&all), ["User", "User", "Group"]);
    assert_eq!(all.json()["totalResults"], 3);
    let searched = search(&service, "/.search", json!({})).await;
    assert_eq!(searched.octets, all.octets);
    for resource in all.json()["Resources"].as_array().unwrap() {
        let location = resource["meta"]["location"].as_str().unwrap();
        let path = location.strip_prefix(BASE_URL).unwrap();
        let alone = get(path).on(&service).await;
        assert_eq!(&alone.json(), resource);
    }
    let head = call(Method::HEAD, "/").on(&service).await;
    assert_eq!((head.status, head.octets.len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn an_attribute_that_a_type_has_not_is_one_without_a_value() {
    let service = three().await;
    for (filter, expected) in [
        ("displayName eq \"b\"", &["Group"][..]),
        ("userName pr", &["User", "User"]),
        (
            "userName eq \"b\" or displayName eq \"b\"",
            &["User", "Group"],
        ),
        ("meta.resourceType eq \"Group\"", &["Group"]),
        ("externalId pr", &["Group"]),
        ("shoeSize pr", &[]),
    ] {
        let found = search(&service, "/.search", json!({ "filter": filter })).await;
        assert_eq!(types(&found), expected, "{filter}");
    }
}

#[tokio::test]
async fn the_same_part_of_each_type_is_shown() {
    let service = three().await;
    let found = search(
        &service,
        "/.search",
        json!({ "attributes": ["externalId"] }),
    )
    .await;
    assert_eq!(found.json()["totalResults"], 3);
    for resource in found.json()["Resources"].as_array().unwrap() {
        let names: Vec<_> = resource.as_object().unwrap().keys().collect();
        assert!(names == ["id", "schemas"] || names == ["externalId", "id", "schemas"]);
    }
}

#[tokio::test]
async fn pages_of_all_types_are_gone_through() {
    let service = three().await;
    for sort in [
        json!({}),
        json!({ "sortBy": "meta.created", "sortOrder": "descending" }),
    ] {
        let (mut cursor, mut seen) = (String::new(), 0);
        loop {
            let mut request = sort.clone();
            request["cursor"] = json!(cursor);
            request["count"] = json!(1);
            let page = search(&service, "/.search", request).await.json();
            assert_eq!(
                (&page["totalResults"], &page["itemsPerPage"]),
                (&json!(3), &json!(1))
            );
            seen += 1;
            match page.get("nextCursor") {
                Some(next) => cursor = next.as_str().unwrap().to_owned(),
                None => break,
            }
        }
        assert_eq!(seen, 3);
    }
    let page = get("/?startIndex=3&count=5").on(&service).await;
    assert_eq!(types(&page), ["Group"]);
}

#[tokio::test]
async fn what_is_no_search_request_is_refused_by_name() {
    let service = three().await;
    for (body, scim_type, part) in [
        (json!([]), "invalidSyntax", "object"),
        (
            json!({ "schemas": ["urn:x"] }),
            "invalidSyntax",
            "SearchRequest",
        ),
        (
            json!({ "schemas": SEARCH_REQUEST }),
            "invalidSyntax",
            "SearchRequest",
        ),
        (
            json!({ "attributes": "userName" }),
            "invalidSyntax",
            "attributes",
        ),
        (
            json!({ "attributes": ["userName", 7] }),
            "invalidSyntax",
            "attributes",
        ),
        (
            json!({ "attributes": ["user name"] }),
            "invalidValue",
            "attributes",
        ),
        (
            json!({ "attributes": ["id"], "excludedAttributes": ["id"] }),
            "invalidValue",
            "exclude",
        ),
        (json!({ "filter": 7 }), "invalidSyntax", "filter"),
        (json!({ "filter": "x" }), "invalidFilter", "filter"),
        (
            json!({ "filter": "id pr", "Filter": "id pr" }),
            "invalidFilter",
            "filter",
        ),
        (json!({ "sortBy": [] }), "invalidSyntax", "sortBy"),
        (json!({ "sortOrder": "up" }), "invalidValue", "sortOrder"),
        (json!({ "startIndex": "1" }), "invalidSyntax", "startIndex"),
        (json!({ "count": 1.5 }), "invalidSyntax", "count"),
        (json!({ "count": true }), "invalidSyntax", "count"),
        (json!({ "cursor": "junk" }), "invalidCursor", "cursor"),
    ] {
        for path in ["/.search", "/Users/.search"] {
            let (found, detail) = post(path, body.clone()).on(&service).await.refusal(400);
            assert_eq!(found.as_deref(), Some(scim_type), "{body}: {detail}");
            assert!(detail.contains(part), "{body}: {detail}");
        }
    }
    for body in ["", "{", "null"] {
        let refused = call(Method::POST, "/.search").body(body).on(&service).await;
        assert_eq!(refused.refusal(400).0.as_deref(), Some("invalidSyntax"));
    }
    let text = post("/.search", json!({})).header(CONTENT_TYPE, "text/plain");
    text.on(&service).await.refusal(415);
}

#[tokio::test]
async fn null_says_nothing_and_numbers_of_any_length_are_numbers() {
    let service = three().await;
    let whole = get("/Users").on(&service).await;
    for request in [
        json!({ "filter": null, "attributes": null, "count": null, "cursor": null, "other": 7 }),
        json!({ "attributes": [], "excludedAttributes": null }),
        json!({ "startIndex": -7, "count": 1e6 }),
        json!({ "COUNT": 18446744073709551615u64, "startIndex": 0 }),
    ] {
        let found = search(&service, "/Users/.search", request.clone()).await;
        assert_eq!(found.octets, whole.octets, "{request}");
    }
    let none = search(&service, "/Users/.search", json!({ "count": -1e300 }))
        .await
        .json();
    assert_eq!(
        (&none["totalResults"], &none["Resources"]),
        (&json!(2), &json!([]))
    );
}

#[tokio::test]
async fn a_filter_may_be_longer_than_a_url_but_not_endless() {
    let service = three().await;
    let filter =
        |length: usize| json!({ "filter": format!("userName eq \"{}\"", "x".repeat(length)) });
    let found = search(&service, "/.search", filter(15 << 10)).await;
    assert_eq!(
        (found.status, &found.json()["totalResults"]),
        (StatusCode::OK, &json!(0))
    );
    for (service, length) in [
        (service.clone(), 16 << 10),
        (service.clone(), 1 << 19),
        (
            service
                .clone()
                .with_limits(Limits::default().with_filter(1 << 30)),
            1 << 19,
        ),
    ] {
        let refused = search(&service, "/.search", filter(length)).await;
        let (scim_type, detail) = refused.refusal(400);
        assert_eq!(scim_type.as_deref(), Some("invalidFilter"));
        assert!(detail.len() < 200, "{detail}");
    }
}

#[tokio::test]
async fn a_search_is_asked_by_post_only() {
    let service = three().await;
    for path in ["/.search", "/Users/.search"] {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            let refused = call(method, path).on(&service).await;
            assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(refused.header(ALLOW), "OPTIONS, POST");
        }
    }
    let refused = call(Method::POST, "/").on(&service).await;
    refused.refusal(405);
    assert_eq!(refused.header(ALLOW), "GET, HEAD, OPTIONS");
}
