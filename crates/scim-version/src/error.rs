//! What was wrong with a text that should have been a version, a tag or a list of tags.

use std::fmt;

/// Why a text is no version, no entity tag or no precondition, and where.
///
/// It never holds the text itself, so that it can be logged or answered as it is.
///
/// ```
/// use scim_version::{ETag, Precondition, VersionErrorKind};
///
/// let error = ETag::parse(r#"W/"e180ee84f0671"#).unwrap_err();
/// assert_eq!(error.kind(), VersionErrorKind::MissingClosingQuote);
/// assert_eq!(error.offset(), 16);
/// assert_eq!(error.to_string(), "missing closing quote at octet 16");
///
/// let error = Precondition::parse([r#""a""#, r#""b" "c""#]).unwrap_err();
/// assert_eq!(error.line(), 1);
/// assert_eq!(error.to_string(), "missing comma between entity tags at octet 4 of field line 2");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VersionError {
    kind: VersionErrorKind,
    offset: usize,
    line: usize,
}

impl VersionError {
    pub(crate) const fn new(kind: VersionErrorKind, offset: usize) -> Self {
        Self {
            kind,
            offset,
            line: 0,
        }
    }

    pub(crate) const fn on_line(self, line: usize) -> Self {
        Self { line, ..self }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> VersionErrorKind {
        self.kind
    }

    /// Where it is wrong: the 0-based octet within its field line.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Which field line is wrong: its 0-based index, 0 if there is but one text.
    ///
    /// `Display` counts field lines from 1, as people do, and leaves the first unnamed.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at octet {}", self.kind, self.offset)?;
        if self.line > 0 {
            write!(f, " of field line {}", self.line.saturating_add(1))?;
        }
        Ok(())
    }
}

impl std::error::Error for VersionError {}

/// What was wrong, for callers that act on it.
///
/// ```
/// use scim_version::{ScimVersion, VersionErrorKind};
///
/// let error = ScimVersion::from_hash("a\r\nb").unwrap_err();
/// assert_eq!(error.kind(), VersionErrorKind::IllegalOctet(b'\r'));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VersionErrorKind {
    /// Nothing, where a version or an entity tag has to be.
    Empty,
    /// An octet that may not stand inside a version or between the quotes of an entity tag (RFC 9110 §8.8.3).
    IllegalOctet(u8),
    /// A character above U+00FF in a text that stands for octets.
    NotAnOctet(char),
    /// No `"` where an entity tag has to begin.
    MissingOpeningQuote,
    /// The text ends inside an entity tag.
    MissingClosingQuote,
    /// `w/` for `W/`, which is case-sensitive (RFC 9110 §8.8.3).
    LowercaseWeak,
    /// Two members of a list with no comma between.
    MissingComma,
    /// `*` together with anything else (RFC 9110 §13.1.1 admits it alone).
    WildcardInList,
    /// A legal entity tag that cannot be a version: empty, or with octets above 0x7F.
    NotAVersion,
    /// A list, `*` or something behind the tag, where exactly one entity tag has to be.
    NotOneTag,
}

impl fmt::Display for VersionErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("missing version"),
            Self::IllegalOctet(octet) => write!(f, "illegal octet 0x{octet:02X}"),
            Self::NotAnOctet(char) => write!(f, "illegal character U+{:04X}", u32::from(*char)),
            Self::MissingOpeningQuote => f.write_str("missing opening quote"),
            Self::MissingClosingQuote => f.write_str("missing closing quote"),
            Self::LowercaseWeak => f.write_str("lower-case weakness indicator"),
            Self::MissingComma => f.write_str("missing comma between entity tags"),
            Self::WildcardInList => f.write_str("wildcard together with something else"),
            Self::NotAVersion => f.write_str("entity tag that is no version"),
            Self::NotOneTag => f.write_str("not exactly one entity tag"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_field_line_is_not_named() {
        let error = VersionError::new(VersionErrorKind::MissingClosingQuote, 17);
        assert_eq!(error.to_string(), "missing closing quote at octet 17");
        assert_eq!(
            error.on_line(1).to_string(),
            "missing closing quote at octet 17 of field line 2"
        );
    }

    #[test]
    fn octets_and_characters_print_as_numbers_never_raw() {
        assert_eq!(
            VersionErrorKind::IllegalOctet(b'\n').to_string(),
            "illegal octet 0x0A"
        );
        assert_eq!(
            VersionErrorKind::NotAnOctet('\u{202e}').to_string(),
            "illegal character U+202E"
        );
    }
}
