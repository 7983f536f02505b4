//! A server with one user.

use http::Method;
use scim_tests::{Answer, Client, Server};
use serde_json::{Value, json};

/// A server with the user `bjensen`, who has been changed once.
pub(crate) struct Scene {
    pub(crate) server: Server,
    pub(crate) client: Client,
    /// Where the user is.
    pub(crate) location: String,
    /// The tag that the user had at first.
    pub(crate) stale: String,
    /// The tag that the user has.
    pub(crate) current: String,
    stored: Answer,
}

pub(crate) fn changed() -> Value {
    json!({ "userName": "bjensen", "displayName": "Changed" })
}

/// A PATCH that leaves what [`changed`] says.
pub(crate) fn change() -> Value {
    patch(&json!([{ "op": "replace", "path": "displayName", "value": "Changed" }]))
}

pub(crate) fn patch(operations: &Value) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

/// The methods that change the user.
pub(crate) const WRITES: [Method; 3] = [Method::PUT, Method::PATCH, Method::DELETE];

impl Scene {
    pub(crate) fn new() -> Self {
        Self::of(Server::start())
    }

    pub(crate) fn of(server: Server) -> Self {
        let client = server.client();
        let created = client.send_json(
            Method::POST,
            "/Users",
            &[],
            &json!({ "userName": "bjensen" }),
        );
        let location = created
            .header("location")
            .expect("a created user")
            .to_owned();
        let headers = [("If-Match", created.etag())];
        let babs = json!({ "userName": "bjensen", "displayName": "Babs" });
        let replaced = client.send_json(Method::PUT, &location, &headers, &babs);
        assert_eq!(replaced.status, 200);
        let stored = client.get(&location);
        let (stale, current) = (created.etag().to_owned(), stored.etag().to_owned());
        assert_ne!(stale, current);
        Self {
            server,
            client,
            location,
            stale,
            current,
            stored,
        }
    }

    /// A request for the user; PUT and PATCH have a body that would change it.
    pub(crate) fn send(&self, method: Method, headers: &[(&str, &str)]) -> Answer {
        self.send_to(&self.location, method, headers)
    }

    /// The same for another target.
    pub(crate) fn send_to(&self, target: &str, method: Method, headers: &[(&str, &str)]) -> Answer {
        let body = match method {
            Method::PUT => changed(),
            Method::PATCH => change(),
            _ => return self.client.send(method, target, headers),
        };
        self.client.send_json(method, target, headers, &body)
    }

    /// Body and tag are those of before, byte by byte.
    pub(crate) fn is_unchanged(&self) {
        let now = self.client.get(&self.location);
        assert_eq!((now.status, &now.body), (200, &self.stored.body));
        assert_eq!(now.etag(), self.current);
        assert_eq!(now.json()["meta"]["version"], *self.current);
    }

    /// `answer` is this refusal in SCIM's form, and the user is what it was.
    pub(crate) fn refused(&self, answer: &Answer, status: u16, scim_type: Option<&str>) {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/scim+json"));
        let error = answer.json();
        assert_eq!(
            error["schemas"],
            json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
        );
        assert_eq!(error["status"], status.to_string());
        assert_eq!(
            error.get("scimType").and_then(Value::as_str),
            scim_type,
            "{answer:?}"
        );
        self.is_unchanged();
    }

    /// `answer` is 412 with the current tag, and the user is what it was.
    pub(crate) fn failed(&self, answer: &Answer) {
        self.refused(answer, 412, None);
        assert_eq!(answer.etag(), self.current);
    }
}
