//! Random resources, in the schema's spelling.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::literal::{binaries, numbers, texts, times};
use crate::model::{Kind, List, MORE, Path};

/// A whole resource, as a provider gives it.
pub(crate) fn resources() -> impl Strategy<Value = Map<String, Value>> {
    let simple: Vec<_> = Path::all()
        .into_iter()
        .filter(|path| !path.extension && path.sub.is_none() && path.kind != Kind::Complex)
        .map(|path| {
            let value = match path.attribute {
                "tags" | "counts" => many(scalar(path.kind)),
                _ => scalar(path.kind),
            };
            (
                Just(path.attribute.to_owned()),
                proptest::option::weighted(0.6, value),
            )
        })
        .collect();
    let owner = proptest::option::weighted(0.6, part());
    let rooms = proptest::option::weighted(0.8, many(part()));
    let more = proptest::option::of((proptest::option::of(texts()), many(part())));
    (simple, owner, rooms, more, stamps()).prop_map(|(simple, owner, rooms, more, modified)| {
        let mut resource = Map::new();
        for (name, value) in simple {
            resource.extend(value.map(|value| (name, value)));
        }
        resource.extend(owner.map(|owner| ("owner".to_owned(), owner)));
        resource.extend(rooms.map(|rooms| ("rooms".to_owned(), rooms)));
        if let Some((label, rooms)) = more {
            resource.insert(MORE.to_owned(), json!({ "label": label, "rooms": rooms }));
        }
        let meta = json!({ "resourceType": "Thing", "lastModified": modified });
        resource.insert("meta".to_owned(), meta);
        resource
    })
}

/// Some values of `list`.
pub(crate) fn list_values(list: List) -> impl Strategy<Value = Vec<Value>> {
    let value = if list.kind == Kind::Complex {
        part()
    } else {
        scalar(list.kind)
    };
    proptest::collection::vec(value, 1..6)
}

/// Times as stamps have them, in whole microseconds.
fn stamps() -> impl Strategy<Value = String> {
    let micros = select(vec!["000000", "000001", "500000", "999999"]);
    let seconds = select(vec![
        "2011-05-13T04:42:34",
        "2011-05-13T04:42:35",
        "1969-12-31T23:59:59",
    ]);
    (seconds, micros).prop_map(|(seconds, micros)| format!("{seconds}.{micros}Z"))
}

fn scalar(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Text { .. } => texts().prop_map(Value::from).boxed(),
        Kind::Number => numbers()
            .prop_map(|text| serde_json::from_str(&text).unwrap())
            .boxed(),
        Kind::Time => times().prop_map(Value::from).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Binary => binaries().prop_map(Value::from).boxed(),
        Kind::Complex => part(),
    }
}

/// A complex value; sometimes nothing, or an empty one.
fn part() -> BoxedStrategy<Value> {
    let some = |kind| proptest::option::of(scalar(kind));
    let text = Kind::Text { case_exact: true };
    let full = (
        some(text),
        some(text),
        some(Kind::Boolean),
        some(Kind::Number),
        many(scalar(text)),
    );
    let full = full.prop_map(|(value, kind, primary, area, tags)| {
        let members = [
            ("value", value),
            ("type", kind),
            ("primary", primary),
            ("area", area),
        ];
        let mut part = Map::new();
        for (name, value) in members {
            part.extend(value.map(|value| (name.to_owned(), value)));
        }
        part.insert("tags".to_owned(), tags);
        Value::Object(part)
    });
    prop_oneof![12 => full, 1 => Just(Value::Null), 1 => Just(json!({}))].boxed()
}

fn many(one: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let one = prop_oneof![9 => one, 1 => Just(Value::Null)];
    proptest::collection::vec(one, 0..4)
        .prop_map(Value::from)
        .boxed()
}
