//! The refusal of a write whose precondition does not hold.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::precondition::Precondition;
use crate::version::ScimVersion;

/// A write was refused because the resource is not what the client believed: which resource, what was expected, what is.
///
/// It has no `source`: nothing failed. The client can read the current version, decide anew and write again.
/// As JSON the members are `resourceType`, `resourceId`, `expected` (as a header value) and `current` (bare).
///
/// ```
/// use scim_version::{ScimVersion, VersionConflict};
///
/// let conflict = VersionConflict::new(
///     "User",
///     "2819c223",
///     ScimVersion::from_hash("a")?,
///     ScimVersion::from_hash("b")?,
/// );
/// assert_eq!(
///     conflict.message(),
///     r#"version conflict on User 2819c223: expected W/"a", current W/"b""#
/// );
/// # Ok::<(), scim_version::VersionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VersionConflict {
    /// The resource type, such as `User`.
    pub resource_type: String,
    /// The `id` of the resource.
    pub resource_id: String,
    /// What the client named: perhaps a list, or `*`.
    pub expected: Precondition,
    /// The version that the resource has.
    pub current: ScimVersion,
}

impl VersionConflict {
    /// The conflict between what a client `expected` of this resource and the version that is `current`.
    pub fn new(
        resource_type: impl Into<String>,
        resource_id: impl Into<String>,
        expected: impl Into<Precondition>,
        current: ScimVersion,
    ) -> Self {
        Self {
            resource_type: resource_type.into(),
            resource_id: resource_id.into(),
            expected: expected.into(),
            current,
        }
    }

    /// The conflict in one line of text, the same as `Display`.
    ///
    /// Whatever the client chose is escaped: no line break or other control character reaches a log or a header.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for VersionConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "version conflict on {} {}: expected ",
            self.resource_type.escape_debug(),
            self.resource_id.escape_debug(),
        )?;
        match &self.expected {
            Precondition::Tags(tags) if tags.is_empty() => f.write_str("no version")?,
            expected => write!(Escaped(f), "{expected}")?,
        }
        write!(f, ", current W/\"{}\"", self.current)
    }
}

impl std::error::Error for VersionConflict {}

/// Writes what is not printable escaped, but the quotes and backslashes of entity tags as they are.
///
/// The octets 0x80 to 0x9F are legal in a tag, and are control characters as text.
struct Escaped<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|char| self.write_char(char))
    }

    fn write_char(&mut self, char: char) -> fmt::Result {
        match char {
            '\u{20}'..='\u{7E}' => self.0.write_char(char),
            _ => write!(self.0, "{}", char.escape_debug()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> ScimVersion {
        ScimVersion::from_hash(text).unwrap()
    }

    fn conflict(id: &str, expected: &str) -> VersionConflict {
        let expected: Precondition = expected.parse().unwrap();
        VersionConflict::new("User", id, expected, version("b"))
    }

    #[test]
    fn message_names_the_whole_expectation() {
        assert_eq!(
            conflict("1", r#""a", W/"c\""#).message(),
            r#"version conflict on User 1: expected "a", W/"c\", current W/"b""#
        );
        assert_eq!(
            conflict("1", "*").message(),
            r#"version conflict on User 1: expected *, current W/"b""#
        );
        assert_eq!(
            conflict("1", "").message(),
            r#"version conflict on User 1: expected no version, current W/"b""#
        );
    }

    #[test]
    fn control_characters_never_reach_the_message() {
        let mut conflict = conflict("1\r\nSet-Cookie: \u{1b}[31m\u{202e}", "\"\u{85}\u{9b}\"");
        conflict.resource_type = "User\n".to_owned();
        let message = conflict.message();
        assert!(
            !message
                .chars()
                .any(|char| char.is_control() || char == '\u{202e}')
        );
        assert_eq!(
            message,
            r#"version conflict on User\n 1\r\nSet-Cookie: \u{1b}[31m\u{202e}: expected "\u{85}\u{9b}", current W/"b""#
        );
    }

    #[test]
    fn json_has_scim_names_and_plain_strings() {
        let conflict = conflict("1", r#"W/"a", "c""#);
        let json = serde_json::json!({
            "resourceType": "User",
            "resourceId": "1",
            "expected": r#"W/"a", "c""#,
            "current": "b",
        });
        assert_eq!(serde_json::to_value(&conflict).unwrap(), json);
        assert_eq!(
            serde_json::from_value::<VersionConflict>(json).unwrap(),
            conflict
        );
    }
}
