//! `If-Match` and `If-None-Match`, out of a header map.

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use scim_ops::Preconditions;
use scim_ops::version::{Precondition, VersionError};
use thiserror::Error;

/// What `If-Match` says (RFC 9110 §13.1.1): `None` if there is no such header.
///
/// All its field lines are one list (§5.3).
///
/// # Errors
///
/// If a line is malformed. Refuse the request then: the client asked for protection, and to
/// go on without would be an unconditional write.
///
/// ```
/// use http::{HeaderMap, header};
/// use scim_http::extract_if_match;
/// use scim_http::version::ScimVersion;
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(extract_if_match(&headers)?, None);
///
/// headers.append(header::IF_MATCH, r#"W/"1""#.parse()?);
/// headers.append(header::IF_MATCH, r#""2""#.parse()?);
/// let named = extract_if_match(&headers)?.ok_or("it is there")?;
/// assert!(named.matches(&ScimVersion::from_revision(2)));
///
/// headers.append(header::IF_MATCH, "3".parse()?);
/// let error = extract_if_match(&headers).unwrap_err();
/// assert_eq!((error.header(), error.line(), error.offset()), (&header::IF_MATCH, 2, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn extract_if_match(headers: &HeaderMap) -> Result<Option<Precondition>, HeaderError> {
    extract(headers, &IF_MATCH)
}

/// What `If-None-Match` says (RFC 9110 §13.1.2): `None` if there is no such header.
///
/// # Errors
///
/// As [`extract_if_match`].
pub fn extract_if_none_match(headers: &HeaderMap) -> Result<Option<Precondition>, HeaderError> {
    extract(headers, &IF_NONE_MATCH)
}

/// The entity tags that a request expects of the resource: [`extract_if_match`] under the
/// name that the documents of this system use.
///
/// # Errors
///
/// As [`extract_if_match`].
pub fn extract_etag_from_headers(headers: &HeaderMap) -> Result<Option<Precondition>, HeaderError> {
    extract_if_match(headers)
}

/// What both headers say, for a [`ScimOperationRequest`](scim_ops::ScimOperationRequest).
///
/// # Errors
///
/// As [`extract_if_match`].
///
/// ```
/// use http::{HeaderMap, header};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(header::IF_NONE_MATCH, "*".parse()?);
/// let preconditions = scim_http::preconditions(&headers)?;
/// assert!(preconditions.if_match().is_none());
/// assert!(preconditions.if_none_match().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn preconditions(headers: &HeaderMap) -> Result<Preconditions, HeaderError> {
    let mut preconditions = Preconditions::new();
    if let Some(named) = extract_if_match(headers)? {
        preconditions = preconditions.with_if_match(named);
    }
    if let Some(named) = extract_if_none_match(headers)? {
        preconditions = preconditions.with_if_none_match(named);
    }
    Ok(preconditions)
}

fn extract(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Precondition>, HeaderError> {
    if !headers.contains_key(name) {
        return Ok(None);
    }
    let lines = headers.get_all(name).into_iter().map(HeaderValue::as_bytes);
    match Precondition::parse(lines) {
        Ok(precondition) => Ok(Some(precondition)),
        Err(source) => Err(HeaderError {
            header: name.clone(),
            source,
        }),
    }
}

/// A header that can't be read as entity tags.
///
/// It never holds what the client sent, so that it can be logged or answered as it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("malformed {header}")]
pub struct HeaderError {
    header: HeaderName,
    source: VersionError,
}

impl HeaderError {
    /// The name of the header.
    pub const fn header(&self) -> &HeaderName {
        &self.header
    }

    /// Which of its field lines is malformed, counted from 0.
    pub const fn line(&self) -> usize {
        self.source.line()
    }

    /// At which octet of the line, counted from 0.
    pub const fn offset(&self) -> usize {
        self.source.offset()
    }

    /// What is wrong there.
    pub const fn reason(&self) -> &VersionError {
        &self.source
    }
}

#[cfg(test)]
mod tests {
    use scim_ops::version::VersionErrorKind;

    use super::*;

    fn headers(lines: &[(HeaderName, &[u8])]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|(name, line)| (name.clone(), HeaderValue::from_bytes(line).unwrap()))
            .collect()
    }

    #[test]
    fn absent_empty_and_malformed_are_three_things() {
        assert_eq!(extract_if_match(&HeaderMap::new()), Ok(None));
        let empty = extract_if_match(&headers(&[(IF_MATCH, b"")]));
        assert_eq!(empty, Ok(Some(Precondition::Tags(Vec::new()))));
        let malformed = extract_if_match(&headers(&[(IF_MATCH, b"\"a")])).unwrap_err();
        assert_eq!(
            malformed.reason().kind(),
            VersionErrorKind::MissingClosingQuote
        );
    }

    #[test]
    fn field_lines_of_one_name_are_one_list() {
        let lines: &[(HeaderName, &[u8])] = &[
            (IF_NONE_MATCH, b"\"a\", \"b\""),
            (IF_NONE_MATCH, b"W/\"c\""),
        ];
        let Some(Precondition::Tags(tags)) = extract_if_none_match(&headers(lines)).unwrap() else {
            panic!("a list");
        };
        assert_eq!(tags.len(), 3);
    }

    #[test]
    fn a_wildcard_beside_another_line_is_malformed() {
        let lines: &[(HeaderName, &[u8])] = &[(IF_MATCH, b"\"a\""), (IF_MATCH, b"*")];
        let error = extract_if_match(&headers(lines)).unwrap_err();
        assert_eq!((error.line(), error.offset()), (1, 0));
        assert_eq!(error.reason().kind(), VersionErrorKind::WildcardInList);
        assert_eq!(error.to_string(), "malformed if-match");
    }

    #[test]
    fn octets_above_ascii_are_legal_within_quotes() {
        let named = extract_if_match(&headers(&[(IF_MATCH, b"\"\xFF\"")])).unwrap();
        assert!(matches!(named, Some(Precondition::Tags(tags)) if tags.len() == 1));
    }

    #[test]
    fn a_malformed_header_of_either_name_refuses_both() {
        let lines: &[(HeaderName, &[u8])] = &[(IF_MATCH, b"*"), (IF_NONE_MATCH, b"junk")];
        assert_eq!(
            preconditions(&headers(lines)).unwrap_err().header(),
            &IF_NONE_MATCH
        );
    }
}
