//! Members of JSON objects by their name in whatever case (RFC 7643 §2.1). Providers mostly
//! give the schema's spelling, which is found at once.

use serde_json::{Map, Value};

/// The member of `map` called `name`.
pub(crate) fn get<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name)
        .or_else(|| map.get(other_spelling(map, name)?))
}

/// The member of `map` called `name`, to be changed.
pub(crate) fn get_mut<'a>(map: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Value> {
    if map.contains_key(name) {
        return map.get_mut(name);
    }
    let spelling = other_spelling(map, name)?.to_owned();
    map.get_mut(&spelling)
}

/// Gives the member called `name` the value `value`.
pub(crate) fn set(map: &mut Map<String, Value>, name: &str, value: Value) {
    match get_mut(map, name) {
        Some(member) => *member = value,
        None => {
            map.insert(name.to_owned(), value);
        }
    }
}

/// Takes the member called `name` out of `map`.
pub(crate) fn take(map: &mut Map<String, Value>, name: &str) -> Option<Value> {
    if let Some(taken) = map.remove(name) {
        return Some(taken);
    }
    let spelling = other_spelling(map, name)?.to_owned();
    map.remove(&spelling)
}

/// How `map` spells `name`, if it has it, but not as it is.
fn other_spelling<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    map.keys()
        .map(String::as_str)
        .find(|key| key.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_is_found_in_whatever_case_and_keeps_its_spelling() {
        let mut value = json!({ "UserName": "a", "title": "t" });
        let map = value.as_object_mut().unwrap();
        assert_eq!(get(map, "userName"), Some(&json!("a")));
        set(map, "username", json!("b"));
        *get_mut(map, "title").unwrap() = json!("u");
        set(map, "new", json!(1));
        assert_eq!(take(map, "NEW"), Some(json!(1)));
        assert_eq!(take(map, "absent"), None);
        assert_eq!(value, json!({ "UserName": "b", "title": "u" }));
    }
}
