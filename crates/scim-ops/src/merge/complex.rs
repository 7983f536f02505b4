use scim_provider::schema::Attribute;
use serde_json::{Map, Value};

use super::equal::{self, Parts, is_read_only, said};
use super::merger::{Merger, Settled, Spot, said_by};
use super::three::{Side, Three};
use crate::patch::member;

type Object<'v> = Option<&'v Map<String, Value>>;

impl Merger<'_> {
    /// A complex value, merged by its parts.
    pub(super) fn complex(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Object<'_>>,
    ) -> Map<String, Value> {
        let (mut merged, follows_remote) = self.reference(spot, attribute, three);
        let in_list = attribute.multi_valued();
        for sub in attribute.sub_attributes() {
            let name = sub.name();
            let is_list_matter = in_list && name == "primary";
            if is_read_only(sub) || is_list_matter || is_reference(attribute, spot.linked, name) {
                continue;
            }
            let three = said_by(three, sub);
            if let Some(value) = self.attribute(spot.sub(name), sub, three) {
                merged.insert(name.to_owned(), value);
            }
        }
        if merged.is_empty() {
            return merged;
        }
        self.require_parts(spot, attribute, three, &mut merged);
        merged.extend(unknown(attribute, three));
        // What the service provider says of a value goes with the value.
        for sub in attribute.sub_attributes() {
            let known = three.remote.filter(|_| follows_remote);
            if let Some(value) = known.and_then(|remote| said(remote, sub))
                && is_read_only(sub)
            {
                merged.insert(sub.name().to_owned(), value.clone());
            }
        }
        merged
    }

    /// One side has removed all there was, and the other has added something that can't stand
    /// without what is required.
    fn require_parts(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Object<'_>>,
        merged: &mut Map<String, Value>,
    ) {
        for sub in attribute.sub_attributes() {
            let name = sub.name();
            let wanted = sub.required() && !is_read_only(sub) && !sub.is_never_shown();
            let three = said_by(three, sub);
            if !wanted || merged.contains_key(name) || three.each().iter().all(|v| v.is_none()) {
                continue;
            }
            let settled = self.settle(spot.sub(name), sub, three);
            if let Some(value) = settled.of(three) {
                merged.insert(name.to_owned(), value);
            }
        }
    }

    /// What a reference points to, which its `value` and its `$ref` say together; and whether that
    /// is what the other side has.
    fn reference(
        &mut self,
        spot: Spot<'_>,
        attribute: &Attribute,
        three: Three<Object<'_>>,
    ) -> (Map<String, Value>, bool) {
        let subs: Vec<&Attribute> = attribute
            .sub_attributes()
            .iter()
            .filter(|sub| is_reference(attribute, spot.linked, sub.name()))
            .collect();
        if subs.is_empty() {
            return (Map::new(), true);
        }
        let mut targets = three.map(|object| target(&subs, object));
        if spot.linked {
            let (local, remote) = (targets.local.clone(), targets.remote.clone());
            for known in [&targets.base.clone(), &remote] {
                complete(&mut targets.local, known);
            }
            for known in [&targets.base.clone(), &local] {
                complete(&mut targets.remote, known);
            }
        }
        let some = |target: &Map<String, Value>| (!target.is_empty()).then(|| target.clone());
        let options = Three {
            base: some(&targets.base),
            local: some(&targets.local),
            remote: some(&targets.remote),
        };
        let borrowed = Three {
            base: options.base.as_ref(),
            local: options.local.as_ref(),
            remote: options.remote.as_ref(),
        };
        let same = |a: &Map<String, Value>, b: &Map<String, Value>| {
            subs.iter().all(|sub| same_part(sub, a, b))
        };
        let is_remote = |merged: &Map<String, Value>| same(merged, &targets.remote);
        if let Some(side) = borrowed.judge(same) {
            let merged = borrowed.take(side).cloned().unwrap_or_default();
            let is_remote = is_remote(&merged);
            return (merged, is_remote);
        }
        let differs = |sub: &&&Attribute| !same_part(sub, &targets.local, &targets.remote);
        let sub = *subs.iter().find(differs).unwrap_or(&subs[0]);
        let values = Three {
            base: targets.base.get(sub.name()),
            local: targets.local.get(sub.name()),
            remote: targets.remote.get(sub.name()),
        };
        let merged = match self.settle(spot.sub(sub.name()), sub, values) {
            Settled::Side(Side::Base) => targets.base.clone(),
            Settled::Side(Side::Local) => targets.local.clone(),
            Settled::Open if targets.remote.is_empty() => targets.local.clone(),
            Settled::Side(Side::Remote) | Settled::Open => targets.remote.clone(),
            // What else there was belonged to another value.
            Settled::Value(value) => {
                let mut merged = targets.local.clone();
                merged.retain(|name, _| name == "value");
                merged.insert(sub.name().to_owned(), value);
                merged.retain(|_, value| !value.is_null());
                merged
            }
        };
        let is_remote = is_remote(&merged);
        (merged, is_remote)
    }
}

/// Whether `name` is a part of what an `attribute` points to. The `type` of a link is, too.
fn is_reference(attribute: &Attribute, linked: bool, name: &str) -> bool {
    let has = |name: &str| {
        let sub = attribute.sub_attribute(name);
        sub.is_some_and(|sub| !sub.is_never_shown() && !is_read_only(sub))
    };
    (matches!(name, "value" | "$ref") || (linked && name == "type"))
        && has("value")
        && has("$ref")
        && has(name)
}

fn target(subs: &[&Attribute], object: Object<'_>) -> Map<String, Value> {
    let parts = subs.iter().filter_map(|sub| {
        let value = said(object?, sub)?;
        Some((sub.name().to_owned(), value.clone()))
    });
    parts.collect()
}

/// Whether two values of a list that are one and the same say the same, whichever is primary.
pub(super) fn is_same_item(
    spot: Spot<'_>,
    attribute: &Attribute,
    known: &Value,
    item: &Value,
) -> bool {
    let same = |item: &Value| equal::same(attribute, Parts::SaidOfItself, known, item);
    match (spot.linked, known, item) {
        (true, Value::Object(known), Value::Object(item)) => {
            let mut item = item.clone();
            let mut parts = known.clone();
            parts.retain(|name, _| is_reference(attribute, true, name));
            complete(&mut item, &parts);
            same(&Value::Object(item))
        }
        _ => same(item),
    }
}

/// Who names a link by its `value` alone means the one that is known by more.
fn complete(link: &mut Map<String, Value>, known: &Map<String, Value>) {
    if link.get("value").is_some() && link.get("value") == known.get("value") {
        for (name, value) in known {
            link.entry(name).or_insert_with(|| value.clone());
        }
    }
}

fn same_part(sub: &Attribute, a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    match (a.get(sub.name()), b.get(sub.name())) {
        (None, None) => true,
        (Some(a), Some(b)) => equal::same(sub, Parts::Said, a, b),
        _ => false,
    }
}

/// Parts that no schema has are the other side's, as they are in documents of providers that keep
/// such.
fn unknown<'v>(
    attribute: &'v Attribute,
    three: Three<Object<'v>>,
) -> impl Iterator<Item = (String, Value)> + 'v {
    let remote = three.remote.into_iter().flatten();
    remote
        .filter(|(name, _)| attribute.sub_attribute(name).is_none())
        .map(|(name, value)| (name.clone(), value.clone()))
}

/// What a value says of `primary`, if it says anything.
pub(super) fn primary_of(value: &Value) -> Option<&Value> {
    member::get(value.as_object()?, "primary")
}
