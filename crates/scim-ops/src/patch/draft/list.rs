use scim_provider::schema::{Attribute, AttributeType};
use serde_json::{Map, Value};
use std::collections::HashSet;

use super::edit::Editor;
use super::index::{Index, identity};
use super::work::Work;
use crate::patch::PatchProblem;
use crate::patch::given::without_nulls;
use crate::patch::member;
use crate::patch::plan::Change;
use crate::patch::target::Selector;

/// The values of a multi-valued attribute while they are changed.
pub(super) struct List<'a> {
    attribute: &'a Attribute,
    linked: bool,
    /// Links that are gone are null, so that the others stay where the index has them.
    items: Vec<Value>,
    index: Option<Index>,
}

type Done = Result<(), PatchProblem>;

impl<'a> List<'a> {
    /// Takes the list out of `object`; `index` is that of these values, if there is one.
    pub(super) fn take(
        object: &mut Map<String, Value>,
        attribute: &'a Attribute,
        linked: bool,
        index: Option<Index>,
    ) -> Self {
        let value = member::get_mut(object, attribute.name()).map(Value::take);
        let items = match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(single) => vec![single],
        };
        Self {
            attribute,
            linked,
            items,
            index,
        }
    }

    /// Puts the list back and gives out its index; an empty list is no value.
    pub(super) fn put(self, object: &mut Map<String, Value>) -> Option<Index> {
        if self.is_empty() {
            member::take(object, self.attribute.name());
            return None;
        }
        member::set(object, self.attribute.name(), Value::Array(self.items));
        self.index
    }

    pub(super) fn is_empty(&self) -> bool {
        match &self.index {
            Some(index) if self.linked => index.is_empty(),
            _ => self.items.is_empty(),
        }
    }

    /// Adds those of `values` that are not there. One that is there and says something more
    /// or else says it from then on.
    pub(super) fn add(&mut self, values: &[Value], work: &mut Work) -> Done {
        work.look(values, 1)?;
        let mut primary = Vec::new();
        for value in values {
            let identity = identity(self.attribute, self.linked, value);
            let at = match self.index(work)?.find(&identity) {
                Some(at) => {
                    self.renew(at, value, work)?;
                    at
                }
                None => {
                    self.items.push(without_nulls(value.clone()));
                    let at = self.items.len() - 1;
                    self.index(work)?.insert(identity, at);
                    at
                }
            };
            if is_primary(value) {
                primary.push(at);
            }
        }
        primary.sort_unstable();
        self.keep_primary(&primary, work)
    }

    /// Has the value at `at` say what `value` says, which is one and the same. What it says
    /// already, but for the case, stays as it is.
    fn renew(&mut self, at: usize, value: &Value, work: &mut Work) -> Done {
        let attribute = self.attribute;
        let (Value::Object(current), Value::Object(given)) = (&mut self.items[at], value) else {
            return Ok(());
        };
        let mut given = given.clone();
        given.retain(|name, given| {
            let sub = attribute.sub_attribute(name);
            let pair = sub.zip(member::get(current, name));
            pair.is_none_or(|(sub, said)| sub.comparison_key(said) != sub.comparison_key(given))
        });
        // Where a link leads is known, as long as its type stays.
        if self.linked && member::get(current, "$ref").is_some() {
            given.remove("$ref");
            if given.get("type").is_some_and(|new| !new.is_null()) {
                member::take(current, "$ref");
            }
        }
        let mut editor = Editor {
            work,
            guards: false,
        };
        editor.merge(current, attribute, &given, &Change::Add(Value::Null))
    }

    /// Has only `values` be there. A link that is given twice is one.
    pub(super) fn replace_all(&mut self, values: &[Value], work: &mut Work) -> Done {
        self.items.clear();
        self.index = None;
        if self.linked {
            return self.add(values, work);
        }
        self.items.extend_from_slice(values);
        Ok(())
    }

    /// Where the values are that `selector` means, or all, in ascending order.
    pub(super) fn matching(
        &mut self,
        selector: Option<&Selector<'_>>,
        work: &mut Work,
    ) -> Result<Vec<usize>, PatchProblem> {
        let Some(selector) = selector else {
            work.look(&self.items, 1)?;
            let live = |at: &usize| !self.items[*at].is_null();
            return Ok((0..self.items.len()).filter(live).collect());
        };
        let candidates = match &selector.candidates {
            Some(candidates) => {
                work.spend(candidates.len().saturating_mul(selector.terms))?;
                self.find_links(candidates.iter().map(|id| id.as_bytes()), work)?
            }
            None => None,
        };
        let mut found = match candidates {
            Some(found) => found,
            None => {
                work.look(&self.items, selector.terms)?;
                (0..self.items.len()).collect()
            }
        };
        let matches = |at: &usize| !self.items[*at].is_null() && selector.matches(&self.items[*at]);
        found.retain(matches);
        Ok(found)
    }

    /// Where the links are that `targets` name, in ascending order; `None` if that takes a look
    /// at all of them.
    fn find_links<T: AsRef<[u8]>>(
        &mut self,
        targets: impl Iterator<Item = T>,
        work: &mut Work,
    ) -> Result<Option<Vec<usize>>, PatchProblem> {
        if !self.linked || self.index(work)?.repeats() {
            return Ok(None);
        }
        let index = self.index(work)?;
        let mut found: Vec<usize> = targets
            .filter_map(|target| index.find(target.as_ref()))
            .collect();
        found.sort_unstable();
        found.dedup();
        Ok(Some(found))
    }

    /// Removes the values at `positions`.
    pub(super) fn remove(&mut self, positions: &[usize]) {
        if !positions.is_empty() {
            self.mark_gone(positions);
            self.settle();
        }
    }

    fn mark_gone(&mut self, positions: &[usize]) {
        for &at in positions {
            let gone = self.items[at].take();
            if let Some(index) = self.index.as_mut().filter(|_| self.linked) {
                index.remove(&identity(self.attribute, true, &gone));
            }
        }
    }

    /// Of links the index is kept as they go; of values that may be there twice, it does not
    /// hold any more.
    fn settle(&mut self) {
        if !self.linked || self.index.as_ref().is_none_or(Index::repeats) {
            self.forget_index();
        }
    }

    /// Removes each value that says what one of `values` says, and maybe more.
    pub(super) fn remove_values(&mut self, values: &[Value], work: &mut Work) -> Done {
        work.look(values, 1)?;
        let attribute = self.attribute;
        let targets = values.iter().map(|value| identity(attribute, true, value));
        let positions: Vec<usize> = if let Some(found) = self.find_links(targets, work)? {
            found
        } else if self.linked {
            work.look(&self.items, 1)?;
            let targets: HashSet<_> = values
                .iter()
                .map(|value| identity(attribute, true, value))
                .collect();
            self.positions(|item| targets.contains(&identity(attribute, true, item)))
        } else if attribute.attribute_type() == AttributeType::Complex {
            work.look(&self.items, values.len())?;
            let wanted: Vec<_> = values.iter().map(|value| parts(attribute, value)).collect();
            let says_one = |item: &Value| {
                let said = parts(attribute, item);
                wanted
                    .iter()
                    .any(|wanted| !wanted.is_empty() && wanted.is_subset(&said))
            };
            self.positions(says_one)
        } else {
            work.look(&self.items, 1)?;
            let keys: HashSet<_> = values
                .iter()
                .map(|value| attribute.comparison_key(value))
                .collect();
            self.positions(|item| keys.contains(&attribute.comparison_key(item)))
        };
        self.remove(&positions);
        Ok(())
    }

    fn positions(&self, wanted: impl Fn(&Value) -> bool) -> Vec<usize> {
        let items = self.items.iter().enumerate();
        items
            .filter(|(_, item)| wanted(item))
            .map(|(at, _)| at)
            .collect()
    }

    /// Has `value` take the place of those at `positions`, of which there is one at least. If
    /// another value is one and the same, that one says it from then on.
    pub(super) fn replace(&mut self, positions: &[usize], value: Value, work: &mut Work) -> Done {
        let value = without_nulls(value);
        let new = identity(self.attribute, self.linked, &value);
        let other = self.index(work)?.find(&new);
        let at = match other.filter(|at| positions.binary_search(at).is_err()) {
            Some(other) => {
                self.renew(other, &value, work)?;
                other
            }
            None => positions[0],
        };
        let primary: Vec<usize> = is_primary(&value).then_some(at).into_iter().collect();
        self.mark_gone(positions);
        if positions[0] == at {
            self.items[at] = value;
            self.index(work)?.insert(new, at);
        }
        self.keep_primary(&primary, work)?;
        self.settle();
        Ok(())
    }

    /// Changes each of the values at `positions` by `edit`, which is about the sub-attribute
    /// `sub` if it is about one, and may make a value primary only if it `chooses`. What says
    /// nothing afterwards is removed.
    pub(super) fn edit(
        &mut self,
        positions: &[usize],
        sub: Option<&Attribute>,
        chooses: bool,
        work: &mut Work,
        edit: impl Fn(&mut Editor<'_>, &mut Map<String, Value>) -> Done,
    ) -> Done {
        let mut empty = Vec::new();
        let mut primary = Vec::new();
        // A link is known by its `value`, other values by more.
        let mut known_by_it = !self.linked || sub.is_none_or(|sub| sub.name() == "value");
        for &at in positions {
            let Value::Object(object) = &mut self.items[at] else {
                continue;
            };
            let mut editor = Editor { work, guards: true };
            edit(&mut editor, object)?;
            if object.is_empty() {
                empty.push(at);
            }
            known_by_it |= !object.get("value").is_some_and(Value::is_string);
            if chooses && says_primary(object) {
                primary.push(at);
            }
        }
        self.keep_primary(&primary, work)?;
        self.mark_gone(&empty);
        if known_by_it {
            self.forget_index();
        }
        Ok(())
    }

    /// Sets `primary` to false in all values but those at `chosen`, if there are any
    /// (RFC 7644 §3.5.2). `chosen` is in ascending order.
    fn keep_primary(&mut self, chosen: &[usize], work: &mut Work) -> Done {
        if chosen.is_empty() || self.attribute.sub_attribute("primary").is_none() {
            return Ok(());
        }
        work.look(&self.items, 1)?;
        for (at, item) in self.items.iter_mut().enumerate() {
            if is_primary(item)
                && chosen.binary_search(&at).is_err()
                && let Value::Object(members) = item
            {
                member::set(members, "primary", Value::Bool(false));
            }
        }
        Ok(())
    }

    fn index(&mut self, work: &mut Work) -> Result<&mut Index, PatchProblem> {
        if self.index.is_none() {
            work.look(&self.items, 1)?;
        }
        let build = || Index::of(self.attribute, self.linked, &self.items);
        Ok(self.index.get_or_insert_with(build))
    }

    /// The index does not hold any more.
    fn forget_index(&mut self) {
        self.index = None;
        self.items.retain(|item| !item.is_null());
    }
}

pub(super) fn is_primary(item: &Value) -> bool {
    item.as_object().is_some_and(says_primary)
}

fn says_primary(members: &Map<String, Value>) -> bool {
    member::get(members, "primary") == Some(&Value::Bool(true))
}

/// What a complex value says, each sub-attribute by itself. Not to be primary is nothing.
fn parts(attribute: &Attribute, value: &Value) -> HashSet<(String, Vec<u8>)> {
    let members = value.as_object().into_iter().flatten();
    let said = members.filter_map(|(name, value)| {
        let sub = attribute.sub_attribute(name)?;
        let nothing = value.is_null() || (sub.name() == "primary" && *value == Value::Bool(false));
        (!nothing).then(|| (sub.name().to_owned(), sub.comparison_key(value)))
    });
    said.collect()
}
