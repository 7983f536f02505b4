use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Password, Secrets};
use crate::resource::ResourceErrorKind;
use crate::schema::ResourceType;
use crate::schema::attributes::Attributes;
use crate::schema::identity::{identity, identity_key};
use crate::schema::normal::{Checked, Fault, drop_repeated};

impl ResourceType {
    /// Takes what is never shown out of `map`, a resource in normal form in which a `null`
    /// stands where such a thing is to be removed.
    pub(in crate::schema) fn take_secrets(&self, map: &mut Map<String, Value>) -> Checked<Secrets> {
        let mut secrets = Secrets::default();
        if self.top().has_secrets() {
            secrets.said = split(self.top(), map)?;
            take_passwords(None, &mut secrets.said, &mut secrets.passwords)?;
        }
        for extension in self.extensions() {
            let (id, attributes) = (extension.schema().id(), extension.schema().names());
            if !attributes.has_secrets() {
                continue;
            }
            let (mut said, nothing_left) = match map.get_mut(id) {
                Some(Value::Object(inside)) => {
                    let within = |fault: Box<Fault>| fault.within(id);
                    let said = split(attributes, inside).map_err(within)?;
                    (said, inside.is_empty())
                }
                Some(_) => {
                    map.remove(id);
                    secrets.said.insert(id.into(), Value::Null);
                    continue;
                }
                None => continue,
            };
            if nothing_left {
                map.remove(id);
            }
            take_passwords(Some(id), &mut said, &mut secrets.passwords)
                .map_err(|fault| fault.within(id))?;
            if !said.is_empty() {
                secrets.said.insert(id.into(), said.into());
            }
        }
        Ok(secrets)
    }
}

/// Whether something of a complex value is shown; its names are those of the schema.
pub(in crate::schema) fn is_shown(attributes: &Attributes, value: &Value) -> bool {
    value.as_object().is_some_and(|members| {
        members.keys().any(|name| {
            attributes
                .find_exact(name)
                .is_some_and(|part| !part.is_never_shown())
        })
    })
}

/// What is secret in `map`, and out of it.
///
/// Sub-attributes are never complex, so this calls itself once at most.
fn split(attributes: &Attributes, map: &mut Map<String, Value>) -> Checked<Map<String, Value>> {
    let mut apart = Map::new();
    let mut fault = None;
    map.retain(|name, value| {
        let Some(attribute) = attributes.find_exact(name) else {
            return true;
        };
        if fault.is_some() || !attribute.holds_secrets() {
            return true;
        }
        if attribute.is_never_shown() || value.is_null() {
            apart.insert(name.clone(), value.take());
            return false;
        }
        let (secret, shown) = match value {
            Value::Object(parts) => {
                let secret = split(attribute.parts(), parts).map(Value::from);
                (secret, !parts.is_empty())
            }
            Value::Array(items) => {
                let secret = split_items(attribute.parts(), items).map(Value::from);
                // Values that differed in secrets only are one.
                drop_repeated(items);
                (secret, !items.is_empty())
            }
            _ => return true,
        };
        match secret {
            Ok(secret) if crate::schema::normal::is_unassigned(&secret) => {}
            Ok(secret) => {
                apart.insert(name.clone(), secret);
            }
            Err(found) => fault = Some(found.within(name)),
        }
        shown
    });
    fault.map_or(Ok(apart), Err)
}

/// One entry for each of the `items` that has secret parts.
fn split_items(attributes: &Attributes, items: &mut [Value]) -> Checked<Vec<Value>> {
    let mut entries = Vec::new();
    let mut known: HashMap<Vec<u8>, Map<String, Value>> = HashMap::new();
    for (index, item) in items.iter_mut().enumerate() {
        let Value::Object(parts) = item else { continue };
        let secret = split(attributes, parts)?;
        if secret.is_empty() {
            continue;
        }
        let key = identity_key(item);
        match known.get(&key) {
            // The two are one value to us: one of the secrets would be lost.
            Some(other) if *other != secret => {
                return Err(Fault::new(ResourceErrorKind::Repeated).at(index));
            }
            Some(_) => {}
            None => {
                entries.push(entry(identity(item), secret.clone()));
                known.insert(key, secret);
            }
        }
    }
    Ok(entries)
}

/// The secret parts of one value of a list, with what tells it from the others.
pub(super) fn entry(of: &Value, parts: Map<String, Value>) -> Value {
    serde_json::json!({ "of": of, "parts": parts })
}

/// What [`entry`] was made of.
pub(super) fn entry_of(entry: &mut Value) -> Option<(Vec<u8>, Map<String, Value>)> {
    let key = scim_version::canonical_json(entry.get("of")?);
    match entry.get_mut("parts")?.take() {
        Value::Object(parts) => Some((key, parts)),
        _ => None,
    }
}

fn take_passwords(
    extension: Option<&str>,
    said: &mut Map<String, Value>,
    passwords: &mut Vec<Password>,
) -> Checked<()> {
    let is_password = |name: &&String| name.eq_ignore_ascii_case("password");
    let Some(name) = said.keys().find(is_password).cloned() else {
        return Ok(());
    };
    let Some(Value::String(text)) = said.get(&name) else {
        return Ok(());
    };
    let refused = match text.len() {
        0 => Some(ResourceErrorKind::Malformed {
            expected: "a password: it is empty",
        }),
        length if length > Secrets::MAX_PASSWORD => Some(ResourceErrorKind::TooLong {
            octets: Secrets::MAX_PASSWORD,
        }),
        _ => None,
    };
    if let Some(kind) = refused {
        return Err(Fault::new(kind).within(&name));
    }
    passwords.push(Password {
        extension: extension.map(Into::into),
        name: name.as_str().into(),
        text: text.as_str().into(),
    });
    said.remove(&name);
    Ok(())
}
