//! What holds for whatever is never shown.

use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::schema::{Hidden, InputRules, NormalForm, ResourceType, Schema};

const EXTENSION: &str = "urn:vault";
const SECRET: &str = "SECRET";

fn door() -> ResourceType {
    let schema = |value: Value| -> Schema { serde_json::from_value(value).unwrap() };
    let door = schema(json!({ "id": "urn:door", "attributes": [
        { "name": "label" },
        { "name": "pin", "returned": "never" },
        { "name": "codes", "multiValued": true, "mutability": "writeOnly" },
        { "name": "safe", "type": "complex", "mutability": "writeOnly",
          "subAttributes": [{ "name": "value" }, { "name": "note" }] },
        { "name": "lock", "type": "complex", "subAttributes": [
            { "name": "maker" }, { "name": "master", "returned": "never" },
        ] },
        { "name": "keys", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value" }, { "name": "type" },
            { "name": "cut", "returned": "never" },
        ] },
    ] }));
    let vault = schema(json!({ "id": EXTENSION, "attributes": [
        { "name": "depth" }, { "name": "combination", "returned": "never" },
    ] }));
    ResourceType::new("Door", "Doors", door)
        .unwrap()
        .with_extension(vault, false)
        .unwrap()
}

fn shown() -> BoxedStrategy<Value> {
    select(vec![json!("a"), json!("b"), Value::Null]).boxed()
}

fn secret() -> BoxedStrategy<Value> {
    let texts = vec![json!("SECRET 1"), json!("SECRET 2"), Value::Null];
    select(texts).boxed()
}

/// An object that has each member or not.
fn object(members: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let members = members.into_iter().map(|(name, value)| {
        let name = prop_oneof![Just(name.to_owned()), Just(name.to_uppercase())];
        of((name, value))
    });
    members
        .collect::<Vec<_>>()
        .prop_map(|members| Value::Object(members.into_iter().flatten().collect()))
        .boxed()
}

fn list(item: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    proptest::collection::vec(item, 0..4)
        .prop_map(Value::from)
        .boxed()
}

fn doors() -> BoxedStrategy<Value> {
    object(vec![
        ("label", shown()),
        ("pin", secret()),
        ("codes", list(secret())),
        (
            "safe",
            object(vec![("value", secret()), ("note", secret())]),
        ),
        (
            "lock",
            object(vec![("maker", shown()), ("master", secret())]),
        ),
        (
            "keys",
            list(object(vec![
                ("value", shown()),
                ("type", shown()),
                ("cut", secret()),
            ])),
        ),
        (
            EXTENSION,
            object(vec![("depth", shown()), ("combination", secret())]),
        ),
    ])
}

fn normalise(value: Value) -> Result<NormalForm, TestCaseError> {
    let form = door().normalise(value.clone(), InputRules::default());
    form.map_err(|e| TestCaseError::reject(format!("{e}: {value}")))
}

fn hide(before: &Map<String, Value>, hidden: &Hidden, form: &NormalForm) -> Hidden {
    let json = hidden.to_json().unwrap_or_else(|| b"{}".to_vec());
    let hidden = Hidden::from_json(&json).unwrap();
    door().hide(before, hidden, form).unwrap()
}

proptest! {
    #[test]
    fn no_secret_is_in_a_document(value in doors()) {
        let form = normalise(value)?;
        let document = String::from_utf8(door().document(&form)).unwrap();
        prop_assert!(!document.contains(SECRET), "{}", document);
        let debug = format!("{form:?}");
        prop_assert!(!debug.contains(SECRET), "{}", debug);
    }

    #[test]
    fn a_write_said_again_hides_the_same((first, second) in (doors(), doors())) {
        let (first, second) = (normalise(first)?, normalise(second)?);
        let once = hide(&Map::new(), &Hidden::default(), &first);
        let then = hide(&first.attributes, &once, &second);
        let again = hide(&second.attributes, &then, &second);
        prop_assert_eq!(then.to_json(), again.to_json());
    }

    #[test]
    fn what_is_sent_back_as_it_was_read_hides_the_same((first, second) in (doors(), doors())) {
        let (first, second) = (normalise(first)?, normalise(second)?);
        let once = hide(&Map::new(), &Hidden::default(), &first);
        let hidden = hide(&first.attributes, &once, &second);
        let read = normalise(Value::Object(second.attributes.clone()))?;
        prop_assert_eq!(&read.attributes, &second.attributes);
        let after = hide(&second.attributes, &hidden, &read);
        prop_assert_eq!(hidden.to_json(), after.to_json());
    }
}
