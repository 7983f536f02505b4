use http::{HeaderMap, Method, Request};
use serde_json::Value;
use ureq::{Agent, AsSendBody};

/// A client that blocks its thread: ureq, which knows nothing of this project.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    base_url: String,
}

impl Client {
    /// A client of the server whose resources are at `base_url`.
    pub fn new(base_url: String) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).build();
        Self {
            agent: config.into(),
            base_url,
        }
    }

    /// Sends a request without content. `target` is a path below the base URL, or a URL.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub fn send(&self, method: Method, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.run(self.request(method, target, headers, ()))
    }

    /// The same, with `json` as content if there is some, to a server that may go away: `None` if
    /// no whole answer arrives, in which case nobody knows what was done.
    ///
    /// # Panics
    ///
    /// If it is no request.
    pub fn try_send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        json: Option<&Value>,
    ) -> Option<Answer> {
        match json {
            None => self.try_run(self.request(method, target, headers, ())).ok(),
            Some(json) => {
                let text = json.to_string();
                let request = self.request(method, target, headers, text.as_str());
                self.try_run(scim_json(request)).ok()
            }
        }
    }

    /// Sends `json` as `application/scim+json`, unless `headers` name another type.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub fn send_json(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        json: &Value,
    ) -> Answer {
        self.send_text(method, target, headers, &json.to_string())
    }

    /// The same with content that need not be JSON.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub fn send_text(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        content: &str,
    ) -> Answer {
        self.run(scim_json(self.request(method, target, headers, content)))
    }

    /// Reads the resource or page at `target`.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub fn get(&self, target: &str) -> Answer {
        self.send(Method::GET, target, &[])
    }

    fn request<B>(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: B,
    ) -> Request<B> {
        let url = match target.strip_prefix('/') {
            Some(_) => format!("{}{target}", self.base_url),
            None => target.to_owned(),
        };
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(body).expect("a well-formed request")
    }

    fn run(&self, request: Request<impl AsSendBody>) -> Answer {
        self.try_run(request)
            .expect("the server answers, and the whole body arrives")
    }

    fn try_run(&self, request: Request<impl AsSendBody>) -> Result<Answer, ureq::Error> {
        let mut response = self.agent.run(request)?;
        let body = response.body_mut().read_to_string()?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body,
        })
    }
}

/// Names the type of the content, if it is not named.
fn scim_json<B>(mut request: Request<B>) -> Request<B> {
    let types = request.headers_mut().entry(http::header::CONTENT_TYPE);
    types.or_insert(http::HeaderValue::from_static("application/scim+json"));
    request
}

/// What a server answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub headers: HeaderMap,
    /// The content.
    pub body: String,
}

impl Answer {
    /// The header field `name`, if it is there once and in ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    }

    /// The `ETag`.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn etag(&self) -> &str {
        self.header("etag")
            .unwrap_or_else(|| panic!("no ETag in {self:?}"))
    }

    /// The content as JSON.
    ///
    /// # Panics
    ///
    /// If it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}
