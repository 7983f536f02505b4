//! What answers look like that are no refusals.

use http::Method;
use scim_tests::Answer;
use serde_json::json;

use crate::scene::{Scene, changed};

/// `answer` shows a resource whole, with the headers of its body.
fn shows_a_resource(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    let meta = &answer.json()["meta"];
    assert_eq!(meta["version"], answer.etag(), "character for character");
    assert_eq!(meta["location"], answer.header("content-location").unwrap());
    assert_eq!(
        answer.header("last-modified"),
        None,
        "a second would lose updates"
    );
}

#[test]
fn a_single_resource_has_its_version_and_location_in_the_headers() {
    let scene = Scene::new();
    let data = json!({ "userName": "jsmith" });
    let created = scene.client.send_json(Method::POST, "/Users", &[], &data);
    shows_a_resource(&created, 201);
    assert_eq!(
        created.header("location"),
        created.header("content-location")
    );
    let location = created.header("location").unwrap();
    assert!(location.starts_with(&scene.server.base_url()), "{location}");

    let read = scene.client.get(location);
    shows_a_resource(&read, 200);
    assert_eq!((&read.body, read.etag()), (&created.body, created.etag()));
    assert_eq!(read.header("location"), None);

    let replaced = scene.send(Method::PUT, &[]);
    shows_a_resource(&replaced, 200);
    assert_ne!(replaced.etag(), scene.current);
}

#[test]
fn a_patch_shows_the_resource_or_only_its_tag() {
    let scene = Scene::new();
    let patched = scene.send(Method::PATCH, &[]);
    shows_a_resource(&patched, 200);
    assert_eq!(patched.json()["displayName"], changed()["displayName"]);
    assert_ne!(patched.etag(), scene.current);
    assert_eq!(scene.client.get(&scene.location).body, patched.body);

    let again = scene.send(Method::PATCH, &[("Prefer", "return=minimal")]);
    assert_eq!((again.status, again.body.as_str()), (204, ""));
    assert_eq!(again.etag(), patched.etag(), "nothing new was said");
    assert_eq!(again.header("preference-applied"), Some("return=minimal"));
    assert_eq!(again.header("content-location"), Some(&*scene.location));
    assert_eq!(again.header("content-type"), None);

    let target = format!("{}?attributes=userName", scene.location);
    let shown = scene.send_to(&target, Method::PATCH, &[("Prefer", "return=minimal")]);
    assert_eq!((shown.status, shown.etag()), (200, patched.etag()));
    assert_eq!(shown.json()["userName"], "bjensen");
    assert!(shown.json().get("displayName").is_none());
}

#[test]
fn a_group_has_them_too() {
    let scene = Scene::new();
    let id = scene.location.rsplit('/').next().unwrap();
    let group = json!({ "displayName": "Tour Guides", "members": [{ "value": id }] });
    let created = scene.client.send_json(Method::POST, "/Groups", &[], &group);
    shows_a_resource(&created, 201);
    let location = created.header("location").unwrap();
    let headers = [("If-Match", created.etag())];
    let empty = json!({ "displayName": "Tour Guides" });
    let replaced = scene
        .client
        .send_json(Method::PUT, location, &headers, &empty);
    shows_a_resource(&replaced, 200);
    let stale = scene
        .client
        .send_json(Method::PUT, location, &headers, &group);
    assert_eq!(stale.status, 412);
    assert_eq!(stale.etag(), replaced.etag());
    assert_eq!(scene.client.get(location).body, replaced.body);
}

#[test]
fn head_has_the_headers_of_get_and_no_content() {
    let scene = Scene::new();
    let (get, head) = (scene.send(Method::GET, &[]), scene.send(Method::HEAD, &[]));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for name in ["etag", "content-location", "content-type", "content-length"] {
        assert!(head.header(name).is_some(), "{name}");
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[test]
fn a_delete_is_answered_without_content() {
    let scene = Scene::new();
    let deleted = scene.send(Method::DELETE, &[("If-Match", &scene.current)]);
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    assert_eq!(scene.send(Method::GET, &[]).status, 404);
}

#[test]
fn writing_nothing_new_keeps_the_tag() {
    let scene = Scene::new();
    let same = json!({ "userName": "bjensen", "displayName": "Babs" });
    let written = scene
        .client
        .send_json(Method::PUT, &scene.location, &[], &same);
    shows_a_resource(&written, 200);
    assert_eq!(written.etag(), scene.current);
    scene.is_unchanged();
}

#[test]
fn json_is_read_under_either_type_and_answered_as_scim() {
    let scene = Scene::new();
    for (n, content_type) in [
        "application/scim+json",
        "application/scim+json; charset=utf-8",
        "application/json",
        "application/json;charset=UTF-8",
    ]
    .into_iter()
    .enumerate()
    {
        let headers = [("Content-Type", content_type)];
        let data = json!({ "userName": "bjensen", "displayName": n.to_string() });
        let replaced = scene
            .client
            .send_json(Method::PUT, &scene.location, &headers, &data);
        shows_a_resource(&replaced, 200);
        assert_eq!(replaced.json()["displayName"], n.to_string());
    }
    for accept in [
        "application/scim+json",
        "application/json",
        "*/*",
        "application/*;q=0.5, text/html",
        "text/html, application/json;q=0.1",
    ] {
        shows_a_resource(&scene.send(Method::GET, &[("Accept", accept)]), 200);
    }
}

#[test]
fn dates_are_no_preconditions() {
    let scene = Scene::new();
    let (past, future) = (
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Fri, 01 Jan 2100 00:00:00 GMT",
    );
    let read = scene.send(Method::GET, &[("If-Modified-Since", future)]);
    shows_a_resource(&read, 200);
    let replaced = scene.send(Method::PUT, &[("If-Unmodified-Since", past)]);
    shows_a_resource(&replaced, 200);
    assert_eq!(replaced.json()["displayName"], changed()["displayName"]);
}

#[test]
fn preconditions_on_collections_are_ignored() {
    let scene = Scene::new();
    for headers in [
        [("If-None-Match", "*")],
        [("If-None-Match", scene.current.as_str())],
        [("If-Match", "\"other\"")],
        [("If-Match", "no tag at all")],
    ] {
        let listed = scene.client.send(Method::GET, "/Users", &headers);
        assert_eq!(listed.status, 200, "{headers:?}");
        assert_eq!(listed.header("etag"), None);
        let listed = listed.json();
        assert_eq!(listed["totalResults"], 1);
        assert_eq!(listed["Resources"][0]["meta"]["version"], *scene.current);
    }
}
