//! Why a tool did not do what it was asked: the result that an agent reads.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt::Display;

use scim_ops::provider::{ProviderError, RequestContext};
use scim_ops::version::{Precondition, VersionConflict};
use scim_ops::{ErrorKind, MergeConflicts, OpError};
use serde_json::{Map, Value, json};

/// A failure as `{"error": {…}}` shows it: always a kind and a message, mostly what to do next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    kind: Kind,
    message: Cow<'static, str>,
    next_step: Option<Cow<'static, str>>,
    details: Map<String, Value>,
}

/// The words for failures. Agents act upon them, so that they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    InvalidArguments,
    Forbidden,
    VersionConflict,
    MergeConflict,
    VersionRequired,
    AlreadyExists,
    NotFound,
    UnknownResourceType,
    InvalidResource,
    InvalidPatch,
    Duplicate,
    InvalidFilter,
    InvalidSort,
    InvalidCursor,
    TooMany,
    UnknownBulkId,
    UnresolvedBulkId,
    Busy,
    Unsupported,
    Unavailable,
    OutcomeUnknown,
    Internal,
}

impl Kind {
    /// All of them, for schemas.
    pub(crate) const ALL: [Self; 22] = [
        Self::InvalidArguments,
        Self::Forbidden,
        Self::VersionConflict,
        Self::MergeConflict,
        Self::VersionRequired,
        Self::AlreadyExists,
        Self::NotFound,
        Self::UnknownResourceType,
        Self::InvalidResource,
        Self::InvalidPatch,
        Self::Duplicate,
        Self::InvalidFilter,
        Self::InvalidSort,
        Self::InvalidCursor,
        Self::TooMany,
        Self::UnknownBulkId,
        Self::UnresolvedBulkId,
        Self::Busy,
        Self::Unsupported,
        Self::Unavailable,
        Self::OutcomeUnknown,
        Self::Internal,
    ];

    /// The word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArguments => "invalid_arguments",
            Self::Forbidden => "forbidden",
            Self::VersionConflict => "version_conflict",
            Self::MergeConflict => "merge_conflict",
            Self::VersionRequired => "version_required",
            Self::AlreadyExists => "already_exists",
            Self::NotFound => "not_found",
            Self::UnknownResourceType => "unknown_resource_type",
            Self::InvalidResource => "invalid_resource",
            Self::InvalidPatch => "invalid_patch",
            Self::Duplicate => "duplicate",
            Self::InvalidFilter => "invalid_filter",
            Self::InvalidSort => "invalid_sort",
            Self::InvalidCursor => "invalid_cursor",
            Self::TooMany => "too_many",
            Self::UnknownBulkId => "unknown_bulk_id",
            Self::UnresolvedBulkId => "unresolved_bulk_id",
            Self::Busy => "busy",
            Self::Unsupported => "unsupported",
            Self::Unavailable => "unavailable",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Internal => "internal",
        }
    }
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            message: message.into(),
            next_step: None,
            details: Map::new(),
        }
    }

    /// The argument at `place` can't be what it is. The reason shows no value.
    pub(crate) fn argument(place: &str, reason: impl Display) -> Self {
        Self::new(Kind::InvalidArguments, format!("{place}: {reason}"))
            .with("argument", place)
            .then("correct the argument; nothing was changed")
    }

    /// A fault within, which is logged under the request's id and not shown.
    pub(crate) fn internal(context: &RequestContext) -> Self {
        let id = context.request_id();
        Self::new(
            Kind::Internal,
            format!("internal error, logged under the request id {id}"),
        )
    }

    /// What to do about it.
    pub(crate) fn then(mut self, next_step: impl Into<Cow<'static, str>>) -> Self {
        self.next_step = Some(next_step.into());
        self
    }

    /// One more member of `error`.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.into(), value.into());
        self
    }

    /// The word for what it is.
    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// As the value of `error`.
    pub(crate) fn into_error(self) -> Value {
        let mut error = Map::new();
        error.insert("kind".into(), self.kind.as_str().into());
        error.insert("message".into(), self.message.into());
        error.extend(self.details);
        if let Some(next_step) = self.next_step {
            error.insert("next_step".into(), next_step.into());
        }
        Value::Object(error)
    }

    /// As a tool's whole result.
    pub(crate) fn into_json(self) -> Value {
        json!({ "error": self.into_error() })
    }

    fn conflict(conflict: &VersionConflict) -> Self {
        let expected = bare(&conflict.expected);
        let failure = if expected.len() <= LONGEST_VERSION {
            Self::new(Kind::VersionConflict, conflict.message()).with("expected_version", expected)
        } else {
            let message = format!(
                "version conflict on {} {}: what was expected is longer than any version",
                conflict.resource_type,
                conflict.resource_id.escape_debug(),
            );
            Self::new(Kind::VersionConflict, message)
        };
        failure
            .with("resource_type", &*conflict.resource_type)
            .with("id", &*conflict.resource_id)
            .with("current_version", conflict.current.as_str())
    }

    /// What came of an operation on resources of type `resource_type`, whose name is `one` in tools.
    ///
    /// A fault inside is logged, and shows nothing of its cause.
    pub(crate) fn of(error: &OpError, one: &str, context: &RequestContext) -> Self {
        let kind = error.kind();
        let new =
            |kind, next_step: Cow<'static, str>| Self::new(kind, error.to_string()).then(next_step);
        let read = || Cow::from(format!("read it with get_{one}"));
        match kind {
            ErrorKind::MergeConflict => {
                let failure = match error.version_conflict() {
                    Some(conflict) => Self::conflict(conflict),
                    None => Self::new(Kind::VersionConflict, "version conflict"),
                };
                let (conflicts, left_out) = error.merge_conflicts().map_or((Vec::new(), 0), told);
                Self {
                    kind: Kind::MergeConflict,
                    message: "others have changed the same since expected_version".into(),
                    ..failure
                }
                .with("conflicts", conflicts)
                .with("conflicts_left_out", left_out)
                .then(format!(
                    "nothing was changed. Decide each of the conflicts, and write that with the version of get_{one}; ask whoever wanted the change where the two contradict each other"
                ))
            }
            ErrorKind::VersionMismatch => {
                let next_step = format!(
                    "read the resource with get_{one}, make your change to what it says now, and write with the version it has now"
                );
                match error.version_conflict() {
                    Some(conflict) => Self::conflict(conflict).then(next_step),
                    None => new(Kind::VersionConflict, next_step.into()),
                }
            }
            ErrorKind::AlreadyExists => {
                let failure = new(Kind::AlreadyExists, read());
                match error.current_version() {
                    Some(current) => failure.with("current_version", current.as_str()),
                    None => failure,
                }
            }
            ErrorKind::VersionRequired => new(
                Kind::VersionRequired,
                format!(
                    "read the resource with get_{one} and pass its version as expected_version"
                )
                .into(),
            ),
            ErrorKind::NotFound => new(
                Kind::NotFound,
                "find the id with a list or search; nothing was changed".into(),
            ),
            ErrorKind::UnknownResourceType => new(
                Kind::UnknownResourceType,
                "describe_schemas names the resource types".into(),
            ),
            ErrorKind::Invalid => new(
                Kind::InvalidResource,
                "correct the attribute; describe_schemas says what it may be; nothing was changed"
                    .into(),
            ),
            ErrorKind::Patch(_) => new(
                Kind::InvalidPatch,
                "correct the operation; nothing was changed".into(),
            ),
            ErrorKind::Duplicate => {
                let failure = new(
                    Kind::Duplicate,
                    "use the resource that is there, or another value; nothing was changed".into(),
                );
                match error {
                    OpError::Provider(ProviderError::Duplicate {
                        attribute, holder, ..
                    }) => {
                        let failure = failure.with("attribute", &**attribute);
                        match holder {
                            Some(id) => failure.with("existing_id", &**id),
                            None => failure,
                        }
                    }
                    _ => failure,
                }
            }
            // What is wrong with which attribute is in the cause, which holds no value.
            ErrorKind::InvalidFilter => Self::new(Kind::InvalidFilter, chain(error))
                .then("correct the filter; describe_schemas names the attributes"),
            ErrorKind::InvalidSort => {
                Self::new(Kind::InvalidSort, chain(error)).then("sort by another attribute")
            }
            ErrorKind::InvalidCursor => new(
                Kind::InvalidCursor,
                "begin the list anew, with the same filter and order on all pages".into(),
            ),
            ErrorKind::TooMany => new(Kind::TooMany, "ask for less, with a narrower filter".into()),
            ErrorKind::UnknownBulkId => new(
                Kind::UnknownBulkId,
                "name the bulk_id of a creation of the same call".into(),
            ),
            ErrorKind::UnresolvedBulkId => new(
                Kind::UnresolvedBulkId,
                "see to the creation that failed first".into(),
            ),
            ErrorKind::Busy => new(
                Kind::Busy,
                "others were writing to it all the time; nothing was changed, call again".into(),
            ),
            ErrorKind::Unsupported => Self::new(Kind::Unsupported, error.to_string()),
            ErrorKind::Unavailable => {
                log(error, context);
                Self::new(Kind::Unavailable, "the store is unavailable")
                    .then("nothing was changed, call again later")
            }
            ErrorKind::OutcomeUnknown => {
                log(error, context);
                let message = "it is not known whether the change was made";
                Self::new(Kind::OutcomeUnknown, message)
                    .then(format!("{} before trying again", read()))
            }
            ErrorKind::Internal => {
                log(error, context);
                Self::internal(context)
            }
        }
    }
}

/// The conflicts of a merge, as far as an agent can look through them: each with its path and what it was, what
/// the agent wants it to be, and what others have made of it. Absent is what has no value. Then how many were
/// left out.
fn told(conflicts: &MergeConflicts) -> (Vec<Value>, usize) {
    const MOST: usize = 50;
    const LONGEST: usize = 4_096;
    let mut told = Vec::new();
    let mut octets = 0;
    for conflict in conflicts.iter().take(MOST) {
        let mut members = Map::new();
        members.insert("path".into(), conflict.path().into());
        for (name, value) in [
            ("base", conflict.base()),
            ("mine", conflict.local()),
            ("theirs", conflict.remote()),
        ] {
            if let Some(value) = value {
                members.insert(name.into(), value.clone());
            }
        }
        let conflict = Value::Object(members);
        octets += conflict.to_string().len();
        if octets > LONGEST && !told.is_empty() {
            break;
        }
        told.push(conflict);
    }
    let left_out = conflicts.count() - told.len();
    (told, left_out)
}

/// A version that is longer than so many octets is not repeated to whoever made it up.
const LONGEST_VERSION: usize = 1_024;

fn log(error: &OpError, context: &RequestContext) {
    tracing::error!(
        request_id = context.request_id(),
        tenant = context.tenant().map(tracing::field::display),
        error = chain(error),
        "fault",
    );
}

/// What was expected, as versions are given to agents.
fn bare(expected: &Precondition) -> String {
    match expected {
        Precondition::Tags(tags) => match tags.as_slice() {
            [tag] => tag
                .version()
                .map_or_else(|| expected.to_string(), |version| version.as_str().into()),
            _ => expected.to_string(),
        },
        Precondition::Any => expected.to_string(),
    }
}

/// An error with all its causes in one line.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use scim_ops::provider::storage::{StorageError, StorageErrorKind};
    use scim_ops::version::ScimVersion;

    use super::*;

    fn of(error: &OpError) -> Value {
        Failure::of(error, "user", &RequestContext::new("r7")).into_error()
    }

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        let words: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(words.len(), Kind::ALL.len());
    }

    #[test]
    fn a_conflict_has_both_versions_as_agents_know_them() {
        let [old, new] = ["1", "2"].map(|v| ScimVersion::from_hash(v).unwrap());
        let error = of(&VersionConflict::new("User", "x", old, new).into());
        assert_eq!(error["kind"], "version_conflict");
        assert_eq!(
            (&error["expected_version"], &error["current_version"]),
            (&json!("1"), &json!("2"))
        );
        assert!(error["next_step"].as_str().unwrap().contains("get_user"));
    }

    #[test]
    fn a_fault_shows_nothing_of_its_cause() {
        for kind in [
            StorageErrorKind::Unavailable,
            StorageErrorKind::OutcomeUnknown,
            StorageErrorKind::Internal,
        ] {
            let source = StorageError::with_source(kind, "password=hunter2 host=db7");
            let error = of(&OpError::from(ProviderError::from(source)));
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
