//! Conditional requests of an application's own routes, from the headers to the answer.

use http::header::HeaderMap;
use http::{Method, Response, StatusCode};
use scim_ops::Preconditions;
use scim_ops::version::{ScimVersion, VersionConflict};
use thiserror::Error;

use crate::{
    Decision, HeaderError, ScimError, handle_conditional_request, not_modified_response,
    preconditions,
};

/// A request for one thing that has a version: what a handler of an application's own needs to know
/// of it.
///
/// ```
/// use http::{HeaderMap, Method, StatusCode, header};
/// use scim_http::version::ScimVersion;
/// use scim_http::{ConditionalRequest, Refused};
///
/// fn put(headers: &HeaderMap, stored: &mut (String, u64), new: &str) -> Result<ScimVersion, Refused> {
///     let request = ConditionalRequest::new(&Method::PUT, headers)?.requiring_version();
///     // `stored` is borrowed from here to the end: nobody writes between the two.
///     let version = ScimVersion::from_revision(stored.1);
///     let (stored, _) = request.check(Some((stored, version)))?;
///     *stored = (new.to_owned(), stored.1 + 1);
///     Ok(ScimVersion::from_revision(stored.1))
/// }
///
/// let mut stored = ("call Babs".to_owned(), 1);
/// let mut headers = HeaderMap::new();
/// let refused = put(&headers, &mut stored, "never").unwrap_err();
/// assert_eq!(refused.status(), StatusCode::PRECONDITION_REQUIRED);
///
/// headers.insert(header::IF_MATCH, r#"W/"1""#.parse()?);
/// put(&headers, &mut stored, "call Barbara")?;
/// let refused = put(&headers, &mut stored, "never").unwrap_err();
/// assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED);
/// assert_eq!(refused.into_response::<Vec<u8>>().headers()[header::ETAG], r#"W/"2""#);
/// assert_eq!(stored.0, "call Barbara");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionalRequest {
    method: Method,
    preconditions: Preconditions,
    version_required: bool,
}

impl ConditionalRequest {
    /// What `method` and `headers` say.
    ///
    /// # Errors
    ///
    /// [`Refused::Malformed`] if `If-Match` or `If-None-Match` can't be read: to go on without would be
    /// a write that its sender wanted to be protected, and is not.
    pub fn new(method: &Method, headers: &HeaderMap) -> Result<Self, Refused> {
        Ok(Self {
            method: method.clone(),
            preconditions: preconditions(headers)?,
            version_required: false,
        })
    }

    /// The same request, which is refused if it writes and names no version: two who read the same
    /// would overwrite each other.
    #[must_use]
    pub const fn requiring_version(mut self) -> Self {
        self.version_required = true;
        self
    }

    /// Gives back what was `found`, with its version, if the request may go on; see
    /// [`handle_conditional_request`].
    ///
    /// Nobody may write between this and the write that follows: call it under the lock or within
    /// the transaction that writes, or let the store compare once more (`… WHERE version = ?`).
    ///
    /// # Errors
    ///
    /// The answer, if it may not.
    pub fn check<T>(&self, found: Option<(T, ScimVersion)>) -> Result<(T, ScimVersion), Refused> {
        let named = &self.preconditions;
        let current = found.as_ref().map(|(_, version)| version);
        let decision = handle_conditional_request(
            &self.method,
            named.if_match(),
            named.if_none_match(),
            current,
        );
        let Some((found, current)) = found else {
            return Err(Refused::NotFound);
        };
        match decision {
            Decision::Proceed if self.version_required && self.writes_unseen() => {
                Err(Refused::VersionRequired)
            }
            Decision::Proceed => Ok((found, current)),
            Decision::NotModified => Err(Refused::NotModified { current }),
            Decision::Failed => Err(Refused::Failed { current }),
            Decision::NotFound => Err(Refused::NotFound),
        }
    }

    /// What it names.
    pub const fn preconditions(&self) -> &Preconditions {
        &self.preconditions
    }

    fn writes_unseen(&self) -> bool {
        !self.method.is_safe() && self.preconditions.if_match().is_none()
    }
}

/// Why a request is not carried out: an answer that is complete, whatever the framework.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refused {
    /// A precondition can't be read: 400.
    #[error(transparent)]
    Malformed(#[from] HeaderError),
    /// There is no such thing, whatever was named: 404.
    #[error("there is no such resource")]
    NotFound,
    /// The client has the current version: 304.
    #[error("the client has the current version")]
    NotModified {
        /// The version there is.
        current: ScimVersion,
    },
    /// Another version was expected: 412.
    #[error("the preconditions do not hold: the current version is {}", current.to_http_header())]
    Failed {
        /// The version there is.
        current: ScimVersion,
    },
    /// No version was named: 428.
    #[error("the request has to name the version that it replaces: send it in If-Match")]
    VersionRequired,
    /// The application has a reason of its own.
    #[error(transparent)]
    Other(#[from] ScimError),
}

impl Refused {
    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotModified { .. } => StatusCode::NOT_MODIFIED,
            Self::Failed { .. } => StatusCode::PRECONDITION_FAILED,
            Self::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::Other(error) => error.status(),
        }
    }

    /// The answer: an error as SCIM has it, with the current version as `ETag` where there is one; 304
    /// without content.
    pub fn into_response<B: Default + From<Vec<u8>>>(self) -> Response<B> {
        let status = self.status();
        let detail = self.to_string();
        match self {
            Self::NotModified { current } => not_modified_response(&current, None),
            Self::Malformed(error) => ScimError::from(error).into_response(),
            Self::Other(error) => error.into_response(),
            Self::Failed { current } => ScimError::new(status, detail)
                .with_etag(&current)
                .into_response(),
            Self::NotFound | Self::VersionRequired => {
                ScimError::new(status, detail).into_response()
            }
        }
    }
}

/// What a store says that compared once more.
impl From<VersionConflict> for Refused {
    fn from(conflict: VersionConflict) -> Self {
        Self::Failed {
            current: conflict.current,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};

    use super::*;

    fn refused(method: Method, headers: &[(http::HeaderName, &str)], current: Option<u64>) -> u16 {
        let headers = headers.iter().cloned();
        let headers = headers.map(|(name, value)| (name, value.parse().unwrap()));
        let found = current.map(|revision| ((), ScimVersion::from_revision(revision)));
        let answer = ConditionalRequest::new(&method, &headers.collect())
            .map(ConditionalRequest::requiring_version)
            .and_then(|request| request.check(found));
        answer.map_or_else(|refused| refused.status().as_u16(), |_| 200)
    }

    #[test]
    fn each_reason_has_its_status() {
        use Method as M;
        let (current, stale) = ("W/\"2\"", "\"1\"");
        assert_eq!(refused(M::GET, &[], Some(2)), 200);
        assert_eq!(refused(M::GET, &[(IF_NONE_MATCH, "\"2\"")], Some(2)), 304);
        assert_eq!(refused(M::PUT, &[(IF_MATCH, current)], Some(2)), 200);
        assert_eq!(refused(M::PUT, &[(IF_MATCH, stale)], Some(2)), 412);
        assert_eq!(
            refused(
                M::PUT,
                &[(IF_MATCH, current), (IF_NONE_MATCH, "*")],
                Some(2)
            ),
            412
        );
        assert_eq!(refused(M::DELETE, &[], Some(2)), 428);
        assert_eq!(
            refused(M::DELETE, &[(IF_NONE_MATCH, "\"1\"")], Some(2)),
            428
        );
        assert_eq!(refused(M::DELETE, &[(IF_MATCH, "2")], Some(2)), 400);
        for named in [&[][..], &[(IF_MATCH, stale)], &[(IF_NONE_MATCH, "*")]] {
            assert_eq!(refused(M::PUT, named, None), 404);
        }
    }

    #[test]
    fn a_refusal_shows_the_version_there_is() {
        let current = ScimVersion::from_revision(2);
        let conflict = VersionConflict::new("Note", "1", ScimVersion::from_revision(1), current);
        let response: Response<Vec<u8>> = Refused::from(conflict).into_response();
        assert_eq!(response.headers()[ETAG], "W/\"2\"");
        let body = String::from_utf8(response.into_body()).unwrap();
        assert!(body.contains(r#"current version is W/\"2\""#), "{body}");
    }
}
