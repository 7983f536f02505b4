//! How errors of the layers below are shown.

use std::error::Error as StdError;

use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};
use scim_ops::provider::{ProviderError, RequestContext, ResourceError, ResourceErrorKind};
use scim_ops::version::{Precondition, VersionConflict};
use scim_ops::{ErrorKind, OpError, PatchErrorKind};

use crate::{HeaderError, ScimError, ScimType, status};

/// A rival is done in milliseconds; a second is the shortest that the header can say.
const AFTER_RIVALS: HeaderValue = HeaderValue::from_static("1");
/// A store that is away takes a little to come back.
const AFTER_OUTAGE: HeaderValue = HeaderValue::from_static("5");

/// A conflict whose text is longer than this many octets is told in short: clients may name
/// thousands of versions.
const LONGEST_CONFLICT: usize = 1024;

impl From<&OpError> for ScimError {
    /// - A failed precondition says what was expected, what is, and of which resource, and
    ///   has the current version as `ETag`.
    /// - A fault inside shows nothing of its cause: log the error itself.
    fn from(error: &OpError) -> Self {
        let kind = error.kind();
        let shown = Self::new(status(kind), detail(error));
        match kind {
            ErrorKind::VersionMismatch | ErrorKind::AlreadyExists => {
                match error.current_version() {
                    Some(current) => shown.with_etag(current),
                    None => shown,
                }
            }
            ErrorKind::MergeConflict => {
                let shown = match error.current_version() {
                    Some(current) => shown.with_etag(current),
                    None => shown,
                };
                match error.merge_conflicts() {
                    Some(conflicts) => shown.with_merge_conflicts(conflicts),
                    None => shown,
                }
            }
            ErrorKind::Invalid => shown.with_scim_type(match error {
                OpError::Provider(ProviderError::Invalid(resource)) => scim_type(resource),
                _ => ScimType::InvalidValue,
            }),
            ErrorKind::Patch(kind) => shown.with_scim_type(patch_scim_type(kind)),
            ErrorKind::Duplicate => shown.with_scim_type(ScimType::Uniqueness),
            ErrorKind::Busy => shown.with_header(RETRY_AFTER, AFTER_RIVALS),
            ErrorKind::Unavailable => shown.with_header(RETRY_AFTER, AFTER_OUTAGE),
            ErrorKind::UnknownBulkId | ErrorKind::InvalidSort => {
                shown.with_scim_type(ScimType::InvalidValue)
            }
            ErrorKind::InvalidFilter => shown.with_scim_type(ScimType::InvalidFilter),
            ErrorKind::InvalidCursor => shown.with_scim_type(ScimType::InvalidCursor),
            ErrorKind::TooMany => shown.with_scim_type(ScimType::TooMany),
            // No `Retry-After` if the outcome is unknown: what may have happened is not to be
            // repeated unread.
            ErrorKind::OutcomeUnknown
            | ErrorKind::UnresolvedBulkId
            | ErrorKind::Unsupported
            | ErrorKind::VersionRequired
            | ErrorKind::NotFound
            | ErrorKind::UnknownResourceType
            | ErrorKind::Internal => shown,
        }
    }
}

impl From<OpError> for ScimError {
    fn from(error: OpError) -> Self {
        Self::from(&error)
    }
}

impl From<&HeaderError> for ScimError {
    /// 400 `invalidSyntax`, with the place where the header departs from its grammar.
    fn from(error: &HeaderError) -> Self {
        let detail = format!("{error}: {}", error.reason());
        Self::new(StatusCode::BAD_REQUEST, detail).with_scim_type(ScimType::InvalidSyntax)
    }
}

impl From<HeaderError> for ScimError {
    fn from(error: HeaderError) -> Self {
        Self::from(&error)
    }
}

/// The answer to a request that a fault within has ended; its log line has the same id.
pub(crate) fn internal(context: &RequestContext) -> ScimError {
    let id = context.request_id();
    let detail = format!("internal error, logged under the request id {id}");
    ScimError::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}

/// An error with all its causes in one line.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

fn detail(error: &OpError) -> String {
    match error.kind() {
        ErrorKind::VersionMismatch => error
            .version_conflict()
            .map_or_else(|| error.to_string(), conflict),
        ErrorKind::VersionRequired => format!("{error}: send it in If-Match"),
        ErrorKind::OutcomeUnknown => {
            "it is not known whether the change was made; read the resource before trying again"
                .into()
        }
        ErrorKind::Busy => format!("{error}; nothing was changed, try again"),
        ErrorKind::Unavailable => "the store is unavailable; nothing was changed, try again".into(),
        ErrorKind::Internal => "internal error".into(),
        // What is wrong with which attribute is in the cause, which holds no value.
        ErrorKind::InvalidFilter | ErrorKind::InvalidSort => chain(error),
        ErrorKind::AlreadyExists
        | ErrorKind::MergeConflict
        | ErrorKind::InvalidCursor
        | ErrorKind::TooMany
        | ErrorKind::UnknownBulkId
        | ErrorKind::UnresolvedBulkId
        | ErrorKind::Unsupported
        | ErrorKind::Invalid
        | ErrorKind::Patch(_)
        | ErrorKind::NotFound
        | ErrorKind::UnknownResourceType
        | ErrorKind::Duplicate => error.to_string(),
    }
}

fn conflict(conflict: &VersionConflict) -> String {
    let text = conflict.message();
    match &conflict.expected {
        Precondition::Tags(tags) if text.len() > LONGEST_CONFLICT => format!(
            "version conflict on {} {}: none of the {} expected versions is current, current {}",
            conflict.resource_type.escape_debug(),
            conflict.resource_id.escape_debug(),
            tags.len(),
            conflict.current.to_http_header(),
        ),
        Precondition::Tags(_) | Precondition::Any => text,
    }
}

const fn patch_scim_type(kind: PatchErrorKind) -> ScimType {
    match kind {
        PatchErrorKind::InvalidSyntax => ScimType::InvalidSyntax,
        PatchErrorKind::InvalidPath => ScimType::InvalidPath,
        PatchErrorKind::InvalidFilter => ScimType::InvalidFilter,
        PatchErrorKind::NoTarget => ScimType::NoTarget,
        PatchErrorKind::Mutability => ScimType::Mutability,
        PatchErrorKind::InvalidValue => ScimType::InvalidValue,
        PatchErrorKind::TooMany => ScimType::TooMany,
    }
}

fn scim_type(error: &ResourceError) -> ScimType {
    match error.kind() {
        // The resource itself is no object: that is its structure, not a value.
        ResourceErrorKind::WrongType { .. } if error.attribute().is_empty() => {
            ScimType::InvalidSyntax
        }
        ResourceErrorKind::Unknown | ResourceErrorKind::Repeated => ScimType::InvalidSyntax,
        ResourceErrorKind::Immutable => ScimType::Mutability,
        _ => ScimType::InvalidValue,
    }
}

#[cfg(test)]
mod tests {
    use scim_ops::provider::schema::ResourceTypes;
    use scim_ops::provider::storage::{StorageError, StorageErrorKind};
    use scim_ops::version::ScimVersion;

    use http::header::ETAG;

    use super::*;

    fn mismatch(expected: &str) -> ScimError {
        let expected: Precondition = expected.parse().unwrap();
        let current = ScimVersion::from_revision(2);
        OpError::from(VersionConflict::new("User", "1", expected, current)).into()
    }

    fn store(kind: StorageErrorKind) -> ScimError {
        let source = StorageError::with_source(kind, "password=hunter2 host=db7");
        OpError::from(ProviderError::from(source)).into()
    }

    #[test]
    fn a_conflict_names_both_versions_and_the_resource() {
        let error = mismatch("\"1\"");
        assert_eq!(error.status(), StatusCode::PRECONDITION_FAILED);
        assert_eq!(error.scim_type(), None);
        assert_eq!(
            error.detail(),
            r#"version conflict on User 1: expected "1", current W/"2""#
        );
        assert_eq!(error.header(&ETAG).unwrap(), r#"W/"2""#);
    }

    #[test]
    fn a_conflict_with_very_many_versions_is_told_in_short() {
        let error = mismatch(&vec!["\"x\""; 10_000].join(","));
        assert!(error.detail().len() < 200);
        assert!(error.detail().contains("10000") && error.detail().ends_with(r#"current W/"2""#));
    }

    #[test]
    fn faults_show_nothing_of_their_cause() {
        let error = ScimError::from(OpError::from(ProviderError::internal("secret")));
        assert_eq!(
            (error.status(), error.detail()),
            (StatusCode::INTERNAL_SERVER_ERROR, "internal error")
        );
        for kind in [
            StorageErrorKind::Unavailable,
            StorageErrorKind::OutcomeUnknown,
            StorageErrorKind::Unsupported,
            StorageErrorKind::Internal,
        ] {
            assert!(!store(kind).detail().contains("hunter2"));
        }
    }

    #[test]
    fn only_what_can_be_repeated_unread_says_when() {
        assert_eq!(
            store(StorageErrorKind::Unavailable)
                .header(&RETRY_AFTER)
                .unwrap(),
            "5"
        );
        let unknown = store(StorageErrorKind::OutcomeUnknown);
        assert_eq!(unknown.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(unknown.header(&RETRY_AFTER), None);
        let busy = ProviderError::Busy {
            resource_type: "User".into(),
            id: "1".into(),
        };
        let busy = ScimError::from(OpError::from(busy));
        assert_eq!(busy.header(&RETRY_AFTER).unwrap(), "1");
    }

    #[test]
    fn invalid_resources_name_the_attribute_and_how_it_is_wrong() {
        for (attribute, kind, scim_type) in [
            (
                "",
                ResourceErrorKind::WrongType {
                    expected: "an object",
                    found: "null",
                },
                ScimType::InvalidSyntax,
            ),
            (
                "a",
                ResourceErrorKind::WrongType {
                    expected: "a string",
                    found: "null",
                },
                ScimType::InvalidValue,
            ),
            ("a", ResourceErrorKind::Missing, ScimType::InvalidValue),
            ("a", ResourceErrorKind::Unknown, ScimType::InvalidSyntax),
            ("a", ResourceErrorKind::Immutable, ScimType::Mutability),
        ] {
            let invalid = ProviderError::from(ResourceError::new(attribute, kind));
            let error = ScimError::from(OpError::from(invalid));
            assert_eq!(error.status(), StatusCode::BAD_REQUEST);
            assert_eq!(error.scim_type(), Some(scim_type));
            let path = error.detail().split_once(": ").map(|(path, _)| path);
            assert_eq!(path.unwrap_or_default(), attribute, "{error}");
        }
    }

    #[test]
    fn a_patch_that_is_refused_says_which_operation_and_why() {
        let patch = serde_json::json!({ "Operations": [{ "op": "add", "path": "a[b" }] });
        let error = scim_ops::Patch::from_json(patch).unwrap_err();
        let error = ScimError::from(OpError::from(error));
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
        assert_eq!(error.scim_type(), Some(ScimType::InvalidFilter));
        assert!(
            error
                .detail()
                .starts_with("Operations[0]: malformed filter")
        );
    }

    #[test]
    fn a_list_that_makes_no_sense_says_why_and_shows_no_value() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").expect("the RFC has users");
        let filter = "shoeSize eq \"secret\"".parse().unwrap();
        let by_filter = user.compile(&filter).unwrap_err();
        let by_order = user.sort_key(&"password".parse().unwrap()).unwrap_err();
        for (error, scim_type, detail) in [
            (
                ProviderError::InvalidFilter { source: by_filter },
                ScimType::InvalidFilter,
                "the filter can't be applied: shoeSize: no such attribute",
            ),
            (
                ProviderError::InvalidSort { source: by_order },
                ScimType::InvalidValue,
                "the resources can't be sorted like that: password: is never returned, so that it \
                 can't be searched or sorted by",
            ),
            (
                ProviderError::InvalidCursor,
                ScimType::InvalidCursor,
                "the cursor is none of this list",
            ),
            (
                ProviderError::TooMany { limit: 5 },
                ScimType::TooMany,
                "more than 5 resources would have to be looked at",
            ),
        ] {
            let error = ScimError::from(OpError::from(error));
            assert_eq!(error.status(), StatusCode::BAD_REQUEST);
            assert_eq!(error.scim_type(), Some(scim_type));
            assert_eq!(error.detail(), detail);
        }
    }

    #[test]
    fn duplicates_are_conflicts_of_uniqueness() {
        let duplicate = ProviderError::Duplicate {
            resource_type: "User".into(),
            attribute: "userName".into(),
            holder: Some("1".into()),
        };
        let error = ScimError::from(OpError::from(duplicate));
        assert_eq!(error.status(), StatusCode::CONFLICT);
        assert_eq!(error.scim_type(), Some(ScimType::Uniqueness));
        assert_eq!(error.detail(), "another User has the same userName");
    }

    #[test]
    fn a_chain_lists_all_causes() {
        let source = StorageError::with_source(StorageErrorKind::Internal, "disk full");
        let error = OpError::from(ProviderError::from(source));
        assert_eq!(
            chain(&error),
            "the store could not answer: the store failed: disk full"
        );
    }
}
