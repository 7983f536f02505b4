use std::borrow::Cow;
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
    let id = segment(id);
    let mut out = String::with_capacity(base_url.len() + endpoint.len() + id.len() + 2);
    if !base_url.is_empty() {
        out.push_str(base_url);
        out.push('/');
    }
    out.push_str(endpoint);
    out.push('/');
    out.push_str(&id);
    out
}

/// `id` as one segment of a path.
pub(crate) fn segment(id: &str) -> Cow<'_, str> {
    if id.bytes().all(is_unreserved) {
        return Cow::Borrowed(id);
    }
    let mut out = String::with_capacity(id.len() + 16);
    for octet in id.bytes() {
        if is_unreserved(octet) {
            out.push(char::from(octet));
        } else {
            write!(out, "%{octet:02X}").expect("writing to a string can't fail");
        }
    }
    Cow::Owned(out)
}

const fn is_unreserved(octet: u8) -> bool {
    UNRESERVED[octet as usize]
}

/// RFC 3986 §2.3. A table, because every resource that is shown has its id looked up in it.
const UNRESERVED: [bool; 256] = {
    let mut unreserved = [false; 256];
    let mut octet: u8 = 0;
    while octet < 128 {
        unreserved[octet as usize] =
            octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~');
        octet += 1;
    }
    unreserved
};

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

    #[test]
    fn exactly_letters_digits_and_four_signs_stay_as_they_are() {
        for octet in 0..=u8::MAX {
            let unreserved = octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
            assert_eq!(is_unreserved(octet), unreserved, "{octet}");
        }
    }
}
