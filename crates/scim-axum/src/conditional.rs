use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use scim_http::ConditionalRequest;

use crate::Refusal;

/// What a request says about the version that it expects: an extractor.
///
/// A header that can't be read refuses the request before the handler is called, so that it never
/// turns into a write without a condition. What the headers mean for what is there, tells
/// [`ConditionalRequest::check`].
///
/// ```
/// use axum::http::StatusCode;
/// use scim_axum::version::ScimVersion;
/// use scim_axum::{Conditional, Refusal};
///
/// async fn delete(Conditional(request): Conditional) -> Result<StatusCode, Refusal> {
///     let current = ScimVersion::from_revision(2);
///     request.requiring_version().check(Some(((), current)))?;
///     Ok(StatusCode::NO_CONTENT)
/// }
/// # let app: axum::Router = axum::Router::new().route("/", axum::routing::delete(delete));
/// ```
#[derive(Debug, Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "extractors are taken apart where they are named"
)]
pub struct Conditional(pub ConditionalRequest);

impl<S: Sync> FromRequestParts<S> for Conditional {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let request = ConditionalRequest::new(&parts.method, &parts.headers)?;
        Ok(Self(request))
    }
}
