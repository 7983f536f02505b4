use std::sync::Arc;

use crate::location;

/// Names and endpoints of the resource types that a reference may point to.
#[derive(Debug, Clone)]
pub(super) struct Endpoints(Arc<[Endpoint]>);

/// Where the resources of one type are found.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    /// The name of the type, such as `User`.
    pub(super) name: Arc<str>,
    /// Its path segment, such as `Users`.
    pub(super) segment: Arc<str>,
}

impl Endpoints {
    /// All of them, in the order in which the types were registered.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Endpoint> {
        self.0.iter()
    }

    /// The endpoint of the type `name`, in whatever case: `type` is no case-exact
    /// attribute.
    pub(super) fn of_type(&self, name: &str) -> Option<&Endpoint> {
        self.0.iter().find(|endpoint| endpoint.is_named(name))
    }

    /// The endpoint that `reference` names, if its last two segments are an endpoint
    /// and `id`.
    ///
    /// What stands before them is not looked at: one resource may be known under
    /// several base URLs and protocol versions (RFC 7643 §2.4, `$ref`).
    pub(super) fn of_reference(&self, reference: &str, id: &str) -> Option<&Endpoint> {
        let (endpoint, last) = self.split(reference)?;
        unescapes_to(last, id).then_some(endpoint)
    }

    /// The endpoint that `reference` names, whatever the id behind it.
    pub(super) fn of_path(&self, reference: &str) -> Option<&Endpoint> {
        self.split(reference).map(|(endpoint, _)| endpoint)
    }

    fn split<'a>(&self, reference: &'a str) -> Option<(&Endpoint, &'a str)> {
        let (head, last) = reference.rsplit_once('/')?;
        let segment = head.rsplit('/').next()?;
        let mut all = self.0.iter();
        let endpoint = all.find(|endpoint| *endpoint.segment == *segment)?;
        Some((endpoint, last))
    }
}

impl FromIterator<Endpoint> for Endpoints {
    fn from_iter<I: IntoIterator<Item = Endpoint>>(endpoints: I) -> Self {
        Self(endpoints.into_iter().collect())
    }
}

impl Endpoint {
    /// Whether `name` is that of the type, in whatever case.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The URI of the resource `id`, relative to the base URL: `Users/2819c223`.
    pub(super) fn relative(&self, id: &str) -> String {
        location("", &self.segment, id)
    }
}

/// Whether the path segment `escaped` stands for `text`, which may also be written
/// without any escapes.
fn unescapes_to(escaped: &str, text: &str) -> bool {
    escaped == text
        || (escaped.contains('%') && unescape(escaped.as_bytes()).eq(text.bytes().map(Some)))
}

/// The octets that `escaped` stands for; `None` where a `%` is followed by no digits.
fn unescape(escaped: &[u8]) -> impl Iterator<Item = Option<u8>> {
    let mut rest = escaped.iter();
    std::iter::from_fn(move || match *rest.next()? {
        b'%' => {
            let mut digit = || char::from(*rest.next()?).to_digit(16);
            let octet = digit()
                .zip(digit())
                .and_then(|(a, b)| u8::try_from(a * 16 + b).ok());
            Some(octet)
        }
        octet => Some(Some(octet)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints() -> Endpoints {
        [("User", "Users"), ("Group", "Groups")]
            .map(|(name, segment)| Endpoint {
                name: name.into(),
                segment: segment.into(),
            })
            .into_iter()
            .collect()
    }

    #[test]
    fn the_last_two_segments_decide() {
        for (reference, id, found) in [
            ("https://example.com/v2/Users/1", "1", Some("User")),
            ("https://example.com/v2/Groups/1", "1", Some("Group")),
            ("../Users/1", "1", Some("User")),
            ("Users/1", "1", Some("User")),
            ("/Users/1", "1", Some("User")),
            ("https://example.com/v2/Users/1", "2", None),
            ("https://example.com/v2/Users/1/", "1", None),
            ("https://example.com/v2/users/1", "1", None),
            ("https://example.com/v2/XUsers/1", "1", None),
            ("1", "1", None),
            ("", "", None),
            ("Users/a%20b%C3%A9", "a bé", Some("User")),
            ("Users/a%2", "a", None),
            ("Users/%zz", "%zz", Some("User")),
        ] {
            let endpoint = endpoints();
            let endpoint = endpoint.of_reference(reference, id);
            assert_eq!(endpoint.map(|e| &*e.name), found, "{reference} {id}");
        }
    }

    #[test]
    fn a_relative_reference_is_escaped_and_leads_back() {
        let endpoints = endpoints();
        let users = endpoints.of_type("user").unwrap();
        assert_eq!(users.relative("2819c223-7f76"), "Users/2819c223-7f76");
        assert_eq!(users.relative("a/b?c é%"), "Users/a%2Fb%3Fc%20%C3%A9%25");
        for id in ["x", "a/b?c é%", "%41"] {
            assert!(
                endpoints.of_reference(&users.relative(id), id).is_some(),
                "{id}"
            );
        }
    }
}
