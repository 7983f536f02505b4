//! Attributes that are set once (`mutability: immutable`, RFC 7643 §7).
//!
//! They may be set when a resource is created or later, as long as they have no value. A
//! write that says another value is refused; one that leaves them out keeps them, also if it
//! leaves out the complex value that they are part of.
//!
//! A value of a list comes and goes as a whole (RFC 7644 §3.5.2.3). One with the same `value`
//! as a stored one is that one, and its immutable parts stay; any other is new. A link that
//! points to another resource is another one, even if it has the same `value`.

mod links;
mod list;

use serde_json::{Map, Value};

use super::attributes::Attributes;
use super::normal::{Checked, Fault, NormalForm, require};
use super::{Attribute, ResourceType};
use crate::resource::{ResourceError, ResourceErrorKind};

impl ResourceType {
    /// Whether what a document may say depends on what is stored.
    pub(crate) fn has_immutable(&self) -> bool {
        self.levels()
            .any(|level| self.holders(level).next().is_some())
    }

    /// Gives `form` the immutable attributes of the stored document `before` that it leaves out.
    ///
    /// # Errors
    ///
    /// [`ResourceErrorKind::Immutable`] if `form` says another value of one;
    /// [`ResourceErrorKind::Missing`] if it leaves out a value of which one stays, and the value
    /// requires more than that.
    pub(crate) fn keep_immutable(
        &self,
        before: &Map<String, Value>,
        form: &mut NormalForm,
    ) -> Result<(), ResourceError> {
        self.keep(self.top(), before, &mut form.attributes)?;
        let mut came_back = false;
        for extension in self.extensions() {
            let (id, attributes) = (extension.schema().id(), extension.schema().names());
            let Some(Value::Object(before)) = before.get(id) else {
                continue;
            };
            let within = |fault: Box<Fault>| fault.within(id);
            if let Some(Value::Object(now)) = form.attributes.get_mut(id) {
                self.keep(attributes, before, now).map_err(within)?;
                continue;
            }
            let mut now = Map::new();
            self.keep(attributes, before, &mut now).map_err(within)?;
            if !now.is_empty() {
                require(attributes, &now, |_| false).map_err(within)?;
                form.attributes.insert(id.into(), now.into());
                came_back = true;
            }
        }
        if came_back {
            let schemas = self.schemas_of(&form.attributes, &form.secrets)?;
            form.attributes.insert("schemas".into(), schemas);
        }
        Ok(())
    }

    fn keep(
        &self,
        attributes: &Attributes,
        before: &Map<String, Value>,
        now: &mut Map<String, Value>,
    ) -> Checked<()> {
        for attribute in self.holders(attributes) {
            let name = attribute.name();
            let Some(old) = before.get(name) else {
                continue;
            };
            let kept = if attribute.is_immutable() {
                keep_one(attribute, old, now)
            } else {
                keep_parts(attribute, old, now)
            };
            kept.map_err(|fault| fault.within(name))?;
        }
        Ok(())
    }

    /// Those of `attributes` that are immutable or have parts that are, and stand in documents.
    fn holders<'a>(&self, attributes: &'a Attributes) -> impl Iterator<Item = &'a Attribute> {
        let all = attributes.as_slice().iter();
        all.filter(|attribute| {
            attribute.holds_immutable() && !self.links().any(|link| *link == *attribute.name())
        })
    }
}

/// An attribute that is immutable itself.
fn keep_one(attribute: &Attribute, old: &Value, now: &mut Map<String, Value>) -> Checked<()> {
    if let Some(new) = now.get(attribute.name())
        && !matches(attribute, old, new)
    {
        return Err(Fault::new(ResourceErrorKind::Immutable));
    }
    now.insert(attribute.name().into(), old.clone());
    Ok(())
}

/// A complex attribute of which parts are immutable.
fn keep_parts(attribute: &Attribute, old: &Value, now: &mut Map<String, Value>) -> Checked<()> {
    match (old, now.get_mut(attribute.name())) {
        (Value::Array(old), Some(Value::Array(now))) => list::keep(attribute, old, now),
        (Value::Object(old), Some(Value::Object(now))) => keep_members(attribute, old, now),
        (Value::Object(old), None) => {
            let mut parts = Map::new();
            keep_members(attribute, old, &mut parts)?;
            if !parts.is_empty() {
                require(attribute.parts(), &parts, |_| false)?;
                now.insert(attribute.name().into(), parts.into());
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The immutable members of one complex value.
fn keep_members(
    attribute: &Attribute,
    old: &Map<String, Value>,
    now: &mut Map<String, Value>,
) -> Checked<()> {
    for part in immutable_parts(attribute) {
        if let Some(old) = old.get(part.name()) {
            keep_one(part, old, now).map_err(|fault| fault.within(part.name()))?;
        }
    }
    Ok(())
}

fn immutable_parts(attribute: &Attribute) -> impl Iterator<Item = &Attribute> {
    let parts = attribute.sub_attributes().iter();
    parts.filter(|part| part.holds_immutable())
}

/// Whether `new` is no other value than `old`: without regard to case unless the attribute is
/// case-exact. (Elsewhere case counts, because who corrects it wants it stored. Here nothing
/// new is stored anyway.)
pub(super) fn matches(attribute: &Attribute, old: &Value, new: &Value) -> bool {
    old == new || attribute.comparison_key(old) == attribute.comparison_key(new)
}
