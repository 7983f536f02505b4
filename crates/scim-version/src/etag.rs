//! The entity tag of RFC 9110 §8.8.3.

use std::fmt::{self, Write as _};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::VersionError;
use crate::scan::{latin1_octets, scan_one};
use crate::version::ScimVersion;

/// An entity tag as HTTP carries it: a weakness indicator, and the octets between the quotes.
///
/// `==` means identical, weakness and all. Tags are compared by one of the two functions that RFC 9110 §8.8.3.2 names:
///
/// | tag 1 | tag 2 | [`strong_eq`](Self::strong_eq) | [`weak_eq`](Self::weak_eq) | `==` |
/// |---|---|---|---|---|
/// | `W/"1"` | `W/"1"` | no match | match | equal |
/// | `W/"1"` | `W/"2"` | no match | no match | not equal |
/// | `W/"1"` | `"1"` | no match | match | not equal |
/// | `"1"` | `"1"` | match | match | equal |
///
/// As text (`Display`, `FromStr`, serde) each octet is the character of the same number, so that octets above 0x7F
/// survive a round trip.
///
/// ```
/// use scim_version::{ETag, ScimVersion};
///
/// let tag = ETag::parse(r#"W/"e180ee84f0671b1""#)?;
/// assert!(tag.is_weak());
/// assert_eq!(tag.opaque_tag(), b"e180ee84f0671b1");
/// assert_eq!(tag.version(), Some(ScimVersion::from_hash("e180ee84f0671b1")?));
/// assert_eq!(tag.to_string(), r#"W/"e180ee84f0671b1""#);
///
/// // Legal, but no version of ours:
/// assert_eq!(ETag::parse(r#""""#)?.version(), None);
/// # Ok::<(), scim_version::VersionError>(())
/// ```
///
/// A tag is no version: it may be weak or strong, empty, or not even ASCII. The compiler keeps them apart:
///
/// ```compile_fail,E0308
/// use scim_version::{ETag, ScimVersion};
///
/// fn replace(expected: &ScimVersion) {}
///
/// let tag = ETag::parse(r#""a""#).unwrap();
/// replace(&tag);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ETag {
    weak: bool,
    /// Octets of RFC 9110 §8.8.3 `etagc` only: %x21 / %x23-7E / %x80-FF.
    opaque: Arc<[u8]>,
}

impl ETag {
    /// The tag in a header that holds exactly one.
    ///
    /// `W/` is case-sensitive, the opaque tag may be empty, octets above 0x7F are legal, and a backslash escapes nothing
    /// (RFC 9110 §8.8.3). Spaces and tabs around the tag are tolerated.
    ///
    /// # Errors
    ///
    /// Where and how the text departs from that; [`NotOneTag`](crate::VersionErrorKind::NotOneTag) for `*` and lists.
    pub fn parse(octets: impl AsRef<[u8]>) -> Result<Self, VersionError> {
        let octets = octets.as_ref();
        let (weak, opaque) = scan_one(octets)?;
        Ok(Self::from_scanned(weak, &octets[opaque]))
    }

    /// The weak tag of this version: the one that SCIM responses carry.
    #[must_use]
    pub fn weak(version: ScimVersion) -> Self {
        Self {
            weak: true,
            opaque: version.into_inner().into(),
        }
    }

    /// The strong tag of this version.
    #[must_use]
    pub fn strong(version: ScimVersion) -> Self {
        Self {
            weak: false,
            opaque: version.into_inner().into(),
        }
    }

    /// Whether the tag begins with `W/`.
    #[must_use]
    pub const fn is_weak(&self) -> bool {
        self.weak
    }

    /// The octets between the quotes, as received.
    #[must_use]
    pub fn opaque_tag(&self) -> &[u8] {
        &self.opaque
    }

    /// Strong comparison: both are strong and their opaque tags are equal (RFC 9110 §8.8.3.2).
    ///
    /// ```
    /// # use scim_version::ETag;
    /// let (weak, strong) = (ETag::parse(r#"W/"1""#)?, ETag::parse(r#""1""#)?);
    /// assert!(strong.strong_eq(&strong));
    /// assert!(!strong.strong_eq(&weak) && !weak.strong_eq(&weak));
    /// # Ok::<(), scim_version::VersionError>(())
    /// ```
    #[must_use]
    pub fn strong_eq(&self, other: &Self) -> bool {
        !self.weak && !other.weak && self.opaque == other.opaque
    }

    /// Weak comparison: their opaque tags are equal, whatever their weakness (RFC 9110 §8.8.3.2).
    ///
    /// ```
    /// # use scim_version::ETag;
    /// let (weak, strong) = (ETag::parse(r#"W/"1""#)?, ETag::parse(r#""1""#)?);
    /// assert!(strong.weak_eq(&weak) && weak.weak_eq(&weak));
    /// # Ok::<(), scim_version::VersionError>(())
    /// ```
    #[must_use]
    pub fn weak_eq(&self, other: &Self) -> bool {
        self.opaque == other.opaque
    }

    /// Weak comparison with the tag of a version, without making that tag.
    #[must_use]
    pub fn matches_version(&self, version: &ScimVersion) -> bool {
        *self.opaque == *version.as_str().as_bytes()
    }

    /// The version that the tag names, unless it is empty or has octets above 0x7F.
    #[must_use]
    pub fn version(&self) -> Option<ScimVersion> {
        ScimVersion::from_octets(&self.opaque)
    }

    /// The octets of the tag as in the header.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(self.opaque.len() + 4);
        octets.extend_from_slice(self.opening());
        octets.extend_from_slice(&self.opaque);
        octets.push(b'"');
        octets
    }

    /// The octets must be what `scan` found between quotes.
    pub(crate) fn from_scanned(weak: bool, opaque: &[u8]) -> Self {
        Self {
            weak,
            opaque: Arc::from(opaque),
        }
    }

    const fn opening(&self) -> &'static [u8] {
        if self.weak { b"W/\"" } else { b"\"" }
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.weak { "W/\"" } else { "\"" })?;
        for octet in &*self.opaque {
            f.write_char(char::from(*octet))?;
        }
        f.write_char('"')
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weak = if self.weak { "W/" } else { "" };
        write!(f, "ETag({weak}\"{}\")", self.opaque.escape_ascii())
    }
}

impl FromStr for ETag {
    type Err = VersionError;

    /// The inverse of `Display`: each character stands for the octet of the same number.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::parse(latin1_octets(text)?)
    }
}

impl From<ScimVersion> for ETag {
    /// The weak tag.
    fn from(version: ScimVersion) -> Self {
        Self::weak(version)
    }
}

impl From<&ScimVersion> for ETag {
    /// The weak tag.
    fn from(version: &ScimVersion) -> Self {
        Self::weak(version.clone())
    }
}

impl Serialize for ETag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ETag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> ETag {
        ETag::parse(text).unwrap()
    }

    #[test]
    fn comparisons_follow_the_table_of_rfc_9110() {
        let rows = [
            (r#"W/"1""#, r#"W/"1""#, false, true),
            (r#"W/"1""#, r#"W/"2""#, false, false),
            (r#"W/"1""#, r#""1""#, false, true),
            (r#""1""#, r#""1""#, true, true),
        ];
        for (left, right, strong, weak) in rows {
            for (a, b) in [(tag(left), tag(right)), (tag(right), tag(left))] {
                assert_eq!(a.strong_eq(&b), strong, "{a} {b}");
                assert_eq!(a.weak_eq(&b), weak, "{a} {b}");
                assert_eq!(a == b, left == right, "{a} {b}");
            }
        }
    }

    #[test]
    fn the_examples_of_rfc_9110_are_legal() {
        for text in [r#""xyzzy""#, r#"W/"xyzzy""#, r#""""#] {
            assert_eq!(tag(text).to_bytes(), text.as_bytes());
        }
        assert_eq!(tag(r#""""#).opaque_tag(), b"");
    }

    #[test]
    fn octets_above_ascii_are_legal_kept_and_never_a_version() {
        let tag = ETag::parse(b"\"\x80a\xFF\"").unwrap();
        assert_eq!(tag.opaque_tag(), b"\x80a\xFF");
        assert_eq!(tag.version(), None);
        assert_eq!(tag.to_string(), "\"\u{80}a\u{FF}\"");
        assert_eq!(tag.to_string().parse::<ETag>().unwrap(), tag);
        assert_eq!(format!("{tag:?}"), r#"ETag("\x80a\xff")"#);
    }

    #[test]
    fn a_backslash_escapes_nothing() {
        assert_eq!(tag(r#""a\""#).opaque_tag(), br"a\");
    }

    #[test]
    fn a_version_matches_its_tags_weak_and_strong() {
        let version = ScimVersion::from_hash("a").unwrap();
        assert!(ETag::weak(version.clone()).matches_version(&version));
        assert!(ETag::strong(version.clone()).matches_version(&version));
        assert!(!tag(r#""A""#).matches_version(&version));
        assert!(!tag(r#""""#).matches_version(&version));
        assert_eq!(ETag::from(&version), version.to_etag());
        assert_eq!(ETag::from(version.clone()).version(), Some(version));
    }
}
