use http::Method;
use scim_tests::{race, rounds};
use serde_json::{Value, json};

use crate::scene::{CLIENTS, ROUNDS, Scene, add, remove};

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const ATOMIC: &str = "urn:x-scim:versioned:2.0:AtomicBulk";

fn bulk(schemas: &[&str], operations: &[Value]) -> Value {
    json!({ "schemas": schemas, "Operations": operations })
}

fn change(scene: &Scene, message: &Value) -> Value {
    json!({ "method": "PATCH", "path": scene.group, "data": message })
}

/// Each client adds one member and removes another in one request.
fn all_survive(schemas: &[&str]) {
    let scene = Scene::new(1);
    let statuses = rounds(ROUNDS, CLIENTS, |round, n| {
        let operations = [
            change(&scene, &add(scene.user(1, round, n))),
            change(&scene, &remove(scene.user(0, round, n))),
        ];
        let client = scene.client();
        let answer = client.send_json(Method::POST, "/Bulk", &[], &bulk(schemas, &operations));
        assert_eq!(answer.status, 200, "{answer:?}");
        let answers = answer.json()["Operations"].as_array().unwrap().clone();
        answers.into_iter().map(|answer| answer["status"].clone())
    });
    for status in statuses.into_iter().flatten().flatten() {
        assert_eq!(status, "200");
    }
    assert_eq!(scene.members(), scene.users(1));
}

#[test]
fn patches_within_bulks_all_survive_at_the_first_try() {
    all_survive(&[BULK]);
}

#[test]
fn patches_within_bulks_of_all_or_nothing_all_survive_at_the_first_try() {
    all_survive(&[BULK, ATOMIC]);
}

#[test]
fn of_operations_that_name_one_version_one_is_done() {
    let scene = Scene::new(0);
    let client = scene.client();
    for round in 0..ROUNDS {
        let tag = client.get(&scene.group).etag().to_owned();
        let answers = race(CLIENTS, |n| {
            let user = scene.user(0, round, n);
            let put = json!({
                "method": "PUT", "path": scene.group, "version": tag,
                "data": { "displayName": "g", "members": [{ "value": user }] },
            });
            let client = scene.client();
            let answer = client.send_json(Method::POST, "/Bulk", &[], &bulk(&[BULK], &[put]));
            answer.json()["Operations"][0]["status"].clone()
        });
        let won: Vec<_> = (0..CLIENTS).filter(|n| answers[*n] == "200").collect();
        let lost = answers.iter().filter(|status| **status == "412").count();
        assert_eq!((won.len(), lost), (1, CLIENTS - 1), "{answers:?}");
        assert_eq!(
            scene.members(),
            [scene.user(0, round, won[0]).to_owned()].into()
        );
    }
}
