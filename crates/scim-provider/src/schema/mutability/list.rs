use std::collections::{HashMap, VecDeque};

use serde_json::{Map, Value};

use super::{immutable_parts, keep_members};
use crate::schema::Attribute;
use crate::schema::normal::Checked;

/// Keeps the immutable parts of those values of the list `now` that were in the list `old`.
///
/// Several may have the same `value` (an address that is both home and work): those that did
/// not change are told first, so that only the others are taken for one another.
pub(super) fn keep(attribute: &Attribute, old: &[Value], now: &mut [Value]) -> Checked<()> {
    let mut known: HashMap<Vec<u8>, Known<'_>> = HashMap::new();
    for item in old.iter().filter_map(Value::as_object) {
        if let Some(key) = value_key(item) {
            let known = known.entry(key).or_default();
            known.all.push_back(item);
        }
    }
    let mut changed = Vec::new();
    for (index, item) in now.iter_mut().enumerate() {
        let Some((item, key)) = item.as_object_mut().and_then(|item| {
            let key = value_key(item)?;
            Some((item, key))
        }) else {
            continue;
        };
        let Some(known) = known.get_mut(&key) else {
            continue;
        };
        match known.take_equal(attribute, item) {
            // They may still differ in case.
            Some(old) => keep_members(attribute, old, item)?,
            None => changed.push((index, item, key)),
        }
    }
    for (index, item, key) in changed {
        if let Some(old) = known.get_mut(&key).and_then(Known::take_next) {
            keep_members(attribute, old, item).map_err(|fault| fault.at(index))?;
        }
    }
    Ok(())
}

/// A stored value and its place among those with one `value`.
type Placed<'a> = (usize, &'a Map<String, Value>);

/// The stored values with one `value`.
#[derive(Default)]
struct Known<'a> {
    all: VecDeque<&'a Map<String, Value>>,
    /// The same by what they say in their immutable parts.
    by_parts: HashMap<Vec<u8>, VecDeque<Placed<'a>>>,
}

impl<'a> Known<'a> {
    /// Takes one whose immutable parts are those of `item`, if there is one.
    fn take_equal(
        &mut self,
        attribute: &Attribute,
        item: &Map<String, Value>,
    ) -> Option<&'a Map<String, Value>> {
        for (at, old) in self.all.drain(..).enumerate() {
            let of = self.by_parts.entry(parts_key(attribute, old)).or_default();
            of.push_back((at, old));
        }
        let equal = self.by_parts.get_mut(&parts_key(attribute, item))?;
        equal.pop_front().map(|(_, old)| old)
    }

    /// Takes the first that is left.
    fn take_next(&mut self) -> Option<&'a Map<String, Value>> {
        let mut left: Vec<_> = self.by_parts.drain().flat_map(|(_, left)| left).collect();
        left.sort_unstable_by_key(|(at, _)| *at);
        self.all.extend(left.into_iter().map(|(_, old)| old));
        self.all.pop_front()
    }
}

/// What tells a value from others, if it says so.
fn value_key(item: &Map<String, Value>) -> Option<Vec<u8>> {
    item.get("value").map(scim_version::canonical_json)
}

/// What the immutable parts say, as octets.
fn parts_key(attribute: &Attribute, item: &Map<String, Value>) -> Vec<u8> {
    let mut key = Vec::new();
    for part in immutable_parts(attribute) {
        let said = item
            .get(part.name())
            .map(|value| part.comparison_key(value));
        let length = said.as_ref().map_or(u64::MAX, |said| {
            u64::try_from(said.len()).expect("a value has fewer than 2^64 octets")
        });
        key.extend_from_slice(&length.to_be_bytes());
        key.extend(said.into_iter().flatten());
    }
    key
}
