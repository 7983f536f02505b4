use std::collections::HashMap;

use serde_json::{Map, Value};

use super::split::{entry, entry_of};
use super::{Password, Secrets};
use crate::resource::{ResourceError, ResourceErrorKind};
use crate::schema::attributes::Attributes;
use crate::schema::identity::{identity, identity_key};
use crate::schema::normal::{Checked, Fault, NormalForm};
use crate::schema::same::same_values;
use crate::schema::{Attribute, ResourceType, mutability};

/// All attributes of a resource that are never shown, as they are kept: passwords as hashes.
#[derive(Default)]
pub(crate) struct Hidden(Map<String, Value>);

impl Hidden {
    /// What [`to_json`](Self::to_json) gave.
    pub(crate) fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json).map(Self)
    }

    /// Canonical JSON; `None` if there is nothing to keep.
    pub(crate) fn to_json(&self) -> Option<Vec<u8>> {
        let value = Value::Object(self.0.clone());
        (!self.0.is_empty()).then(|| scim_version::canonical_json(&value))
    }

    /// The hash that is kept where `password` stands.
    pub(crate) fn password(&self, password: &Password) -> Option<&str> {
        let attributes = match &password.extension {
            Some(id) => self.0.get(&**id)?.as_object()?,
            None => &self.0,
        };
        attributes.get(&*password.name)?.as_str()
    }

    /// Keeps `hash` where `password` stands.
    pub(crate) fn set_password(&mut self, password: &Password, hash: &str) {
        let name = String::from(&*password.name);
        let Some(id) = &password.extension else {
            self.0.insert(name, hash.into());
            return;
        };
        let inside = self.0.entry(&**id).or_insert_with(|| Map::new().into());
        if let Value::Object(inside) = inside {
            inside.insert(name, hash.into());
        }
    }
}

impl ResourceType {
    /// What is kept apart after a write of `form` to a resource that says `before` and of which
    /// `hidden` is kept apart; the passwords of `form` are not in it yet.
    ///
    /// `before` is only looked at if [`depends_on_stored`](Self::depends_on_stored).
    ///
    /// # Errors
    ///
    /// If a secret is required and neither given nor kept, or is immutable and given anew.
    pub(crate) fn hide(
        &self,
        before: &Map<String, Value>,
        hidden: Hidden,
        form: &NormalForm,
    ) -> Result<Hidden, ResourceError> {
        let Secrets { said, passwords } = &form.secrets;
        let mut old = hidden.0;
        let mut merged = Map::new();
        for extension in self.extensions() {
            let (id, attributes) = (extension.schema().id(), extension.schema().names());
            let old = take_object(&mut old, id);
            if !attributes.has_secrets() {
                keep(&mut merged, id, old);
                continue;
            }
            let level = Level {
                attributes,
                extension: Some(id),
                before: before.get(id).and_then(Value::as_object),
                now: form.attributes.get(id).and_then(Value::as_object),
                passwords,
            };
            let said = said.get(id);
            let kept = if said.is_some_and(Value::is_null) {
                Map::new()
            } else {
                let said = said.and_then(Value::as_object);
                level.merge(old, said).map_err(|fault| fault.within(id))?
            };
            // What an extension requires is only missing if there is data of it.
            if level.now.is_some() || !kept.is_empty() || level.says_password() {
                level.require(&kept).map_err(|fault| fault.within(id))?;
            }
            keep(&mut merged, id, kept);
        }
        let level = Level {
            attributes: self.top(),
            extension: None,
            before: Some(before),
            now: Some(&form.attributes),
            passwords,
        };
        merged.append(&mut level.merge(old, Some(said))?);
        level.require(&merged)?;
        Ok(Hidden(merged))
    }
}

fn take_object(map: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match map.remove(name) {
        Some(Value::Object(inside)) => inside,
        _ => Map::new(),
    }
}

fn keep(map: &mut Map<String, Value>, name: &str, inside: Map<String, Value>) {
    if !inside.is_empty() {
        map.insert(name.into(), inside.into());
    }
}

/// The attributes of the core schema or of one extension, before and after a write.
struct Level<'a> {
    attributes: &'a Attributes,
    extension: Option<&'a str>,
    /// What was shown.
    before: Option<&'a Map<String, Value>>,
    /// What will be shown.
    now: Option<&'a Map<String, Value>>,
    passwords: &'a [Password],
}

impl Level<'_> {
    fn holders(&self) -> impl Iterator<Item = &Attribute> {
        let all = self.attributes.as_slice().iter();
        all.filter(|attribute| attribute.holds_secrets())
    }

    fn is_shown(&self, name: &str) -> bool {
        self.now.is_some_and(|now| now.contains_key(name))
    }

    fn says_password(&self) -> bool {
        let here = |password: &Password| password.extension.as_deref() == self.extension;
        self.passwords.iter().any(here)
    }

    /// `old` with what was `said` put over it.
    fn merge(
        &self,
        mut old: Map<String, Value>,
        said: Option<&Map<String, Value>>,
    ) -> Checked<Map<String, Value>> {
        let mut merged = Map::new();
        for attribute in self.holders() {
            let name = attribute.name();
            let kept = old.remove(name);
            let said = said.and_then(|said| said.get(name));
            let value = if attribute.is_never_shown() {
                merge_one(attribute, kept, said)
            } else if attribute.multi_valued() {
                self.merge_list(attribute, kept, said)
            } else {
                self.merge_complex(attribute, kept, said)
            };
            if let Some(value) = value.map_err(|fault| fault.within(name))? {
                merged.insert(name.into(), value);
            }
        }
        // What no schema has any longer is not for this write to remove.
        merged.append(&mut old);
        Ok(merged)
    }

    /// The secret parts of a value that was shown go with it. One of which nothing was shown
    /// can't be sent back by a client, so it stays until it is removed by name.
    fn merge_complex(
        &self,
        attribute: &Attribute,
        kept: Option<Value>,
        said: Option<&Value>,
    ) -> Checked<Option<Value>> {
        let name = attribute.name();
        if said.is_some_and(Value::is_null) {
            return Ok(None);
        }
        if said.is_none() && !self.is_shown(name) {
            let was_shown = self.before.is_some_and(|before| before.contains_key(name));
            return Ok(kept.filter(|_| !was_shown));
        }
        let kept = match kept {
            Some(Value::Object(parts)) => parts,
            _ => Map::new(),
        };
        let said = said.and_then(Value::as_object);
        let merged = merge_parts(attribute, kept, said)?;
        Ok((!merged.is_empty()).then_some(Value::Object(merged)))
    }

    /// The secret parts of the values of a list go with them.
    fn merge_list(
        &self,
        attribute: &Attribute,
        kept: Option<Value>,
        said: Option<&Value>,
    ) -> Checked<Option<Value>> {
        let (mut kept, mut said) = (entries(kept), entries(said.cloned()));
        if kept.is_empty() && said.is_empty() {
            return Ok(None);
        }
        let mut merged = Vec::new();
        for (index, item) in self.items(attribute).iter().enumerate() {
            let key = identity_key(item);
            let (kept, said) = (kept.remove(&key), said.remove(&key));
            if kept.is_none() && said.is_none() {
                continue;
            }
            let parts = merge_parts(attribute, kept.unwrap_or_default(), said.as_ref())
                .map_err(|fault| fault.at(index))?;
            if !parts.is_empty() {
                merged.push(entry(identity(item), parts));
            }
        }
        Ok((!merged.is_empty()).then_some(Value::Array(merged)))
    }

    fn items(&self, attribute: &Attribute) -> &[Value] {
        let value = self.now.and_then(|now| now.get(attribute.name()));
        value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// All secrets that are required are in `merged` or will be.
    fn require(&self, merged: &Map<String, Value>) -> Checked<()> {
        for attribute in self.holders() {
            let name = attribute.name();
            let value = merged.get(name);
            let checked = if attribute.is_never_shown() {
                let coming = attribute.is_password() && self.says_password();
                present(attribute, coming || is_given(value))
            } else if attribute.multi_valued() {
                self.require_in_list(attribute, value)
            } else if value.is_some() || self.is_shown(name) {
                require_parts(attribute, value.and_then(Value::as_object))
                    .map_err(|fault| fault.within(name))
            } else {
                Ok(())
            };
            checked?;
        }
        Ok(())
    }

    fn require_in_list(&self, attribute: &Attribute, merged: Option<&Value>) -> Checked<()> {
        let required = |part: &Attribute| part.is_never_shown() && part.required();
        if !attribute.sub_attributes().iter().any(required) {
            return Ok(());
        }
        let entries = entries(merged.cloned());
        for (index, item) in self.items(attribute).iter().enumerate() {
            require_parts(attribute, entries.get(&identity_key(item)))
                .map_err(|fault| fault.at(index).within(attribute.name()))?;
        }
        Ok(())
    }
}

/// A secret attribute without parts of its own to look at.
fn merge_one(
    attribute: &Attribute,
    kept: Option<Value>,
    said: Option<&Value>,
) -> Checked<Option<Value>> {
    let Some(said) = said else {
        return Ok(kept);
    };
    match kept {
        Some(kept) if same_values(attribute, &kept, said) => Ok(Some(kept)),
        Some(kept) if attribute.is_immutable() => {
            if mutability::matches(attribute, &kept, said) {
                Ok(Some(kept))
            } else {
                Err(Fault::new(ResourceErrorKind::Immutable))
            }
        }
        _ => Ok(Some(said.clone()).filter(|said| !said.is_null())),
    }
}

fn merge_parts(
    attribute: &Attribute,
    mut kept: Map<String, Value>,
    said: Option<&Map<String, Value>>,
) -> Checked<Map<String, Value>> {
    let mut merged = Map::new();
    for part in secret_parts(attribute) {
        let name = part.name();
        let said = said.and_then(|said| said.get(name));
        let value = merge_one(part, kept.remove(name), said).map_err(|fault| fault.within(name))?;
        if let Some(value) = value {
            merged.insert(name.into(), value);
        }
    }
    Ok(merged)
}

fn require_parts(attribute: &Attribute, merged: Option<&Map<String, Value>>) -> Checked<()> {
    for part in secret_parts(attribute) {
        let value = merged.and_then(|merged| merged.get(part.name()));
        present(part, is_given(value))?;
    }
    Ok(())
}

fn present(attribute: &Attribute, is_there: bool) -> Checked<()> {
    if attribute.required() && !attribute.is_read_only() && !is_there {
        return Err(Fault::new(ResourceErrorKind::Missing).within(attribute.name()));
    }
    Ok(())
}

/// An empty text is as good as none, as with attributes that are shown.
fn is_given(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value != "")
}

fn secret_parts(attribute: &Attribute) -> impl Iterator<Item = &Attribute> {
    let parts = attribute.sub_attributes().iter();
    parts.filter(|part| part.is_never_shown())
}

/// The entries of a list by the values that they belong to.
fn entries(list: Option<Value>) -> HashMap<Vec<u8>, Map<String, Value>> {
    match list {
        Some(Value::Array(mut list)) => list.iter_mut().filter_map(entry_of).collect(),
        _ => HashMap::new(),
    }
}
