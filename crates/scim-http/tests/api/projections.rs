//! `attributes` and `excludedAttributes`.

use http::header::{CONTENT_LOCATION, HeaderName};
use http::{Method, StatusCode};
use scim_http::ScimService;
use scim_http::ops::ScimOperationHandler;
use scim_http::provider::schema::{ResourceType, ResourceTypes};
use scim_http::provider::{InMemoryProvider, InMemoryStorage};
use serde_json::{Value, json};

use crate::support::{Answer, OneUser, base_url, call, get, post, put, read, service};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn names(answer: &Answer) -> Vec<String> {
    assert!(answer.status.is_success(), "{answer:?}");
    answer.json().as_object().unwrap().keys().cloned().collect()
}

async fn employee() -> OneUser {
    let one = OneUser::new().await;
    let user = json!({
        "userName": "bjensen", "displayName": "Babs",
        "name": { "givenName": "Barbara", "familyName": "Jensen" },
        "emails": [{ "value": "b@example.com", "type": "work" }, { "type": "home" }],
        (ENTERPRISE): { "department": "Tours", "costCenter": "4130" },
    });
    assert_eq!(one.send(put(&one.path, user)).await.status, StatusCode::OK);
    one
}

#[tokio::test]
async fn only_what_is_named_is_shown_and_what_always_is() {
    let one = employee().await;
    let of_extension = format!("attributes={ENTERPRISE}:department");
    for (query, shown) in [
        ("attributes=userName", json!({ "userName": "bjensen" })),
        ("ATTRIBUTES=USERNAME", json!({ "userName": "bjensen" })),
        (
            "attributes=name.givenName",
            json!({ "name": { "givenName": "Barbara" } }),
        ),
        (
            "attributes=userName,%20emails.type,none",
            json!({ "userName": "bjensen", "emails": [{ "type": "work" }, { "type": "home" }] }),
        ),
        (
            &*of_extension,
            json!({ (ENTERPRISE): { "department": "Tours" } }),
        ),
        ("attributes=none", json!({})),
    ] {
        let answer = one.send(get(format!("{}?{query}", one.path))).await;
        let mut expected = shown.clone();
        expected["id"] = one.path.strip_prefix("/Users/").unwrap().into();
        expected["schemas"] = answer.json()["schemas"].clone();
        assert!(expected["schemas"].is_array());
        assert_eq!(answer.json(), expected, "{query}");
    }
}

#[tokio::test]
async fn what_is_excluded_is_left_out() {
    let one = employee().await;
    let whole = read(&one.service, &one.path).await.json();
    let target = |query: &str| get(format!("{}?{query}", one.path));
    let mut expected = whole.clone();
    for name in ["name", "emails", ENTERPRISE] {
        expected.as_object_mut().unwrap().remove(name);
    }
    let query = format!("excludedAttributes=name,Emails,{ENTERPRISE},id,schemas,none");
    assert_eq!(one.send(target(&query)).await.json(), expected);

    let mut expected = whole.clone();
    expected["name"]
        .as_object_mut()
        .unwrap()
        .remove("givenName");
    let answer = one.send(target("excludedAttributes=name.givenName")).await;
    assert_eq!(answer.json(), expected);
    for nothing in [
        "attributes=",
        "excludedAttributes=",
        "attributes=,",
        "attribute=id",
    ] {
        assert_eq!(one.send(target(nothing)).await.json(), whole, "{nothing}");
    }
}

#[tokio::test]
async fn a_part_has_the_tag_and_the_location_of_the_whole() {
    let one = employee().await;
    let whole = read(&one.service, &one.path).await;
    for query in ["attributes=userName", "excludedAttributes=meta,userName"] {
        let target = format!("{}?{query}", one.path);
        let part = one.send(get(&target)).await;
        assert_eq!(part.etag(), whole.etag());
        assert_eq!(
            part.header(CONTENT_LOCATION),
            whole.header(CONTENT_LOCATION)
        );
        assert!(part.json().get("meta").is_none());
        let same = one.send(get(&target).if_none_match(whole.etag())).await;
        assert_eq!(same.status, StatusCode::NOT_MODIFIED);
        one.send(get(&target).if_match(&one.stale))
            .await
            .refusal(412);
        let head = one.send(call(Method::HEAD, &target)).await;
        assert_eq!((head.status, head.etag()), (StatusCode::OK, whole.etag()));
    }
}

#[tokio::test]
async fn writes_are_answered_with_the_part_that_is_asked_for() {
    let one = employee().await;
    let prefer = |call: crate::support::Call| {
        call.header(HeaderName::from_static("prefer"), "return=minimal")
    };
    let user = |name: &str| json!({ "userName": name, "title": "Guide" });
    let created = one
        .send(prefer(post("/Users?attributes=userName", user("b"))))
        .await;
    assert_eq!(created.status, StatusCode::CREATED);
    assert_eq!(names(&created), ["id", "schemas", "userName"]);
    let target = format!("{}?excludedAttributes=userName,meta", one.path);
    let replaced = one.send(prefer(put(target, user("c")))).await;
    assert_eq!(replaced.status, StatusCode::OK);
    assert_eq!(names(&replaced), ["id", "schemas", "title"]);
    let now = read(&one.service, &one.path).await;
    assert_eq!(
        (now.etag(), &now.json()["userName"]),
        (replaced.etag(), &json!("c"))
    );
}

#[tokio::test]
async fn lists_show_the_same_part_of_each() {
    let one = employee().await;
    one.send(post("/Users", json!({ "userName": "b", "title": "Guide" })))
        .await;
    let list = one
        .send(get("/Users?attributes=userName,meta.version"))
        .await
        .json();
    assert_eq!(list["totalResults"], 2);
    for user in list["Resources"].as_array().unwrap() {
        let names: Vec<_> = user.as_object().unwrap().keys().collect();
        assert_eq!(names, ["id", "meta", "schemas", "userName"]);
        assert_eq!(user["meta"].as_object().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn members_are_left_out_for_who_does_not_want_them() {
    let one = employee().await;
    let id = one.path.strip_prefix("/Users/").unwrap();
    let group = json!({ "displayName": "Guides", "members": [{ "value": id }] });
    let created = one.send(post("/Groups", group)).await;
    let path = format!("/Groups/{}", created.json()["id"].as_str().unwrap());
    for query in ["excludedAttributes=members,meta", "attributes=displayName"] {
        let group = one.send(get(format!("{path}?{query}"))).await;
        assert_eq!(names(&group), ["displayName", "id", "schemas"], "{query}");
        assert_eq!(group.etag(), created.etag());
    }
    let group = one
        .send(get(format!("{path}?attributes=members.value")))
        .await;
    assert_eq!(group.json()["members"], json!([{ "value": id }]));
}

#[tokio::test]
async fn what_is_no_list_of_paths_is_refused_and_changes_nothing() {
    let one = OneUser::new().await;
    for (query, part) in [
        ("attributes=a,b%20c", "attributes"),
        ("excludedAttributes=name[type]", "excludedAttributes"),
        ("attributes=%zz", "attributes"),
        ("attributes=%FF", "attributes"),
        ("attributes=id&Attributes=userName", "attributes"),
        (
            "attributes=id&excludedAttributes=userName",
            "exclude each other",
        ),
    ] {
        for request in [
            get(format!("{}?{query}", one.path)),
            get(format!("/Users?{query}")),
            put(format!("{}?{query}", one.path), json!({ "userName": "x" })),
            post(format!("/Users?{query}"), json!({ "userName": "x" })),
        ] {
            let (scim_type, detail) = one.send(request).await.refusal(400);
            assert_eq!(scim_type.as_deref(), Some("invalidValue"), "{query}");
            assert!(detail.contains(part), "{detail}");
        }
    }
    one.assert_unchanged().await;
    assert_eq!(one.send(get("/Users")).await.json()["totalResults"], 1);
}

#[tokio::test]
async fn what_is_returned_on_request_is_left_out_by_default() {
    let schema = json!({ "id": "urn:x:door", "attributes": [
        { "name": "floor", "type": "integer" },
        { "name": "note", "returned": "request" },
    ]});
    let door = ResourceType::new("Door", "Doors", serde_json::from_value(schema).unwrap());
    let types = ResourceTypes::empty().with(door.unwrap()).unwrap();
    let provider = InMemoryProvider::new(InMemoryStorage::new()).with_resource_types(types);
    let service = ScimService::new(ScimOperationHandler::new(provider)).with_base_url(base_url());
    let door = json!({ "schemas": ["urn:x:door"], "floor": 3, "note": "squeaks" });
    let created = post("/Doors", door.clone()).on(&service).await;
    let path = format!("/Doors/{}", created.json()["id"].as_str().unwrap());
    let shown = |answer: Answer| answer.json().get("note").map(Value::to_string);
    assert_eq!(shown(get(&path).on(&service).await), None);
    // Who has written it is shown it (RFC 7643 §7).
    assert_eq!(shown(created).as_deref(), Some("\"squeaks\""));
    let replaced = put(&path, door).on(&service).await;
    assert_eq!(shown(replaced).as_deref(), Some("\"squeaks\""));
    for (name, value, note) in [
        ("floor", json!(4), None),
        ("note", json!("x"), Some("\"x\"")),
    ] {
        let operations = json!([{ "op": "replace", "path": name, "value": value }]);
        let patch =
            call(Method::PATCH, &path).body(json!({ "Operations": operations }).to_string());
        assert_eq!(shown(patch.on(&service).await).as_deref(), note);
    }
    put(&path, json!({ "floor": 3, "note": "squeaks" }))
        .on(&service)
        .await;
    let list = get("/Doors").on(&service).await.json();
    assert!(list["Resources"][0].get("note").is_none());
    let asked = get(format!("{path}?attributes=note")).on(&service).await;
    assert_eq!(shown(asked).as_deref(), Some("\"squeaks\""));
}

#[tokio::test]
async fn a_password_is_set_and_never_shown() {
    let one = OneUser::new().await;
    let config = one.send(get("/ServiceProviderConfig")).await.json();
    assert_eq!(config["changePassword"], json!({ "supported": true }));
    let user = json!({ "userName": "bjensen", "password": "correct horse" });
    let target = |query: &str| format!("{}{query}", one.path);
    for request in [
        put(target(""), user.clone()),
        put(target("?attributes=password,userName"), user),
        get(target("?attributes=password")),
        get("/Users"),
        get("/?attributes=password"),
    ] {
        let answer = one.send(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        let text = String::from_utf8(answer.octets).unwrap();
        assert!(
            !text.contains("password") && !text.contains("horse"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn discovery_shows_all_there_is() {
    let config = get("/ServiceProviderConfig?attributes=patch&excludedAttributes=bulk");
    assert!(config.on(&service()).await.json().get("bulk").is_some());
}
