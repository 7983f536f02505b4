//! A server, and an identity provider that talks to it.

use http::Method;
use scim_tests::{Answer, Client, Server};
use serde_json::{Value, json};

pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const ENTRA: &[(&str, &str)] = &[
    ("Accept", "application/scim+json"),
    ("Content-Type", "application/scim+json; charset=utf-8"),
];
const OKTA: &[(&str, &str)] = &[
    ("User-Agent", "Okta SCIM Client 1.0.0"),
    ("Accept", "application/scim+json"),
    ("Accept-Charset", "utf-8"),
    ("Content-Type", "application/scim+json; charset=utf-8"),
];

/// A server with the default options and an empty store.
pub(crate) struct Scene {
    client: Client,
    _server: Server,
    headers: &'static [(&'static str, &'static str)],
}

impl Scene {
    /// Entra ID is the client.
    pub(crate) fn entra() -> Self {
        Self::of(ENTRA)
    }

    /// Entra ID is the client, and says more than the schemas have, as some of its
    /// configurations do: the server ignores that.
    pub(crate) fn entra_saying_more() -> Self {
        let ignoring = ["--unknown-attributes", "ignore"];
        Self::on(Server::with_args(&ignoring), ENTRA)
    }

    /// Okta is the client.
    pub(crate) fn okta() -> Self {
        Self::of(OKTA)
    }

    fn of(headers: &'static [(&'static str, &'static str)]) -> Self {
        Self::on(Server::start(), headers)
    }

    fn on(server: Server, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            client: server.client(),
            _server: server,
            headers,
        }
    }

    /// Sends `body` as it stands, if there is one.
    pub(crate) fn send(&self, method: Method, target: &str, body: &str) -> Answer {
        if body.is_empty() {
            self.client.send(method, target, self.headers)
        } else {
            self.client.send_text(method, target, self.headers, body)
        }
    }

    /// What is at `target`.
    pub(crate) fn read(&self, target: &str) -> Value {
        let answer = self.client.send(Method::GET, target, self.headers);
        assert_eq!(answer.status, 200, "{target}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/scim+json"));
        answer.json()
    }

    /// Creates a resource with the members of `json`, and gives its id.
    pub(crate) fn create(&self, endpoint: &str, json: &Value) -> String {
        let created = self.send(Method::POST, endpoint, &json.to_string());
        assert_eq!(created.status, 201, "{created:?}");
        created.json()["id"].as_str().unwrap().to_owned()
    }

    /// Creates a user of this name, and gives its id.
    pub(crate) fn user(&self, user_name: &str) -> String {
        self.create("/Users", &json!({ "userName": user_name }))
    }

    /// The resource after a PATCH that succeeds; the answer shows what is stored.
    pub(crate) fn patched(&self, target: &str, body: &str) -> Value {
        let answer = self.send(Method::PATCH, target, body);
        assert_eq!(answer.status, 200, "{answer:?}");
        let resource = self.read(target);
        assert_eq!(answer.json(), resource);
        resource
    }

    /// The ids of a group's members, sorted.
    pub(crate) fn members(&self, group: &str) -> Vec<String> {
        let group = self.read(&format!("/Groups/{group}"));
        let members = group["members"].as_array().into_iter().flatten();
        let mut ids: Vec<String> = members
            .map(|member| member["value"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    }

    /// How many resources a query finds, and the first of them.
    pub(crate) fn found(&self, target: &str) -> (u64, Value) {
        let list = self.read(target);
        let total = list["totalResults"].as_u64().unwrap();
        let resources = list["Resources"].as_array().cloned().unwrap_or_default();
        (total, resources.into_iter().next().unwrap_or_default())
    }
}

/// These ids, sorted.
pub(crate) fn sorted<const N: usize>(ids: [&String; N]) -> Vec<String> {
    let mut ids: Vec<String> = ids.into_iter().cloned().collect();
    ids.sort();
    ids
}
