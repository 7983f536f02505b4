//! Changes of one thing, small enough to say what each is about.

use serde_json::{Map, Value};

use crate::support::{Document, MORE};

/// Where an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Core,
    More,
}

#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// The attribute has this value from now on.
    Set(Level, &'static str, Value),
    /// The attribute has no value any more.
    Unset(Level, &'static str),
    /// All of the extension goes.
    UnsetMore,
    /// The part of a single complex value has this value, or none.
    SetPart(&'static str, &'static str, Option<Value>),
    /// A value more in the list.
    Add(&'static str, Value),
    /// The value like this one goes.
    Remove(&'static str, Value),
    /// A part of the value like this one has another value, or none.
    SetIn(&'static str, Value, &'static str, Option<Value>),
    /// The value like this one becomes the primary one.
    Choose(&'static str, Value),
}

/// The parts by which the values of `list` are known.
pub(crate) fn identity(list: &str) -> &'static [&'static str] {
    match list {
        "emails" => &["value", "type"],
        "addresses" => &["type"],
        "pages" => &["$ref"],
        "members" | "badges" => &["value"],
        "rooms" => &["floor", "area"],
        _ => &[],
    }
}

/// Whether two values of `list` are one and the same; texts here are in lower case.
pub(crate) fn is_one(list: &str, a: &Value, b: &Value) -> bool {
    match identity(list) {
        [] => a == b,
        parts => parts.iter().all(|part| a.get(part) == b.get(part)),
    }
}

pub(crate) fn list_of<'d>(document: &'d Document, list: &str) -> &'d [Value] {
    let values = document.get(list).and_then(Value::as_array);
    values.map_or(&[], Vec::as_slice)
}

fn find<'d>(document: &'d Document, list: &str, item: &Value) -> Option<&'d Value> {
    list_of(document, list)
        .iter()
        .find(|other| is_one(list, other, item))
}

impl Edit {
    /// Whether it changes something of `document`, and can.
    pub(crate) fn applies_to(&self, document: &Document) -> bool {
        let once = |list: &str, item: &Value| {
            let like = |other: &&Value| is_one(list, other, item);
            list_of(document, list).iter().filter(like).count() == 1
        };
        match self {
            Self::Set(Level::Core, ..) => true,
            Self::Set(Level::More, name, _) => *name == "grade" || document.contains_key(MORE),
            Self::Unset(Level::Core, name) => document.contains_key(*name),
            Self::Unset(Level::More, name) => document
                .get(MORE)
                .is_some_and(|more| more.get(name).is_some()),
            Self::UnsetMore => document.contains_key(MORE),
            Self::SetPart("owner", "value", None) => false,
            Self::SetPart("owner", part, value) => {
                let owner = document.get("owner");
                (*part == "value" && value.is_some()) || owner.is_some()
            }
            Self::SetPart(..) => true,
            Self::Add(list, item) => find(document, list, item).is_none(),
            Self::Remove(list, item) | Self::SetIn(list, item, ..) | Self::Choose(list, item) => {
                once(list, item)
            }
        }
    }

    pub(crate) fn apply(&self, document: &mut Document) {
        match self {
            Self::Set(level, name, value) => {
                object(document, *level).insert((*name).to_owned(), value.clone());
            }
            Self::Unset(level, name) => {
                object(document, *level).remove(*name);
            }
            Self::UnsetMore => {
                document.remove(MORE);
            }
            Self::SetPart(name, part, value) => {
                let whole = document.entry(*name).or_insert_with(|| Map::new().into());
                set(whole, part, value.as_ref());
                // A reference that points elsewhere has another URI.
                if (*name, *part) == ("owner", "value") {
                    let target = value.as_ref().and_then(Value::as_str).unwrap_or_default();
                    set(whole, "$ref", Some(&format!("Users/{target}").into()));
                }
            }
            Self::Add(list, item) => {
                let values = document
                    .entry(*list)
                    .or_insert_with(|| Value::Array(Vec::new()));
                let values = values.as_array_mut().unwrap();
                if item.get("primary") == Some(&Value::Bool(true)) {
                    values
                        .iter_mut()
                        .for_each(|other| set(other, "primary", None));
                }
                values.push(item.clone());
            }
            Self::Remove(list, item) => {
                let values = document.get_mut(*list).and_then(Value::as_array_mut);
                values.unwrap().retain(|other| !is_one(list, other, item));
            }
            Self::SetIn(list, item, part, value) => {
                let values = document.get_mut(*list).and_then(Value::as_array_mut);
                let one = values.into_iter().flatten();
                for other in one.filter(|other| is_one(list, other, item)) {
                    set(other, part, value.as_ref());
                }
            }
            Self::Choose(list, item) => {
                let values = document.get_mut(*list).and_then(Value::as_array_mut);
                for other in values.into_iter().flatten() {
                    let chosen = is_one(list, other, item).then_some(&Value::Bool(true));
                    set(other, "primary", chosen);
                }
            }
        }
        tidy(document);
    }
}

fn object(document: &mut Document, level: Level) -> &mut Document {
    match level {
        Level::Core => document,
        Level::More => {
            let more = document.entry(MORE).or_insert_with(|| Map::new().into());
            more.as_object_mut().unwrap()
        }
    }
}

fn set(value: &mut Value, part: &str, to: Option<&Value>) {
    let members = value.as_object_mut().unwrap();
    match to {
        Some(to) => members.insert(part.to_owned(), to.clone()),
        None => members.remove(part),
    };
}

/// What says nothing is not there.
fn tidy(document: &mut Document) {
    document.retain(|_, value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    });
}
