//! Which media types are read and answered (RFC 7644 §3.8).

use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, StatusCode};

use crate::ScimError;
use crate::field::{parameter, split};

/// The media type of every answer (RFC 7644 §8.1).
pub(crate) const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");

const READ: HeaderValue = HeaderValue::from_static("application/scim+json, application/json");
const TYPES: [&[u8]; 2] = [b"application/scim+json", b"application/json"];

/// 415, unless the content is JSON as it is.
///
/// - `application/scim+json` and `application/json` are read, whatever their parameters, as
///   long as a `charset` is UTF-8 or a part of it: JSON has no other (RFC 8259 §8.1).
/// - Without a `Content-Type` the content is taken for `application/scim+json` (RFC 7644 §3.8:
///   the format defaults to it).
/// - No content coding is undone.
pub(crate) fn check_content(headers: &HeaderMap) -> Result<(), ScimError> {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let readable = match (types.next(), types.next()) {
        (None, _) => true,
        (Some(content_type), None) => is_json(content_type.as_bytes()),
        (Some(_), Some(_)) => false,
    };
    if !readable {
        let detail = "send application/scim+json or application/json, in UTF-8";
        return Err(
            ScimError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).with_header(ACCEPT, READ)
        );
    }
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let detail = "send the content without a content coding";
        return Err(ScimError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    Ok(())
}

/// 406, unless the client takes one of the two types: no `Accept` and an empty one admit
/// everything; of several ranges that match the most specific counts, and `q=0` means
/// "not this" (RFC 9110 §12.5.1).
pub(crate) fn check_accept(headers: &HeaderMap) -> Result<(), ScimError> {
    let mut lines = headers
        .get_all(ACCEPT)
        .iter()
        .map(HeaderValue::as_bytes)
        .peekable();
    if lines.peek().is_none() {
        return Ok(());
    }
    let ranges: Vec<Range<'_>> = lines
        .flat_map(|line| split(line, b','))
        .filter(|range| !range.is_empty())
        .map(Range::of)
        .collect();
    if ranges.is_empty() || TYPES.iter().any(|media_type| admits(&ranges, media_type)) {
        return Ok(());
    }
    let detail = "every answer is application/scim+json";
    Err(ScimError::new(StatusCode::NOT_ACCEPTABLE, detail))
}

fn is_json(content_type: &[u8]) -> bool {
    let mut parts = split(content_type, b';');
    let media_type = parts.next().unwrap_or_default();
    TYPES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type))
        && parts
            .filter_map(|part| parameter(part, b"charset"))
            .all(|charset| {
                charset.eq_ignore_ascii_case(b"utf-8") || charset.eq_ignore_ascii_case(b"us-ascii")
            })
}

/// A member of `Accept`.
struct Range<'a> {
    media_range: &'a [u8],
    wanted: bool,
}

impl<'a> Range<'a> {
    fn of(member: &'a [u8]) -> Self {
        let mut parts = split(member, b';');
        let media_range = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| parameter(part, b"q"));
        Self {
            media_range,
            wanted: !quality.is_some_and(is_zero),
        }
    }

    /// How specific the range is, if it holds `media_type`.
    fn holds(&self, media_type: &[u8]) -> Option<u8> {
        if self.media_range.eq_ignore_ascii_case(media_type) {
            Some(2)
        } else if self.media_range.eq_ignore_ascii_case(b"application/*") {
            Some(1)
        } else if self.media_range == b"*/*" {
            Some(0)
        } else {
            None
        }
    }
}

fn admits(ranges: &[Range<'_>], media_type: &[u8]) -> bool {
    let matching = ranges
        .iter()
        .filter_map(|range| Some((range.holds(media_type)?, range.wanted)));
    matching.max().is_some_and(|(_, wanted)| wanted)
}

/// `qvalue` 0 (RFC 9110 §12.4.2), in any of its spellings.
fn is_zero(quality: &[u8]) -> bool {
    matches!(quality, b"0" | b"0." | b"0.0" | b"0.00" | b"0.000")
}

#[cfg(test)]
mod tests {
    use http::header::HeaderName;

    use super::*;

    fn headers(name: HeaderName, lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| (name.clone(), HeaderValue::from_static(line)))
            .collect()
    }

    fn reads(content_type: &'static str) -> bool {
        check_content(&headers(CONTENT_TYPE, &[content_type])).is_ok()
    }

    fn accepts(lines: &[&'static str]) -> bool {
        check_accept(&headers(ACCEPT, lines)).is_ok()
    }

    #[test]
    fn both_json_types_are_read_with_or_without_parameters() {
        for content_type in [
            "application/scim+json",
            "application/json",
            "Application/SCIM+JSON ; charset=\"UTF-8\"",
            "application/json;charset=utf-8",
            "application/scim+json; profile=\"a;charset=latin1\"",
        ] {
            assert!(reads(content_type), "{content_type}");
        }
        assert!(check_content(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn other_types_charsets_and_codings_are_not_read() {
        for content_type in [
            "",
            "text/plain",
            "application/json-patch+json",
            "application/xml; a=application/json",
            "application/json; charset=iso-8859-1",
        ] {
            assert!(!reads(content_type), "{content_type}");
        }
        let twice = headers(CONTENT_TYPE, &["application/json", "application/json"]);
        assert_eq!(
            check_content(&twice).unwrap_err().status(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
        assert!(check_content(&headers(CONTENT_ENCODING, &["gzip"])).is_err());
        assert!(check_content(&headers(CONTENT_ENCODING, &["identity"])).is_ok());
    }

    #[test]
    fn ranges_that_admit_json_are_accepted() {
        for lines in [
            &[][..],
            &[""],
            &["*/*"],
            &["application/*;q=0.1"],
            &["text/html, application/json;q=0.5"],
            &["text/html", "APPLICATION/SCIM+JSON"],
            &["application/json;q=0, */*"],
            &["*/*;q=0, application/scim+json"],
            &["text/html;a=\",\", application/scim+json; q=1.000"],
            &["application/scim+json;q=junk"],
        ] {
            assert!(accepts(lines), "{lines:?}");
        }
    }

    #[test]
    fn ranges_that_exclude_json_are_not_accepted() {
        for lines in [
            &["text/html"][..],
            &["application/xml, text/*"],
            &["*/*;q=0"],
            &["application/*;q=0.000, */*"],
            &["application/scim+json; q=0, application/json;Q=0.0, */*"],
            &["text/html;a=\", application/json, \""],
            &["junk"],
        ] {
            assert!(!accepts(lines), "{lines:?}");
        }
    }
}
