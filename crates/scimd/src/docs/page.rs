use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::response::Response;
use scim_http::provider::ResourceProvider;
use scim_http::version::ScimVersion;
use scim_http::{
    Decision, ScimError, ScimService, add_etag_to_response, handle_conditional_request,
    not_modified_response, preconditions,
};

use super::description;
use crate::Config;

/// Where the document and the page are.
pub(crate) const PATHS: [&str; 4] = ["/openapi.json", "/docs", "/docs/page.css", "/docs/page.js"];

/// The document, and the page that shows it.
#[derive(Debug, Clone)]
pub(crate) struct Docs(Arc<[File; PATHS.len()]>);

/// What is at one of the paths.
#[derive(Debug, Clone)]
struct File {
    content: Bytes,
    media_type: &'static str,
    version: ScimVersion,
}

/// A page may load what is beside it, and nothing else from anywhere.
const POLICY: &str = "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self'; \
                      style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    // With its tag it is asked for again, and mostly not sent.
    (CACHE_CONTROL, "no-cache"),
    (CONTENT_SECURITY_POLICY, POLICY),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

impl Docs {
    /// Those of `service`, which is served as `config` says.
    pub(crate) fn new<P: ResourceProvider>(service: &ScimService<P>, config: &Config) -> Self {
        let document = description(service, config).document().to_string();
        Self(Arc::new([
            File::new(document, "application/json"),
            File::new(include_str!("page.html"), "text/html; charset=utf-8"),
            File::new(include_str!("page.css"), "text/css; charset=utf-8"),
            File::new(include_str!("page.js"), "text/javascript; charset=utf-8"),
        ]))
    }

    /// Answers GET or HEAD of the path at this position in [`PATHS`].
    ///
    /// # Errors
    ///
    /// 400 for preconditions that can't be read, 412 if `If-Match` fails.
    pub(crate) fn answer(&self, position: usize, request: &Parts) -> Result<Response, ScimError> {
        let Self(files) = self;
        let file = &files[position];
        let preconditions = preconditions(&request.headers)?;
        let decision = handle_conditional_request(
            &request.method,
            preconditions.if_match(),
            preconditions.if_none_match(),
            Some(&file.version),
        );
        let mut response = match decision {
            Decision::NotModified => not_modified_response(&file.version, None),
            Decision::Proceed => file.response(),
            Decision::Failed | Decision::NotFound => {
                let status = axum::http::StatusCode::PRECONDITION_FAILED;
                let error = ScimError::new(status, "it is in another version");
                return Err(error.with_etag(&file.version));
            }
        };
        for (name, value) in HEADERS {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        Ok(response)
    }
}

impl File {
    fn new(content: impl Into<Bytes>, media_type: &'static str) -> Self {
        let content = content.into();
        Self {
            version: ScimVersion::from_content(&content),
            content,
            media_type,
        }
    }

    fn response(&self) -> Response {
        let mut response = Response::new(Body::from(self.content.clone()));
        let media_type = HeaderValue::from_static(self.media_type);
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        add_etag_to_response(&mut response, &self.version);
        response
    }
}
