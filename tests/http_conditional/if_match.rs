//! `If-Match` on single resources.

use http::Method;
use serde_json::json;

use crate::scene::{Scene, WRITES, changed, patch};

#[test]
fn a_stale_tag_fails_writes_and_reads() {
    let scene = Scene::new();
    for method in WRITES.into_iter().chain([Method::GET]) {
        let answer = scene.send(method, &[("If-Match", &scene.stale)]);
        scene.failed(&answer);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&scene.stale), "what was expected: {detail}");
        assert!(detail.contains(&scene.current), "what there is: {detail}");
    }
    let head = scene.send(Method::HEAD, &[("If-Match", &scene.stale)]);
    assert_eq!((head.status, head.etag()), (412, scene.current.as_str()));
}

#[test]
fn the_current_tag_passes_weak_or_strong_alone_or_in_a_list() {
    let scene = Scene::new();
    let strong = scene.current.strip_prefix("W/").unwrap().to_owned();
    let list = format!("\"other\", {strong},, W/\"a,b\"");
    let mut tag = scene.current.clone();
    for header in [scene.current.as_str(), &strong, &list] {
        // Each is current again: what is written says what is stored.
        let same = json!({ "userName": "bjensen", "displayName": "Babs" });
        let headers = [("If-Match", header)];
        let answer = scene
            .client
            .send_json(Method::PUT, &scene.location, &headers, &same);
        assert_eq!(answer.status, 200, "{header}");
        tag = answer.etag().to_owned();
    }
    let replaced = scene.send(Method::PATCH, &[("If-Match", &tag)]);
    assert_eq!(replaced.status, 200);
    assert_eq!(replaced.json()["displayName"], changed()["displayName"]);
    assert_eq!(
        scene
            .send(Method::DELETE, &[("If-Match", replaced.etag())])
            .status,
        204
    );
}

#[test]
fn tags_that_are_legal_and_no_version_never_match() {
    let scene = Scene::new();
    for header in ["\"\"", "W/\"\"", "\"other\"", "\"a\", \"b\""] {
        for method in WRITES {
            let answer = scene.send(method, &[("If-Match", header)]);
            scene.failed(&answer);
        }
    }
    // An empty list is legal and names nothing.
    for header in ["", ",", " , ,"] {
        for method in WRITES {
            scene.failed(&scene.send(method, &[("If-Match", header)]));
        }
    }
}

#[test]
fn a_star_passes_if_the_resource_exists() {
    let scene = Scene::new();
    assert_eq!(scene.send(Method::PUT, &[("If-Match", "*")]).status, 200);
    assert_eq!(scene.send(Method::PATCH, &[("If-Match", "*")]).status, 200);
    assert_eq!(scene.send(Method::DELETE, &[("If-Match", "*")]).status, 204);
    assert_eq!(scene.send(Method::DELETE, &[("If-Match", "*")]).status, 404);
}

#[test]
fn a_malformed_precondition_refuses_the_request() {
    let scene = Scene::new();
    let current = scene.current.clone();
    let in_list = format!("*, {current}");
    let behind = format!("{current}, *");
    let lower = current.replacen("W/", "w/", 1);
    let unquoted = current.replace(['"'], "");
    let unclosed = current.trim_end_matches('"').to_owned();
    let joined = format!("{current} {current}");
    for header in [
        &*in_list, &behind, &lower, &unquoted, &unclosed, &joined, "**", "'a'", "W/",
    ] {
        for name in ["If-Match", "If-None-Match"] {
            for method in WRITES.into_iter().chain([Method::GET]) {
                let answer = scene.send(method, &[(name, header)]);
                scene.refused(&answer, 400, Some("invalidSyntax"));
            }
        }
    }
}

#[test]
fn one_malformed_header_is_not_made_up_for_by_the_other() {
    let scene = Scene::new();
    let headers = [
        ("If-Match", scene.current.as_str()),
        ("If-None-Match", "junk"),
    ];
    for method in WRITES {
        let answer = scene.send(method, &headers);
        scene.refused(&answer, 400, Some("invalidSyntax"));
    }
    let headers = [("If-Match", "junk"), ("If-None-Match", "\"other\"")];
    for method in WRITES {
        let answer = scene.send(method, &headers);
        scene.refused(&answer, 400, Some("invalidSyntax"));
    }
}

#[test]
fn a_missing_resource_is_missing_whatever_is_expected() {
    let scene = Scene::new();
    for id in ["00000000-0000-4000-8000-000000000000", "x", "%00"] {
        let target = format!("/Users/{id}");
        for headers in [
            vec![],
            vec![("If-Match", "*")],
            vec![("If-Match", scene.current.as_str())],
            vec![("If-None-Match", "*")],
            vec![("If-Match", "*"), ("If-None-Match", "*")],
        ] {
            for method in WRITES.into_iter().chain([Method::GET]) {
                scene.refused(&scene.send_to(&target, method, &headers), 404, None);
            }
        }
    }
    assert_eq!(
        scene.client.get("/Users").json()["totalResults"],
        1,
        "a PUT never creates"
    );
}

#[test]
fn a_stale_tag_comes_before_an_invalid_body() {
    let scene = Scene::new();
    let invalid = [
        json!({}),
        json!({ "userName": 7 }),
        json!({ "userName": "bjensen", "noSuchAttribute": true }),
        json!({ "userName": "bjensen", "emails": "none" }),
    ];
    for data in invalid {
        let put = |tag: &str| {
            let headers = [("If-Match", tag)];
            scene
                .client
                .send_json(Method::PUT, &scene.location, &headers, &data)
        };
        scene.failed(&put(&scene.stale));
        let answer = put(&scene.current);
        let scim_type = answer.json()["scimType"].as_str().unwrap().to_owned();
        scene.refused(&answer, 400, Some(&scim_type));
    }
    let unfit = [
        json!({ "Operations": "none" }),
        patch(&json!([{ "op": "move", "path": "displayName" }])),
        patch(&json!([{ "op": "add", "path": "noSuchAttribute", "value": true }])),
        patch(&json!([{ "op": "remove", "path": "userName" }])),
        patch(&json!([{ "op": "replace", "path": "emails[type eq \"x\"].value", "value": "a" }])),
    ];
    for message in unfit {
        let send = |tag: &str| {
            let headers = [("If-Match", tag)];
            scene
                .client
                .send_json(Method::PATCH, &scene.location, &headers, &message)
        };
        scene.failed(&send(&scene.stale));
        let answer = send(&scene.current);
        let scim_type = answer.json()["scimType"].as_str().unwrap().to_owned();
        scene.refused(&answer, 400, Some(&scim_type));
    }
    let headers = [("If-Match", scene.stale.as_str())];
    let malformed = scene
        .client
        .send_text(Method::PUT, &scene.location, &headers, "{");
    scene.refused(&malformed, 400, Some("invalidSyntax"));
}

#[test]
fn if_match_goes_before_if_none_match() {
    let scene = Scene::new();
    let (stale, current) = (scene.stale.as_str(), scene.current.as_str());
    let both = |if_match, if_none_match| [("If-Match", if_match), ("If-None-Match", if_none_match)];

    scene.failed(&scene.send(Method::GET, &both(stale, current)));
    assert_eq!(scene.send(Method::GET, &both(current, current)).status, 304);
    assert_eq!(scene.send(Method::GET, &both(current, stale)).status, 200);
    scene.failed(&scene.send(Method::PUT, &both(stale, stale)));
    scene.failed(&scene.send(Method::PUT, &both(current, current)));
    assert_eq!(scene.send(Method::PUT, &both(current, stale)).status, 200);
}
