//! What a client would like to be answered (RFC 7240).

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Response};
use scim_ops::version::ScimVersion;

use crate::field::{parameter, split};

const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Says which preference was followed (RFC 7240 §3).
pub(crate) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The preference `return` (RFC 7240 §4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Return {
    /// No more than that it was done.
    Minimal,
    /// The resource as it is now.
    Representation,
}

impl Return {
    /// The value of `Preference-Applied`.
    pub(crate) const fn applied(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Minimal => "return=minimal",
            Self::Representation => "return=representation",
        })
    }
}

/// The preference `return` of a request. Of several the first counts (§2); a preference that
/// can't be read is none, since nothing depends on its being followed.
pub(crate) fn preferred_return(headers: &HeaderMap) -> Option<Return> {
    let mut preferences = headers
        .get_all(PREFER)
        .iter()
        .flat_map(|line| split(line.as_bytes(), b','))
        .filter_map(|preference| split(preference, b';').next());
    let value = preferences.find_map(|preference| parameter(preference, b"return"))?;
    [Return::Minimal, Return::Representation]
        .into_iter()
        .zip([&b"minimal"[..], b"representation"])
        .find(|(_, name)| name.eq_ignore_ascii_case(value))
        .map(|(preferred, _)| preferred)
}

/// `Prefer: merge` names no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MalformedMerge;

/// The version that a change was made to, if its client wants it merged with what has come between:
/// the preference `merge`, an extension, as a version or as an entity tag. Of several the first counts.
pub(crate) fn preferred_merge(headers: &HeaderMap) -> Result<Option<ScimVersion>, MalformedMerge> {
    let mut preferences = headers
        .get_all(PREFER)
        .iter()
        .flat_map(|line| split(line.as_bytes(), b','))
        .filter_map(|preference| split(preference, b';').next());
    let named = preferences.find_map(|preference| {
        let value = parameter(preference, b"merge");
        let bare = preference
            .eq_ignore_ascii_case(b"merge")
            .then_some(&b""[..]);
        value.or(bare)
    });
    let Some(value) = named else {
        return Ok(None);
    };
    let text = str::from_utf8(value).map_err(|_| MalformedMerge)?;
    // Quotes within quotes are escaped (RFC 9110 §5.6.4).
    let text = text.replace("\\\"", "\"");
    let version = if text.contains('"') {
        ScimVersion::parse_http_header(&text)
    } else {
        ScimVersion::from_hash(&*text)
    };
    version.map(Some).map_err(|_| MalformedMerge)
}

/// Says that a change was, or would have been, merged.
pub(crate) fn saying_merged<B>(merges: bool, mut response: Response<B>) -> Response<B> {
    if merges {
        let applied = HeaderValue::from_static("merge");
        response.headers_mut().append(PREFERENCE_APPLIED, applied);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(lines: &[&'static str]) -> Option<Return> {
        let lines = lines
            .iter()
            .map(|line| (PREFER, HeaderValue::from_static(line)));
        preferred_return(&lines.collect())
    }

    #[test]
    fn it_is_found_among_others_on_any_line() {
        for lines in [
            &["return=minimal"][..],
            &["Return = \"Minimal\""],
            &["respond-async, wait=10;return=representation, return=minimal; foo=bar"],
            &[
                "handling=lenient",
                "foo=\", return=representation\"",
                "return=minimal",
            ],
        ] {
            assert_eq!(preferred(lines), Some(Return::Minimal), "{lines:?}");
        }
        assert_eq!(
            preferred(&["return=representation"]),
            Some(Return::Representation)
        );
    }

    #[test]
    fn the_first_of_several_counts() {
        for lines in [
            &["return=representation, return=minimal"][..],
            &["return=representation", "return=minimal"],
        ] {
            assert_eq!(preferred(lines), Some(Return::Representation));
        }
        assert_eq!(preferred(&["return=all, return=minimal"]), None);
    }

    #[test]
    fn what_can_not_be_read_is_no_preference() {
        for lines in [
            &[][..],
            &[""],
            &["return"],
            &["return="],
            &["return-minimal"],
            &["x;return=minimal"],
            &["\"return=minimal"],
        ] {
            assert_eq!(preferred(lines), None, "{lines:?}");
        }
    }

    fn merge(lines: &[&'static str]) -> Result<Option<String>, MalformedMerge> {
        let lines = lines
            .iter()
            .map(|line| (PREFER, HeaderValue::from_static(line)));
        let version = preferred_merge(&lines.collect())?;
        Ok(version.map(|version| version.as_str().to_owned()))
    }

    #[test]
    fn the_base_of_a_merge_is_a_version_or_a_tag() {
        for lines in [
            &["merge=a-b_C"][..],
            &["return=minimal, Merge = \"a-b_C\""],
            &["return=minimal", "merge=\"W/\\\"a-b_C\\\"\"; x=y, merge=z"],
        ] {
            assert_eq!(merge(lines), Ok(Some("a-b_C".into())), "{lines:?}");
        }
        assert_eq!(
            merge(&["return=minimal", "unmerge=a", "x; merge=a"]),
            Ok(None)
        );
    }

    #[test]
    fn a_base_that_can_not_be_read_is_an_error() {
        for line in [
            "merge",
            "merge=",
            "merge=\"\"",
            "merge=\"a",
            "merge=\"a b\"",
            "merge=a\"b",
        ] {
            assert_eq!(merge(&[line]), Err(MalformedMerge), "{line}");
        }
    }
}
