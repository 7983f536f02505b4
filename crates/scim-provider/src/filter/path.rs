use std::fmt;
use std::str::FromStr;

use super::cursor::is_path_octet;
use super::{FilterError, FilterErrorKind, MAX_LENGTH};

/// The path of an attribute (RFC 7644 §3.10): `userName`, `name.givenName`, or either behind
/// the URI of a schema and a colon.
///
/// The attribute stands behind the last colon, its sub-attribute behind the first dot after
/// that. A schema's URI alone is read as a path too, since it looks like one; where it leads
/// only [`ResourceType::resolve_path`](crate::schema::ResourceType::resolve_path) can tell.
///
/// Two paths are equal if they are written alike; names lead to the same attribute in whatever
/// case.
///
/// ```
/// use scim_provider::filter::AttributePath;
///
/// let path: AttributePath =
///     "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName".parse()?;
/// assert_eq!(path.uri(), Some("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"));
/// assert_eq!((path.name(), path.sub()), ("manager", Some("displayName")));
/// # Ok::<(), scim_provider::filter::FilterError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AttributePath {
    text: Box<str>,
    /// Where the name begins and ends; a colon before it ends the URI, a dot after it begins
    /// the sub-attribute.
    name: (usize, usize),
}

impl AttributePath {
    /// The URI of the schema, if one is named.
    pub fn uri(&self) -> Option<&str> {
        self.text[..self.name.0].strip_suffix(':')
    }

    /// The name of the attribute.
    ///
    /// If the text is the URI of a schema, this is a piece of it.
    pub fn name(&self) -> &str {
        &self.text[self.name.0..self.name.1]
    }

    /// The name of the sub-attribute, if one is named.
    pub fn sub(&self) -> Option<&str> {
        self.text[self.name.1..].strip_prefix('.')
    }

    /// The whole path as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path of an attribute that `text`, which stands at octet `position`, has to be.
    pub(super) fn of_attribute(text: &str, position: usize) -> Result<Self, FilterError> {
        let path = Self::of_attribute_or_schema(text, position)?;
        let legal = is_name(path.name()) && path.sub().is_none_or(is_name);
        if legal {
            Ok(path)
        } else {
            let kind = FilterErrorKind::MalformedPath;
            Err(FilterError::new(kind, position + path.name.0))
        }
    }

    /// The same, or the URI of a schema, which may end in anything: `urn:example:badge:1.0`.
    pub(super) fn of_attribute_or_schema(text: &str, position: usize) -> Result<Self, FilterError> {
        let error = |kind, at| Err(FilterError::new(kind, position + at));
        if text.is_empty() {
            return error(FilterErrorKind::ExpectedAttribute, 0);
        }
        if text.len() > MAX_LENGTH {
            return error(FilterErrorKind::TooLong, MAX_LENGTH);
        }
        if let Some(at) = text.bytes().position(|octet| !is_path_octet(octet)) {
            return error(FilterErrorKind::MalformedPath, at);
        }
        let start = text.rfind(':').map_or(0, |colon| colon + 1);
        let tail = &text[start..];
        let length = tail.find('.').unwrap_or(tail.len());
        let path = Self {
            text: text.into(),
            name: (start, start + length),
        };
        let legal = match path.uri() {
            Some(uri) => has_scheme(uri) && !tail.is_empty(),
            None => is_name(path.name()) && path.sub().is_none_or(is_name),
        };
        if legal {
            Ok(path)
        } else {
            error(FilterErrorKind::MalformedPath, 0)
        }
    }
}

impl FromStr for AttributePath {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::of_attribute_or_schema(text, 0)
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AttributePath({})", self.text)
    }
}

/// ATTRNAME of RFC 7644 §3.4.2.2, and `$ref`, which that rule leaves out.
pub(super) fn is_name(text: &str) -> bool {
    let rest = text.strip_prefix('$').unwrap_or(text);
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && rest
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'$' | b'-' | b'_'))
}

/// Whether `uri` begins as one (RFC 3986 §3.1).
fn has_scheme(uri: &str) -> bool {
    let scheme = uri.split(':').next().unwrap_or_default();
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, String, Option<String>) {
        let path: AttributePath = text.parse().unwrap();
        assert_eq!(path.to_string(), text);
        let own = |part: Option<&str>| part.map(str::to_owned);
        (own(path.uri()), path.name().into(), own(path.sub()))
    }

    #[test]
    fn a_path_is_split_at_the_last_colon_and_the_first_dot_behind_it() {
        const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
        for (text, uri, name, sub) in [
            ("userName", None, "userName", None),
            ("emails.value", None, "emails", Some("value")),
            ("$ref", None, "$ref", None),
            ("members.$ref", None, "members", Some("$ref")),
            (
                "x509Certificates.value",
                None,
                "x509Certificates",
                Some("value"),
            ),
            (&format!("{USER}:userName"), Some(USER), "userName", None),
            (
                &format!("{USER}:name.givenName"),
                Some(USER),
                "name",
                Some("givenName"),
            ),
            (
                USER,
                Some("urn:ietf:params:scim:schemas:core:2.0"),
                "User",
                None,
            ),
            (
                "urn:example:badge:1.0",
                Some("urn:example:badge"),
                "1",
                Some("0"),
            ),
            (
                "https://example.com/a.b/c:x.y",
                Some("https://example.com/a.b/c"),
                "x",
                Some("y"),
            ),
            (
                "https://example.com/a",
                Some("https"),
                "//example",
                Some("com/a"),
            ),
        ] {
            let expected = (
                uri.map(str::to_owned),
                name.to_owned(),
                sub.map(str::to_owned),
            );
            assert_eq!(parts(text), expected);
        }
    }

    #[test]
    fn what_is_no_path_is_refused_with_its_place() {
        for (text, kind, position) in [
            ("", FilterErrorKind::ExpectedAttribute, 0),
            ("1a", FilterErrorKind::MalformedPath, 0),
            ("a.b.c", FilterErrorKind::MalformedPath, 0),
            ("a.", FilterErrorKind::MalformedPath, 0),
            (".a", FilterErrorKind::MalformedPath, 0),
            ("$", FilterErrorKind::MalformedPath, 0),
            ("-a", FilterErrorKind::MalformedPath, 0),
            ("a b", FilterErrorKind::MalformedPath, 1),
            ("é", FilterErrorKind::MalformedPath, 0),
            ("a\0", FilterErrorKind::MalformedPath, 1),
            (":a", FilterErrorKind::MalformedPath, 0),
            ("urn:", FilterErrorKind::MalformedPath, 0),
            ("1:a", FilterErrorKind::MalformedPath, 0),
            ("a[b]", FilterErrorKind::MalformedPath, 1),
        ] {
            let error = text.parse::<AttributePath>().unwrap_err();
            assert_eq!(
                (error.kind(), error.position()),
                (kind, position),
                "{text:?}"
            );
        }
        let error = "a"
            .repeat(MAX_LENGTH + 1)
            .parse::<AttributePath>()
            .unwrap_err();
        assert_eq!(error.kind(), FilterErrorKind::TooLong);
    }

    #[test]
    fn where_an_attribute_has_to_be_the_name_has_to_be_one() {
        assert!(AttributePath::of_attribute("urn:a:b.c", 0).is_ok());
        for text in [
            "urn:example:badge:1.0",
            "https://example.com/a",
            "urn:a:b.c.d",
        ] {
            let error = AttributePath::of_attribute(text, 7).unwrap_err();
            assert_eq!(error.kind(), FilterErrorKind::MalformedPath, "{text}");
            assert_eq!(error.position(), 7 + text.rfind(':').unwrap() + 1);
        }
    }
}
