//! The version of a resource.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical;
use crate::error::{VersionError, VersionErrorKind};
use crate::etag::ETag;
use crate::scan::scan_one;
use crate::sink::{Sha256Sink, Sink};

/// The version of one resource: opaque, cheap to clone, and always legal inside an entity tag.
///
/// Two versions are the same version exactly if their texts are equal; their order means nothing and is there for sorted
/// maps. The text is not empty and holds visible ASCII without `"` only (the part of RFC 9110 §8.8.3 `etagc` that every
/// recipient reads alike), so that rendering a header cannot fail and no line break can get into one.
/// Serialized, a version is its bare text, without `W/` and quotes.
///
/// ```
/// use scim_version::ScimVersion;
///
/// let stored = ScimVersion::from_content(br#"{"userName":"bjensen"}"#);
/// assert_eq!(stored.as_str().len(), 43);
///
/// // What a client got as `ETag` and sends back as `If-Match`:
/// let named = ScimVersion::parse_http_header(&stored.to_http_header())?;
/// assert!(named.matches(&stored));
/// # Ok::<(), scim_version::VersionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct ScimVersion(Arc<str>);

impl ScimVersion {
    /// The version of these octets: their SHA-256, whole, as URL-safe base64 without padding (43 characters).
    ///
    /// All 256 bits, because whoever chooses contents can make two with one version from a shortened hash.
    ///
    /// ```
    /// # use scim_version::ScimVersion;
    /// let version = ScimVersion::from_content("abc");
    /// assert_eq!(version.as_str(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    /// ```
    #[must_use]
    pub fn from_content(bytes: impl AsRef<[u8]>) -> Self {
        Self::from_digest(Sha256::digest(bytes).into())
    }

    /// The version of these parts in this order, each hashed behind its length (eight octets, big endian).
    ///
    /// For callers whose content is not in one piece. Moving a boundary between parts gives another version; therefore
    /// this is *not* [`from_content`](Self::from_content) of the concatenation, not even for one part (only
    /// no parts at all hash as no octets).
    ///
    /// ```
    /// # use scim_version::ScimVersion;
    /// let version = ScimVersion::from_parts([&b"ab"[..], b"c"]);
    /// assert_ne!(version, ScimVersion::from_parts([&b"a"[..], b"bc"]));
    /// assert_ne!(version, ScimVersion::from_content("abc"));
    /// ```
    #[must_use]
    pub fn from_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256Sink::new();
        for part in parts {
            let length = u64::try_from(part.len()).expect("a slice has fewer than 2^64 octets");
            hash.put(&length.to_be_bytes());
            hash.put(part);
        }
        Self::from_digest(hash.finish())
    }

    /// The version of a resource: the hash of [`from_content`](Self::from_content) over its canonical form.
    ///
    /// The form is that of [`canonical_json`](crate::canonical_json) without what the version itself or the base URL of
    /// the server would change:
    ///
    /// - `version` and `location` of the top-level `meta` (and `meta` itself if nothing else is in it);
    /// - `$ref` of every object that also has `value`, from which it is derived. A `$ref` without `value` counts.
    ///
    /// These five names are compared ASCII-case-insensitively (RFC 7643 §2.1); all other names count as they are written.
    /// So do `null` and empty arrays: bringing a resource into normal form is not this crate's business.
    ///
    /// ```
    /// # use scim_version::ScimVersion;
    /// use serde_json::json;
    ///
    /// let mut user = json!({ "userName": "bjensen", "meta": { "resourceType": "User" } });
    /// let version = ScimVersion::from_resource(&user);
    ///
    /// user["meta"]["version"] = version.to_http_header().into();
    /// user["meta"]["location"] = "https://example.com/v2/Users/2819c223".into();
    /// assert_eq!(ScimVersion::from_resource(&user), version);
    ///
    /// user["userName"] = "babs".into();
    /// assert_ne!(ScimVersion::from_resource(&user), version);
    /// ```
    #[must_use]
    pub fn from_resource(resource: &Value) -> Self {
        let mut hash = Sha256Sink::new();
        canonical::write_resource(resource, &mut hash);
        Self::from_digest(hash.finish())
    }

    /// A version that was made elsewhere: a hash, a row version, a sequence number of a store.
    ///
    /// # Errors
    ///
    /// [`Empty`](VersionErrorKind::Empty) and [`IllegalOctet`](VersionErrorKind::IllegalOctet): a version is one or more
    /// octets of visible ASCII without `"`.
    ///
    /// ```
    /// # use scim_version::ScimVersion;
    /// assert_eq!(ScimVersion::from_hash("e180ee84f0671b1")?.as_str(), "e180ee84f0671b1");
    /// assert!(ScimVersion::from_hash("two words").is_err());
    /// # Ok::<(), scim_version::VersionError>(())
    /// ```
    pub fn from_hash(hash: impl AsRef<str>) -> Result<Self, VersionError> {
        let hash = hash.as_ref();
        check(hash.as_bytes())?;
        Ok(Self(Arc::from(hash)))
    }

    /// The version of a store that counts: the revision in decimal.
    ///
    /// ```
    /// # use scim_version::ScimVersion;
    /// assert_eq!(ScimVersion::from_revision(42).to_http_header(), r#"W/"42""#);
    /// ```
    #[must_use]
    pub fn from_revision(revision: u64) -> Self {
        Self(Arc::from(itoa::Buffer::new().format(revision)))
    }

    /// The version in a header that names exactly one, as a weak or a strong entity tag.
    ///
    /// For a header that may be a list or `*`, as `If-Match` and `If-None-Match` may, see
    /// [`Precondition::parse`](crate::Precondition::parse).
    ///
    /// # Errors
    ///
    /// Whatever [`ETag::parse`] refuses; [`NotOneTag`](VersionErrorKind::NotOneTag) for `*` and lists;
    /// [`NotAVersion`](VersionErrorKind::NotAVersion) for a legal tag that is empty or has octets above 0x7F.
    ///
    /// ```
    /// # use scim_version::{ScimVersion, VersionErrorKind};
    /// let version = ScimVersion::from_hash("e180ee84f0671b1")?;
    /// assert_eq!(ScimVersion::parse_http_header(r#"W/"e180ee84f0671b1""#)?, version);
    /// assert_eq!(ScimVersion::parse_http_header(r#""e180ee84f0671b1""#)?, version);
    ///
    /// let error = ScimVersion::parse_http_header(r#""""#).unwrap_err();
    /// assert_eq!(error.kind(), VersionErrorKind::NotAVersion);
    /// # Ok::<(), scim_version::VersionError>(())
    /// ```
    pub fn parse_http_header(header: &str) -> Result<Self, VersionError> {
        let octets = header.as_bytes();
        let (_, opaque) = scan_one(octets)?;
        let (start, opaque) = (opaque.start, &octets[opaque]);
        match check(opaque) {
            Ok(()) => Ok(Self::from_checked(opaque)),
            Err(error) => Err(VersionError::new(
                VersionErrorKind::NotAVersion,
                start + error.offset(),
            )),
        }
    }

    /// The entity tag of this version as a header has it: `W/"…"`.
    ///
    /// Generated tags are weak, because one version covers every projection of a resource
    /// (`attributes`, `excludedAttributes`), and those are different representations (RFC 9110 §8.8.1).
    #[must_use]
    pub fn to_http_header(&self) -> String {
        let mut header = String::with_capacity(self.0.len() + 4);
        header.push_str("W/\"");
        header.push_str(&self.0);
        header.push('"');
        header
    }

    /// The entity tag of this version: weak, as in [`to_http_header`](Self::to_http_header).
    #[must_use]
    pub fn to_etag(&self) -> ETag {
        ETag::weak(self.clone())
    }

    /// Whether both are the same version; the same as `==`.
    ///
    /// To compare with what a client sent, see [`Precondition::matches`](crate::Precondition::matches).
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self == other
    }

    /// The bare text, without `W/` and quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The version with these octets, if they can be one.
    pub(crate) fn from_octets(octets: &[u8]) -> Option<Self> {
        check(octets).ok().map(|()| Self::from_checked(octets))
    }

    pub(crate) fn into_inner(self) -> Arc<str> {
        self.0
    }

    fn from_checked(octets: &[u8]) -> Self {
        let text = str::from_utf8(octets).expect("a checked version is ASCII");
        Self(Arc::from(text))
    }

    fn from_digest(digest: [u8; 32]) -> Self {
        let mut text = [0; 43];
        URL_SAFE_NO_PAD
            .encode_slice(digest, &mut text)
            .expect("32 octets are 43 characters of base64");
        Self::from_checked(&text)
    }
}

/// The invariant of [`ScimVersion`].
fn check(octets: &[u8]) -> Result<(), VersionError> {
    if octets.is_empty() {
        return Err(VersionError::new(VersionErrorKind::Empty, 0));
    }
    match octets
        .iter()
        .position(|octet| !matches!(octet, 0x21 | 0x23..=0x7E))
    {
        None => Ok(()),
        Some(offset) => Err(VersionError::new(
            VersionErrorKind::IllegalOctet(octets[offset]),
            offset,
        )),
    }
}

impl fmt::Display for ScimVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for ScimVersion {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScimVersion {
    type Err = VersionError;

    /// As [`from_hash`](ScimVersion::from_hash): the bare text, not an entity tag.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::from_hash(text)
    }
}

impl TryFrom<String> for ScimVersion {
    type Error = VersionError;

    /// As [`from_hash`](ScimVersion::from_hash): the bare text, not an entity tag.
    fn try_from(text: String) -> Result<Self, VersionError> {
        Self::from_hash(text)
    }
}

impl Serialize for ScimVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (VersionErrorKind, usize) {
        let error = ScimVersion::from_hash(text).unwrap_err();
        (error.kind(), error.offset())
    }

    fn header_refused(text: &str) -> (VersionErrorKind, usize) {
        let error = ScimVersion::parse_http_header(text).unwrap_err();
        (error.kind(), error.offset())
    }

    #[test]
    fn content_is_hashed_whole() {
        // SHA-256 of nothing: e3b0c442 98fc1c14 … 7852b855.
        assert_eq!(
            ScimVersion::from_content("").as_str(),
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
        );
    }

    #[test]
    fn parts_are_framed_by_their_lengths() {
        let framed = b"\0\0\0\0\0\0\0\x02ab\0\0\0\0\0\0\0\x01c";
        assert_eq!(
            ScimVersion::from_parts([&b"ab"[..], b"c"]),
            ScimVersion::from_content(framed)
        );
        assert_ne!(
            ScimVersion::from_parts([&b""[..], b"a"]),
            ScimVersion::from_parts([&b"a"[..], b""])
        );
    }

    #[test]
    fn what_a_tag_cannot_carry_is_refused() {
        use VersionErrorKind::{Empty, IllegalOctet};

        assert_eq!(refused(""), (Empty, 0));
        assert_eq!(refused("a\rb"), (IllegalOctet(b'\r'), 1));
        assert_eq!(refused("a\n"), (IllegalOctet(b'\n'), 1));
        assert_eq!(refused("\"a\""), (IllegalOctet(b'"'), 0));
        assert_eq!(refused("a b"), (IllegalOctet(b' '), 1));
        assert_eq!(refused("\tb"), (IllegalOctet(b'\t'), 0));
        assert_eq!(refused("a\0"), (IllegalOctet(0), 1));
        assert_eq!(refused("a\x7F"), (IllegalOctet(0x7F), 1));
        assert_eq!(refused("ä"), (IllegalOctet(0xC3), 0));
    }

    #[test]
    fn header_is_one_tag_weak_or_strong_with_space_around() {
        let version = ScimVersion::from_hash("a").unwrap();
        for header in [r#""a""#, r#"W/"a""#, " \t\"a\"", "W/\"a\" \t"] {
            assert_eq!(ScimVersion::parse_http_header(header).unwrap(), version);
        }
    }

    #[test]
    fn header_that_is_not_one_version_is_refused() {
        use VersionErrorKind::{Empty, IllegalOctet, LowercaseWeak, NotAVersion, NotOneTag};

        assert_eq!(header_refused("*"), (NotOneTag, 0));
        assert_eq!(header_refused(r#""a", "b""#), (NotOneTag, 3));
        assert_eq!(header_refused(r#""a","#), (NotOneTag, 3));
        assert_eq!(header_refused(""), (Empty, 0));
        assert_eq!(header_refused(r#""""#), (NotAVersion, 1));
        assert_eq!(header_refused(r#" W/"aä""#), (NotAVersion, 5));
        assert_eq!(header_refused(r#"w/"a""#), (LowercaseWeak, 0));
        assert_eq!(header_refused("\"a\r\nb\""), (IllegalOctet(b'\r'), 2));
    }
}
