use std::fmt::Write as _;

/// The URI of the resource `id` under `endpoint`: what `meta.location` says.
///
/// `base_url` has no slash at its end; an empty one gives a reference relative to the
/// base URL. The id is escaped as one path segment (RFC 3986 §3.3).
///
/// ```
/// use scim_provider::location;
///
/// let absolute = location("https://example.com/v2", "Users", "a/b");
/// assert_eq!(absolute, "https://example.com/v2/Users/a%2Fb");
/// assert_eq!(location("", "Users", "2819c223"), "Users/2819c223");
/// ```
pub fn location(base_url: &str, endpoint: &str, id: &str) -> String {
    let mut out = String::with_capacity(base_url.len() + endpoint.len() + id.len() + 2);
    if !base_url.is_empty() {
        out.push_str(base_url);
        out.push('/');
    }
    out.push_str(endpoint);
    out.push('/');
    if id.bytes().all(is_unreserved) {
        out.push_str(id);
        return out;
    }
    for octet in id.bytes() {
        if is_unreserved(octet) {
            out.push(char::from(octet));
        } else {
            write!(out, "%{octet:02X}").expect("writing to a string can't fail");
        }
    }
    out
}

/// RFC 3986 §2.3.
const fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_escaped_as_one_path_segment() {
        assert_eq!(
            location("", "Users", "a/b?c é%"),
            "Users/a%2Fb%3Fc%20%C3%A9%25"
        );
    }
}
