//! POST: what is unique, and creating only once.

use http::Method;
use scim_tests::rounds;
use serde_json::json;

use crate::scene::Scene;

#[test]
fn a_star_creates_only_if_nobody_has_the_unique_key() {
    let scene = Scene::new();
    let headers = [("If-None-Match", "*")];
    let post = |name| {
        let data = json!({ "userName": name, "displayName": "Another" });
        scene
            .client
            .send_json(Method::POST, "/Users", &headers, &data)
    };
    assert_eq!(post("jsmith").status, 201);
    for taken in ["bjensen", "BJensen"] {
        scene.failed(&post(taken));
    }
    assert_eq!(scene.client.get("/Users").json()["totalResults"], 2);
}

#[test]
fn other_preconditions_do_not_apply_to_post() {
    let scene = Scene::new();
    for (n, headers) in [
        ("If-Match", scene.stale.as_str()),
        ("If-Match", "*"),
        ("If-None-Match", scene.current.as_str()),
        ("If-None-Match", "\"other\""),
    ]
    .into_iter()
    .enumerate()
    {
        let data = json!({ "userName": format!("user{n}") });
        let created = scene
            .client
            .send_json(Method::POST, "/Users", &[headers], &data);
        assert_eq!(created.status, 201, "{headers:?}");
    }
    // But what can't be read could have been the one that does.
    let data = json!({ "userName": "jsmith" });
    let answer = scene
        .client
        .send_json(Method::POST, "/Users", &[("If-None-Match", "x")], &data);
    scene.refused(&answer, 400, Some("invalidSyntax"));
    assert_eq!(scene.client.get("/Users").json()["totalResults"], 5);
}

#[test]
fn a_taken_name_is_a_conflict_of_uniqueness() {
    let scene = Scene::new();
    let data = json!({ "userName": "BJENSEN" });
    let created = scene.client.send_json(Method::POST, "/Users", &[], &data);
    scene.refused(&created, 409, Some("uniqueness"));

    let other = scene.client.send_json(
        Method::POST,
        "/Users",
        &[],
        &json!({ "userName": "jsmith" }),
    );
    let location = other.header("location").unwrap();
    let headers = [("If-Match", other.etag())];
    let renamed = scene
        .client
        .send_json(Method::PUT, location, &headers, &data);
    scene.refused(&renamed, 409, Some("uniqueness"));
    let now = scene.client.get(location);
    assert_eq!((now.etag(), &now.body), (other.etag(), &other.body));
}

#[test]
fn of_racing_creates_one_is_created_and_the_rest_are_conflicts() {
    let scene = Scene::new();
    let clients: Vec<_> = (0..8).map(|_| scene.server.client()).collect();
    let statuses = rounds(25, clients.len(), |round, n| {
        let data = json!({ "userName": format!("user{round}"), "displayName": n.to_string() });
        clients[n]
            .send_json(Method::POST, "/Users", &[], &data)
            .status
    });
    for mut statuses in statuses {
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }
    assert_eq!(scene.client.get("/Users").json()["totalResults"], 26);
}
