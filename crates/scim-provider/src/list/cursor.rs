use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

/// Where a page starts, in words that only the provider understands (RFC 9865 §2).
///
/// The text goes into URLs as it is: 1 to [`Cursor::MAX_LEN`] of the unreserved characters of
/// RFC 3986 §2.3. Whether it is a cursor of the list that it is used for, the provider finds
/// out: [`ProviderError::InvalidCursor`](crate::ProviderError::InvalidCursor).
///
/// Those of the standard provider
///
/// - hold all that is to know, so that nothing is kept for them and they do not expire;
/// - stand behind a resource, whether that is still there or not: whatever is written between
///   two pages, a resource that keeps its place is shown once;
/// - belong to one filter, order and type of resources, and are refused for another; the
///   length of pages may change;
/// - say by what the resource is sorted, if anything. A client that makes one up sees what it
///   might have seen anyway, from another place on.
///
/// ```
/// use scim_provider::Cursor;
///
/// let cursor: Cursor = "VZUTiyhEQJ94IR".parse()?;
/// assert_eq!(cursor.as_str(), "VZUTiyhEQJ94IR");
/// assert!("a cursor".parse::<Cursor>().is_err());
/// # Ok::<(), scim_provider::CursorError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor(Arc<str>);

impl Cursor {
    /// The longest cursor, in octets.
    pub const MAX_LEN: usize = 4096;

    /// `text`, which is known to be one.
    pub(super) fn of(text: String) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let is_unreserved = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
        let reason = if text.is_empty() {
            Reason::Empty
        } else if text.len() > Self::MAX_LEN {
            Reason::TooLong
        } else if let Some(at) = text.bytes().position(|octet| !is_unreserved(octet)) {
            Reason::Illegal(at)
        } else {
            return Ok(Self(text.into()));
        };
        Err(CursorError(reason))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cursor {
    /// Nothing of it: it may hold what the list is sorted by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor(…)")
    }
}

/// Why a text can be no [`Cursor`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct CursorError(Reason);

#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Reason {
    #[error("an empty text is no cursor")]
    Empty,
    #[error("longer than {max} octets", max = Cursor::MAX_LEN)]
    TooLong,
    #[error("octet {0} can't stand in a cursor")]
    Illegal(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_made_of_unreserved_characters() {
        for text in ["a", "0-._~Z", &"x".repeat(4096)] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        }
        for text in [
            "",
            " ",
            "a b",
            "a%20",
            "a/b",
            "a=",
            "é",
            "a\0",
            &"x".repeat(4097),
        ] {
            assert!(text.parse::<Cursor>().is_err(), "{text:?}");
        }
    }
}
