//! The grammar of entity tags (RFC 9110 §8.8.3), for all who read them.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::{VersionError, VersionErrorKind};

/// Finds the tag that begins at `start`: its weakness, and where its opaque tag is. The closing quote follows that.
///
/// Each octet is looked at once.
pub(crate) fn scan(octets: &[u8], start: usize) -> Result<(bool, Range<usize>), VersionError> {
    use VersionErrorKind::{IllegalOctet, LowercaseWeak, MissingClosingQuote, MissingOpeningQuote};

    let (weak, quote) = match &octets[start..] {
        [b'W', b'/', ..] => (true, start + 2),
        [b'w', b'/', ..] => return Err(VersionError::new(LowercaseWeak, start)),
        _ => (false, start),
    };
    if octets.get(quote) != Some(&b'"') {
        return Err(VersionError::new(MissingOpeningQuote, quote));
    }
    let opaque = quote + 1;
    let found = octets[opaque..]
        .iter()
        .position(|octet| !matches!(octet, 0x21 | 0x23..=0x7E | 0x80..));
    let end = found.map_or(octets.len(), |length| opaque + length);
    match octets.get(end) {
        Some(b'"') => Ok((weak, opaque..end)),
        Some(&other) => Err(VersionError::new(IllegalOctet(other), end)),
        None => Err(VersionError::new(MissingClosingQuote, end)),
    }
}

/// Finds the one tag that this text has to be.
pub(crate) fn scan_one(octets: &[u8]) -> Result<(bool, Range<usize>), VersionError> {
    let start = skip_space(octets, 0);
    match octets.get(start) {
        None => return Err(VersionError::new(VersionErrorKind::Empty, start)),
        Some(b'*' | b',') => return Err(VersionError::new(VersionErrorKind::NotOneTag, start)),
        Some(_) => {}
    }
    let (weak, opaque) = scan(octets, start)?;
    let rest = skip_space(octets, opaque.end + 1);
    if rest < octets.len() {
        return Err(VersionError::new(VersionErrorKind::NotOneTag, rest));
    }
    Ok((weak, opaque))
}

/// The first octet from `start` on that is no optional white space.
pub(crate) fn skip_space(octets: &[u8], start: usize) -> usize {
    let space = octets[start..]
        .iter()
        .take_while(|&&octet| is_space(octet))
        .count();
    start + space
}

/// OWS (RFC 9110 §5.6.3).
pub(crate) const fn is_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

/// The octets of a text in which each character stands for one.
///
/// # Errors
///
/// `NotAnOctet` for a character above U+00FF, at the octet where it stands.
pub(crate) fn latin1_octets(text: &str) -> Result<Cow<'_, [u8]>, VersionError> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    text.chars()
        .enumerate()
        .map(|(offset, char)| {
            u8::try_from(char)
                .map_err(|_| VersionError::new(VersionErrorKind::NotAnOctet(char), offset))
        })
        .collect::<Result<_, _>>()
        .map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(octets: impl AsRef<[u8]>) -> (VersionErrorKind, usize) {
        let error = scan_one(octets.as_ref()).unwrap_err();
        (error.kind(), error.offset())
    }

    #[test]
    fn every_departure_from_the_grammar_is_told_where_it_is() {
        use VersionErrorKind::{
            Empty, IllegalOctet, LowercaseWeak, MissingClosingQuote, MissingOpeningQuote, NotOneTag,
        };

        assert_eq!(refused(""), (Empty, 0));
        assert_eq!(refused(" \t"), (Empty, 2));
        assert_eq!(refused("a"), (MissingOpeningQuote, 0));
        assert_eq!(refused(" W/a"), (MissingOpeningQuote, 3));
        assert_eq!(refused("W/ \"a\""), (MissingOpeningQuote, 2));
        assert_eq!(refused("W\"a\""), (MissingOpeningQuote, 0));
        assert_eq!(refused("w/\"a\""), (LowercaseWeak, 0));
        assert_eq!(refused("\""), (MissingClosingQuote, 1));
        assert_eq!(refused("W/\"abc"), (MissingClosingQuote, 6));
        assert_eq!(refused("\"a b\""), (IllegalOctet(b' '), 2));
        assert_eq!(refused("\"a\x7F\""), (IllegalOctet(0x7F), 2));
        assert_eq!(refused("\"a\0\""), (IllegalOctet(0), 2));
        assert_eq!(refused("\"a\" b"), (NotOneTag, 4));
        assert_eq!(refused("\"a\"\r"), (NotOneTag, 3));
        assert_eq!(refused(" *"), (NotOneTag, 1));
        assert_eq!(refused(",\"a\""), (NotOneTag, 0));
    }

    #[test]
    fn characters_stand_for_octets_or_are_refused_where_they_are() {
        let error = latin1_octets("\"äö€\"").unwrap_err();
        assert_eq!(error.kind(), VersionErrorKind::NotAnOctet('€'));
        assert_eq!(error.offset(), 3);
        assert_eq!(*latin1_octets("aÿ").unwrap(), *b"a\xFF");
    }
}
