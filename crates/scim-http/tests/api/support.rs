use http::header::{CONTENT_LOCATION, ETAG, HeaderName, IF_MATCH};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use scim_http::ops::ScimOperationHandler;
use scim_http::provider::{InMemoryProvider, ResourceProvider};
use scim_http::{BaseUrl, ScimBody, ScimService};
use serde_json::{Value, json};

pub(crate) const BASE_URL: &str = "https://example.com/scim/v2";

pub(crate) fn base_url() -> BaseUrl {
    BaseUrl::parse(BASE_URL).unwrap()
}

pub(crate) fn over<P: ResourceProvider>(provider: P) -> ScimService<P> {
    ScimService::new(ScimOperationHandler::new(provider)).with_base_url(base_url())
}

pub(crate) fn service() -> ScimService<InMemoryProvider> {
    over(InMemoryProvider::default())
}

/// What came back, read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) octets: Vec<u8>,
}

impl Answer {
    fn of(response: Response<ScimBody>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            octets: body.into_bytes().to_vec(),
        }
    }

    pub(crate) fn header(&self, name: HeaderName) -> &str {
        self.headers
            .get(&name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.octets).unwrap()
    }

    pub(crate) fn etag(&self) -> String {
        self.header(ETAG).to_owned()
    }

    #[track_caller]
    pub(crate) fn is(&self, status: StatusCode) {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.octets)
        );
    }

    /// The answer is an error in SCIM's form with this status; its `scimType` and detail.
    #[track_caller]
    pub(crate) fn refusal(&self, status: u16) -> (Option<String>, String) {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(
            self.header(http::header::CONTENT_TYPE),
            "application/scim+json"
        );
        let json = self.json();
        assert_eq!(
            json["schemas"],
            json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
        );
        assert_eq!(json["status"], status.to_string());
        let scim_type = json
            .get("scimType")
            .map(|text| text.as_str().unwrap().to_owned());
        (scim_type, json["detail"].as_str().unwrap().to_owned())
    }
}

/// A request that is being put together.
pub(crate) struct Call {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

pub(crate) fn call(method: Method, target: impl Into<String>) -> Call {
    Call {
        method,
        target: target.into(),
        headers: HeaderMap::new(),
        body: Vec::new(),
    }
}

pub(crate) fn get(target: impl Into<String>) -> Call {
    call(Method::GET, target)
}

pub(crate) fn post(target: impl Into<String>, body: Value) -> Call {
    call(Method::POST, target).body(body.to_string())
}

pub(crate) fn put(target: impl Into<String>, body: Value) -> Call {
    call(Method::PUT, target).body(body.to_string())
}

pub(crate) fn delete(target: impl Into<String>) -> Call {
    call(Method::DELETE, target)
}

impl Call {
    pub(crate) fn header(mut self, name: HeaderName, value: impl AsRef<[u8]>) -> Self {
        let value = http::HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.headers.append(name, value);
        self
    }

    pub(crate) fn if_match(self, value: impl AsRef<[u8]>) -> Self {
        self.header(IF_MATCH, value)
    }

    pub(crate) fn if_none_match(self, value: impl AsRef<[u8]>) -> Self {
        self.header(http::header::IF_NONE_MATCH, value)
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn request(self) -> Request<ScimBody> {
        let mut request = Request::new(ScimBody::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.target.parse().unwrap();
        *request.headers_mut() = self.headers;
        request
    }

    pub(crate) async fn on<P: ResourceProvider>(self, service: &ScimService<P>) -> Answer {
        Answer::of(service.handle(self.request()).await)
    }
}

/// The path of a new user called `name`, and what was answered.
pub(crate) async fn create<P: ResourceProvider>(
    service: &ScimService<P>,
    name: &str,
) -> (String, Answer) {
    let created = post("/Users", json!({ "userName": name }))
        .on(service)
        .await;
    assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
    let path = created
        .header(CONTENT_LOCATION)
        .strip_prefix(BASE_URL)
        .unwrap()
        .to_owned();
    (path, created)
}

/// A service with one user, whose path is known, and what a read of it answers.
pub(crate) struct OneUser {
    pub(crate) service: ScimService<InMemoryProvider>,
    pub(crate) path: String,
    pub(crate) stale: String,
    before: Answer,
}

impl OneUser {
    /// The user has been changed once, so that there is a version that it had.
    pub(crate) async fn new() -> Self {
        Self::over(InMemoryProvider::default()).await
    }

    /// The same over a provider without users.
    pub(crate) async fn over(provider: InMemoryProvider) -> Self {
        let service = over(provider);
        let (path, created) = create(&service, "bjensen").await;
        let changed = put(
            &path,
            json!({ "userName": "bjensen", "displayName": "Babs" }),
        );
        assert_eq!(changed.on(&service).await.status, StatusCode::OK);
        let before = read(&service, &path).await;
        assert_ne!(before.etag(), created.etag());
        Self {
            service,
            path,
            stale: created.etag(),
            before,
        }
    }

    pub(crate) fn etag(&self) -> String {
        self.before.etag()
    }

    pub(crate) async fn send(&self, call: Call) -> Answer {
        call.on(&self.service).await
    }

    /// Body and tag are what they were.
    #[track_caller]
    pub(crate) fn assert_unchanged(&self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let now = read(&self.service, &self.path).await;
            assert_eq!(now.octets, self.before.octets, "{caller}");
            assert_eq!(now.etag(), self.before.etag(), "{caller}");
        }
    }
}

pub(crate) async fn read<P: ResourceProvider>(service: &ScimService<P>, path: &str) -> Answer {
    let read = get(path).on(service).await;
    assert_eq!(read.status, StatusCode::OK, "{read:?}");
    read
}
