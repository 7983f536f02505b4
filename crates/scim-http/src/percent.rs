//! Percent-encoding (RFC 3986 §2.1) in paths and queries.

use std::borrow::Cow;

/// `text` with its escapes undone; `None` if an escape is malformed or the result is not
/// UTF-8.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            plain => plain,
        });
    }
    String::from_utf8(octets).ok().map(Cow::Owned)
}

/// [`decode`] for a part of a query, where forms write a space as `+`.
pub(crate) fn decode_query(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return decode(&spaced).map(|decoded| Cow::Owned(decoded.into_owned()));
    }
    decode(text)
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(decode("a%2Fb%c3%A9").as_deref(), Some("a/bé"));
        assert!(matches!(decode("plain+"), Some(Cow::Borrowed("plain+"))));
        assert_eq!(decode_query("a+%2B").as_deref(), Some("a +"));
    }

    #[test]
    fn malformed_escapes_and_other_encodings_are_refused() {
        for text in ["%", "%2", "%zz", "%2g", "a%", "%FF", "%C3", "%+1"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
