//! `If-Match` and `If-None-Match` (RFC 9110 §13.1.1 and §13.1.2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{VersionError, VersionErrorKind};
use crate::etag::ETag;
use crate::scan::{is_space, latin1_octets, scan, skip_space};
use crate::version::ScimVersion;

/// What a client names in `If-Match`, in `If-None-Match`, or as `version` of a bulk operation.
///
/// ```
/// use scim_version::{Precondition, ScimVersion};
///
/// let current = ScimVersion::from_hash("b")?;
/// let named = Precondition::parse([r#""a", W/"b""#])?;
/// assert!(named.matches(&current));
/// assert!(!named.matches(&ScimVersion::from_hash("c")?));
///
/// assert!(Precondition::Any.matches(&current));
/// // What cannot be read never becomes "no precondition":
/// assert!(Precondition::parse(["b"]).is_err());
/// # Ok::<(), scim_version::VersionError>(())
/// ```
///
/// As text (`Display`, `FromStr`, serde) it is one header value, each octet the character of the same number as in [`ETag`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "RFC 9110 has these two; whoever decides on a write must not overlook a third"
)]
pub enum Precondition {
    /// `*`: whatever exists.
    Any,
    /// One of these. An empty list is legal (RFC 9110 §5.6.1.2) and matches nothing.
    Tags(Vec<ETag>),
}

impl Precondition {
    /// The precondition in these field lines, all of one name, in their order.
    ///
    /// Several lines are one list (RFC 9110 §5.3). It is split outside quotes, so that a comma inside a tag belongs to the
    /// tag; spaces and tabs around members are dropped and empty members skipped (§5.6.1.2). `*` has to be the only
    /// member of the only line, without so much as a comma beside it.
    ///
    /// A single pass in linear time, whatever the lines hold.
    ///
    /// # Errors
    ///
    /// The first departure from the grammar, as for [`ETag::parse`], and besides
    /// [`MissingComma`](VersionErrorKind::MissingComma) and [`WildcardInList`](VersionErrorKind::WildcardInList).
    /// A request with such a header has to be refused: the client asked for protection (promise 3 of the design).
    ///
    /// ```
    /// # use scim_version::{ETag, Precondition};
    /// let lines = [r#""a,b" ,, W/"c""#, r#""d""#];
    /// let Precondition::Tags(tags) = Precondition::parse(lines)? else { panic!() };
    /// assert_eq!(tags, [ETag::parse(r#""a,b""#)?, ETag::parse(r#"W/"c""#)?, ETag::parse(r#""d""#)?]);
    ///
    /// assert_eq!(Precondition::parse([" * "])?, Precondition::Any);
    /// assert!(Precondition::parse([r#"*, "a""#]).is_err());
    /// # Ok::<(), scim_version::VersionError>(())
    /// ```
    pub fn parse<I>(field_lines: I) -> Result<Self, VersionError>
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
    {
        let mut tags = Vec::new();
        let mut lines = field_lines.into_iter().enumerate();
        while let Some((index, line)) = lines.next() {
            let line = line.as_ref();
            match parse_line(line, &mut tags).map_err(|error| error.on_line(index))? {
                Line::Tags => {}
                Line::Wildcard(_) if index == 0 && lines.next().is_none() => return Ok(Self::Any),
                Line::Wildcard(offset) => {
                    let error = VersionError::new(VersionErrorKind::WildcardInList, offset);
                    return Err(error.on_line(index));
                }
            }
        }
        Ok(Self::Tags(tags))
    }

    /// Whether a resource whose version is `current` is one that the client named.
    ///
    /// This is the one place where client and store are compared. Both `If-Match` and `If-None-Match` compare weakly:
    /// RFC 9110 §13.1.1 wants strong comparison for `If-Match`, but then a weak tag would not even match itself, and
    /// RFC 7644 §3.14 hands out weak tags and has them sent back in `If-Match`. The deviation is deliberate.
    ///
    /// `If-Match` lets a request pass if this is true, `If-None-Match` if it is false. [`Any`](Self::Any) matches every
    /// version: that there is a version means that the resource exists. A tag that can't be a version never matches.
    ///
    /// ```
    /// # use scim_version::{Precondition, ScimVersion};
    /// let current = ScimVersion::from_hash("e180ee84f0671b1")?;
    /// assert!(Precondition::parse([r#"W/"e180ee84f0671b1""#])?.matches(&current));
    /// assert!(Precondition::parse([r#""e180ee84f0671b1""#])?.matches(&current));
    /// assert!(!Precondition::parse([""])?.matches(&current));
    /// # Ok::<(), scim_version::VersionError>(())
    /// ```
    #[must_use]
    pub fn matches(&self, current: &ScimVersion) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.matches_version(current)),
        }
    }

    /// The precondition as one header value: `*`, or the tags joined by comma and space (nothing for an empty list).
    ///
    /// ```
    /// # use scim_version::{Precondition, ScimVersion};
    /// let expected = Precondition::from(ScimVersion::from_revision(7));
    /// assert_eq!(expected.to_http_header(), r#"W/"7""#);
    /// ```
    #[must_use]
    pub fn to_http_header(&self) -> String {
        self.to_string()
    }
}

/// What a field line turned out to be.
enum Line {
    Tags,
    /// `*`, at this octet.
    Wildcard(usize),
}

/// Adds the tags of a line to those of the lines before.
fn parse_line(line: &[u8], tags: &mut Vec<ETag>) -> Result<Line, VersionError> {
    let mut position = skip_space(line, 0);
    while let Some(octet) = line.get(position) {
        position = match octet {
            b',' => position + 1,
            b'*' => {
                let alone = skip_space(line, position + 1) == line.len()
                    && line[..position].iter().all(|&octet| is_space(octet))
                    && tags.is_empty();
                if alone {
                    return Ok(Line::Wildcard(position));
                }
                return Err(VersionError::new(
                    VersionErrorKind::WildcardInList,
                    position,
                ));
            }
            _ => {
                let (weak, opaque) = scan(line, position)?;
                let after = skip_space(line, opaque.end + 1);
                if line.get(after).is_some_and(|&octet| octet != b',') {
                    return Err(VersionError::new(VersionErrorKind::MissingComma, after));
                }
                tags.push(ETag::from_scanned(weak, &line[opaque]));
                after
            }
        };
        position = skip_space(line, position);
    }
    Ok(Line::Tags)
}

impl fmt::Display for Precondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Tags(tags) => {
                for (index, tag) in tags.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    fmt::Display::fmt(tag, f)?;
                }
                Ok(())
            }
        }
    }
}

impl FromStr for Precondition {
    type Err = VersionError;

    /// The inverse of `Display`: one field line in which each character stands for the octet of the same number.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::parse([latin1_octets(text)?])
    }
}

impl From<ScimVersion> for Precondition {
    /// The list of this version's weak tag.
    fn from(version: ScimVersion) -> Self {
        Self::from(ETag::weak(version))
    }
}

impl From<&ScimVersion> for Precondition {
    /// The list of this version's weak tag.
    fn from(version: &ScimVersion) -> Self {
        Self::from(ETag::from(version))
    }
}

impl From<ETag> for Precondition {
    /// The list of this tag.
    fn from(tag: ETag) -> Self {
        Self::Tags(vec![tag])
    }
}

impl Serialize for Precondition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Precondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tags of these field lines, printed.
    fn tags<const N: usize>(lines: [&str; N]) -> Vec<String> {
        match Precondition::parse(lines).unwrap() {
            Precondition::Tags(tags) => tags.iter().map(ETag::to_string).collect(),
            Precondition::Any => panic!("a list"),
        }
    }

    fn refused<const N: usize>(lines: [&str; N]) -> (VersionErrorKind, usize, usize) {
        let error = Precondition::parse(lines).unwrap_err();
        (error.kind(), error.offset(), error.line())
    }

    #[test]
    fn the_examples_of_rfc_9110_are_legal() {
        assert_eq!(tags([r#""xyzzy""#]), [r#""xyzzy""#]);
        assert_eq!(
            tags([r#""xyzzy", "r2d2xxxx", "c3piozzzz""#]),
            [r#""xyzzy""#, r#""r2d2xxxx""#, r#""c3piozzzz""#]
        );
        assert_eq!(
            tags([r#"W/"xyzzy", W/"r2d2xxxx""#]),
            [r#"W/"xyzzy""#, r#"W/"r2d2xxxx""#]
        );
        assert_eq!(Precondition::parse(["*"]).unwrap(), Precondition::Any);
    }

    #[test]
    fn field_lines_are_one_list() {
        assert_eq!(
            tags([r#""a""#, "", r#""b", "c""#]),
            [r#""a""#, r#""b""#, r#""c""#]
        );
    }

    #[test]
    fn lists_are_split_outside_quotes() {
        assert_eq!(tags([r#""a,b","c""#]), [r#""a,b""#, r#""c""#]);
        assert_eq!(tags([r#"",""#]), [r#"",""#]);
        assert_eq!(tags([r#""*","W/""#]), [r#""*""#, r#""W/""#]);
    }

    #[test]
    fn empty_members_and_space_are_skipped() {
        assert_eq!(tags([",\t ,\"a\" \t, ,W/\"b\",, "]), [r#""a""#, r#"W/"b""#]);
    }

    #[test]
    fn an_empty_list_is_legal_and_matches_nothing() {
        let version = ScimVersion::from_hash("a").unwrap();
        for lines in [&[][..], &[""], &[" \t"], &[",,"], &["", " , "]] {
            let list = Precondition::parse(lines).unwrap();
            assert_eq!(list, Precondition::Tags(Vec::new()));
            assert!(!list.matches(&version));
            assert_eq!(list.to_http_header(), "");
        }
    }

    #[test]
    fn the_wildcard_stands_alone() {
        use VersionErrorKind::WildcardInList;

        assert_eq!(Precondition::parse(["\t* "]).unwrap(), Precondition::Any);
        assert_eq!(refused([r#"*, "a""#]), (WildcardInList, 0, 0));
        assert_eq!(refused([r#""a", *"#]), (WildcardInList, 5, 0));
        assert_eq!(refused(["*, *"]), (WildcardInList, 0, 0));
        assert_eq!(refused(["**"]), (WildcardInList, 0, 0));
        assert_eq!(refused(["*,"]), (WildcardInList, 0, 0));
        assert_eq!(refused([", *"]), (WildcardInList, 2, 0));
        assert_eq!(refused(["*", "*"]), (WildcardInList, 0, 0));
        assert_eq!(refused(["*", r#""a""#]), (WildcardInList, 0, 0));
        assert_eq!(refused([r#""a""#, " *"]), (WildcardInList, 1, 1));
        assert_eq!(refused(["", "*"]), (WildcardInList, 0, 1));
    }

    #[test]
    fn malformed_lists_are_refused_where_they_go_wrong() {
        use VersionErrorKind::{
            IllegalOctet, LowercaseWeak, MissingClosingQuote, MissingComma, MissingOpeningQuote,
        };

        assert_eq!(refused(["junk"]), (MissingOpeningQuote, 0, 0));
        assert_eq!(refused([r#""a" "b""#]), (MissingComma, 4, 0));
        assert_eq!(refused([r#""a""b""#]), (MissingComma, 3, 0));
        assert_eq!(refused([r#""a", w/"b""#]), (LowercaseWeak, 5, 0));
        assert_eq!(refused([r#""a""#, r#""b"#]), (MissingClosingQuote, 2, 1));
        assert_eq!(refused([r#""a","b", c"#]), (MissingOpeningQuote, 9, 0));
        assert_eq!(
            refused(["\"a\r\nX: y\""]),
            (IllegalOctet(b'\r'), 2, 0),
            "no line break gets in"
        );
        // Lines are joined by commas, so a tag cannot go on in the next.
        assert_eq!(refused([r#""a"#, r#"b""#]), (MissingClosingQuote, 2, 0));
    }

    #[test]
    fn comparison_is_weak_on_both_sides() {
        let version = ScimVersion::from_hash("1").unwrap();
        for text in [r#"W/"1""#, r#""1""#, r#""0", "1""#, "*"] {
            assert!(text.parse::<Precondition>().unwrap().matches(&version));
        }
        for text in [r#"W/"2""#, r#""""#, r#""01", "10""#, "\"1\u{80}\""] {
            assert!(!text.parse::<Precondition>().unwrap().matches(&version));
        }
    }

    #[test]
    fn serde_is_the_header_value() {
        for text in ["*", "", r#"W/"a", "b,c""#, "\"\u{e4}\""] {
            let json = serde_json::Value::from(text);
            let precondition: Precondition = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&precondition).unwrap(), json);
        }
        assert!(serde_json::from_str::<Precondition>(r#""junk""#).is_err());
    }
}
