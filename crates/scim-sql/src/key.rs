use std::borrow::Cow;
use std::collections::BTreeSet;

use scim_provider::Scope;
use scim_provider::storage::{Content, ResourceKey};
use scim_provider::version::ScimVersion;

use crate::row::Arg;

/// The octets of a scope; that without tenants has none.
pub(crate) fn scope(scope: &Scope) -> &str {
    match scope {
        Scope::Single => "",
        Scope::Tenant(tenant) => tenant.as_str(),
    }
}

/// The three parameters that name a record.
pub(crate) fn record(key: &ResourceKey) -> [Arg<'_>; 3] {
    [
        scope(key.scope()).into(),
        key.resource_type().into(),
        key.id().as_str().into(),
    ]
}

/// As many octets as an index of every server takes.
const MAX: usize = 255;

/// What stands for `text` in an index: itself, or its beginning and its hash, if it is long. The
/// two differ in their length.
pub(crate) fn indexed(text: &str) -> Cow<'_, [u8]> {
    let octets = text.as_bytes();
    if octets.len() < MAX {
        return Cow::Borrowed(octets);
    }
    let hash = ScimVersion::from_content(octets);
    let hash = hash.as_str().as_bytes();
    let mut short = octets[..MAX - hash.len()].to_vec();
    short.extend_from_slice(hash);
    Cow::Owned(short)
}

/// The unique keys and index entries of a record, each once, as they stand in the tables.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    pub(crate) unique: Pairs<'a>,
    pub(crate) entries: Pairs<'a>,
}

/// Names and values, as they stand in a table.
type Pairs<'a> = BTreeSet<(Cow<'a, [u8]>, Cow<'a, [u8]>)>;

impl<'a> Keys<'a> {
    pub(crate) fn of(content: &'a Content) -> Self {
        let unique = content.unique_keys.iter();
        let entries = content.index.iter();
        Self {
            unique: unique
                .map(|key| (indexed(&key.name), indexed(&key.value)))
                .collect(),
            entries: entries
                .map(|entry| (indexed(&entry.attribute), indexed(&entry.value)))
                .collect(),
        }
    }

    /// Tells whether a record's rows in the tables of keys have to change with its document.
    pub(crate) fn digest(&self) -> ScimVersion {
        // How many there are of the first kind tells where the second begins.
        let count = self.unique.len().to_string();
        ScimVersion::from_parts(
            [count.as_bytes()]
                .into_iter()
                .chain(parts(&self.unique))
                .chain(parts(&self.entries)),
        )
    }
}

fn parts<'k>(keys: &'k Pairs<'_>) -> impl Iterator<Item = &'k [u8]> {
    keys.iter()
        .flat_map(|(name, value)| [name.as_ref(), value.as_ref()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_that_begin_alike_stay_apart_and_short() {
        let (one, two) = ("x".repeat(300), format!("{}y", "x".repeat(299)));
        assert_ne!(indexed(&one), indexed(&two));
        assert_eq!(indexed(&one).len(), MAX);
        // Nor can a short one be taken for a long one.
        assert_eq!(indexed(&"x".repeat(254)).len(), 254);
    }
}
