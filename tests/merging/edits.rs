use http::Method;
use scim_tests::{Answer, Client, race};
use serde_json::{Value, json};

use crate::{CLIENTS, Scene, preference};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What each of the clients edits: attributes, parts of one, and attributes of an extension.
const PLACES: [(Option<&str>, &str); CLIENTS] = [
    (None, "title"),
    (None, "nickName"),
    (None, "displayName"),
    (None, "userType"),
    (Some("name"), "givenName"),
    (Some("name"), "familyName"),
    (Some(ENTERPRISE), "department"),
    (Some(ENTERPRISE), "division"),
];

/// Each client adds a number to its attribute, as it has seen it last, again and again. An edit that
/// anybody undid would leave a gap.
pub(crate) fn all_are_there(scene: &Scene, edits: usize) {
    let merged = race(CLIENTS, |n| {
        edit(&scene.client(n), &scene.location, n, edits)
    });
    println!(
        "{} of {} were merged",
        merged.iter().sum::<usize>(),
        CLIENTS * edits
    );
    let all: Vec<_> = (0..edits).map(|number| number.to_string()).collect();
    for n in 0..scene.scimds.len() {
        let user = scene.client(n).get(&scene.location).json();
        for place in PLACES {
            assert_eq!(value(&user, place), all.join(" "), "{place:?}");
        }
    }
}

/// Gives how many of its edits were stale.
fn edit(client: &Client, location: &str, n: usize, edits: usize) -> usize {
    let place = PLACES[n];
    let mut seen = client.get(location);
    let mut merged = 0;
    for number in 0..edits {
        let mut user = seen.json();
        let before = value(&user, place);
        let after = format!("{before} {number}");
        set(&mut user, place, after.trim());
        let written = put(client, location, &seen, &user);
        assert_eq!(value(&written.json(), place), after.trim(), "{written:?}");
        merged += usize::from(is_of_others_too(&written.json(), &user));
        seen = written;
    }
    merged
}

/// Writes on what was `seen`; where there is no getting through, again.
fn put(client: &Client, location: &str, seen: &Answer, user: &Value) -> Answer {
    let preference = preference(seen);
    let headers = [("prefer", &*preference)];
    loop {
        let answer = client.send_json(Method::PUT, location, &headers, user);
        match answer.status {
            200 => {
                assert_eq!(answer.header("preference-applied"), Some("merge"));
                return answer;
            }
            503 if answer.header("retry-after").is_some() => {}
            _ => panic!("{answer:?}"),
        }
    }
}

fn is_of_others_too(written: &Value, sent: &Value) -> bool {
    PLACES
        .iter()
        .any(|place| value(written, *place) != value(sent, *place))
}

fn value(user: &Value, (parent, name): (Option<&str>, &str)) -> String {
    let parent = parent.map_or(user, |parent| &user[parent]);
    parent[name].as_str().unwrap_or_default().to_owned()
}

fn set(user: &mut Value, (parent, name): (Option<&str>, &str), text: &str) {
    match parent {
        None => user[name] = json!(text),
        Some(parent) => user[parent][name] = json!(text),
    }
}
