use http::StatusCode;
use scim_ops::ErrorKind;

/// The status code of an operation that failed.
///
/// Without a wildcard: a new kind of error fails to compile here.
///
/// | kind | status |
/// |---|---|
/// | `VersionMismatch`, `AlreadyExists` | 412 |
/// | `VersionRequired` | 428 |
/// | `NotFound`, `UnknownResourceType` | 404 |
/// | `Invalid` | 400 |
/// | `Duplicate` | 409 |
/// | `Busy`, `Unavailable`, `OutcomeUnknown` | 503 |
/// | `Internal` | 500 |
///
/// ```
/// use scim_http::ops::ErrorKind;
///
/// assert_eq!(scim_http::status(ErrorKind::VersionMismatch).as_u16(), 412);
/// ```
pub const fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        // RFC 7644 §3.12 lists 409 too; a condition that the client stated is 412.
        ErrorKind::VersionMismatch | ErrorKind::AlreadyExists => StatusCode::PRECONDITION_FAILED,
        ErrorKind::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
        ErrorKind::NotFound | ErrorKind::UnknownResourceType => StatusCode::NOT_FOUND,
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Duplicate => StatusCode::CONFLICT,
        ErrorKind::Busy | ErrorKind::Unavailable | ErrorKind::OutcomeUnknown => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
