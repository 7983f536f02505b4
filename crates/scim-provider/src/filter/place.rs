use std::slice;

use serde_json::{Map, Value};

/// What a filter is applied to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject<'a> {
    /// A whole resource.
    Resource(&'a Map<String, Value>),
    /// One value of an attribute.
    Value(&'a Value),
}

/// Where in a subject the values of an attribute are, in the schema's spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) extension: Option<Box<str>>,
    /// `None` if the subject is a value of the attribute.
    pub(super) attribute: Option<Box<str>>,
    pub(super) sub: Option<Box<str>>,
}

impl Place {
    /// Whether `wanted` holds for one of the values: those of the attribute, or those of its
    /// sub-attribute in each of them. `null` is none.
    pub(super) fn any<'a>(
        &self,
        subject: Subject<'a>,
        mut wanted: impl FnMut(&'a Value) -> bool,
    ) -> bool {
        let value = match subject {
            Subject::Value(value) => Some(value),
            Subject::Resource(map) => self.in_resource(map),
        };
        let Some(sub) = &self.sub else {
            return values(value).any(wanted);
        };
        values(value)
            .filter_map(|value| value.get(&**sub))
            .any(|value| values(Some(value)).any(&mut wanted))
    }

    /// What the resource `map` has under the attribute's name.
    pub(super) fn in_resource<'a>(&self, map: &'a Map<String, Value>) -> Option<&'a Value> {
        let object = match &self.extension {
            Some(extension) => map.get(&**extension)?.as_object()?,
            None => map,
        };
        object.get(&**self.attribute.as_ref()?)
    }
}

/// The values of an attribute, one or many.
pub(super) fn values(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let values = match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items.as_slice(),
        Some(single) => slice::from_ref(single),
    };
    values.iter().filter(|value| !value.is_null())
}

/// Whether `value` says anything (RFC 7644 §3.4.2.2, `pr`), leaving out the members of
/// objects called as in `hidden`.
pub(super) fn says_something(value: &Value, hidden: &[Box<str>]) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(|item| says_something(item, hidden)),
        Value::Object(map) => map.iter().any(|(name, value)| {
            !hidden.iter().any(|hidden| **hidden == **name) && says_something(value, hidden)
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(extension: &str, attribute: &str, sub: &str, resource: &Value) -> Vec<Value> {
        let part = |text: &str| (!text.is_empty()).then(|| text.into());
        let place = Place {
            extension: part(extension),
            attribute: part(attribute),
            sub: part(sub),
        };
        let subject = match resource {
            Value::Object(map) if !attribute.is_empty() => Subject::Resource(map),
            other => Subject::Value(other),
        };
        let mut found = Vec::new();
        place.any(subject, |value| {
            found.push(value.clone());
            false
        });
        found
    }

    #[test]
    fn values_are_found_in_lists_objects_and_extensions() {
        let resource = json!({
            "one": 1, "many": [1, null, 2], "no": null, "none": [],
            "rooms": [{ "value": "a", "keys": [1, 2] }, { "keys": 3 }, null, "odd"],
            "urn:x": { "one": { "value": true } },
        });
        for (extension, attribute, sub, expected) in [
            ("", "one", "", json!([1])),
            ("", "many", "", json!([1, 2])),
            ("", "no", "", json!([])),
            ("", "none", "", json!([])),
            ("", "absent", "", json!([])),
            ("", "one", "value", json!([])),
            ("", "rooms", "value", json!(["a"])),
            ("", "rooms", "keys", json!([1, 2, 3])),
            ("urn:x", "one", "value", json!([true])),
            ("urn:y", "one", "", json!([])),
            ("one", "one", "", json!([])),
        ] {
            let found = found(extension, attribute, sub, &resource);
            assert_eq!(
                Value::Array(found),
                expected,
                "{extension} {attribute} {sub}"
            );
        }
        assert_eq!(found("", "", "", &json!("x")), [json!("x")]);
        assert_eq!(found("", "", "value", &json!({ "value": 1 })), [json!(1)]);
    }

    #[test]
    fn empty_values_say_nothing() {
        for empty in [
            json!(null),
            json!(""),
            json!([]),
            json!({}),
            json!([[], {}, { "a": "" }]),
        ] {
            assert!(!says_something(&empty, &[]), "{empty}");
        }
        for full in [
            json!(false),
            json!(0),
            json!("x"),
            json!([null, 0]),
            json!({ "a": [false] }),
        ] {
            assert!(says_something(&full, &[]), "{full}");
        }
        assert!(!says_something(&json!({ "a": 1 }), &["a".into()]));
    }
}
