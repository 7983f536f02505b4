use scim_provider::schema::{Attribute, AttributeType, Mutability, Returned};
use serde_json::{Map, Value};

use super::list::List;
use super::work::Work;
use crate::patch::plan::Change;
use crate::patch::{PatchProblem, member};

/// Changes single members of objects.
pub(super) struct Editor<'a> {
    pub(super) work: &'a mut Work,
    /// Whether what is immutable stays. A value of a list that is written anew as a whole may
    /// differ from the one that it takes the place of.
    pub(super) guards: bool,
}

type Done = Result<(), PatchProblem>;

impl Editor<'_> {
    /// Changes the member of `object` that `attribute` describes.
    pub(super) fn change(
        &mut self,
        object: &mut Map<String, Value>,
        attribute: &Attribute,
        change: &Change,
    ) -> Done {
        let before = self.guarded(object, attribute);
        if attribute.multi_valued() {
            self.change_list(object, attribute, change)?;
        } else {
            self.change_single(object, attribute, change)?;
        }
        check_immutable(attribute, before.as_ref(), object)
    }

    /// What an immutable attribute says, so that it can be compared afterwards.
    pub(super) fn guarded(
        &self,
        object: &Map<String, Value>,
        attribute: &Attribute,
    ) -> Option<Value> {
        let guarded = self.guards && attribute.mutability() == Mutability::Immutable;
        let before = guarded.then(|| member::get(object, attribute.name()))??;
        (!before.is_null()).then(|| before.clone())
    }

    fn change_single(
        &mut self,
        object: &mut Map<String, Value>,
        attribute: &Attribute,
        change: &Change,
    ) -> Done {
        match change {
            Change::Add(value) | Change::Replace(value) => match value {
                Value::Null => remove(object, attribute),
                Value::Object(given) if attribute.attribute_type() == AttributeType::Complex => {
                    let mut value = match member::get_mut(object, attribute.name()) {
                        Some(Value::Object(current)) => std::mem::take(current),
                        _ => Map::new(),
                    };
                    self.merge(&mut value, attribute, given, change)?;
                    if value.is_empty() {
                        member::take(object, attribute.name());
                    } else {
                        member::set(object, attribute.name(), Value::Object(value));
                    }
                    Ok(())
                }
                value => {
                    member::set(object, attribute.name(), value.clone());
                    Ok(())
                }
            },
            Change::Remove | Change::RemoveValues(_) => remove(object, attribute),
        }
    }

    /// A list within a complex value.
    fn change_list(
        &mut self,
        object: &mut Map<String, Value>,
        attribute: &Attribute,
        change: &Change,
    ) -> Done {
        let mut list = List::take(object, attribute, false, None);
        match change {
            Change::Add(values) => list.add(items(values), self.work)?,
            Change::Replace(values) => list.replace_all(items(values), self.work)?,
            Change::Remove => list.replace_all(&[], self.work)?,
            Change::RemoveValues(values) => list.remove_values(values, self.work)?,
        }
        if list.is_empty() && attribute.required() && !matches!(change, Change::Add(_)) {
            return Err(PatchProblem::Required);
        }
        list.put(object);
        Ok(())
    }

    /// Gives the complex value `object` of `attribute` the members of `given`; others stay.
    /// `like` tells whether they are added or replaced.
    pub(super) fn merge(
        &mut self,
        object: &mut Map<String, Value>,
        attribute: &Attribute,
        given: &Map<String, Value>,
        like: &Change,
    ) -> Done {
        let before = member::get(object, "value").cloned();
        for (name, value) in given {
            let Some(sub) = attribute.sub_attribute(name) else {
                continue;
            };
            let value = value.clone();
            let change = match like {
                Change::Add(_) => Change::Add(value),
                _ => Change::Replace(value),
            };
            self.change(object, sub, &change)?;
        }
        let says_where = given.get("$ref").is_some_and(|uri| !uri.is_null());
        if !says_where {
            settle_reference(object, attribute, before.as_ref());
        }
        Ok(())
    }

    /// Changes the sub-attribute `sub` of the complex value `object` of `attribute`.
    pub(super) fn change_part(
        &mut self,
        object: &mut Map<String, Value>,
        attribute: &Attribute,
        sub: &Attribute,
        change: &Change,
    ) -> Done {
        let before = member::get(object, "value").cloned();
        self.change(object, sub, change)?;
        settle_reference(object, attribute, before.as_ref());
        Ok(())
    }
}

/// A `$ref` that says where the former `value` is found does not go with the new one.
fn settle_reference(
    object: &mut Map<String, Value>,
    attribute: &Attribute,
    before: Option<&Value>,
) {
    let refers = |name| attribute.sub_attribute(name).is_some();
    if refers("value") && refers("$ref") && member::get(object, "value") != before {
        member::take(object, "$ref");
    }
}

/// Refuses that an immutable attribute says something else than `before`.
pub(super) fn check_immutable(
    attribute: &Attribute,
    before: Option<&Value>,
    object: &Map<String, Value>,
) -> Done {
    let Some(before) = before else {
        return Ok(());
    };
    let after = member::get(object, attribute.name());
    let key = |value| attribute.comparison_key(value);
    if after.is_some_and(|after| key(after) == key(before)) {
        Ok(())
    } else {
        Err(PatchProblem::Immutable)
    }
}

/// Takes `attribute` out of `object`. One that is never shown is not there to be taken: `null`
/// tells the provider.
pub(super) fn remove(object: &mut Map<String, Value>, attribute: &Attribute) -> Done {
    if attribute.required() {
        return Err(PatchProblem::Required);
    }
    if is_hidden(attribute) {
        member::set(object, attribute.name(), Value::Null);
    } else {
        member::take(object, attribute.name());
    }
    Ok(())
}

/// Whether a resource that is read does not show whether it has `attribute`.
pub(super) fn is_hidden(attribute: &Attribute) -> bool {
    attribute.mutability() == Mutability::WriteOnly || attribute.returned() == Returned::Never
}

/// The values of a list.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        single => std::slice::from_ref(single),
    }
}
