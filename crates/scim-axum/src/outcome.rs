use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use scim_http::Refused;
use scim_http::version::ConditionalResult;

use crate::Refusal;

/// What a conditional write came to, as an answer.
///
/// - done: the answer to what it gave, such as [`Versioned`](crate::Versioned); 204 for `()`
/// - another version was there: 412 with the `ETag` of that
/// - nothing was there: 404
///
/// ```
/// use axum::http::{StatusCode, header};
/// use axum::response::IntoResponse;
/// use scim_axum::Outcome;
/// use scim_axum::version::{ConditionalResult, ScimVersion, VersionConflict};
///
/// let [seen, current] = [1, 2].map(ScimVersion::from_revision);
/// let conflict = VersionConflict::new("Note", "1", seen, current);
/// let outcome = Outcome(ConditionalResult::<()>::VersionMismatch(conflict));
/// let response = outcome.into_response();
/// assert_eq!(response.status(), StatusCode::PRECONDITION_FAILED);
/// assert_eq!(response.headers()[header::ETAG], r#"W/"2""#);
/// ```
#[derive(Debug, Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "responses are put together where they are named"
)]
pub struct Outcome<T>(pub ConditionalResult<T>);

impl<T: IntoResponse> IntoResponse for Outcome<T> {
    fn into_response(self) -> Response {
        match self.0 {
            ConditionalResult::Success(done) => {
                let mut response = done.into_response();
                if response.status() == StatusCode::OK && is_empty(&response) {
                    *response.status_mut() = StatusCode::NO_CONTENT;
                }
                response
            }
            ConditionalResult::VersionMismatch(conflict) => {
                Refusal::from(Refused::from(conflict)).into_response()
            }
            ConditionalResult::NotFound => Refusal::from(Refused::NotFound).into_response(),
        }
    }
}

fn is_empty(response: &Response) -> bool {
    use axum::body::HttpBody;
    response.body().is_end_stream()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Versioned;
    use crate::version::ScimVersion;

    fn status(outcome: impl IntoResponse) -> u16 {
        outcome.into_response().status().as_u16()
    }

    #[test]
    fn what_was_done_is_shown_as_it_would_be_without() {
        let created = (StatusCode::CREATED, "note");
        assert_eq!(status(Outcome(ConditionalResult::Success(created))), 201);
        assert_eq!(status(Outcome(ConditionalResult::Success("note"))), 200);
        assert_eq!(status(Outcome(ConditionalResult::Success(()))), 204);
        let version = ScimVersion::from_revision(2);
        let empty = Versioned((), version);
        assert_eq!(status(Outcome(ConditionalResult::Success(empty))), 204);
    }

    #[test]
    fn what_was_not_there_is_not_found() {
        assert_eq!(status(Outcome(ConditionalResult::<()>::NotFound)), 404);
    }
}
