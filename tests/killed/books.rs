use std::collections::BTreeMap;

use http::Method;
use scim_tests::{Answer, Client, Outcome, until};
use serde_json::{Value, json};

use crate::report::Report;

/// How many names are tried at the end.
const TRIED: usize = 200;

/// What was acknowledged last of the users that only one client writes.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// By location; nothing for what was deleted.
    pub(crate) users: BTreeMap<String, Option<User>>,
    /// Every `userName` that was ever sent.
    pub(crate) names: Vec<String>,
}

/// A user as it was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) etag: String,
}

impl User {
    pub(crate) fn document(name: &str, text: &str) -> Value {
        json!({ "userName": name, "displayName": text })
    }

    /// The user that an answer shows.
    pub(crate) fn shown(answer: &Answer) -> Self {
        let user = answer.json();
        let text = |attribute: &str| user[attribute].as_str().unwrap().to_owned();
        Self {
            name: text("userName"),
            text: text("displayName"),
            etag: answer.etag().to_owned(),
        }
    }
}

/// What is at `target`, as soon as somebody answers.
pub(crate) fn read(client: &Client, target: &str) -> Answer {
    until("service is back", || {
        match Outcome::of(client, Method::GET, target, &[], None) {
            Outcome::Answered(answer) => Some(answer),
            Outcome::NotDone | Outcome::Unknown => None,
        }
    })
}

/// The user at `location`, if there is one.
pub(crate) fn user(client: &Client, location: &str) -> Option<User> {
    let answer = read(client, location);
    match answer.status {
        404 => None,
        _ => Some(User::shown(&answer)),
    }
}

/// Where the user of this name is, if there is one.
pub(crate) fn find(client: &Client, name: &str) -> Option<String> {
    let filter = format!("userName eq \"{name}\"")
        .replace(' ', "%20")
        .replace('"', "%22");
    let found = read(client, &format!("/Users?filter={filter}")).json();
    let total = found["totalResults"].as_u64().unwrap();
    assert!(total <= 1, "{found}");
    (total == 1).then(|| location(&found["Resources"][0]))
}

/// Where a user is, below the base URL, which changes with who asks.
pub(crate) fn location(user: &Value) -> String {
    format!("/Users/{}", user["id"].as_str().unwrap())
}

impl Books {
    /// Compares what there is with what was acknowledged.
    pub(crate) fn look(&self, client: &Client) -> Report {
        let mut report = Report::default();
        for (location, known) in &self.users {
            let found = user(client, location);
            if found != *known {
                report.lost.push(format!(
                    "at the end: {known:?} was acknowledged, {found:?} is there"
                ));
            }
        }
        report
    }
}

/// Of a sample of `names` each is refused to another user if one has it, and free otherwise; no name
/// is there twice.
pub(crate) fn names_are_taken_exactly_if_somebody_has_them(client: &Client, names: &[String]) {
    let mut there = BTreeMap::new();
    for start in (1..).step_by(1_000) {
        let page = format!("/Users?startIndex={start}&count=1000&attributes=userName");
        let page = read(client, &page).json();
        let Some(users) = page["Resources"]
            .as_array()
            .filter(|users| !users.is_empty())
        else {
            break;
        };
        for user in users {
            let name = user["userName"].as_str().unwrap().to_lowercase();
            let other = there.insert(name, user["id"].clone());
            assert_eq!(other, None, "two users have one name: {user}");
        }
    }
    for name in fastrand::choose_multiple(names, TRIED) {
        let document = User::document(name, "another");
        let created = client.send_json(Method::POST, "/Users", &[], &document);
        let expected = if there.contains_key(&name.to_lowercase()) {
            409
        } else {
            201
        };
        assert_eq!(created.status, expected, "{name}: {created:?}");
        // A name may have been sent more than once.
        there.insert(name.to_lowercase(), Value::Null);
    }
}
