//! Random things and edits.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::edits::{Edit, Level, is_one};
use crate::support::{Document, MORE, is_valid};

pub(crate) const LISTS: [&str; 8] = [
    "tags",
    "codes",
    "emails",
    "addresses",
    "pages",
    "rooms",
    "members",
    "badges",
];

/// The one value of `codes`, which must not be empty, that no edit is about.
const KEPT: &str = "kept";

/// A number that is used up choice by choice: strategies within strategies take longer than what is
/// tried with them.
struct Choices(u64);

impl Choices {
    fn below(&mut self, count: u64) -> u64 {
        let choice = self.0 % count;
        self.0 /= count;
        choice
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// Once in so many times, and not where choices have run out.
    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == times - 1
    }

    fn word(&mut self) -> Value {
        self.one(&["a", "b", "c", "ä", "x\"]\\"]).into()
    }

    /// A value for a part of a value of `list`.
    fn part(&mut self, list: &str, part: &str) -> Value {
        match (list, part) {
            (_, "type") => self.one(&["work", "home"]).into(),
            (_, "$ref") => self
                .one(&[
                    "https://a.example/",
                    "https://b.example/",
                    "https://c.example/",
                ])
                .into(),
            ("members", "value") => self.one(&["1", "2", "3", "4"]).into(),
            (_, "keys" | "titles") => {
                json!(self.one(&[
                    &["k"][..],
                    &["l"],
                    &["k", "l"],
                    &["l", "m"],
                    &["k", "l", "m"]
                ]))
            }
            _ => self.word(),
        }
    }

    /// A value for a part, or none.
    fn maybe(&mut self, list: &str, part: &str) -> Option<Value> {
        (!self.once_in(3)).then(|| self.part(list, part))
    }

    /// One value of `list`.
    fn item(&mut self, list: &'static str) -> Value {
        let parts: &'static [&'static str] = match list {
            "emails" => &["value", "type", "display", "note", "keys"],
            "badges" => &["value", "type", "pin"],
            "addresses" => &["type", "street", "city"],
            "pages" => &["$ref", "display"],
            "members" => &["value", "display"],
            "rooms" => {
                return json!({ "floor": self.below(3), "area": self.one(&[1.0, 2.5]) });
            }
            _ => return self.word(),
        };
        let mut item = json!({});
        for (at, part) in parts.iter().enumerate() {
            if at == 0 || self.once_in(2) {
                item[part] = self.part(list, part);
            }
        }
        if list == "members" {
            let kind = self.one(&["User", "Group"]);
            let target = item["value"].as_str().unwrap().to_owned();
            item["type"] = kind.into();
            item["$ref"] = format!("{kind}s/{target}").into();
        }
        if matches!(list, "emails" | "addresses") && self.once_in(4) {
            item["primary"] = true.into();
        }
        item
    }

    fn edit(&mut self) -> Edit {
        const PARTS: [(&str, &str); 6] = [
            ("name", "given"),
            ("name", "family"),
            ("name", "titles"),
            ("name", "pin"),
            ("owner", "value"),
            ("owner", "note"),
        ];
        const INSIDE: [(&str, &str); 8] = [
            ("emails", "display"),
            ("emails", "note"),
            ("emails", "keys"),
            ("badges", "pin"),
            ("addresses", "street"),
            ("addresses", "city"),
            ("pages", "display"),
            ("members", "display"),
        ];
        match self.below(32) {
            0..4 => {
                let name = self.one(&["label", "code", "pin"]);
                Edit::Set(Level::Core, name, self.word())
            }
            4 => Edit::Set(Level::Core, "count", self.below(4).into()),
            5..7 => Edit::Unset(Level::Core, self.one(&["code", "count", "name", "owner"])),
            7..10 => {
                let name = self.one(&["grade", "label", "pin"]);
                Edit::Set(Level::More, name, self.word())
            }
            10 => Edit::Unset(Level::More, "label"),
            11 => Edit::UnsetMore,
            12..15 => {
                let (name, part) = self.one(&PARTS);
                Edit::SetPart(name, part, self.maybe(name, part))
            }
            15..20 => {
                let list = self.one(&LISTS);
                Edit::Add(list, self.item(list))
            }
            20..24 => {
                let list = self.one(&LISTS);
                Edit::Remove(list, self.item(list))
            }
            24..29 => {
                let (list, part) = self.one(&INSIDE);
                let value = self.maybe(list, part);
                Edit::SetIn(list, self.item(list), part, value)
            }
            _ => {
                let list = self.one(&["emails", "addresses"]);
                Edit::Choose(list, self.item(list))
            }
        }
    }
}

pub(crate) fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    let numbers = proptest::collection::vec(any::<u64>(), 0..=most);
    numbers.prop_map(|numbers| numbers.into_iter().map(|n| Choices(n).edit()).collect())
}

/// A thing as a provider gives it: with what only that sets, and no secrets.
pub(crate) fn thing() -> impl Strategy<Value = Document> {
    let made = edits(12).prop_map(|edits| {
        let mut document = crate::support::document(json!({
            "schemas": ["urn:thing"], "id": "1", "serial": "s", "label": "a", "codes": [KEPT],
        }));
        for edit in edits {
            if edit.applies_to(&document) {
                edit.apply(&mut document);
            }
        }
        without_secrets(document)
    });
    made.prop_filter("a provider has valid ones", is_valid)
}

/// What somebody has made of `base`: by edits, or something else altogether. It may have several
/// values of one identity in a list.
pub(crate) fn changed(base: &Document, edits: &[Edit], twice: Option<&Edit>) -> Document {
    let mut document = base.clone();
    for edit in edits {
        if edit.applies_to(&document) {
            edit.apply(&mut document);
        }
    }
    // The same again, saying something else.
    if let Some(Edit::Add(list, item)) = twice {
        let like = |other: &Value| is_one(list, other, item) && other != item;
        let known = document.get_mut(*list).and_then(Value::as_array_mut);
        if let Some(known) = known.filter(|known| known.iter().any(like)) {
            let mut item = item.clone();
            if let Some(members) = item.as_object_mut() {
                members.remove("primary");
                members.remove("pin");
            }
            if *list != "members" && !known.contains(&item) {
                known.push(item);
            }
        }
    }
    fix_schemas(&mut document);
    document
}

fn without_secrets(mut document: Document) -> Document {
    document.remove("pin");
    for name in ["name", MORE] {
        if let Some(members) = document.get_mut(name).and_then(Value::as_object_mut) {
            members.remove("pin");
            if members.is_empty() {
                document.remove(name);
            }
        }
    }
    if let Some(badges) = document.get_mut("badges").and_then(Value::as_array_mut) {
        for badge in badges.iter_mut().filter_map(Value::as_object_mut) {
            badge.remove("pin");
        }
    }
    fix_schemas(&mut document);
    document
}

pub(crate) fn fix_schemas(document: &mut Document) {
    let mut schemas = vec!["urn:thing"];
    if document.contains_key(MORE) {
        schemas.push(MORE);
    }
    document.insert("schemas".into(), json!(schemas));
}

/// The same in other cases of names.
pub(crate) fn shouted(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.to_uppercase(), shouted(value)))
            .collect(),
        Value::Array(items) => items.iter().map(shouted).collect(),
        simple => simple.clone(),
    }
}
