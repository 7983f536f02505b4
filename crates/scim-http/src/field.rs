//! The grammar that header fields share: lists and parameters (RFC 9110 §5.6).

/// The value of the parameter `part` if its name is `name`, without quotes.
pub(crate) fn parameter<'a>(part: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let equals = part.iter().position(|&octet| octet == b'=')?;
    if !part[..equals].trim_ascii().eq_ignore_ascii_case(name) {
        return None;
    }
    let value = part[equals + 1..].trim_ascii();
    let quoted = value
        .strip_prefix(b"\"")
        .and_then(|value| value.strip_suffix(b"\""));
    Some(quoted.unwrap_or(value))
}

/// The parts of `text` between separators outside quotes, without space around them.
pub(crate) fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut quoted, mut escaped) = (false, false);
        let end = text.iter().position(|&octet| {
            if quoted {
                quoted = escaped || octet != b'"';
                escaped = !escaped && octet == b'\\';
            } else {
                quoted = octet == b'"';
            }
            !quoted && octet == separator
        });
        let (part, after) = match end {
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        rest = after;
        Some(part.trim_ascii())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_within_quotes_are_none() {
        let parts: Vec<_> = split(br#"a, "b,\",c" ,, d"#, b',').collect();
        assert_eq!(parts, [&b"a"[..], br#""b,\",c""#, b"", b"d"]);
    }

    #[test]
    fn the_name_of_a_parameter_has_no_case() {
        assert_eq!(parameter(b"Q = \"0\"", b"q"), Some(&b"0"[..]));
        assert_eq!(parameter(b"q", b"q"), None);
        assert_eq!(parameter(b"qq=1", b"q"), None);
    }
}
