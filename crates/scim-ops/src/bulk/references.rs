//! References to resources that a job creates (RFC 7644 §3.7.2): `bulkId:x` as the text of a
//! member called `value`, or as the last segment of a `$ref`.

use serde_json::{Map, Value};

/// What stands before a `bulkId` where an id is expected.
const PREFIX: &str = "bulkId:";

/// The `bulkId` that `id` names, if it names one.
pub(super) fn bulk_id(id: &str) -> Option<&str> {
    id.strip_prefix(PREFIX)
}

/// The `bulkId`s that `data` names, in their order.
pub(super) fn named(data: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    // A stack of our own: data may come from elsewhere than a parser that bounds nesting.
    let mut open = vec![data];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items.iter().rev()),
            Value::Object(map) => {
                for (name, value) in map {
                    match value {
                        Value::String(text) => found.extend(reference(name, text)),
                        other => open.push(other),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

/// Puts the ids of resources in the place of the `bulkId`s of `data`; one that `id_of` does
/// not know stays.
pub(super) fn resolve(data: &mut Value, id_of: &dyn Fn(&str) -> Option<String>) {
    each_object(data, &mut |map| {
        for (name, value) in map.iter_mut() {
            if let Value::String(text) = value
                && let Some(bulk_id) = reference(name, text)
                && let Some(id) = id_of(bulk_id)
            {
                let kept = text.len() - PREFIX.len() - bulk_id.len();
                text.truncate(kept);
                text.push_str(&id);
            }
        }
    });
}

/// Takes out of `data` each value of an attribute that names one of the `bulkId`s for which
/// `left_out` says so: the element of a list, or else the attribute.
pub(super) fn leave_out(data: &mut Value, left_out: &dyn Fn(&str) -> bool) {
    let names_one = |value: &Value| match value {
        Value::Object(map) => map.iter().any(|(name, value)| {
            value
                .as_str()
                .and_then(|text| reference(name, text))
                .is_some_and(left_out)
        }),
        _ => false,
    };
    each_object(data, &mut |map| {
        map.retain(|_, value| !names_one(value));
        for value in map.values_mut() {
            if let Value::Array(items) = value {
                items.retain(|item| !names_one(item));
            }
        }
    });
}

fn each_object(data: &mut Value, act: &mut dyn FnMut(&mut Map<String, Value>)) {
    let mut open = vec![data];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items.iter_mut()),
            Value::Object(map) => {
                act(map);
                open.extend(map.values_mut());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// The `bulkId` that the member `name` with this text names.
fn reference<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    if name.eq_ignore_ascii_case("value") {
        bulk_id(text)
    } else if name.eq_ignore_ascii_case("$ref") {
        bulk_id(text.rsplit('/').next()?)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_values_and_ends_of_refs() {
        let data = json!({
            "displayName": "bulkId:no",
            "members": [
                { "value": "bulkId:a", "$ref": "../Users/bulkId:b", "display": "bulkId:no" },
                { "VALUE": "x" },
            ],
            "urn:x": { "manager": { "value": "bulkId:c" } },
            "tags": ["bulkId:no"],
        });
        let mut found = named(&data);
        found.sort_unstable();
        assert_eq!(found, ["a", "b", "c"]);
    }

    #[test]
    fn ids_take_the_place_of_bulk_ids_and_nothing_else_changes() {
        let mut data = json!({
            "displayName": "bulkId:a",
            "members": [{ "value": "bulkId:a", "$ref": "../Users/bulkId:a" }, { "value": "bulkId:b" }],
        });
        resolve(&mut data, &|bulk_id| (bulk_id == "a").then(|| "1".into()));
        assert_eq!(
            data,
            json!({
                "displayName": "bulkId:a",
                "members": [{ "value": "1", "$ref": "../Users/1" }, { "value": "bulkId:b" }],
            })
        );
    }

    #[test]
    fn what_is_left_out_goes_as_a_whole_value() {
        let mut data = json!({
            "displayName": "g",
            "members": [{ "value": "bulkId:a", "type": "Group" }, { "value": "bulkId:b" }],
            "urn:x": { "manager": { "value": "bulkId:a" }, "title": "t" },
        });
        leave_out(&mut data, &|bulk_id| bulk_id == "a");
        assert_eq!(
            data,
            json!({ "displayName": "g", "members": [{ "value": "bulkId:b" }], "urn:x": { "title": "t" } })
        );
    }

    #[test]
    fn deep_data_is_no_danger() {
        let mut deep = json!({ "value": "bulkId:a" });
        for _ in 0..100_000 {
            deep = Value::Array(vec![deep]);
        }
        assert_eq!(named(&deep), ["a"]);
        // Dropping a tree this deep would overflow the stack of a thread.
        std::mem::forget(deep);
    }
}
