//! What a client would like to be answered (RFC 7240).

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

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
}
