//! Bearer tokens (RFC 6750).

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use crate::AuthError;

/// The token that a request bears in `Authorization` (RFC 6750 §2.1), unchecked. Of several lines none
/// counts: whoever stands in front may have checked another one than we would.
///
/// ```
/// use http::HeaderMap;
/// use http::header::AUTHORIZATION;
/// use scim_http::bearer_token;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(bearer_token(&headers), None);
/// headers.insert(AUTHORIZATION, "bearer mF_9.B5f-4.1JqM".parse()?);
/// assert_eq!(bearer_token(&headers), Some("mF_9.B5f-4.1JqM"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return None;
    };
    let (scheme, token) = line.to_str().ok()?.split_once(' ')?;
    let token = token.trim_matches(' ');
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}

impl AuthError {
    /// 401 for a request that bears no token: it is told how to authenticate, and no error
    /// (RFC 6750 §3.1).
    pub const fn no_bearer() -> Self {
        Self::Unauthorized {
            challenge: HeaderValue::from_static(r#"Bearer realm="scim""#),
        }
    }

    /// 401 for one whose token is unknown, expired or malformed: `invalid_token` (RFC 6750 §3.1).
    pub const fn invalid_bearer() -> Self {
        Self::Unauthorized {
            challenge: HeaderValue::from_static(r#"Bearer realm="scim", error="invalid_token""#),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(AUTHORIZATION, line.parse().unwrap());
        }
        bearer_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_is_told_without_case() {
        for line in ["Bearer a.b", "bearer   a.b "] {
            assert_eq!(token(&[line]).as_deref(), Some("a.b"), "{line}");
        }
    }

    #[test]
    fn other_credentials_are_none() {
        for line in ["Basic dTpw", "Bearer", "Bearer ", "a.b", "Bearer\u{e9} a"] {
            assert_eq!(token(&[line]), None, "{line}");
        }
    }

    #[test]
    fn two_lines_are_none() {
        assert_eq!(token(&["Bearer a", "Bearer a"]), None);
    }
}
