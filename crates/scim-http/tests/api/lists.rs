//! Filters, order and cursors of lists, by GET.

use http::{Method, StatusCode};
use scim_http::provider::InMemoryProvider;
use scim_http::{Limits, ScimService};
use serde_json::{Value, json};

use crate::support::{Call, call, create, get, post, service};

/// Users `a` to `e` with titles, where `a` and `e` have none.
async fn five() -> ScimService<InMemoryProvider> {
    let service = service();
    for (name, title) in [
        ("a", None),
        ("b", Some("Y")),
        ("c", Some("x")),
        ("d", Some("z")),
        ("e", None),
    ] {
        let user = json!({ "userName": name, "title": title, "emails": [{ "value": format!("{name}@example.com") }] });
        assert_eq!(
            post("/Users", user).on(&service).await.status,
            StatusCode::CREATED
        );
    }
    service
}

fn query(pairs: &[(&str, &str)]) -> Call {
    let escaped =
        |text: &str| -> String { text.bytes().map(|octet| format!("%{octet:02X}")).collect() };
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)));
    get(format!("/Users?{}", pairs.collect::<Vec<_>>().join("&")))
}

fn names(list: &Value) -> Vec<&str> {
    let resources = list["Resources"].as_array().unwrap();
    resources
        .iter()
        .map(|user| user["userName"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn only_what_matches_is_listed() {
    let service = five().await;
    for (filter, expected) in [
        ("userName eq \"B\"", &["b"][..]),
        ("title pr and not (userName eq \"c\")", &["b", "d"]),
        (
            "emails.value ew \"@example.com\" and userName gt \"c\"",
            &["d", "e"],
        ),
        ("emails[value sw \"a\"]", &["a"]),
        ("userName eq \"nobody\"", &[]),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"a\"",
            &["a"],
        ),
    ] {
        let list = query(&[("filter", filter)]).on(&service).await;
        assert_eq!(list.status, StatusCode::OK, "{filter}");
        let list = list.json();
        assert_eq!(names(&list), expected, "{filter}");
        assert_eq!(list["totalResults"], expected.len());
        assert_eq!(
            (&list["startIndex"], &list["itemsPerPage"]),
            (&json!(1), &json!(expected.len()))
        );
        for user in list["Resources"].as_array().unwrap() {
            assert!(user["meta"]["version"].is_string());
        }
    }
}

#[tokio::test]
async fn what_is_shown_has_no_part_in_what_matches() {
    let service = five().await;
    let list = query(&[("filter", "title eq \"z\""), ("attributes", "userName")]);
    let list = list.on(&service).await.json();
    assert_eq!(names(&list), ["d"]);
    assert_eq!(list["Resources"][0].as_object().unwrap().len(), 3);
    let list = query(&[("sortBy", "title"), ("excludedAttributes", "title")]);
    assert_eq!(
        names(&list.on(&service).await.json()),
        ["c", "b", "d", "a", "e"]
    );
}

#[tokio::test]
async fn lists_are_sorted_by_an_attribute() {
    let service = five().await;
    for (order, expected) in [
        (None, ["c", "b", "d", "a", "e"]),
        (Some("ascending"), ["c", "b", "d", "a", "e"]),
        (Some("Descending"), ["a", "e", "d", "b", "c"]),
    ] {
        let mut pairs = vec![("sortBy", "title")];
        pairs.extend(order.map(|order| ("sortOrder", order)));
        let list = query(&pairs).on(&service).await.json();
        assert_eq!(names(&list), expected, "{order:?}");
    }
    let page = query(&[
        ("sortBy", "userName"),
        ("sortOrder", "descending"),
        ("startIndex", "2"),
        ("count", "2"),
    ]);
    let page = page.on(&service).await.json();
    assert_eq!(
        (names(&page), &page["startIndex"]),
        (vec!["d", "c"], &json!(2))
    );
    // An order without an attribute has nothing to order.
    let list = query(&[("sortOrder", "descending")])
        .on(&service)
        .await
        .json();
    assert_eq!(names(&list), ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn cursors_lead_through_all_pages() {
    let service = five().await;
    for sort in [&[][..], &[("sortBy", "title")]] {
        let (mut cursor, mut seen, mut pages) = (String::new(), Vec::new(), 0);
        loop {
            let pairs = [&[("count", "2"), ("cursor", &*cursor)], sort].concat();
            let page = query(&pairs).on(&service).await.json();
            assert_eq!(page["totalResults"], 5);
            assert!(page.get("startIndex").is_none());
            seen.extend(names(&page).into_iter().map(str::to_owned));
            pages += 1;
            match page.get("nextCursor") {
                Some(next) => cursor = next.as_str().unwrap().to_owned(),
                None => break,
            }
        }
        assert_eq!((pages, seen.len()), (3, 5));
        seen.sort_unstable();
        assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    }
    assert!(
        query(&[])
            .on(&service)
            .await
            .json()
            .get("nextCursor")
            .is_none()
    );
    let bare = get("/Users?cursor&count=2").on(&service).await.json();
    assert!(bare["nextCursor"].is_string());
}

#[tokio::test]
async fn a_page_by_cursor_that_ends_early_is_gone_on_with_where_it_ended() {
    let service = five().await.with_limits(Limits::default().with_list(1));
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let page = query(&[("cursor", &cursor)]).on(&service).await.json();
        assert_eq!(page["itemsPerPage"], 1);
        seen.extend(names(&page).into_iter().map(str::to_owned));
        match page.get("nextCursor") {
            Some(next) => cursor = next.as_str().unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let service = five().await;
    let long = format!("userName eq \"{}\"", "x".repeat(17 << 10));
    let cursor = query(&[("cursor", ""), ("count", "1")])
        .on(&service)
        .await
        .json();
    let cursor = cursor["nextCursor"].as_str().unwrap();
    for (pairs, scim_type, parts) in [
        (
            &[("filter", "")][..],
            "invalidFilter",
            &["filter", "octet 0"][..],
        ),
        (
            &[("filter", "userName is \"b\"")],
            "invalidFilter",
            &["filter", "octet 9"],
        ),
        (
            &[("filter", "shoeSize eq 44")],
            "invalidFilter",
            &["filter", "shoeSize"],
        ),
        (
            &[("filter", "password eq \"x\"")],
            "invalidFilter",
            &["filter", "password"],
        ),
        (
            &[("filter", "active gt true")],
            "invalidFilter",
            &["filter", "active"],
        ),
        (
            &[("filter", "id pr"), ("FILTER", "id pr")],
            "invalidFilter",
            &["filter", "more than once"],
        ),
        (&[("sortBy", "a b")], "invalidValue", &["sortBy"]),
        (
            &[("sortBy", "shoeSize")],
            "invalidValue",
            &["sort", "shoeSize"],
        ),
        (
            &[("sortBy", "password")],
            "invalidValue",
            &["sort", "password"],
        ),
        (&[("sortBy", "name")], "invalidValue", &["sort", "name"]),
        (
            &[("sortBy", "title"), ("sortOrder", "up")],
            "invalidValue",
            &["sortOrder"],
        ),
        (&[("cursor", "a b")], "invalidCursor", &["cursor"]),
        (&[("cursor", "junk")], "invalidCursor", &["cursor"]),
        (
            &[("cursor", cursor), ("filter", "id pr")],
            "invalidCursor",
            &["cursor"],
        ),
        (
            &[("cursor", cursor), ("startIndex", "1")],
            "invalidValue",
            &["cursor", "startIndex"],
        ),
        (
            &[("count", "1"), ("count", "1")],
            "invalidValue",
            &["count"],
        ),
    ] {
        let (found, detail) = query(pairs).on(&service).await.refusal(400);
        assert_eq!(found.as_deref(), Some(scim_type), "{pairs:?}: {detail}");
        for part in parts {
            assert!(detail.contains(part), "{pairs:?}: {detail}");
        }
        assert!(!detail.contains("44"), "no value is shown: {detail}");
    }
    // In a URL it is the URL that is too long.
    query(&[("filter", &long)]).on(&service).await.refusal(414);
}

#[tokio::test]
async fn names_without_case_and_unknown_parameters_are_taken() {
    let service = five().await;
    let list = get("/Users?Filter=userName%20eq%20%22a%22&SORTBY=userName&x=%zz&attribute=id&")
        .on(&service)
        .await;
    assert_eq!(names(&list.json()), ["a"]);
    let plus = get("/Users?filter=userName+eq+%22a%22").on(&service).await;
    assert_eq!(names(&plus.json()), ["a"]);
}

#[tokio::test]
async fn head_says_how_long_the_list_would_be() {
    let service = five().await;
    let target = "/Users?filter=title%20pr&count=1";
    let list = get(target).on(&service).await;
    let head = call(Method::HEAD, target).on(&service).await;
    assert_eq!(
        head.header(http::header::CONTENT_LENGTH),
        list.octets.len().to_string()
    );
}

#[tokio::test]
async fn the_config_says_what_is_served() {
    let config = get("/ServiceProviderConfig").on(&service()).await.json();
    assert_eq!(
        config["filter"],
        json!({ "supported": true, "maxResults": 1_000 })
    );
    assert_eq!(config["sort"], json!({ "supported": true }));
    assert_eq!(config["pagination"]["cursor"], true);
    assert!(config["pagination"].get("cursorTimeout").is_none());
}

#[tokio::test]
async fn members_are_found_by_though_they_are_not_shown() {
    let service = service();
    let (path, _) = create(&service, "a").await;
    let id = path.strip_prefix("/Users/").unwrap();
    for (name, members) in [("x", json!([{ "value": id }])), ("y", json!([]))] {
        let group = json!({ "displayName": name, "members": members });
        assert_eq!(
            post("/Groups", group).on(&service).await.status,
            StatusCode::CREATED
        );
    }
    let target =
        format!("/Groups?filter=members.value%20eq%20%22{id}%22&excludedAttributes=members");
    let list = get(target).on(&service).await.json();
    assert_eq!(list["totalResults"], 1);
    assert_eq!(list["Resources"][0]["displayName"], "x");
    assert!(list["Resources"][0].get("members").is_none());
}
