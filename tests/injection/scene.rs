use std::fmt::Write as _;

use http::Method;
use scim_tests::databases::Store;
use scim_tests::{Answer, Client, Scimd};
use serde_json::{Value, json};

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

/// A `scimd`, and all that it answered.
pub(crate) struct Scene {
    scimd: Scimd,
    client: Client,
    /// In the order of their creation, which is what they are called in the transcript.
    ids: Vec<String>,
    transcript: Vec<Line>,
}

/// An answer, with what differs from run to run left out.
#[derive(Debug, PartialEq)]
struct Line {
    request: String,
    status: u16,
    body: Value,
}

/// Lets `script` ask a `scimd` over `store` and one that keeps its resources in memory: all answers
/// are the same.
pub(crate) fn same_as_in_memory(store: &Store, script: impl Fn(&mut Scene)) {
    let transcript = |store: &Store| {
        let mut scene = Scene::new(store);
        script(&mut scene);
        scene.transcript
    };
    let (expected, found) = (transcript(&Store::memory()), transcript(store));
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

impl Scene {
    pub(crate) fn new(store: &Store) -> Self {
        let scimd = Scimd::start(
            SCIMD,
            &[
                "--store",
                store.url(),
                "--unknown-members",
                "leave-out",
                "--log-filter",
                "off",
            ],
        );
        Self {
            client: scimd.client(),
            scimd,
            ids: Vec::new(),
            transcript: Vec::new(),
        }
    }

    /// Sends a request, and notes the answer, whose records stand in no order.
    pub(crate) fn ask(&mut self, method: Method, target: &str, json: Option<&Value>) -> Answer {
        self.note(method, target, json, Order::Any)
    }

    /// The same for a list whose order was asked for.
    pub(crate) fn ask_in_order(&mut self, target: &str, json: &Value) -> Answer {
        self.note(Method::POST, target, Some(json), Order::AsGiven)
    }

    fn note(&mut self, method: Method, target: &str, json: Option<&Value>, order: Order) -> Answer {
        let answer = match json {
            Some(json) => self.client.send_json(method.clone(), target, &[], json),
            None => self.client.send(method.clone(), target, &[]),
        };
        assert!(
            answer.status < 500,
            "{method} {target} {json:?}: {answer:?}"
        );
        if answer.status == 201 {
            let id = answer.json()["id"].as_str().unwrap().to_owned();
            self.ids.push(id);
        }
        let body = match answer.body.as_str() {
            "" => Value::Null,
            _ => answer.json(),
        };
        let request = format!("{method} {target} {}", json.unwrap_or(&Value::Null));
        let line = Line {
            request: self.masked_text(&request),
            status: answer.status,
            body: self.masked(&body, order),
        };
        self.transcript.push(line);
        answer
    }

    /// Sends a bulk and notes the status only, since what it makes gets ids that differ.
    pub(crate) fn ask_in_bulk(&mut self, bulk: &Value) -> Answer {
        let answer = self.client.send_json(Method::POST, "/Bulk", &[], bulk);
        assert!(answer.status < 500, "{bulk}: {answer:?}");
        let operations = answer.json()["Operations"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let statuses = operations
            .iter()
            .map(|operation| operation["status"].clone());
        self.transcript.push(Line {
            request: bulk.to_string(),
            status: answer.status,
            body: statuses.collect(),
        });
        answer
    }

    /// Creates a resource, and gives it as it is shown.
    pub(crate) fn create(&mut self, endpoint: &str, json: &Value) -> Value {
        let created = self.ask(Method::POST, endpoint, Some(json));
        assert_eq!(created.status, 201, "{json}: {created:?}");
        created.json()
    }

    /// What a search finds.
    pub(crate) fn search(&mut self, endpoint: &str, members: &Value) -> Answer {
        self.ask(
            Method::POST,
            &format!("{endpoint}/.search"),
            Some(&search(members)),
        )
    }

    /// The ids of what a filter finds.
    pub(crate) fn found(&mut self, endpoint: &str, filter: &str) -> Vec<String> {
        let found = self.search(
            endpoint,
            &json!({ "filter": filter, "count": 1_000, "attributes": ["schemas"] }),
        );
        assert_eq!(found.status, 200, "{filter}: {found:?}");
        ids(&found)
    }

    fn masked(&self, value: &Value, order: Order) -> Value {
        match value {
            Value::String(text) => self.masked_text(text).into(),
            Value::Array(values) => values
                .iter()
                .map(|value| self.masked(value, order))
                .collect(),
            Value::Object(members) => {
                let masked = members.iter().map(|(name, value)| {
                    let value = match name.as_str() {
                        "version" | "created" | "lastModified" => "...".into(),
                        "nextCursor" | "previousCursor" => "...".into(),
                        _ => self.masked(value, order),
                    };
                    (name.clone(), sorted(name, value, order))
                });
                Value::Object(masked.collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn masked_text(&self, text: &str) -> String {
        let mut text = text.replace(&self.scimd.base_url(), "");
        // No id is part of another one.
        for (n, id) in self.ids.iter().enumerate() {
            if text.contains(id.as_str()) {
                text = text.replace(id, &format!("<{n}>"));
            }
        }
        text
    }
}

/// Whether the order of a list is of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    AsGiven,
    /// It is that of ids, which are not the same in two runs.
    Any,
}

fn sorted(name: &str, mut value: Value, order: Order) -> Value {
    let by_id = matches!(name, "members" | "groups") || name == "Resources" && order == Order::Any;
    if let Value::Array(values) = &mut value
        && by_id
    {
        values.sort_by_cached_key(Value::to_string);
    }
    value
}

/// The message of a search.
pub(crate) fn search(members: &Value) -> Value {
    let mut message = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
    for (name, value) in members.as_object().unwrap() {
        message[name] = value.clone();
    }
    message
}

/// The ids of a list.
pub(crate) fn ids(list: &Answer) -> Vec<String> {
    let list = list.json();
    let resources = list["Resources"].as_array().cloned().unwrap_or_default();
    resources
        .iter()
        .map(|resource| resource["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The text as a filter has it.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The text as a segment of a path or a value of a query has it.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, octet| {
        if octet.is_ascii_alphanumeric() || octet == b'-' {
            encoded.push(octet.into());
        } else {
            write!(encoded, "%{octet:02X}").unwrap();
        }
        encoded
    })
}
