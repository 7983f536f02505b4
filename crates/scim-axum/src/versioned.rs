use axum::response::{IntoResponse, Response};
use scim_http::add_etag_to_response;
use scim_http::version::ScimVersion;

/// An answer and the version of what it shows, which becomes its `ETag`.
///
/// ```
/// use axum::Json;
/// use axum::http::header;
/// use axum::response::IntoResponse;
/// use scim_axum::Versioned;
/// use scim_axum::version::ScimVersion;
///
/// let answer = Versioned(Json("call Babs"), ScimVersion::from_revision(7));
/// assert_eq!(answer.into_response().headers()[header::ETAG], r#"W/"7""#);
/// ```
#[derive(Debug, Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "responses are put together where they are named"
)]
pub struct Versioned<T>(pub T, pub ScimVersion);

/// What [`ConditionalRequest::check`](scim_http::ConditionalRequest::check) gives back.
impl<T> From<(T, ScimVersion)> for Versioned<T> {
    fn from((shown, version): (T, ScimVersion)) -> Self {
        Self(shown, version)
    }
}

impl<T: IntoResponse> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        add_etag_to_response(&mut response, &self.1);
        response
    }
}
