//! PATCH of one resource.

use http::header::{CONTENT_LOCATION, CONTENT_TYPE, HeaderName};
use http::{Method, StatusCode};
use scim_http::Limits;
use scim_http::ScimService;
use scim_http::ops::ScimOperationHandler;
use scim_http::provider::InMemoryProvider;
use serde_json::{Value, json};

use crate::support::{
    Answer, BASE_URL, Call, OneUser, base_url, call, create, get, post, read, service,
};

fn patch(target: impl Into<String>, operations: Value) -> Call {
    let message = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    call(Method::PATCH, target).body(message.to_string())
}

fn rename(target: impl Into<String>, name: &str) -> Call {
    patch(
        target,
        json!([{ "op": "replace", "path": "displayName", "value": name }]),
    )
}

fn minimal(call: Call) -> Call {
    call.header(HeaderName::from_static("prefer"), "return=minimal")
}

/// The path of a group of `members` users, and what was answered.
async fn group(one: &OneUser, members: usize) -> (String, Answer) {
    let mut values = Vec::new();
    for number in 0..members {
        let (path, _) = create(&one.service, &format!("member{number}")).await;
        values.push(json!({ "value": path.strip_prefix("/Users/").unwrap() }));
    }
    let group = json!({ "displayName": "Guides", "members": values });
    let created = one.send(post("/Groups", group)).await;
    assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
    let path = format!("/Groups/{}", created.json()["id"].as_str().unwrap());
    (path, created)
}

#[tokio::test]
async fn it_is_answered_with_the_resource_as_it_is_now() {
    let one = OneUser::new().await;
    let patched = one.send(rename(&one.path, "Barbara")).await;
    assert_eq!(patched.status, StatusCode::OK);
    assert_eq!(patched.json()["displayName"], "Barbara");
    assert_eq!(patched.json()["meta"]["version"], patched.etag());
    assert_ne!(patched.etag(), one.etag());
    assert_eq!(
        patched.header(CONTENT_LOCATION),
        format!("{BASE_URL}{}", one.path)
    );
    assert_eq!(patched.header(CONTENT_TYPE), "application/scim+json");
    assert_eq!(read(&one.service, &one.path).await.octets, patched.octets);
    let same = one.send(rename(&one.path, "Barbara")).await;
    assert_eq!((same.status, same.etag()), (StatusCode::OK, patched.etag()));
}

#[tokio::test]
async fn a_group_is_shown_with_all_its_members_though_one_was_added() {
    let one = OneUser::new().await;
    let (path, created) = group(&one, 3).await;
    let id = one.path.strip_prefix("/Users/").unwrap();
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]);
    let patched = one.send(patch(&path, add)).await;
    assert_eq!(patched.status, StatusCode::OK);
    assert_eq!(patched.json()["members"].as_array().unwrap().len(), 4);
    assert_ne!(patched.etag(), created.etag());
    assert_eq!(read(&one.service, &path).await.octets, patched.octets);
}

#[tokio::test]
async fn who_prefers_less_is_given_the_tag() {
    let one = OneUser::new().await;
    let (path, _) = group(&one, 2).await;
    for target in [&one.path, &path] {
        let patched = one.send(minimal(rename(target, "Other"))).await;
        assert_eq!(
            (patched.status, patched.octets.len()),
            (StatusCode::NO_CONTENT, 0)
        );
        assert_eq!(
            patched.header(CONTENT_LOCATION),
            format!("{BASE_URL}{target}")
        );
        assert_eq!(
            patched.header(HeaderName::from_static("preference-applied")),
            "return=minimal"
        );
        assert_eq!(read(&one.service, target).await.etag(), patched.etag());
    }
}

#[tokio::test]
async fn what_is_too_large_to_be_shown_unasked_is_204() {
    let one = OneUser::new().await;
    let (path, created) = group(&one, 3).await;
    let length = created.octets.len();
    for (limits, shown) in [
        (Limits::default().with_answer_links(2), false),
        (Limits::default().with_answer_links(3), true),
        (Limits::default().with_answer(length / 2), false),
        (Limits::default().with_answer(length + 10), true),
    ] {
        let service = one.service.clone().with_limits(limits.clone());
        let name = format!("{limits:?}");
        let patched = rename(&path, &name[..8]).on(&service).await;
        assert_eq!(patched.status == StatusCode::OK, shown, "{limits:?}");
        let now = read(&one.service, &path).await;
        assert_eq!(now.etag(), patched.etag());
        assert!(!patched.headers.contains_key("preference-applied"));
        // Nobody is kept from what they ask for.
        let asked = rename(format!("{path}?attributes=members"), "Guides");
        let asked = minimal(asked).on(&service).await;
        assert_eq!(asked.status, StatusCode::OK);
        assert_eq!(asked.json()["members"].as_array().unwrap().len(), 3);
        assert_eq!(asked.json().as_object().unwrap().len(), 3);
    }
}

#[tokio::test]
async fn what_can_not_be_applied_changes_nothing() {
    let one = OneUser::new().await;
    for (operations, scim_type) in [
        (
            json!([{ "op": "move", "path": "title", "value": "x" }]),
            "invalidSyntax",
        ),
        (json!([]), "invalidSyntax"),
        (
            json!([{ "op": "add", "path": "ti tle", "value": "x" }]),
            "invalidPath",
        ),
        (
            json!([{ "op": "add", "path": "shoeSize", "value": 44 }]),
            "invalidPath",
        ),
        (
            json!([{ "op": "replace", "path": "emails[type eq \"x\"].value", "value": "a" }]),
            "noTarget",
        ),
        (json!([{ "op": "remove" }]), "noTarget"),
        (
            json!([{ "op": "remove", "path": "userName" }]),
            "mutability",
        ),
        (
            json!([{ "op": "replace", "path": "id", "value": "7" }]),
            "mutability",
        ),
        (
            json!([{ "op": "add", "path": "active", "value": [] , "x": 1 }, { "op": "add", "path": "active", "value": "maybe" }]),
            "invalidValue",
        ),
        (
            json!([{ "op": "add", "path": "title", "value": "x" }, { "op": "remove", "path": "userName" }]),
            "mutability",
        ),
    ] {
        let answer = one.send(patch(&one.path, operations.clone())).await;
        assert_eq!(
            answer.refusal(400).0.as_deref(),
            Some(scim_type),
            "{operations}"
        );
        one.assert_unchanged().await;
    }
    for body in ["", "{", "[]", "null", "\"x\""] {
        let answer = one.send(call(Method::PATCH, &one.path).body(body)).await;
        assert_eq!(answer.refusal(400).0.as_deref(), Some("invalidSyntax"));
    }
    one.assert_unchanged().await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_409() {
    let one = OneUser::new().await;
    create(&one.service, "other").await;
    let taken = json!([{ "op": "replace", "value": { "userName": "OTHER" } }]);
    let (scim_type, _) = one.send(patch(&one.path, taken)).await.refusal(409);
    assert_eq!(scim_type.as_deref(), Some("uniqueness"));
    one.assert_unchanged().await;
}

#[tokio::test]
async fn preconditions_go_before_the_content() {
    let one = OneUser::new().await;
    let sound = json!([{ "op": "add", "path": "title", "value": "x" }]);
    let unsound = json!([{ "op": "move" }]);
    let unfit = json!([{ "op": "remove", "path": "userName" }]);
    for operations in [sound, unsound, unfit] {
        let request = || patch(&one.path, operations.clone());
        let refused = one.send(request().if_match(&one.stale)).await;
        assert_eq!(refused.refusal(412).0, None);
        assert_eq!(refused.etag(), one.etag());
        for excluded in [one.etag(), "*".into()] {
            let refused = one.send(request().if_none_match(excluded)).await;
            assert_eq!(refused.refusal(412).0, None);
            assert_eq!(refused.etag(), one.etag());
        }
        one.send(request().if_match("junk")).await.refusal(400);
        for condition in ["*", "\"a\""] {
            let missing = || patch("/Users/none", operations.clone());
            one.send(missing()).await.refusal(404);
            one.send(missing().if_match(condition)).await.refusal(404);
            one.send(missing().if_none_match(condition))
                .await
                .refusal(404);
        }
        one.assert_unchanged().await;
    }
    let held = rename(&one.path, "Barbara").if_match(one.etag());
    assert_eq!(one.send(held).await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_a_version_is_required_a_patch_without_is_428() {
    let handler =
        ScimOperationHandler::new(InMemoryProvider::default()).with_version_required(true);
    let service = ScimService::new(handler).with_base_url(base_url());
    let (path, created) = create(&service, "bjensen").await;
    for request in [rename(&path, "x"), patch(&path, json!([]))] {
        request.on(&service).await.refusal(428);
    }
    assert_eq!(read(&service, &path).await.octets, created.octets);
    let named = rename(&path, "x").if_match(created.etag());
    assert_eq!(named.on(&service).await.status, StatusCode::OK);
}

#[tokio::test]
async fn other_content_and_other_accepts_change_nothing() {
    let one = OneUser::new().await;
    let json_patch = rename(&one.path, "x").header(CONTENT_TYPE, "application/json-patch+json");
    one.send(json_patch).await.refusal(415);
    let html = rename(&one.path, "x").header(http::header::ACCEPT, "text/html");
    one.send(html).await.refusal(406);
    one.assert_unchanged().await;
}

#[tokio::test]
async fn the_config_says_that_it_is_supported() {
    let config = get("/ServiceProviderConfig").on(&service()).await.json();
    assert_eq!(config["patch"], json!({ "supported": true }));
}
