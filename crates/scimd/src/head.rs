use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{StatusCode, Version};
use scim_http::{ScimError, ScimType};

use crate::connection::Peer;

/// Refuses a request from the network whose head no server may accept, whatever it asks for.
///
/// What a program asks the router itself has no `peer`, and need be no message of HTTP.
///
/// # Errors
///
/// 431 for more than `max_headers` header lines, 400 for a `Host` that is missing, repeated or none.
pub(crate) fn check(
    request: &Parts,
    peer: Option<&Peer>,
    max_headers: usize,
) -> Result<(), ScimError> {
    if peer.is_none() {
        return Ok(());
    }
    // Those of HTTP/1 hyper has counted already.
    if request.headers.len() > max_headers {
        return Err(ScimError::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            format!("the request has more than {max_headers} header lines"),
        ));
    }
    if names_host(request) {
        return Ok(());
    }
    let detail = "the request names no host, or not only one";
    Err(ScimError::new(StatusCode::BAD_REQUEST, detail).with_scim_type(ScimType::InvalidSyntax))
}

/// Whether `Host` is as RFC 9112 §3.2 wants it: exactly one in HTTP/1.1, even where the request's
/// target names another; elsewhere at most one.
fn names_host(request: &Parts) -> bool {
    let mut hosts = request.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            // User names are no part of it (RFC 9110 §7.2).
            let host = host.as_bytes();
            is_plain(host) || (!host.contains(&b'@') && Authority::try_from(host).is_ok())
        }
        (None, _) => request.version != Version::HTTP_11,
        (Some(_), Some(_)) => false,
    }
}

/// Whether `host` is a name or an IPv4 address with or without a port, as nearly every one is:
/// then it need not be copied to be parsed.
fn is_plain(host: &[u8]) -> bool {
    let is_name = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.');
    let name = host.iter().take_while(|octet| is_name(octet)).count();
    let port = match &host[name..] {
        [] => return name > 0,
        [b':', port @ ..] => port,
        _ => return false,
    };
    name > 0 && !port.is_empty() && port.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn status(version: Version, uri: &str, hosts: &[&[u8]]) -> Option<StatusCode> {
        let peer = Peer {
            address: "127.0.0.1:5".parse().unwrap(),
            encrypted: false,
        };
        let mut request = Request::get(uri).version(version);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        let (request, ()) = request.body(()).unwrap().into_parts();
        check(&request, Some(&peer), 10)
            .err()
            .map(|error| error.status())
    }

    const REFUSED: Option<StatusCode> = Some(StatusCode::BAD_REQUEST);

    #[test]
    fn one_host_is_enough() {
        for host in ["a", "a.example:8080", "127.0.0.1", "[::1]:80"] {
            let host = &[host.as_bytes()];
            assert_eq!(status(Version::HTTP_11, "/", host), None);
            assert_eq!(status(Version::HTTP_10, "/", host), None);
            assert_eq!(status(Version::HTTP_2, "http://b/", host), None);
        }
    }

    #[test]
    fn hosts_that_cannot_be_told_are_refused() {
        let wrong: [&[&[u8]]; 8] = [
            &[b"a", b"a"],
            &[b"a", b"b"],
            &[b""],
            &[b"a b"],
            &[b"a/b"],
            &[b"u@a"],
            &[b"\xE9vil"],
            &[b"a:b:c"],
        ];
        for hosts in wrong {
            for version in [Version::HTTP_10, Version::HTTP_11] {
                assert_eq!(status(version, "/", hosts), REFUSED, "{hosts:?}");
            }
        }
    }

    #[test]
    fn a_plain_host_is_one_that_parses_too() {
        for host in ["a", "-", "a..b", "127.0.0.1:80", "x:99999999999"] {
            assert!(is_plain(host.as_bytes()), "{host}");
            assert!(Authority::try_from(host).is_ok(), "{host}");
        }
        for host in [
            "", ":", ":80", "a:", "a:b", "a:1:2", "[::1]", "u@a", "a_b", "a%20",
        ] {
            assert!(!is_plain(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn only_http_1_1_needs_the_header() {
        for uri in ["/", "http://a/"] {
            assert_eq!(status(Version::HTTP_11, uri, &[]), REFUSED);
            assert_eq!(status(Version::HTTP_10, uri, &[]), None);
        }
        assert_eq!(status(Version::HTTP_2, "http://a/", &[]), None);
    }

    #[test]
    fn header_lines_are_counted() {
        let hosts = [&b"a"[..]; 11];
        assert_eq!(
            status(Version::HTTP_2, "http://a/", &hosts),
            Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
        );
    }

    #[test]
    fn a_program_needs_no_host() {
        let (request, ()) = Request::get("/").body(()).unwrap().into_parts();
        assert_eq!(check(&request, None, 0), Ok(()));
    }
}
