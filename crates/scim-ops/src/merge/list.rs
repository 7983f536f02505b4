use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use scim_provider::schema::Attribute;
use serde_json::Value;

use super::complex::{is_same_item, primary_of};
use super::conflict::MergeConflict;
use super::equal::shown;
use super::identity::{Entries, Identity, is_primary};
use super::merger::{Merger, Settled, Spot};
use super::three::{Side, Three};
use crate::patch::member;

/// A value of the merged list, and what tells it from the others.
struct Merged {
    key: Vec<u8>,
    item: Value,
}

impl Merger<'_> {
    /// A list, merged by its values: those that either side has added and those that neither has
    /// removed.
    pub(super) fn list(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        lists: Three<&[Value]>,
    ) -> Vec<Value> {
        if lists.base == lists.local {
            return lists.remote.to_vec();
        }
        let identity = Identity::of(attribute, spot.linked);
        let entries = Entries::of(attribute, &identity, lists);
        // What the other side has not touched stays in our order.
        let (first, second) = if lists.base == lists.remote {
            (&entries.order.local, &entries.order.remote)
        } else {
            (&entries.order.remote, &entries.order.local)
        };
        let mut met = HashSet::with_capacity(first.len());
        let mut merged = Vec::with_capacity(first.len());
        for key in first.iter().chain(second) {
            if !met.insert(key.as_slice()) {
                continue;
            }
            let three = entries.find(key);
            let selector = self.selector_of(&identity, attribute, three);
            let spot = spot.value(selector.as_deref());
            if let Some(item) = self.item(spot, attribute, three) {
                let key = key.clone();
                merged.push(Merged { key, item });
            }
        }
        if attribute.sub_attribute("primary").is_some() {
            self.primary(spot, attribute, &identity, &entries, &mut merged);
        }
        self.secrets(spot, attribute, &merged);
        let is_lost = attribute.required() && merged.is_empty();
        if is_lost && !lists.local.is_empty() && !lists.remote.is_empty() {
            return self.lost(spot, attribute, lists);
        }
        merged.into_iter().map(|merged| merged.item).collect()
    }

    /// Only conflicts need it, and few values are in conflict.
    fn selector_of(
        &self,
        identity: &Identity<'_>,
        attribute: &Attribute,
        three: Three<Option<&Value>>,
    ) -> Option<String> {
        if three.base == three.local || three.base == three.remote || three.local == three.remote {
            return None;
        }
        let any = three.remote.or(three.local).or(three.base)?;
        identity.selector(attribute, any)
    }

    /// One value of a list.
    fn item(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Option<&Value>>,
    ) -> Option<Value> {
        if three.base == three.local {
            return three.remote.cloned();
        }
        match (three.base, three.local, three.remote) {
            (Some(_), Some(local), Some(remote)) | (None, Some(local), Some(remote)) => {
                let objects = three.map(|value| value.and_then(Value::as_object));
                if !local.is_object() || !remote.is_object() {
                    return self.leaf(spot, attribute, three);
                }
                let mut item = self.complex(spot, attribute, objects);
                let primary = three.map(|value| value.and_then(primary_of));
                let primary = primary.take(primary.judge(|a, b| a == b).unwrap_or(Side::Remote));
                if let Some(primary) = primary {
                    item.insert("primary".to_owned(), primary.clone());
                }
                (!item.is_empty()).then_some(Value::Object(item))
            }
            (Some(base), Some(rest), None) | (Some(base), None, Some(rest)) => {
                // Who removes a value removes what he has seen of it.
                if is_same_item(spot, attribute, base, rest) {
                    None
                } else {
                    self.settle(spot, attribute, three).of(three)
                }
            }
            (None, one, None) | (None, None, one) => one.cloned(),
            (Some(_), None, None) => None,
        }
    }

    /// Of several values with one `value`, told by what else they say, there is one set of secrets.
    fn secrets(&mut self, spot: Spot<'_>, attribute: &Attribute, merged: &[Merged]) {
        let subs = attribute.sub_attributes().iter();
        let secrets: Vec<_> = subs.filter(|sub| sub.is_never_shown()).collect();
        let Some(first) = secrets.first() else {
            return;
        };
        let mut known: HashMap<String, Vec<Option<&Value>>> = HashMap::new();
        for members in merged.iter().filter_map(|merged| merged.item.as_object()) {
            let said = |name: &str| member::get(members, name);
            let here: Vec<_> = secrets.iter().map(|secret| said(secret.name())).collect();
            let Some(value) = said("value").filter(|_| here.iter().any(Option::is_some)) else {
                continue;
            };
            match known.entry(value.to_string()) {
                Entry::Vacant(free) => {
                    free.insert(here);
                }
                Entry::Occupied(other) if *other.get() == here => {}
                Entry::Occupied(_) => {
                    let place = spot.place.sub(first.name());
                    self.conflicts.push(MergeConflict::withheld(&place));
                    return;
                }
            }
        }
    }

    /// Sees to it that no more than one value is the primary one: that which either side has chosen
    /// (RFC 7643 §2.4).
    fn primary(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        identity: &Identity<'_>,
        entries: &Entries<'_>,
        merged: &mut Vec<Merged>,
    ) {
        let said = entries.primary();
        let choices = Three {
            base: said.base,
            local: choice(said.base, said.local, &entries.by_key.local),
            remote: choice(said.base, said.remote, &entries.by_key.remote),
        };
        let chosen = match choices.judge(|a, b| a == b) {
            Some(side) => choices.take(side),
            None => self.choose(spot, attribute, identity, entries, choices),
        };
        let Some(chosen) = chosen else {
            return set_primary(merged, None);
        };
        if chosen != said.base.unwrap_or_default() && !merged.iter().any(|m| m.key == chosen) {
            // One side has chosen what the other has removed.
            let three = entries.find(chosen);
            let any = three.local.or(three.remote);
            let selector = any.and_then(|any| identity.selector(attribute, any));
            let spot = spot.value(selector.as_deref());
            if let Some(item) = self.settle(spot, attribute, three).of(three) {
                let key = chosen.to_vec();
                merged.push(Merged { key, item });
            }
        }
        set_primary(merged, Some(chosen));
    }

    /// Both sides have chosen, and not alike.
    fn choose<'k>(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        identity: &Identity<'_>,
        entries: &Entries<'_>,
        choices: Three<Option<&'k [u8]>>,
    ) -> Option<&'k [u8]> {
        let item = |key: Option<&[u8]>, side: Side| {
            let three = entries.find(key?);
            three
                .take(side)
                .or(three.base)
                .map(|item| shown(attribute, item))
        };
        let values = Three {
            base: item(choices.base, Side::Base),
            local: item(choices.local, Side::Local),
            remote: item(choices.remote, Side::Remote),
        };
        let spot = spot.value(Some("primary eq true"));
        let conflict = MergeConflict::new(&spot.place, values);
        match self.settle_one(spot.rule, conflict) {
            Settled::Side(side) => choices.take(side),
            Settled::Open => choices.remote.or(choices.local),
            Settled::Value(value) => {
                let wanted = identity.selector(attribute, &value);
                let is_it = |key: &&&[u8]| {
                    let three = entries.find(key);
                    let item = three.local.or(three.remote).or(three.base);
                    wanted.is_some()
                        && item.and_then(|item| identity.selector(attribute, item)) == wanted
                };
                let candidates = [choices.local, choices.remote, choices.base];
                candidates.iter().flatten().find(is_it).copied()
            }
        }
    }

    /// Each side has left a value, but not the same, and there has to be one.
    fn lost(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        lists: Three<&[Value]>,
    ) -> Vec<Value> {
        let list = |items: &[Value]| (!items.is_empty()).then(|| Value::Array(items.to_vec()));
        let (base, local, remote) = (list(lists.base), list(lists.local), list(lists.remote));
        let three = Three {
            base: base.as_ref(),
            local: local.as_ref(),
            remote: remote.as_ref(),
        };
        match self.settle(spot, attribute, three).of(three) {
            Some(Value::Array(items)) => items,
            Some(single) => vec![single],
            None => Vec::new(),
        }
    }
}

/// What one side has chosen. A choice that is gone with its value is none against it.
fn choice<'k>(
    base: Option<&'k [u8]>,
    own: Option<&'k [u8]>,
    values: &HashMap<Vec<u8>, &Value>,
) -> Option<&'k [u8]> {
    own.or_else(|| base.filter(|key| !values.contains_key(*key)))
}

fn set_primary(merged: &mut [Merged], chosen: Option<&[u8]>) {
    for Merged { key, item } in merged {
        let is_chosen = chosen == Some(key.as_slice());
        let was_primary = is_primary(item);
        if let Value::Object(members) = item
            && is_chosen != was_primary
        {
            if is_chosen {
                member::set(members, "primary", Value::Bool(true));
            } else {
                member::take(members, "primary");
            }
        }
    }
}
