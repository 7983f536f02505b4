//! Attributes that are never shown, apart from all others.

mod merge;
mod split;

use std::fmt;

use serde_json::{Map, Value};

pub(crate) use merge::Hidden;
pub(super) use split::is_shown;

/// What a write says of the attributes that are never shown (`returned: never` or
/// `mutability: writeOnly`, RFC 7643 §7).
///
/// A client can't read them and so can't send them back: what a write does not mention stays
/// as it is stored. An explicit `null` removes.
///
/// Neither `Debug` output nor anything else shows a value.
#[derive(Clone, Default, PartialEq)]
pub struct Secrets {
    /// Nested as in the resource, `null` where something is to be removed. The secret parts of
    /// the values of a list are [entries](split::entry) that name the value.
    said: Map<String, Value>,
    /// In clear text, until they are hashed.
    passwords: Vec<Password>,
}

/// The clear text of a password, and where in the resource it stands.
#[derive(Clone, PartialEq)]
pub(crate) struct Password {
    extension: Option<Box<str>>,
    name: Box<str>,
    text: Box<str>,
}

impl Secrets {
    /// The longest password, in octets.
    pub const MAX_PASSWORD: usize = 1024;

    /// Whether the write says nothing of them.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty() && self.passwords.is_empty()
    }

    /// The passwords, in clear text.
    pub(crate) fn passwords(&self) -> &[Password] {
        &self.passwords
    }

    /// Whether the write says anything of the extension or attribute `name`.
    pub(super) fn mention(&self, name: &str) -> bool {
        let password = |password: &Password| match &password.extension {
            Some(id) => **id == *name,
            None => *password.name == *name,
        };
        self.said.get(name).is_some_and(|said| !said.is_null())
            || self.passwords.iter().any(password)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Password").finish_non_exhaustive()
    }
}

impl Password {
    /// In clear text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The path of the attribute.
    pub(crate) fn path(&self) -> String {
        match &self.extension {
            Some(id) => format!("{id}:{}", self.name),
            None => self.name.to_string(),
        }
    }
}
