//! Which values of three lists are one and the same.

use std::collections::HashMap;

use scim_provider::schema::{Attribute, AttributeType};
use serde_json::{Map, Value};

use super::equal::{self, Parts, push, said};
use super::three::Three;
use crate::patch::member;

/// What tells a value of a list from the others.
#[derive(Debug)]
pub(super) enum Identity<'a> {
    /// A simple value is what it is, compared as a filter does.
    Itself,
    /// These sub-attributes; the first has to be there, unless it is the `type`.
    Parts(Vec<&'a Attribute>),
    /// All that is shown of it.
    Whole,
}

impl<'a> Identity<'a> {
    /// Of the values of `attribute`: links by their `value`, others by `value` and `type`, which
    /// should occur together only once (RFC 7643 §2.4), by `$ref`, or by `type` alone. Secrets are
    /// kept for a `value`, or else for all that is shown.
    pub(super) fn of(attribute: &'a Attribute, linked: bool) -> Self {
        if attribute.attribute_type() != AttributeType::Complex {
            return Self::Itself;
        }
        let part = |name: &str| {
            let sub = attribute.sub_attribute(name)?;
            (!sub.is_never_shown() && !sub.multi_valued()).then_some(sub)
        };
        let keeps_secrets = attribute
            .sub_attributes()
            .iter()
            .any(Attribute::is_never_shown);
        match (part("value"), part("$ref"), part("type")) {
            (Some(value), _, _) if linked || keeps_secrets => Self::Parts(vec![value]),
            _ if keeps_secrets => Self::Whole,
            (Some(value), _, Some(kind)) => Self::Parts(vec![value, kind]),
            (Some(one), _, None) | (None, Some(one), _) | (None, None, Some(one)) => {
                Self::Parts(vec![one])
            }
            (None, None, None) => Self::Whole,
        }
    }

    fn key(&self, attribute: &Attribute, item: &Value) -> Vec<u8> {
        let mut key = Vec::new();
        match (self, item) {
            (Self::Parts(parts), Value::Object(members)) if is_told(parts, members) => {
                key.push(b'p');
                for part in parts {
                    match said(members, part) {
                        Some(value) => {
                            key.push(1);
                            push(&mut key, &part.comparison_key(value));
                        }
                        None => key.push(0),
                    }
                }
            }
            (Self::Itself, item) => {
                key.push(b'i');
                key.extend_from_slice(&attribute.comparison_key(item));
            }
            (_, item) => {
                key.push(b'w');
                key.extend_from_slice(&equal::key(attribute, Parts::Shown, item));
            }
        }
        key
    }

    /// A filter that selects `item` among the values that a list may hold beside it.
    pub(super) fn selector(&self, attribute: &Attribute, item: &Value) -> Option<String> {
        match (self, item) {
            (Self::Parts(parts), Value::Object(members)) if is_told(parts, members) => {
                let terms = parts.iter().map(|part| match said(members, part) {
                    Some(value) => format!("{} eq {value}", part.name()),
                    None => format!("not ({} pr)", part.name()),
                });
                Some(terms.collect::<Vec<_>>().join(" and "))
            }
            (Self::Itself, item) if attribute.multi_valued() => Some(format!("value eq {item}")),
            _ => None,
        }
    }
}

fn is_told(parts: &[&Attribute], members: &Map<String, Value>) -> bool {
    let first = parts.first();
    first.is_some_and(|first| first.name() == "type" || said(members, first).is_some())
}

/// The values of three lists by what tells them from others.
#[derive(Debug)]
pub(super) struct Entries<'v> {
    /// In the order of the list.
    pub(super) order: Three<Vec<Vec<u8>>>,
    pub(super) by_key: Three<HashMap<Vec<u8>, &'v Value>>,
}

impl<'v> Entries<'v> {
    /// Where several values of one list have the same identity, those of all three are told by all
    /// that is shown of them.
    pub(super) fn of(
        attribute: &Attribute,
        identity: &Identity<'_>,
        lists: Three<&'v [Value]>,
    ) -> Self {
        let keys = lists.map(|items| -> Vec<Vec<u8>> {
            items
                .iter()
                .map(|item| identity.key(attribute, item))
                .collect()
        });
        let mut most: HashMap<&[u8], usize> = HashMap::new();
        for keys in keys.each() {
            let mut here: HashMap<&[u8], usize> = HashMap::with_capacity(keys.len());
            for key in keys {
                let count = here.entry(key).or_default();
                *count += 1;
                let most = most.entry(key).or_default();
                *most = (*most).max(*count);
            }
        }
        let is_repeated = |key: &[u8]| most.get(key).is_some_and(|most| *most > 1);
        let finally = |items: &'v [Value], keys: &[Vec<u8>]| {
            let mut order = Vec::with_capacity(items.len());
            let mut by_key = HashMap::with_capacity(items.len());
            let mut counts: HashMap<Vec<u8>, usize> = HashMap::new();
            for (item, key) in items.iter().zip(keys) {
                let mut key = key.clone();
                if is_repeated(&key) {
                    key.insert(0, b'r');
                    push(&mut key, &equal::key(attribute, Parts::Shown, item));
                    // Two that differ in no more than which is primary are two all the same.
                    let count = counts.entry(key.clone()).or_default();
                    key.extend_from_slice(&count.to_be_bytes());
                    *count += 1;
                }
                order.push(key.clone());
                by_key.insert(key, item);
            }
            (order, by_key)
        };
        let base = finally(lists.base, &keys.base);
        let local = finally(lists.local, &keys.local);
        let remote = finally(lists.remote, &keys.remote);
        Self {
            order: Three {
                base: base.0,
                local: local.0,
                remote: remote.0,
            },
            by_key: Three {
                base: base.1,
                local: local.1,
                remote: remote.1,
            },
        }
    }

    /// The value that `key` tells, in each list that has it.
    pub(super) fn find(&self, key: &[u8]) -> Three<Option<&'v Value>> {
        Three {
            base: self.by_key.base.get(key).copied(),
            local: self.by_key.local.get(key).copied(),
            remote: self.by_key.remote.get(key).copied(),
        }
    }

    /// Which value of each list is the primary one.
    pub(super) fn primary(&self) -> Three<Option<&[u8]>> {
        Three {
            base: first_primary(&self.order.base, &self.by_key.base),
            local: first_primary(&self.order.local, &self.by_key.local),
            remote: first_primary(&self.order.remote, &self.by_key.remote),
        }
    }
}

fn first_primary<'k>(order: &'k [Vec<u8>], by_key: &HashMap<Vec<u8>, &Value>) -> Option<&'k [u8]> {
    let is_one = |key: &&Vec<u8>| by_key.get(*key).is_some_and(|item| is_primary(item));
    order.iter().find(is_one).map(Vec::as_slice)
}

pub(super) fn is_primary(item: &Value) -> bool {
    let said = item
        .as_object()
        .and_then(|item| member::get(item, "primary"));
    said == Some(&Value::Bool(true))
}
