//! Where a service is, as its clients see it.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

/// The URL under which clients reach the service: `meta.location`, `Location` and
/// `Content-Location` begin with it.
///
/// - It is absolute, `http` or `https` (in lower case), without user, query and fragment.
/// - It has no slash at its end.
/// - It is visible ASCII of the characters that RFC 3986 admits, so that it is legal in headers
///   and nothing but a URL gets into a document.
///
/// As an extension of a request it goes before the service's own:
/// `request.extensions_mut().insert(base_url)`. A server that knows which proxies to trust
/// puts there what they forwarded.
///
/// ```
/// use scim_http::BaseUrl;
///
/// let base_url = BaseUrl::parse("https://example.com/scim/v2/")?;
/// assert_eq!(base_url.as_str(), "https://example.com/scim/v2");
/// assert!(BaseUrl::parse("example.com").is_err());
/// assert!(BaseUrl::parse("https://example.com/?tenant=1").is_err());
/// # Ok::<(), scim_http::BaseUrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(Arc<str>);

impl BaseUrl {
    /// The URL that `text` is.
    ///
    /// # Errors
    ///
    /// If it breaks one of the rules above.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(BaseUrlError(Reason::Scheme))?;
        let scheme = ["http", "https"]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(scheme))
            .ok_or(BaseUrlError(Reason::Scheme))?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        Self::of_host(scheme, authority, &BasePath::parse(path)?)
    }

    /// The URL of `path` at a host with or without a port, such as a `Host` header names
    /// it. What is no such thing is refused, so that nothing else gets into a `Location`.
    pub(crate) fn of_host(
        scheme: &'static str,
        authority: &str,
        path: &BasePath,
    ) -> Result<Self, BaseUrlError> {
        check_authority(authority)?;
        Ok(Self(
            [scheme, "://", authority, path.as_str()].concat().into(),
        ))
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        Self::parse(text)
    }
}

/// The path in front of the endpoints, such as `/scim/v2`: empty, or segments each behind a
/// slash, none of them empty.
///
/// ```
/// use scim_http::BasePath;
///
/// assert_eq!(BasePath::parse("/scim/v2/")?.as_str(), "/scim/v2");
/// assert_eq!(BasePath::parse("/")?, BasePath::default());
/// assert!(BasePath::parse("scim").is_err());
/// # Ok::<(), scim_http::BaseUrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BasePath(Arc<str>);

impl BasePath {
    /// The path that `text` is, without the slash at its end.
    ///
    /// # Errors
    ///
    /// If it does not begin with a slash, or holds an empty segment or a character that
    /// RFC 3986 §3.3 does not admit.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let path = text.strip_suffix('/').unwrap_or(text);
        if !path.is_empty() {
            let mut segments = path
                .strip_prefix('/')
                .ok_or(BaseUrlError(Reason::Path))?
                .split('/');
            if !segments.all(is_segment) {
                return Err(BaseUrlError(Reason::Path));
            }
        }
        Ok(Self(path.into()))
    }

    /// The path, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for BasePath {
    /// The root.
    fn default() -> Self {
        Self("".into())
    }
}

impl FromStr for BasePath {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        Self::parse(text)
    }
}

/// Why a text is no [`BaseUrl`] or [`BasePath`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct BaseUrlError(Reason);

#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Reason {
    #[error("the base URL does not begin with http:// or https://")]
    Scheme,
    #[error("the base URL names no host, or not only a host and a port")]
    Authority,
    #[error("the base path is not made of path segments")]
    Path,
}

/// `host [ ":" port ]` (RFC 3986 §3.2), where the host is a name, an IPv4 address or an IPv6
/// address in brackets. Underscores are no part of host names, but of those in container
/// networks.
fn check_authority(authority: &str) -> Result<(), BaseUrlError> {
    let (host_is_fine, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest
                .split_once(']')
                .ok_or(BaseUrlError(Reason::Authority))?;
            (address.parse::<Ipv6Addr>().is_ok(), port)
        }
        None => {
            let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let legal = |octet: u8| octet.is_ascii_alphanumeric() || b"-._".contains(&octet);
            (!host.is_empty() && host.bytes().all(legal), port)
        }
    };
    let port_is_fine = match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(digits) => {
            digits.bytes().all(|octet| octet.is_ascii_digit()) && digits.parse::<u16>().is_ok()
        }
    };
    if host_is_fine && port_is_fine {
        Ok(())
    } else {
        Err(BaseUrlError(Reason::Authority))
    }
}

/// `1*pchar` (RFC 3986 §3.3), but for `.` and `..`, which clients would resolve away.
fn is_segment(segment: &str) -> bool {
    let mut octets = segment.bytes();
    while let Some(octet) = octets.next() {
        let legal = match octet {
            b'%' => [octets.next(), octets.next()]
                .iter()
                .all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit())),
            _ => octet.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&octet),
        };
        if !legal {
            return false;
        }
    }
    !matches!(segment, "" | "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_urls_are_kept_without_the_slash_at_their_end() {
        for (text, base_url) in [
            ("http://localhost", "http://localhost"),
            ("HTTPS://Example.com:8443/", "https://Example.com:8443"),
            ("http://[::1]:80/scim/v2", "http://[::1]:80/scim/v2"),
            (
                "http://scim_server/a%20b/(c)",
                "http://scim_server/a%20b/(c)",
            ),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().as_str(), base_url);
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for text in [
            "",
            "example.com",
            "/scim/v2",
            "ftp://example.com",
            "http://",
            "http:///scim",
            "http://user@example.com",
            "http://example.com?x",
            "http://example.com/#x",
            "http://example.com/a//b",
            "http://example.com//",
            "http://example.com/../a",
            "http://example.com/a b",
            "http://example.com/a\"b",
            "http://example.com/%2",
            "http://example.com/\r\nSet-Cookie: a=b",
            "http://example.com:",
            "http://example.com:+80",
            "http://example.com:65536",
            "http://[::1",
            "http://[::1]x",
            "http://[example.com]",
            "http://exämple.com",
            "http://a,b",
        ] {
            assert!(BaseUrl::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_path_is_segments_behind_slashes() {
        for (text, path) in [
            ("", ""),
            ("/", ""),
            ("/v2", "/v2"),
            ("/scim/v2/", "/scim/v2"),
        ] {
            assert_eq!(BasePath::parse(text).unwrap().as_str(), path);
        }
        for text in ["v2", "//", "/a//b", "/a?b", "/a#b", "/a\n"] {
            assert!(BasePath::parse(text).is_err(), "{text:?}");
        }
    }
}
