use std::fmt;
use std::str::FromStr;

use super::cursor::Cursor;
use super::parse::Parser;
use super::path::is_name;
use super::{AttributePath, Filter, FilterError, FilterErrorKind};

/// The target of an operation of a PATCH (RFC 7644 §3.5.2): an attribute, some values of it, or
/// a sub-attribute of those.
///
/// ```
/// use scim_provider::filter::PatchPath;
///
/// let path: PatchPath = r#"emails[type eq "work"].value"#.parse()?;
/// assert_eq!(path.attribute().name(), "emails");
/// assert_eq!(path.filter().unwrap().to_string(), r#"type eq "work""#);
/// assert_eq!(path.sub(), Some("value"));
///
/// let path: PatchPath = "name.givenName".parse()?;
/// assert!(path.filter().is_none());
/// assert_eq!(path.sub(), Some("givenName"));
/// # Ok::<(), scim_provider::filter::FilterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PatchPath {
    attribute: AttributePath,
    filter: Option<Filter>,
    /// What stands behind the filter; never there if the attribute's path has one, too.
    sub: Option<Box<str>>,
}

impl PatchPath {
    /// Reads a path.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, and where; also if the path passes a limit of this module.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut cursor = Cursor::new(text)?;
        cursor.spaces();
        let position = cursor.position();
        let word = cursor.word();
        cursor.spaces();
        if cursor.peek() != Some(b'[') {
            let attribute = AttributePath::of_attribute_or_schema(word, position)?;
            return Self::complete(cursor, attribute, None, None);
        }
        let attribute = AttributePath::of_attribute(word, position)?;
        let mut parser = Parser::new(cursor);
        let filter = parser.value_filter(0)?;
        let mut cursor = parser.cursor;
        let position = cursor.position();
        let sub = match cursor.word().strip_prefix('.') {
            Some(name) if is_name(name) && attribute.sub().is_none() => Some(name.into()),
            Some(_) => return Err(FilterError::new(FilterErrorKind::MalformedPath, position)),
            None if cursor.position() > position => {
                return Err(FilterError::new(FilterErrorKind::ExpectedEnd, position));
            }
            None => None,
        };
        Self::complete(cursor, attribute, Some(filter), sub)
    }

    fn complete(
        mut cursor: Cursor<'_>,
        attribute: AttributePath,
        filter: Option<Filter>,
        sub: Option<Box<str>>,
    ) -> Result<Self, FilterError> {
        cursor.spaces();
        match cursor.peek() {
            Some(_) => Err(cursor.error(FilterErrorKind::ExpectedEnd)),
            None => Ok(Self {
                attribute,
                filter,
                sub,
            }),
        }
    }

    /// The attribute, or what may be the URI of a schema; with the sub-attribute that is named
    /// before any filter.
    pub const fn attribute(&self) -> &AttributePath {
        &self.attribute
    }

    /// Which of the attribute's values are meant; all if there is none.
    pub const fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// The name of the sub-attribute, whether it stands before or behind the filter.
    pub fn sub(&self) -> Option<&str> {
        self.sub.as_deref().or_else(|| self.attribute.sub())
    }
}

impl FromStr for PatchPath {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attribute)?;
        if let Some(filter) = &self.filter {
            write!(f, "[{filter}]")?;
        }
        match &self.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_round() {
        for (text, filtered, sub) in [
            ("members", false, None),
            ("name.familyName", false, Some("familyName")),
            (r#"addresses[type eq "work"]"#, true, None),
            (
                r#"members[value eq "2819c223"].displayName"#,
                true,
                Some("displayName"),
            ),
            ("members.$ref", false, Some("$ref")),
            ("members[value pr].$ref", true, Some("$ref")),
            ("rooms.keys[value eq 1]", true, Some("keys")),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                false,
                None,
            ),
            ("urn:example:badge:1.0", false, Some("0")),
            (
                "urn:example:badge:1.0:colours[value eq 1].shade",
                true,
                Some("shade"),
            ),
        ] {
            let path: PatchPath = text.parse().unwrap();
            assert_eq!(path.to_string(), text);
            assert_eq!(
                (path.filter().is_some(), path.sub()),
                (filtered, sub),
                "{text}"
            );
        }
        let path: PatchPath = " emails [ type eq \"work\" ].value ".parse().unwrap();
        assert_eq!(path.to_string(), r#"emails[type eq "work"].value"#);
    }

    #[test]
    fn what_is_no_path_is_refused_with_its_place() {
        use FilterErrorKind::*;
        for (text, kind, position) in [
            ("", ExpectedAttribute, 0),
            (" ", ExpectedAttribute, 1),
            ("[value pr]", ExpectedAttribute, 0),
            ("a b", ExpectedEnd, 2),
            ("a[b pr", ExpectedBracket, 6),
            ("a[]", ExpectedAttribute, 2),
            ("a[b pr]c", ExpectedEnd, 7),
            ("a[b pr].", MalformedPath, 7),
            ("a[b pr].1", MalformedPath, 7),
            ("a[b pr].c.d", MalformedPath, 7),
            ("a.b[c pr].d", MalformedPath, 9),
            ("a[b pr].c[d pr]", ExpectedEnd, 9),
            ("a[b pr] .c", ExpectedEnd, 8),
            ("a[b[c pr]]", NestedValuePath, 3),
            ("urn:x:1.0[a pr]", MalformedPath, 6),
            ("a eq 1", ExpectedEnd, 2),
            ("a[b pr] and c pr", ExpectedEnd, 8),
            ("a[1]", MalformedPath, 2),
        ] {
            let error = text.parse::<PatchPath>().unwrap_err();
            assert_eq!(
                (error.kind(), error.position()),
                (kind, position),
                "{text:?}"
            );
        }
    }
}
