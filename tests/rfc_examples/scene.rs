//! A server whose base URL is that of the RFCs' examples.

use http::Method;
use scim_tests::{Answer, Client, Server};
use serde_json::Value;

use crate::message::{PrintedAnswer, PrintedRequest};
use crate::shape;

/// The id of Barbara Jensen in most examples.
pub(crate) const BABS: &str = "2819c223-7f76-453a-919d-413861904646";

/// A server below `/v2` that takes itself for `https://example.com/v2`, and what is known of it.
pub(crate) struct Scene {
    client: Client,
    base_url: String,
    _server: Server,
    /// What is printed, and what it stands for.
    stand: Vec<(String, String)>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with_args(&[])
    }

    /// With further options of `scimd`.
    pub(crate) fn with_args(args: &[&str]) -> Self {
        let base = ["--base-path", "/v2", "--base-url", "https://example.com/v2"];
        let server = Server::with_args(&[&base, args].concat());
        let base_url = format!("http://{}/v2", server.address());
        Self {
            client: Client::new(base_url.clone()),
            base_url,
            _server: server,
            stand: Vec::new(),
        }
    }

    /// From now on `printed` stands for `actual`, in requests and in answers.
    pub(crate) fn let_stand(&mut self, printed: &str, actual: &str) {
        self.stand.push((printed.to_owned(), actual.to_owned()));
    }

    /// Creates a resource of JSON as it is printed.
    pub(crate) fn create(&self, endpoint: &str, json: &str) -> Answer {
        let body = self.replaced(json);
        let created = self.client.send_text(Method::POST, endpoint, &[], &body);
        assert_eq!(created.status, 201, "{created:?}");
        created
    }

    /// The same with an id that `printed` stands for from now on.
    pub(crate) fn exists(&mut self, printed: &str, endpoint: &str, json: &str) -> Answer {
        let created = self.create(endpoint, json);
        let id = created.json()["id"].as_str().unwrap().to_owned();
        self.let_stand(printed, &id);
        created
    }

    /// Sends a request as it is printed.
    pub(crate) fn ask(&self, printed: &str) -> Answer {
        let printed = self.replaced(printed);
        let request = PrintedRequest::parse(&printed);
        let url = format!("{}{}", self.base_url, request.target);
        let (method, headers) = (request.method, request.headers);
        if request.body.is_empty() {
            self.client.send(method, &url, &headers)
        } else {
            self.client.send_text(method, &url, &headers, request.body)
        }
    }

    /// What is at `target` below the base URL, as JSON.
    pub(crate) fn read(&self, target: &str) -> Value {
        let answer = self.client.get(&self.replaced(target));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// `answer` is the one that is printed: status, header fields, shape of the content.
    pub(crate) fn is_answer(&self, answer: &Answer, printed: &str) {
        let printed = self.replaced(printed);
        let printed = PrintedAnswer::parse(&printed);
        assert_eq!(answer.status, printed.status, "{answer:?}");
        if printed.body.is_empty() {
            assert_eq!(answer.body, "", "{answer:?}");
        } else {
            self.is_shape(&answer.json(), printed.body);
        }
        for (name, value) in printed.headers {
            self.is_header(answer, name, value);
        }
    }

    /// `json` has the shape that is printed.
    pub(crate) fn is_shape(&self, json: &Value, printed: &str) {
        let printed = self.replaced(printed);
        let printed = serde_json::from_str(&printed).unwrap_or_else(|error| {
            panic!("what is printed has to be JSON: {error} in {printed}");
        });
        let stand: Vec<String> = self
            .stand
            .iter()
            .map(|(_, actual)| actual.clone())
            .collect();
        let differences = shape::differences(&printed, json, &stand);
        assert!(differences.is_empty(), "{differences:#?} in {json:#}");
    }

    /// A tag is that of the resource, a location that of the resource, and the rest as printed.
    fn is_header(&self, answer: &Answer, name: &str, printed: &str) {
        let actual = answer
            .header(name)
            .unwrap_or_else(|| panic!("no {name} in {answer:?}"));
        match name {
            "ETag" => {
                assert!(shape::is_weak_tag(actual), "{actual}");
                if let Some(version) = meta(answer, "version") {
                    assert_eq!(actual, version);
                }
            }
            "Location" | "Content-Location" => match meta(answer, "location") {
                Some(location) => assert_eq!(actual, location),
                None => assert_eq!(actual, self.replaced(printed)),
            },
            _ => assert_eq!(actual, printed, "{name}"),
        }
    }

    fn replaced(&self, printed: &str) -> String {
        self.stand
            .iter()
            .fold(printed.to_owned(), |text, (printed, actual)| {
                text.replace(printed, actual)
            })
    }
}

fn meta(answer: &Answer, name: &str) -> Option<String> {
    let json: Value = serde_json::from_str(&answer.body).ok()?;
    Some(json.get("meta")?.get(name)?.as_str()?.to_owned())
}
