use std::io;
use std::net::TcpListener;
use std::thread;

use http::{HeaderMap, Request};
use serde_json::{Value, json};
use ureq::{Agent, AsSendBody};

/// An example that serves on a port of its own, until the tests end.
pub(crate) struct Server {
    agent: Agent,
    root: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Server {
    pub(crate) fn start(serve: fn(TcpListener) -> io::Result<()>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || serve(listener).unwrap());
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            // A server that refuses a request before all of it was read may end the connection, and
            // who sends the next one over it learns so too late.
            .max_idle_connections(0)
            .build();
        Self {
            agent: config.into(),
            root,
        }
    }

    /// Sends `body` to `target`, which is a path, or a URL that came back.
    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl AsSendBody,
    ) -> Answer {
        let url = match target.strip_prefix('/') {
            Some(_) => format!("{}{target}", self.root),
            None => target.to_owned(),
        };
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.agent.run(request.body(body).unwrap()).unwrap();
        let (head, mut body) = answer.into_parts();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            text: body.read_to_string().unwrap(),
        }
    }

    pub(crate) fn get(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", target, headers, ())
    }

    /// Sends JSON as SCIM has it.
    pub(crate) fn scim(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        json: &Value,
    ) -> Answer {
        let headers = [&[("content-type", "application/scim+json")], headers].concat();
        self.send(method, target, &headers, json.to_string())
    }

    /// The URL and the tag of a new user.
    pub(crate) fn user(&self, name: &str) -> (String, String) {
        let created = self.scim("POST", "/scim/v2/Users", &[], &json!({ "userName": name }));
        assert_eq!(created.status, 201, "{created:?}");
        (created.header("location"), created.header("etag"))
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> String {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().and_then(|value| value.to_str().ok());
        assert!(values.next().is_none(), "{name} once: {self:?}");
        value.unwrap_or_default().to_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Checks that this is an error as RFC 7644 §3.12 has it, and gives its `scimType`.
    pub(crate) fn scim_error(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/scim+json");
        let json = self.json();
        let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:Error"]);
        assert_eq!(json["schemas"], schemas);
        assert_eq!(json["status"], status.to_string());
        json["scimType"].as_str().unwrap_or_default().to_owned()
    }
}
