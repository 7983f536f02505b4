//! The URIs of resources: `scim://User/2819c223`.

use std::borrow::Cow;

/// The template of the URIs of all resources of `resource_type` (RFC 6570).
pub(crate) fn template(resource_type: &str) -> String {
    format!("scim://{resource_type}/{{id}}")
}

/// The type and the id that `uri` names.
pub(crate) fn parse(uri: &str) -> Option<(&str, Cow<'_, str>)> {
    let (resource_type, id) = uri.strip_prefix("scim://")?.split_once('/')?;
    if id.is_empty() || id.contains(['/', '?', '#']) {
        return None;
    }
    Some((resource_type, decode(id)?))
}

/// `text` with its escapes undone (RFC 3986 §2.1).
fn decode(text: &str) -> Option<Cow<'_, str>> {
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
    fn every_id_is_named_by_the_template_with_it_filled_in() {
        assert_eq!(template("User"), "scim://User/{id}");
        for id in ["2819c223", "a/b?c#d é%", "..", "//", "{id}"] {
            let uri = scim_ops::provider::location("scim:/", "User", id);
            assert!(uri.starts_with("scim://User/") && uri.is_ascii(), "{uri}");
            assert_eq!(parse(&uri), Some(("User", Cow::Borrowed(id))), "{uri}");
        }
    }

    #[test]
    fn other_uris_name_nothing() {
        for uri in [
            "",
            "scim://",
            "scim://User",
            "scim://User/",
            "scim://User/a/b",
            "scim://User/a?b",
            "scim://User/%zz",
            "scim://User/%FF",
            "SCIM://User/a",
            "file:///User/a",
            "scim:User/a",
        ] {
            assert_eq!(parse(uri), None, "{uri}");
        }
    }
}
