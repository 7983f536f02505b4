use http::Method;
use scim_tests::rounds;
use serde_json::{Value, json};

use crate::{CLIENTS, Scene};

/// How often all clients change the same attribute of one version.
const ROUNDS: usize = 20;

/// What became of a client's edit.
enum Ended {
    Written { title: String },
    Refused { mine: String, error: Value },
}

/// In every round, of all clients that change the title of one version one is heard, and each other is
/// told the path, its own value and that of the one that was.
pub(crate) fn each_is_told(scene: &Scene) {
    for round in 0..ROUNDS {
        let seen = scene.client(0).get(&scene.location);
        let before = seen.json()["title"].clone();
        let preference = crate::preference(&seen);
        let mut ended = rounds(1, CLIENTS, |_, n| {
            let client = scene.client(n);
            let mut user = seen.json();
            let mine = format!("{n} in round {round}");
            user["title"] = json!(mine);
            let headers = [("prefer", &*preference)];
            loop {
                let answer = client.send_json(Method::PUT, &scene.location, &headers, &user);
                let error = match answer.status {
                    200 => return Ended::Written { title: mine },
                    412 => answer.json(),
                    503 if answer.header("retry-after").is_some() => continue,
                    _ => panic!("{answer:?}"),
                };
                return Ended::Refused { mine, error };
            }
        });
        let ended = ended.remove(0);
        let written: Vec<_> = ended
            .iter()
            .filter_map(|ended| match ended {
                Ended::Written { title } => Some(title),
                Ended::Refused { .. } => None,
            })
            .collect();
        let [theirs] = written.as_slice() else {
            panic!("{} were heard in round {round}", written.len());
        };
        for ended in &ended {
            if let Ended::Refused { mine, error } = ended {
                let mut conflict = json!({ "path": "title", "local": mine, "remote": theirs });
                if !before.is_null() {
                    conflict["base"] = before.clone();
                }
                let told = &error["urn:x-scim:versioned:2.0:MergeConflict"]["conflicts"];
                assert_eq!(told, &json!([conflict]), "{error}");
            }
        }
        let now = scene.client(1).get(&scene.location).json();
        assert_eq!(now["title"], ***theirs);
    }
}
