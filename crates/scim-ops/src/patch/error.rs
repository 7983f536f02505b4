use std::fmt;

use scim_provider::ResourceErrorKind;
use scim_provider::filter::{CompileError, FilterError};
use thiserror::Error;

/// Why a PATCH can't be read, or can't be applied to a resource. Nothing was changed.
///
/// It names the operation and the attribute, and shows no values: neither those that were
/// sent nor those that are stored.
///
/// ```
/// use scim_ops::{Patch, PatchErrorKind};
/// use serde_json::json;
///
/// let error = Patch::from_json(json!({
///     "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
///     "Operations": [{ "op": "move", "path": "userName" }],
/// }))
/// .unwrap_err();
/// assert_eq!((error.kind(), error.operation()), (PatchErrorKind::InvalidSyntax, Some(0)));
/// assert_eq!(error.to_string(), "Operations[0]: `op` is none of add, remove and replace");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchError {
    operation: Option<usize>,
    path: String,
    problem: PatchProblem,
}

impl PatchError {
    /// The message as a whole has this problem.
    pub(super) const fn of_message(problem: PatchProblem) -> Self {
        Self {
            operation: None,
            path: String::new(),
            problem,
        }
    }

    /// The operation `index` has this problem with the attribute at `path`.
    pub(super) fn new(index: usize, mut path: String, problem: PatchProblem) -> Self {
        const SHOWN: usize = 200;
        if let Some((cut, _)) = path.char_indices().nth(SHOWN) {
            path.truncate(cut);
            path.push('…');
        }
        Self {
            operation: Some(index),
            path,
            problem,
        }
    }

    /// What is wrong.
    pub const fn problem(&self) -> &PatchProblem {
        &self.problem
    }

    /// Which operation it is about, counted from 0; `None` if it is the message itself.
    pub const fn operation(&self) -> Option<usize> {
        self.operation
    }

    /// Which attribute it is about, if one is known: a path such as `emails[…].value`, where
    /// a filter is not shown. Of a very long one it is the beginning.
    pub fn path(&self) -> Option<&str> {
        (!self.path.is_empty()).then_some(&*self.path)
    }

    /// What a client can do about it.
    pub const fn kind(&self) -> PatchErrorKind {
        self.problem.kind()
    }
}

impl fmt::Display for PatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.operation {
            write!(f, "Operations[{index}]")?;
            if let Some(path) = self.path() {
                write!(f, " at {}", path.escape_debug())?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}", self.problem)
    }
}

impl std::error::Error for PatchError {}

/// What can be wrong with a PATCH.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PatchProblem {
    /// A part of the message is of another JSON type than it has to be.
    #[error("{part} is no {expected}")]
    WrongType {
        /// Which part, such as `Operations`.
        part: &'static str,
        /// What it has to be, such as `array`.
        expected: &'static str,
    },
    /// A part of the message is given twice under names that differ in case only.
    #[error("`{0}` is given more than once")]
    RepeatedMember(&'static str),
    /// `schemas` does not name the schema of PATCH messages.
    #[error("`schemas` does not name urn:ietf:params:scim:api:messages:2.0:PatchOp")]
    NoPatchOp,
    /// There are no operations.
    #[error("there are no `Operations`")]
    NoOperations,
    /// `op` is missing or names no operation.
    #[error("`op` is none of add, remove and replace")]
    UnknownOp,
    /// The path can't be read.
    #[error("malformed path: {0}")]
    MalformedPath(FilterError),
    /// The filter within the path can't be read.
    #[error("malformed filter: {0}")]
    MalformedFilter(FilterError),
    /// The path leads to no attribute of the resource's schemas.
    #[error("no such attribute in the schemas of this resource")]
    UnknownAttribute,
    /// There is a filter behind an attribute that has only one value.
    #[error("a filter selects among several values, and this attribute has one")]
    NotMultiValued,
    /// The filter compares what can't be compared.
    #[error("the filter can't be used here: {0}")]
    UnfitFilter(CompileError),
    /// A `remove` says nowhere what.
    #[error("a remove needs a path")]
    NoPath,
    /// No value matches the filter.
    #[error("no value matches the filter")]
    NoMatch,
    /// Only the service provider sets the attribute.
    #[error("the attribute is read-only")]
    ReadOnly,
    /// The attribute is set for good (RFC 7643 §7, `mutability`).
    #[error("the attribute is immutable, and already set")]
    Immutable,
    /// The attribute would have no value, and is required.
    #[error("the attribute is required and can't be removed")]
    Required,
    /// The message has an `id` that is not the resource's.
    #[error("this is not the id of the resource")]
    AnotherId,
    /// An `add` or a `replace` has no `value`.
    #[error("`value` is missing")]
    MissingValue,
    /// The value is none that the attribute can have.
    #[error("{0}")]
    Value(ResourceErrorKind),
    /// The operations would look at more values than is reasonable.
    #[error("too many operations on too many values")]
    TooMuchWork,
}

impl PatchProblem {
    /// What a client can do about it.
    pub const fn kind(&self) -> PatchErrorKind {
        match self {
            Self::WrongType { .. }
            | Self::RepeatedMember(_)
            | Self::NoPatchOp
            | Self::NoOperations
            | Self::UnknownOp
            | Self::Value(ResourceErrorKind::Unknown | ResourceErrorKind::Repeated) => {
                PatchErrorKind::InvalidSyntax
            }
            Self::MalformedPath(_) | Self::UnknownAttribute | Self::NotMultiValued => {
                PatchErrorKind::InvalidPath
            }
            Self::MalformedFilter(_) | Self::UnfitFilter(_) => PatchErrorKind::InvalidFilter,
            Self::NoPath | Self::NoMatch => PatchErrorKind::NoTarget,
            Self::ReadOnly | Self::Immutable | Self::Required | Self::AnotherId => {
                PatchErrorKind::Mutability
            }
            Self::MissingValue | Self::Value(_) => PatchErrorKind::InvalidValue,
            Self::TooMuchWork => PatchErrorKind::TooMany,
        }
    }
}

/// The kinds of [`PatchError`], for layers above to translate without a wildcard: the
/// keywords of RFC 7644 §3.12, Table 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a new kind has to be translated by every layer above"
)]
pub enum PatchErrorKind {
    /// The message has not the structure of its schema.
    InvalidSyntax,
    /// A path is malformed, or leads to no attribute.
    InvalidPath,
    /// The filter in a path is malformed, or compares what can't be compared.
    InvalidFilter,
    /// A path leads to nothing that could be changed.
    NoTarget,
    /// An attribute can't be changed in this way.
    Mutability,
    /// A value is missing, or is none that its attribute can have.
    InvalidValue,
    /// The operations are too much work.
    TooMany,
}
