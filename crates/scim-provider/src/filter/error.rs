use std::fmt;

use thiserror::Error;

/// Why a text is no filter or no path: what is wrong, and where.
///
/// ```
/// use scim_provider::filter::{Filter, FilterErrorKind};
///
/// let error = "userName regex \"b.*\"".parse::<Filter>().unwrap_err();
/// assert_eq!(error.kind(), FilterErrorKind::UnknownOperator);
/// assert_eq!(error.to_string(), "unknown operator `regex` at octet 9");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    kind: FilterErrorKind,
    position: usize,
    operator: Option<Box<str>>,
}

impl FilterError {
    pub(super) const fn new(kind: FilterErrorKind, position: usize) -> Self {
        Self {
            kind,
            position,
            operator: None,
        }
    }

    /// `word` stands where an operator should. It is part of the error if it looks like one
    /// (RFC 7644 §3.4.2.2 wants it named), and not if it may be a value.
    pub(super) fn unknown_operator(word: &str, position: usize) -> Self {
        let named = word.len() <= 16 && word.bytes().all(|octet| octet.is_ascii_alphabetic());
        Self {
            operator: named.then(|| word.into()),
            ..Self::new(FilterErrorKind::UnknownOperator, position)
        }
    }

    /// What is wrong.
    pub const fn kind(&self) -> FilterErrorKind {
        self.kind
    }

    /// Where: how many octets of the text stand before it.
    pub const fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(operator) = &self.operator {
            write!(f, " `{operator}`")?;
        }
        write!(f, " at octet {}", self.position)
    }
}

impl std::error::Error for FilterError {}

/// What can be wrong with a filter or a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the layers above translate each of them; a new one must not be overlooked"
)]
pub enum FilterErrorKind {
    /// It is longer than [`MAX_LENGTH`](super::MAX_LENGTH).
    #[error("too long")]
    TooLong,
    /// Parentheses and brackets stand deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    #[error("nested too deep")]
    TooDeep,
    /// There are more terms than [`MAX_TERMS`](super::MAX_TERMS).
    #[error("too many terms")]
    TooManyTerms,
    /// The path of an attribute, or an opening parenthesis, should stand here.
    #[error("expected an attribute")]
    ExpectedAttribute,
    /// This is no path of an attribute.
    #[error("malformed attribute path")]
    MalformedPath,
    /// `pr` or a comparison should stand here, behind a space.
    #[error("expected an operator")]
    ExpectedOperator,
    /// No such operator.
    #[error("unknown operator")]
    UnknownOperator,
    /// A string, a number, `true`, `false` or `null` should stand here, behind a space.
    #[error("expected a value")]
    ExpectedValue,
    /// A string that does not end.
    #[error("unterminated string")]
    UnterminatedString,
    /// A string or a number that is none in JSON.
    #[error("malformed value")]
    MalformedValue,
    /// `and`, `or` or the end should stand here, words behind a space.
    #[error("expected `and`, `or` or the end")]
    ExpectedConnective,
    /// A closing parenthesis is missing.
    #[error("expected `)`")]
    ExpectedParenthesis,
    /// A closing bracket is missing.
    #[error("expected `]`")]
    ExpectedBracket,
    /// A value path within another one.
    #[error("brackets within brackets")]
    NestedValuePath,
    /// The path is complete, but something follows.
    #[error("expected the end of the path")]
    ExpectedEnd,
}
