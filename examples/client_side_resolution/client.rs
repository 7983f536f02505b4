//! A SCIM client that survives what happens on the way.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, ETAG, IF_MATCH, RETRY_AFTER};
use reqwest::{Method, Response};
use scim_ops::provider::schema::{InputRules, ResourceType, ResourceTypes};
use serde_json::{Map, Value};

const ATTEMPTS: u32 = 5;
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

pub(crate) type User = Map<String, Value>;

pub(crate) struct Client {
    http: reqwest::Client,
    base_url: String,
    types: ResourceTypes,
}

/// A user, and the tag of what it said.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) etag: String,
    pub(crate) user: User,
}

/// Why something was not done.
#[derive(Debug, PartialEq)]
pub(crate) enum Refused {
    /// 412: it is not what it was any more.
    Stale,
    /// 428: the server wants to know what was seen.
    VersionWanted,
    /// 409: somebody else has what must be unique.
    Taken,
    /// The server is away, or too busy for us.
    Away,
    /// Whatever trying again does not help.
    Other(u16),
}

/// No whole answer came: nobody knows whether the request was carried out.
struct Lost;

struct Answer {
    status: u16,
    etag: String,
    retry_after: Option<Duration>,
    body: Value,
}

impl Client {
    pub(crate) fn new(base_url: impl Into<String>) -> Self {
        Self {
            http: reqwest::Client::new(),
            base_url: base_url.into(),
            types: ResourceTypes::rfc7643(),
        }
    }

    /// The schema of users: the same that the server has.
    pub(crate) fn users(&self) -> &ResourceType {
        self.types.get("User").expect("RFC 7643 has users")
    }

    pub(crate) async fn create(&self, user: &User) -> Result<Seen, Refused> {
        let sent = self.send(Method::POST, "/Users", None, Some(user)).await;
        // A creation that may have happened is found by its userName, which is unique: here,
        // somebody should look.
        let answer = sent.map_err(|Lost| Refused::Away)?;
        let id = answer.body["id"].as_str().unwrap_or_default().to_owned();
        answer.seen(&format!("/Users/{id}"))
    }

    pub(crate) async fn get(&self, path: &str) -> Result<Seen, Refused> {
        let sent = self.send(Method::GET, path, None, None).await;
        sent.map_err(|Lost| Refused::Away)?.seen(path)
    }

    /// Replaces the user, if it still has the tag.
    pub(crate) async fn put(
        &self,
        path: &str,
        etag: Option<&str>,
        user: &User,
    ) -> Result<Seen, Refused> {
        for _ in 0..ATTEMPTS {
            match self.send(Method::PUT, path, etag, Some(user)).await {
                Ok(answer) => return answer.seen(path),
                // What is there tells whether it was done.
                Err(Lost) => {
                    let now = self.get(path).await?;
                    if self.say_the_same(&now.user, user) {
                        return Ok(now);
                    }
                    if etag != Some(&now.etag) {
                        return Err(Refused::Stale);
                    }
                }
            }
        }
        Err(Refused::Away)
    }

    /// Whether two representations of a user say the same, whatever each leaves out or spells
    /// otherwise.
    fn say_the_same(&self, a: &User, b: &User) -> bool {
        let normal = |user: &User| {
            let form = self
                .users()
                .normalise(user.clone().into(), InputRules::default());
            form.map(|form| form.attributes).ok()
        };
        normal(a)
            .zip(normal(b))
            .is_some_and(|(a, b)| self.users().same(&a, &b))
    }

    /// One request, again as long as the server is too busy; one that changes nothing also if no
    /// answer comes.
    async fn send(
        &self,
        method: Method,
        path: &str,
        etag: Option<&str>,
        user: Option<&User>,
    ) -> Result<Answer, Lost> {
        for attempt in 1..=ATTEMPTS {
            let pause = match self.once(method.clone(), path, etag, user).await {
                Ok(answer) if answer.status == 503 && attempt < ATTEMPTS => {
                    answer.retry_after.unwrap_or(Duration::from_secs(1))
                }
                Ok(answer) => return Ok(answer),
                Err(_) if method == Method::GET => Duration::from_millis(50) * attempt,
                Err(_) => return Err(Lost),
            };
            tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
        }
        Err(Lost)
    }

    async fn once(
        &self,
        method: Method,
        path: &str,
        etag: Option<&str>,
        user: Option<&User>,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base_url));
        if let Some(etag) = etag {
            request = request.header(IF_MATCH, etag);
        }
        if let Some(user) = user {
            let body = Value::Object(user.clone()).to_string();
            request = request
                .header(CONTENT_TYPE, "application/scim+json")
                .body(body);
        }
        Answer::read(request.send().await?).await
    }
}

impl Answer {
    async fn read(response: Response) -> Result<Self, reqwest::Error> {
        let text = |name| {
            let value = response.headers().get(name);
            value
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let seconds = text(RETRY_AFTER).and_then(|text| text.parse().ok());
        Ok(Self {
            status: response.status().as_u16(),
            etag: text(ETAG).unwrap_or_default(),
            retry_after: seconds.map(Duration::from_secs),
            body: serde_json::from_slice(&response.bytes().await?).unwrap_or_default(),
        })
    }

    fn seen(self, path: &str) -> Result<Seen, Refused> {
        match (self.status, self.body) {
            (200 | 201, Value::Object(user)) => Ok(Seen {
                path: path.to_owned(),
                etag: self.etag,
                user,
            }),
            (412, _) => Err(Refused::Stale),
            (428, _) => Err(Refused::VersionWanted),
            (409, _) => Err(Refused::Taken),
            (503, _) => Err(Refused::Away),
            (status, _) => Err(Refused::Other(status)),
        }
    }
}
