use std::collections::HashMap;
use std::collections::hash_map::Entry;

use scim_provider::schema::{Attribute, AttributeType};
use serde_json::Value;

use crate::patch::member;

/// Where each value of a list stands, so that a patch of thousands of operations on a large
/// list need not look at all of it for each.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_identity: HashMap<Vec<u8>, usize>,
    /// Some value is there twice, so that there is more than what is found.
    repeats: bool,
}

impl Index {
    /// The index of `items`; those that are null are gone.
    pub(super) fn of(attribute: &Attribute, linked: bool, items: &[Value]) -> Self {
        let mut index = Self::default();
        for (at, item) in items.iter().enumerate() {
            if item.is_null() {
                continue;
            }
            match index.by_identity.entry(identity(attribute, linked, item)) {
                Entry::Occupied(_) => index.repeats = true,
                Entry::Vacant(free) => {
                    free.insert(at);
                }
            }
        }
        index
    }

    pub(super) fn find(&self, identity: &[u8]) -> Option<usize> {
        self.by_identity.get(identity).copied()
    }

    pub(super) fn insert(&mut self, identity: Vec<u8>, at: usize) {
        self.by_identity.insert(identity, at);
    }

    pub(super) fn remove(&mut self, identity: &[u8]) {
        self.by_identity.remove(identity);
    }

    pub(super) const fn repeats(&self) -> bool {
        self.repeats
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_identity.is_empty()
    }
}

/// Octets that two values of the list share if and only if they are one and the same:
///
/// - a link is known by its `value`, with its case;
/// - another complex value that has a `value` by that and its `type`, which should occur together
///   only once (RFC 7643 §2.4);
/// - everything else by all that it says.
pub(super) fn identity(attribute: &Attribute, linked: bool, item: &Value) -> Vec<u8> {
    let Value::Object(members) = item else {
        return attribute.comparison_key(item);
    };
    let said = |name: &str| member::get(members, name).filter(|value| !value.is_null());
    match said("value") {
        Some(Value::String(target)) if linked => target.as_bytes().to_vec(),
        Some(value) if attribute.attribute_type() == AttributeType::Complex => {
            let mut key = Vec::new();
            for (name, value) in [("value", Some(value)), ("type", said("type"))] {
                let part = attribute.sub_attribute(name).zip(value);
                let part = part.map_or_else(Vec::new, |(sub, value)| sub.comparison_key(value));
                key.extend_from_slice(&part.len().to_be_bytes());
                key.extend_from_slice(&part);
            }
            key
        }
        _ => attribute.comparison_key(item),
    }
}
