use axum::body::Body;
use axum::response::{IntoResponse, Response};
use scim_http::ops::OpError;
use scim_http::version::VersionConflict;
use scim_http::{HeaderError, Refused, ScimError};

/// An answer that says why nothing was done: the error of a handler, which `?` turns all others
/// into. Its content is a SCIM error (RFC 7644 §3.12), that of 304 aside, which has none.
///
/// ```
/// use axum::http::StatusCode;
/// use axum::response::IntoResponse;
/// use scim_axum::Refusal;
/// use scim_axum::http::{ScimError, ScimType};
///
/// fn named(name: &str) -> Result<&str, Refusal> {
///     if name.is_empty() {
///         let error = ScimError::new(StatusCode::BAD_REQUEST, "a note needs a name");
///         return Err(error.with_scim_type(ScimType::InvalidValue).into());
///     }
///     Ok(name)
/// }
/// let refusal = named("").unwrap_err();
/// assert_eq!(refusal.into_response().status(), StatusCode::BAD_REQUEST);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(Refused);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.into_response::<Vec<u8>>().map(Body::from)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self(refused)
    }
}

impl From<HeaderError> for Refusal {
    fn from(error: HeaderError) -> Self {
        Refused::from(error).into()
    }
}

/// What a store says that compared once more.
impl From<VersionConflict> for Refusal {
    fn from(conflict: VersionConflict) -> Self {
        Refused::from(conflict).into()
    }
}

impl From<ScimError> for Refusal {
    fn from(error: ScimError) -> Self {
        Refused::from(error).into()
    }
}

/// Shows nothing of the cause of a fault inside: log the error itself.
impl From<OpError> for Refusal {
    fn from(error: OpError) -> Self {
        ScimError::from(error).into()
    }
}
