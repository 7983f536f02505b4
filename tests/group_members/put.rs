use http::Method;
use scim_tests::race;
use serde_json::json;

use crate::scene::{CLIENTS, ROUNDS, Scene};

#[test]
fn of_puts_that_name_one_version_one_is_done() {
    let scene = Scene::new(0);
    let client = scene.client();
    for round in 0..ROUNDS {
        let tag = client.get(&scene.group).etag().to_owned();
        let answers = race(CLIENTS, |n| {
            let headers = [("if-match", tag.as_str())];
            let member = json!({ "value": scene.user(0, round, n) });
            let group = json!({ "displayName": "g", "members": [member] });
            let client = scene.client();
            client
                .send_json(Method::PUT, &scene.group, &headers, &group)
                .status
        });
        let won: Vec<_> = (0..CLIENTS).filter(|n| answers[*n] == 200).collect();
        let lost = answers.iter().filter(|status| **status == 412).count();
        assert_eq!((won.len(), lost), (1, CLIENTS - 1), "{answers:?}");
        let winner = scene.user(0, round, won[0]).to_owned();
        assert_eq!(scene.members(), [winner].into());
    }
}
