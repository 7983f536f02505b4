mod edit;
mod index;
mod list;
mod work;

use std::collections::HashMap;

use scim_provider::schema::{Attribute, AttributeType};
use serde_json::{Map, Value};

use self::edit::{Editor, check_immutable, is_hidden, items};
use self::index::Index;
use self::list::{List, is_primary};
use self::work::Work;
use super::given::{says_nothing, without_nulls};
use super::plan::{Action, Change};
use super::target::{Selector, Target};
use super::{PatchProblem, member};

/// A resource while it is changed. If a step fails, the whole draft is thrown away.
pub(super) struct Draft<'t> {
    attributes: Map<String, Value>,
    /// Of the lists that were changed, by extension and attribute.
    indexes: HashMap<(Option<&'t str>, &'t str), Index>,
    work: Work,
    creates_missing: bool,
}

type Done = Result<(), PatchProblem>;

impl<'t> Draft<'t> {
    pub(super) fn new(resource: &Map<String, Value>, creates_missing: bool) -> Self {
        Self {
            attributes: resource.clone(),
            indexes: HashMap::new(),
            work: Work::on(resource),
            creates_missing,
        }
    }

    /// The resource as the steps have left it.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        for (extension, name) in self.indexes.into_keys() {
            let object = match extension {
                None => Some(&mut self.attributes),
                Some(uri) => {
                    member::get_mut(&mut self.attributes, uri).and_then(Value::as_object_mut)
                }
            };
            let list = object.and_then(|object| member::get_mut(object, name));
            if let Some(Value::Array(items)) = list {
                items.retain(|item| !item.is_null());
            }
        }
        self.attributes
    }

    pub(super) fn apply(&mut self, action: &Action<'t>) -> Done {
        match action {
            Action::CheckId(id) => match member::get(&self.attributes, "id") {
                Some(Value::String(own)) if own != id => Err(PatchProblem::AnotherId),
                _ => Ok(()),
            },
            Action::RemoveExtension(extension) => {
                let uri = extension.schema().id();
                member::take(&mut self.attributes, uri);
                self.indexes.retain(|(owner, _), _| *owner != Some(uri));
                Ok(())
            }
            Action::Change(target, change) => self.change(target, change),
        }
    }

    fn change(&mut self, target: &Target<'t>, change: &Change) -> Done {
        let Some(uri) = target.extension else {
            let mut object = std::mem::take(&mut self.attributes);
            let done = self.change_in(&mut object, target, change);
            self.attributes = object;
            return done;
        };
        let mut object = match member::get_mut(&mut self.attributes, uri) {
            Some(Value::Object(current)) => std::mem::take(current),
            _ => Map::new(),
        };
        self.change_in(&mut object, target, change)?;
        if object.is_empty() {
            member::take(&mut self.attributes, uri);
        } else {
            member::set(&mut self.attributes, uri, Value::Object(object));
        }
        Ok(())
    }

    /// Changes the attribute in `object`, which is the resource or the extension that has it.
    fn change_in(
        &mut self,
        object: &mut Map<String, Value>,
        target: &Target<'t>,
        change: &Change,
    ) -> Done {
        let attribute = target.attribute;
        if attribute.multi_valued() {
            return self.change_list(object, target, change);
        }
        let mut editor = Editor {
            work: &mut self.work,
            guards: true,
        };
        let Some(sub) = target.sub else {
            return editor.change(object, attribute, change);
        };
        let before = editor.guarded(object, attribute);
        let mut value = match member::get_mut(object, attribute.name()) {
            Some(Value::Object(current)) => std::mem::take(current),
            _ if matches!(change, Change::Remove) && !is_hidden(sub) => return Ok(()),
            _ => Map::new(),
        };
        editor.change_part(&mut value, attribute, sub, change)?;
        if value.is_empty() {
            if attribute.required() {
                return Err(PatchProblem::Required);
            }
            member::take(object, attribute.name());
        } else {
            member::set(object, attribute.name(), Value::Object(value));
        }
        check_immutable(attribute, before.as_ref(), object)
    }

    fn change_list(
        &mut self,
        object: &mut Map<String, Value>,
        target: &Target<'t>,
        change: &Change,
    ) -> Done {
        let attribute = target.attribute;
        let key = (target.extension, attribute.name());
        let editor = Editor {
            work: &mut self.work,
            guards: true,
        };
        let before = editor.guarded(object, attribute);
        let mut list = List::take(object, attribute, target.linked, self.indexes.remove(&key));
        let was_empty = list.is_empty();
        match (&target.selector, target.sub) {
            (None, None) => match change {
                Change::Add(values) => list.add(items(values), &mut self.work)?,
                Change::Replace(values) => list.replace_all(items(values), &mut self.work)?,
                Change::Remove => list.replace_all(&[], &mut self.work)?,
                Change::RemoveValues(values) => list.remove_values(values, &mut self.work)?,
            },
            (selector, sub) => {
                self.change_values(&mut list, target, selector.as_ref(), sub, change)?
            }
        }
        let removes = !matches!(change, Change::Add(_));
        let whole = target.selector.is_none() && target.sub.is_none();
        if list.is_empty() && attribute.required() && removes && (whole || !was_empty) {
            return Err(PatchProblem::Required);
        }
        if let Some(index) = list.put(object) {
            self.indexes.insert(key, index);
        }
        check_immutable(attribute, before.as_ref(), object)
    }

    /// Changes the values that `selector` means, or their sub-attribute `sub`.
    fn change_values(
        &mut self,
        list: &mut List<'_>,
        target: &Target<'t>,
        selector: Option<&Selector<'t>>,
        sub: Option<&'t Attribute>,
        change: &Change,
    ) -> Done {
        let attribute = target.attribute;
        let positions = list.matching(selector, &mut self.work)?;
        match change {
            Change::Replace(_)
                if positions.is_empty() && selector.is_some() && !self.creates_missing =>
            {
                Err(PatchProblem::NoMatch)
            }
            Change::Add(value) | Change::Replace(value) if positions.is_empty() => {
                if says_nothing(value) {
                    return Ok(());
                }
                self.create(list, attribute, selector, sub, change)
            }
            Change::Remove | Change::RemoveValues(_) if sub.is_none() => {
                list.remove(&positions);
                Ok(())
            }
            Change::Replace(Value::Null) if sub.is_none() => {
                list.remove(&positions);
                Ok(())
            }
            Change::Add(Value::Null) if sub.is_none() => Ok(()),
            Change::Replace(value) if sub.is_none() => {
                let seed = selector.map_or(Value::Null, |selector| selector.seed(attribute));
                let value = self.fill(attribute, seed, value)?;
                if says_nothing(&value) {
                    list.remove(&positions);
                    return Ok(());
                }
                list.replace(&positions, value, &mut self.work)
            }
            Change::Add(value) if sub.is_none() => match value {
                Value::Object(given) => {
                    self.work.copy(value, positions.len())?;
                    let merge = |editor: &mut Editor<'_>, object: &mut Map<String, Value>| {
                        editor.merge(object, attribute, given, change)
                    };
                    list.edit(&positions, None, is_primary(value), &mut self.work, merge)
                }
                simple => list.replace(&positions, simple.clone(), &mut self.work),
            },
            change => {
                let Some(sub) = sub else {
                    return Ok(());
                };
                let part = |editor: &mut Editor<'_>, object: &mut Map<String, Value>| {
                    editor.change_part(object, attribute, sub, change)
                };
                if let Change::Add(value) | Change::Replace(value) = change {
                    self.work.copy(value, positions.len())?;
                }
                let chooses = sub.name() == "primary";
                list.edit(&positions, Some(sub), chooses, &mut self.work, part)
            }
        }
    }

    /// Adds a value that `selector` would have meant, if one can be made up.
    fn create(
        &mut self,
        list: &mut List<'_>,
        attribute: &Attribute,
        selector: Option<&Selector<'t>>,
        sub: Option<&Attribute>,
        change: &Change,
    ) -> Done {
        let (Change::Add(value) | Change::Replace(value)) = change else {
            return Ok(());
        };
        let seed = selector.map_or_else(|| Map::new().into(), |s| s.seed(attribute));
        let created = match (sub, seed) {
            (Some(sub), Value::Object(mut object)) => {
                let mut editor = Editor {
                    work: &mut self.work,
                    guards: false,
                };
                editor.change_part(&mut object, attribute, sub, change)?;
                Value::Object(object)
            }
            (_, seed) => self.fill(attribute, seed, value)?,
        };
        if selector.is_some_and(|selector| !selector.matches(&created)) {
            return Err(PatchProblem::NoMatch);
        }
        list.add(&[created], &mut self.work)
    }

    /// What `seed` says and `value` does not say otherwise, and what `value` says.
    fn fill(
        &mut self,
        attribute: &Attribute,
        seed: Value,
        value: &Value,
    ) -> Result<Value, PatchProblem> {
        match (seed, without_nulls(value.clone())) {
            (Value::Object(mut object), Value::Object(given))
                if attribute.attribute_type() == AttributeType::Complex =>
            {
                let mut editor = Editor {
                    work: &mut self.work,
                    guards: false,
                };
                editor.merge(
                    &mut object,
                    attribute,
                    &given,
                    &Change::Replace(Value::Null),
                )?;
                Ok(Value::Object(object))
            }
            (_, value) => Ok(value),
        }
    }
}
