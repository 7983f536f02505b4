//! Where the resources of a request are, as its client sees them.

use http::header::{HOST, HeaderValue};
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, StatusCode};

use crate::{BasePath, BaseUrl, BaseUrlError, ScimError, ScimType};

/// The base URL of a request: the one in its extensions, else the `configured` one, else
/// made of the host that it was sent to.
///
/// # Errors
///
/// 400 if there is no host, more than one, or one that is none (RFC 9112 §3.2).
pub(crate) fn base_url(
    request: &Parts,
    configured: Option<&BaseUrl>,
    base_path: &BasePath,
) -> Result<BaseUrl, ScimError> {
    if let Some(known) = request.extensions.get().or(configured) {
        return Ok(known.clone());
    }
    let scheme = request.extensions.get().or_else(|| request.uri.scheme());
    let scheme = if scheme == Some(&Scheme::HTTPS) {
        "https"
    } else {
        "http"
    };
    // A request target with an authority goes before `Host` (RFC 9112 §3.2.2); in HTTP/2 it
    // is `:authority`.
    let host = match request.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => host(&request.headers),
    };
    let url: Result<_, BaseUrlError> =
        BaseUrl::of_host(scheme, host.unwrap_or_default(), base_path);
    url.map_err(|_| {
        ScimError::new(
            StatusCode::BAD_REQUEST,
            "the request names no host, or not only one",
        )
        .with_scim_type(ScimType::InvalidSyntax)
    })
}

fn host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    }
}

/// The URL of a resource: the text of its `meta.location`.
pub(crate) fn location(base_url: &BaseUrl, endpoint: &str, id: &str) -> HeaderValue {
    HeaderValue::try_from(scim_ops::provider::location(
        base_url.as_str(),
        endpoint,
        id,
    ))
    .expect("base URL, endpoint and escaped id are visible ASCII")
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(uri: &str, hosts: &[&'static str]) -> Parts {
        let mut request = Request::get(uri);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn derived(request: &Parts) -> Result<String, u16> {
        let base_path = BasePath::parse("/scim").unwrap();
        match base_url(request, None, &base_path) {
            Ok(url) => Ok(url.as_str().to_owned()),
            Err(error) => Err(error.status().as_u16()),
        }
    }

    #[test]
    fn the_host_of_the_request_is_the_default() {
        assert_eq!(
            derived(&parts("/Users", &["a.example:8080"])).unwrap(),
            "http://a.example:8080/scim"
        );
        let mut request = parts("https://b.example/Users", &["a.example"]);
        assert_eq!(derived(&request).unwrap(), "https://b.example/scim");
        request.uri = "/Users".parse().unwrap();
        request.extensions.insert(Scheme::HTTPS);
        assert_eq!(derived(&request).unwrap(), "https://a.example/scim");
    }

    #[test]
    fn a_missing_repeated_or_hostile_host_is_refused() {
        for hosts in [
            &[][..],
            &["a", "b"],
            &[""],
            &["a/b"],
            &["user@a"],
            &["a\"><script>"],
            &["a?x"],
            &["a b"],
        ] {
            assert_eq!(derived(&parts("/Users", hosts)), Err(400), "{hosts:?}");
        }
        assert_eq!(derived(&parts("http://user:pw@a/Users", &[])), Err(400));
    }

    #[test]
    fn extensions_go_before_configuration_and_that_before_the_host() {
        let mut request = parts("/Users", &["a.example"]);
        let configured = BaseUrl::parse("https://b.example").unwrap();
        let forwarded = BaseUrl::parse("https://c.example").unwrap();
        let resolve = |request: &Parts| base_url(request, Some(&configured), &BasePath::default());
        assert_eq!(resolve(&request).unwrap(), configured);
        request.extensions.insert(forwarded.clone());
        assert_eq!(resolve(&request).unwrap(), forwarded);
    }
}
