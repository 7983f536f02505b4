use http::StatusCode;
use scim_ops::ErrorKind;

/// The status code of an operation that failed.
///
/// Without a wildcard: a new kind of error fails to compile here.
///
/// | kind | status |
/// |---|---|
/// | `VersionMismatch`, `MergeConflict`, `AlreadyExists` | 412 |
/// | `VersionRequired` | 428 |
/// | `NotFound`, `UnknownResourceType` | 404 |
/// | `Invalid`, `Patch`, `UnknownBulkId` | 400 |
/// | `InvalidFilter`, `InvalidSort`, `InvalidCursor`, `TooMany` | 400 |
/// | `Duplicate`, `UnresolvedBulkId` | 409 |
/// | `Busy`, `Unavailable`, `OutcomeUnknown` | 503 |
/// | `Internal` | 500 |
/// | `Unsupported` | 501 |
///
/// ```
/// use scim_http::ops::ErrorKind;
///
/// assert_eq!(scim_http::status(ErrorKind::VersionMismatch).as_u16(), 412);
/// ```
pub const fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        // RFC 7644 §3.12 lists 409 too; a condition that the client stated is 412.
        ErrorKind::VersionMismatch | ErrorKind::MergeConflict | ErrorKind::AlreadyExists => {
            StatusCode::PRECONDITION_FAILED
        }
        ErrorKind::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
        ErrorKind::NotFound | ErrorKind::UnknownResourceType => StatusCode::NOT_FOUND,
        ErrorKind::Invalid
        | ErrorKind::Patch(_)
        | ErrorKind::UnknownBulkId
        | ErrorKind::InvalidFilter
        | ErrorKind::InvalidSort
        | ErrorKind::InvalidCursor
        | ErrorKind::TooMany => StatusCode::BAD_REQUEST,
        // RFC 7644 §3.7.1 has 409 for references that could not be resolved.
        ErrorKind::Duplicate | ErrorKind::UnresolvedBulkId => StatusCode::CONFLICT,
        ErrorKind::Busy | ErrorKind::Unavailable | ErrorKind::OutcomeUnknown => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        ErrorKind::Unsupported => StatusCode::NOT_IMPLEMENTED,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
