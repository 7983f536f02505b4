//! Requests of frameworks that have other types than the `http` crate.

use http::{Request, StatusCode};

use crate::{ScimError, ScimType};

/// The request that `method`, `target`, `headers` and `body` make, for frameworks whose types are not
/// those of `http` 1: those of an older `http`, or of their own.
///
/// Lines of one header stay apart, so that an `If-Match` in two lines is one list.
///
/// ```
/// use http::header::IF_MATCH;
/// use scim_http::request_of;
///
/// let headers = [("If-Match", r#""a""#), ("If-Match", r#""b""#)];
/// let request = request_of("DELETE", "/notes/1", headers, ())?;
/// assert_eq!(request.headers().get_all(IF_MATCH).iter().count(), 2);
/// # Ok::<(), scim_http::ScimError>(())
/// ```
///
/// # Errors
///
/// 400 if one of them is nothing that HTTP knows, such as a header with a line break.
pub fn request_of<B, N, V>(
    method: impl AsRef<str>,
    target: impl AsRef<str>,
    headers: impl IntoIterator<Item = (N, V)>,
    body: B,
) -> Result<Request<B>, ScimError>
where
    N: AsRef<str>,
    V: AsRef<[u8]>,
{
    let request = Request::builder()
        .method(method.as_ref())
        .uri(target.as_ref());
    let headers = headers.into_iter();
    let request = headers.fold(request, |request, (name, value)| {
        request.header(name.as_ref(), value.as_ref())
    });
    request.body(body).map_err(|error| {
        ScimError::new(StatusCode::BAD_REQUEST, error.to_string())
            .with_scim_type(ScimType::InvalidSyntax)
    })
}

#[cfg(test)]
mod tests {
    use http::header::IF_MATCH;
    use http::{HeaderMap, Method, Uri};

    use super::*;

    #[test]
    fn types_of_the_crate_itself_will_do_too() {
        let mut headers = HeaderMap::new();
        headers.append(IF_MATCH, "\"a\"".parse().unwrap());
        let target = Uri::from_static("/Users?count=1").to_string();
        let request = request_of(Method::PUT, target, &headers, "content").unwrap();
        assert_eq!(request.uri().query(), Some("count=1"));
        assert_eq!(request.headers(), &headers);
        assert_eq!(
            (request.method(), *request.body()),
            (&Method::PUT, "content")
        );
    }

    #[test]
    fn what_http_does_not_know_is_refused() {
        for (method, target, header) in [
            ("G T", "/", "a"),
            ("GET", "/ /", "a"),
            ("GET", "/", "a\r\nb: c"),
        ] {
            let refused = request_of(method, target, [("x", header)], ()).unwrap_err();
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{refused}");
        }
        assert!(request_of("GET", "/", [("x y", "a")], ()).is_err());
    }
}
