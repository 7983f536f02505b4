//! Conditional requests for handlers of any framework (RFC 9110 §13).

use http::header::{CONTENT_LOCATION, ETAG, HeaderValue};
use http::{Method, Response, StatusCode};
use scim_ops::version::{Precondition, ScimVersion};
use scim_ops::{Access, Judgement, Preconditions};

/// What becomes of a request by its preconditions; see [`handle_conditional_request`].
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever decides on a write has to think of each outcome"
)]
pub enum Decision {
    /// Carry it out.
    Proceed,
    /// Answer 304: the client has the current version; see [`not_modified_response`].
    NotModified,
    /// Answer 412, with the current version as `ETag`; nothing is changed.
    Failed,
    /// Answer 404: there is no resource, and preconditions count only if the request
    /// would otherwise succeed (RFC 9110 §13.2.1).
    NotFound,
}

/// Decides, by RFC 9110 §13.2.2, what becomes of a request for one resource whose version is
/// `current` (`None`: there is no such resource).
///
/// `If-Match` is judged first, then `If-None-Match`; both compare weakly, in
/// [`Precondition::matches`]. Conditions on dates are no part of this: within a second two
/// writes look alike.
///
/// - A missing resource is [`Decision::NotFound`] whatever the preconditions are, since in SCIM
///   no method creates a resource under an id that the client chose. Only POST, whose
///   target is the collection, proceeds then, whatever `If-Match` says: `current` is the
///   resource that the new one would collide with.
/// - OPTIONS, TRACE and CONNECT select no resource, so they always proceed (§13.2.1).
///
/// The decision holds for `current` only. A write still has to name that version to the
/// store, which compares and writes in one step; [`ScimOperationHandler`] does both.
///
/// [`ScimOperationHandler`]: scim_ops::ScimOperationHandler
///
/// ```
/// use http::Method;
/// use scim_http::version::{Precondition, ScimVersion};
/// use scim_http::{Decision, handle_conditional_request};
///
/// let current = ScimVersion::from_revision(2);
/// let stale = Precondition::from(ScimVersion::from_revision(1));
/// let decide = |method, if_match, if_none_match, current| {
///     handle_conditional_request(&method, if_match, if_none_match, current)
/// };
///
/// assert_eq!(decide(Method::PUT, Some(&stale), None, Some(&current)), Decision::Failed);
/// assert_eq!(decide(Method::PUT, Some(&stale), None, None), Decision::NotFound);
///
/// let held = Precondition::from(&current);
/// assert_eq!(decide(Method::GET, None, Some(&held), Some(&current)), Decision::NotModified);
/// assert_eq!(decide(Method::PUT, None, Some(&held), Some(&current)), Decision::Failed);
/// ```
pub fn handle_conditional_request(
    method: &Method,
    if_match: Option<&Precondition>,
    if_none_match: Option<&Precondition>,
    current: Option<&ScimVersion>,
) -> Decision {
    if matches!(*method, Method::OPTIONS | Method::TRACE | Method::CONNECT) {
        return Decision::Proceed;
    }
    let Some(current) = current else {
        return match *method {
            Method::POST => Decision::Proceed,
            _ => Decision::NotFound,
        };
    };
    let mut preconditions = Preconditions::new();
    if let Some(named) = if_match {
        preconditions = preconditions.with_if_match(named.clone());
    }
    if let Some(named) = if_none_match {
        preconditions = preconditions.with_if_none_match(named.clone());
    }
    match preconditions.judge(access(method), current) {
        Judgement::Proceed => Decision::Proceed,
        Judgement::NotModified => Decision::NotModified,
        Judgement::IfMatchFailed | Judgement::IfNoneMatchFailed => Decision::Failed,
    }
}

/// Sets `ETag` to the tag of `version`: the same text as `meta.version`.
///
/// It can't fail, because every version is legal in a header.
///
/// ```
/// use http::{Response, header};
/// use scim_http::add_etag_to_response;
/// use scim_http::version::ScimVersion;
///
/// let mut response = Response::new("{}");
/// add_etag_to_response(&mut response, &ScimVersion::from_revision(7));
/// assert_eq!(response.headers()[header::ETAG], r#"W/"7""#);
/// ```
pub fn add_etag_to_response<B>(response: &mut Response<B>, version: &ScimVersion) {
    response.headers_mut().insert(ETAG, etag_value(version));
}

/// 200: `body`, and the tag of its version.
///
/// ```
/// use http::{Response, header};
/// use scim_http::version::ScimVersion;
/// use scim_http::versioned_response;
///
/// let version = ScimVersion::from_revision(7);
/// let response: Response<Vec<u8>> = versioned_response("call Babs", &version);
/// assert_eq!(response.headers()[header::ETAG], r#"W/"7""#);
/// ```
pub fn versioned_response<B>(body: impl Into<B>, version: &ScimVersion) -> Response<B> {
    let mut response = Response::new(body.into());
    add_etag_to_response(&mut response, version);
    response
}

/// 304: the `ETag` and, if it is given, the `Content-Location` that a 200 would have had;
/// neither content nor its type (RFC 9110 §15.4.5).
///
/// ```
/// use http::{Response, StatusCode};
/// use scim_http::not_modified_response;
/// use scim_http::version::ScimVersion;
///
/// let version = ScimVersion::from_revision(7);
/// let response: Response<String> = not_modified_response(&version, None);
/// assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
/// assert!(response.body().is_empty());
/// ```
pub fn not_modified_response<B: Default>(
    version: &ScimVersion,
    content_location: Option<HeaderValue>,
) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    add_etag_to_response(&mut response, version);
    if let Some(location) = content_location {
        response.headers_mut().insert(CONTENT_LOCATION, location);
    }
    response
}

pub(crate) fn etag_value(version: &ScimVersion) -> HeaderValue {
    HeaderValue::try_from(version.to_http_header())
        .expect("a version is visible ASCII, so its tag is a legal header value")
}

fn access(method: &Method) -> Access {
    match *method {
        Method::GET | Method::HEAD => Access::Read,
        _ => Access::Write,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(revision: u64) -> ScimVersion {
        ScimVersion::from_revision(revision)
    }

    fn tag(revision: u64) -> Precondition {
        version(revision).into()
    }

    /// The decision if the resource has version 2, where it exists.
    fn decide(
        method: &Method,
        if_match: Option<Precondition>,
        if_none_match: Option<Precondition>,
        exists: bool,
    ) -> Decision {
        let current = exists.then(|| version(2));
        handle_conditional_request(
            method,
            if_match.as_ref(),
            if_none_match.as_ref(),
            current.as_ref(),
        )
    }

    const ANY: Option<Precondition> = Some(Precondition::Any);
    const READS: [Method; 2] = [Method::GET, Method::HEAD];
    const WRITES: [Method; 4] = [Method::PUT, Method::PATCH, Method::DELETE, Method::POST];

    #[test]
    fn if_match_fails_for_reads_and_writes_alike() {
        for method in READS.iter().chain(&WRITES) {
            assert_eq!(
                decide(method, Some(tag(1)), None, true),
                Decision::Failed,
                "{method}"
            );
            assert_eq!(
                decide(method, Some(tag(2)), None, true),
                Decision::Proceed,
                "{method}"
            );
            assert_eq!(
                decide(method, ANY, None, true),
                Decision::Proceed,
                "{method}"
            );
            assert_eq!(
                decide(method, None, None, true),
                Decision::Proceed,
                "{method}"
            );
        }
    }

    #[test]
    fn if_none_match_is_304_for_reads_and_412_for_writes() {
        for named in [Some(tag(2)), ANY] {
            for method in &READS {
                let decision = decide(method, None, named.clone(), true);
                assert_eq!(decision, Decision::NotModified, "{method}");
            }
            for method in &WRITES {
                let decision = decide(method, None, named.clone(), true);
                assert_eq!(decision, Decision::Failed, "{method}");
            }
        }
        assert_eq!(
            decide(&Method::GET, None, Some(tag(1)), true),
            Decision::Proceed
        );
    }

    #[test]
    fn if_match_goes_before_if_none_match() {
        let decide = |revision| decide(&Method::GET, Some(tag(revision)), Some(tag(2)), true);
        assert_eq!(decide(1), Decision::Failed);
        assert_eq!(decide(2), Decision::NotModified);
    }

    #[test]
    fn a_missing_resource_is_missing_whatever_was_expected() {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            for named in [None, ANY] {
                let decision = decide(&method, named.clone(), named, false);
                assert_eq!(decision, Decision::NotFound, "{method}");
            }
        }
    }

    #[test]
    fn a_creation_proceeds_if_nothing_is_in_its_way() {
        assert_eq!(decide(&Method::POST, None, ANY, false), Decision::Proceed);
        assert_eq!(decide(&Method::POST, None, ANY, true), Decision::Failed);
        assert_eq!(decide(&Method::POST, ANY, None, false), Decision::Proceed);
    }

    #[test]
    fn methods_that_select_nothing_ignore_preconditions() {
        for method in [Method::OPTIONS, Method::TRACE, Method::CONNECT] {
            let decision = decide(&method, Some(tag(1)), None, true);
            assert_eq!(decision, Decision::Proceed, "{method}");
        }
    }

    #[test]
    fn not_modified_has_the_headers_of_the_answer_it_stands_for() {
        let location = HeaderValue::from_static("https://example.com/Users/1");
        let response: Response<()> = not_modified_response(&version(1), Some(location.clone()));
        assert_eq!(response.headers().len(), 2);
        assert_eq!(response.headers()[ETAG], "W/\"1\"");
        assert_eq!(response.headers()[CONTENT_LOCATION], location);
    }
}
