use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use thiserror::Error;

use crate::Scope;

/// The `id` of a resource: 1 to [`ResourceId::MAX_LEN`] octets without control
/// characters, compared octet by octet (RFC 7643 §3.1: case-exact).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(Arc<str>);

impl ResourceId {
    /// The longest id, in octets: what an index of any SQL store can hold.
    pub const MAX_LEN: usize = 255;

    /// The id as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What comes before every id, and is none: where a range begins.
    pub(crate) fn lowest() -> Self {
        Self(Arc::default())
    }

    /// The id as text that rows of a store can share.
    pub(crate) const fn shared(&self) -> &Arc<str> {
        &self.0
    }
}

impl FromStr for ResourceId {
    type Err = ResourceKeyError;

    fn from_str(id: &str) -> Result<Self, ResourceKeyError> {
        check("id", id).map(Self)
    }
}

impl Borrow<str> for ResourceId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names one record: whose it is, what it is, and which.
///
/// ```
/// use scim_provider::Scope;
/// use scim_provider::storage::ResourceKey;
///
/// let key = ResourceKey::new(Scope::Single, "User", "2819c223")?;
/// assert_eq!(key.to_string(), "-/User/2819c223");
/// # Ok::<(), scim_provider::storage::ResourceKeyError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceKey {
    scope: Scope,
    resource_type: Arc<str>,
    id: ResourceId,
}

impl ResourceKey {
    /// The key of the resource `id` of type `resource_type` within `scope`.
    ///
    /// # Errors
    ///
    /// If type or id is empty, longer than [`ResourceId::MAX_LEN`] octets or has a
    /// control character. No resource can have such a key, so that a reader may
    /// answer "not found".
    pub fn new(scope: Scope, resource_type: &str, id: &str) -> Result<Self, ResourceKeyError> {
        Ok(Self {
            scope,
            resource_type: check("resource type", resource_type)?,
            id: id.parse()?,
        })
    }

    /// The key of another resource of the same scope and type.
    #[must_use]
    pub fn with_id(&self, id: ResourceId) -> Self {
        Self { id, ..self.clone() }
    }

    /// Whose record it is.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The name of the resource type, such as `User`.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// The resource's id.
    pub const fn id(&self) -> &ResourceId {
        &self.id
    }
}

impl fmt::Display for ResourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.scope, self.resource_type, self.id)
    }
}

/// Why a string can't be part of a [`ResourceKey`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{part} {reason}")]
pub struct ResourceKeyError {
    part: &'static str,
    reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Reason {
    #[error("is empty")]
    Empty,
    #[error("has {0} octets, more than {max}", max = ResourceId::MAX_LEN)]
    TooLong(usize),
    #[error("has a control character at octet {0}")]
    Control(usize),
}

/// Where the first control character stands.
fn first_control(text: &str) -> Option<usize> {
    // Nearly every key is ASCII and has none, which is seen without a branch for each octet.
    let is_plain = |octet: u8| (0x20..0x7f).contains(&octet);
    if text
        .bytes()
        .fold(true, |plain, octet| plain & is_plain(octet))
    {
        return None;
    }
    text.find(char::is_control)
}

fn check(part: &'static str, text: &str) -> Result<Arc<str>, ResourceKeyError> {
    let reason = if text.is_empty() {
        Reason::Empty
    } else if text.len() > ResourceId::MAX_LEN {
        Reason::TooLong(text.len())
    } else if let Some(at) = first_control(text) {
        Reason::Control(at)
    } else {
        return Ok(text.into());
    };
    Err(ResourceKeyError { part, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_without_text_or_with_control_characters_are_refused() {
        for id in ["", "a\u{0}b", "a\u{7f}b", "a\u{85}b", &"x".repeat(256)] {
            assert!(
                ResourceKey::new(Scope::Single, "User", id).is_err(),
                "{id:?}"
            );
            assert!(ResourceKey::new(Scope::Single, id, "1").is_err(), "{id:?}");
        }
    }

    #[test]
    fn ids_differ_in_case_and_trailing_blanks() {
        let key = |id| ResourceKey::new(Scope::Single, "User", id).unwrap();
        assert_ne!(key("a"), key("A"));
        assert_ne!(key("a"), key("a "));
    }
}
