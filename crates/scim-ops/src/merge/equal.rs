use scim_provider::schema::{Attribute, Mutability};
use serde_json::{Map, Value};

use crate::patch::member;

/// What of a value counts when two are compared.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parts {
    /// All that a client may say.
    Said,
    /// The same without `primary`, which is for the list to say.
    SaidOfItself,
    /// What is shown of it, without `primary`: what tells it from others.
    Shown,
}

impl Parts {
    fn count(self, sub: &Attribute) -> bool {
        match self {
            _ if is_read_only(sub) => false,
            Self::Said => true,
            Self::SaidOfItself => sub.name() != "primary",
            Self::Shown => sub.name() != "primary" && !sub.is_never_shown(),
        }
    }
}

/// Whether two values of `attribute` say the same, as far as `parts` go.
pub(super) fn same(attribute: &Attribute, parts: Parts, a: &Value, b: &Value) -> bool {
    a == b || key(attribute, parts, a) == key(attribute, parts, b)
}

/// Octets that two values of `attribute`, single ones or lists, share if and only if they say the
/// same as far as `parts` go. Names of sub-attributes may be in any case, texts may not.
pub(super) fn key(attribute: &Attribute, parts: Parts, value: &Value) -> Vec<u8> {
    let mut key = Vec::new();
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items
                .iter()
                .map(|item| single_key(attribute, parts, item))
                .collect();
            items.sort_unstable();
            items.dedup();
            key.push(b'[');
            for item in items {
                push(&mut key, &item);
            }
        }
        single => key = single_key(attribute, parts, single),
    }
    key
}

fn single_key(attribute: &Attribute, parts: Parts, value: &Value) -> Vec<u8> {
    let Value::Object(members) = value else {
        return attribute.sameness_key(value);
    };
    let mut key = vec![b'{'];
    for (at, sub) in attribute.sub_attributes().iter().enumerate() {
        if !parts.count(sub) {
            continue;
        }
        let Some(said) = said(members, sub) else {
            continue;
        };
        if sub.name() == "primary" && *said == Value::Bool(false) {
            continue;
        }
        key.extend_from_slice(&at.to_be_bytes());
        push(&mut key, &sub.sameness_key(said));
    }
    key
}

/// What `members` say of `attribute`. To say of something that is never shown that it has no value
/// is to have it removed, which is not the same as to say nothing.
pub(super) fn said<'a>(
    members: &'a Map<String, Value>,
    attribute: &Attribute,
) -> Option<&'a Value> {
    let value = member::get(members, attribute.name())?;
    (attribute.is_never_shown() || !is_unassigned(value)).then_some(value)
}

/// Whether a value is none (RFC 7643 §2.5).
pub(super) fn is_unassigned(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

pub(super) fn is_read_only(attribute: &Attribute) -> bool {
    attribute.mutability() == Mutability::ReadOnly
}

/// Appends `text` behind its length, so that no text can look like two.
pub(super) fn push(key: &mut Vec<u8>, text: &[u8]) {
    key.extend_from_slice(&text.len().to_be_bytes());
    key.extend_from_slice(text);
}

/// `value` of `attribute` without what is never shown, for a conflict.
pub(super) fn shown(attribute: &Attribute, value: &Value) -> Value {
    let mut value = value.clone();
    let items = match &mut value {
        Value::Array(items) => items.as_mut_slice(),
        single => std::slice::from_mut(single),
    };
    for members in items.iter_mut().filter_map(Value::as_object_mut) {
        members.retain(|name, _| {
            let sub = attribute.sub_attribute(name);
            sub.is_none_or(|sub| !sub.is_never_shown())
        });
    }
    value
}
