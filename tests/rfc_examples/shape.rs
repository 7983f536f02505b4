//! Whether an answer has the shape of the one that is printed.

use serde_json::{Map, Value};

/// How `actual` differs from `printed`, one line for each difference.
///
/// Both have the same members, or those of `printed` whose names end in `?` are missing; members
/// are equal, but for those whose values the server chooses: they have the right form, and are
/// equal where one of the texts that a test let `stand` for something shows that they are known.
/// The values of an array may come in any order (RFC 7643 §2.4).
pub(crate) fn differences(printed: &Value, actual: &Value, stand: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    compare(printed, actual, "", "$", stand, &mut found);
    found
}

/// The same by types alone: every value of `printed` stands for any of its type.
pub(crate) fn type_differences(printed: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare_types(printed, actual, "$", &mut found);
    found
}

fn compare(
    printed: &Value,
    actual: &Value,
    name: &str,
    path: &str,
    stand: &[String],
    found: &mut Vec<String>,
) {
    match (printed, actual) {
        (Value::Object(printed), Value::Object(actual)) => {
            for (name, printed, actual, path) in members(printed, actual, path, found) {
                compare(printed, actual, name, &path, stand, found);
            }
        }
        (Value::Array(printed), Value::Array(actual)) => {
            if printed.len() != actual.len() {
                found.push(format!(
                    "{path}: {} values instead of {}: {actual:?}",
                    actual.len(),
                    printed.len()
                ));
                return;
            }
            let mut rest: Vec<&Value> = actual.iter().collect();
            for (index, printed) in printed.iter().enumerate() {
                let path = format!("{path}[{index}]");
                let position = rest.iter().position(|actual| {
                    let mut found = Vec::new();
                    compare(printed, actual, name, &path, stand, &mut found);
                    found.is_empty()
                });
                match position {
                    Some(position) => drop(rest.remove(position)),
                    None => found.push(format!("{path}: {printed} is not among {rest:?}")),
                }
            }
        }
        (Value::String(text), Value::String(other)) => {
            let known = stand.iter().any(|known| text.contains(known.as_str()));
            let equal = text == other;
            if !equal && (known || !has_form(name, text, other)) {
                found.push(format!("{path}: {other:?} instead of {text:?}"));
            }
        }
        _ if printed == actual => {}
        _ => found.push(format!("{path}: {actual} instead of {printed}")),
    }
}

fn compare_types(printed: &Value, actual: &Value, path: &str, found: &mut Vec<String>) {
    match (printed, actual) {
        (Value::Object(printed), Value::Object(actual)) => {
            for (_, printed, actual, path) in members(printed, actual, path, found) {
                compare_types(printed, actual, &path, found);
            }
        }
        (Value::Array(printed), Value::Array(actual)) => {
            let first = printed.first().expect("an example of the values");
            for (index, actual) in actual.iter().enumerate() {
                compare_types(first, actual, &format!("{path}[{index}]"), found);
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_)) => {}
        _ => found.push(format!("{path}: {actual} instead of {printed}")),
    }
}

/// The members that both have, as name, printed, actual and path; what only one has is `found`.
fn members<'a>(
    printed: &'a Map<String, Value>,
    actual: &'a Map<String, Value>,
    path: &str,
    found: &mut Vec<String>,
) -> Vec<(&'a str, &'a Value, &'a Value, String)> {
    let mut both = Vec::new();
    for (name, value) in printed {
        let required = name.strip_suffix('?');
        let name = required.unwrap_or(name);
        match actual.get(name) {
            Some(actual) => both.push((name, value, actual, format!("{path}.{name}"))),
            None if required.is_some() => {}
            None => found.push(format!("{path}: no {name}")),
        }
    }
    for name in actual.keys() {
        if !printed.contains_key(name) && !printed.contains_key(&format!("{name}?")) {
            found.push(format!("{path}: {name}, which is not printed"));
        }
    }
    both
}

/// Whether `actual` may be what the server chose for the member `name` instead of `printed`.
fn has_form(name: &str, printed: &str, actual: &str) -> bool {
    match name {
        "id" => !actual.is_empty() && !actual.contains("bulkId"),
        "created" | "lastModified" => is_date_time(actual),
        "version" => is_weak_tag(actual),
        "location" | "$ref" => match (printed.rsplit_once('/'), actual.rsplit_once('/')) {
            (Some((printed, _)), Some((actual, id))) => printed == actual && !id.is_empty(),
            _ => false,
        },
        "detail" | "nextCursor" => !actual.is_empty(),
        _ => false,
    }
}

/// `W/"…"`, as the RFCs print entity tags.
pub(crate) fn is_weak_tag(text: &str) -> bool {
    let inside = text
        .strip_prefix("W/\"")
        .and_then(|rest| rest.strip_suffix('"'));
    inside.is_some_and(|inside| !inside.is_empty() && !inside.contains('"'))
}

/// `2011-08-01T21:32:44.882Z`, with or without a fraction.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.strip_suffix('Z').and_then(|text| text.split_once('T')) else {
        return false;
    };
    let (seconds, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = |text: &str, separator: char, lengths: &[usize]| {
        let parts: Vec<&str> = text.split(separator).collect();
        parts
            .iter()
            .map(|part| part.len())
            .eq(lengths.iter().copied())
            && parts
                .iter()
                .all(|part| part.chars().all(|digit| digit.is_ascii_digit()))
    };
    digits(date, '-', &[4, 2, 2])
        && digits(seconds, ':', &[2, 2, 2])
        && !fraction.is_empty()
        && fraction.chars().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_values_and_forms_are_compared() {
        let printed = json!({ "id": "1", "userName": "a", "meta": { "version": "W/\"x\"" } });
        let same = json!({ "id": "2", "userName": "a", "meta": { "version": "W/\"y\"" } });
        assert_eq!(differences(&printed, &same, &[]), [""; 0]);
        assert_ne!(differences(&printed, &same, &["1".to_owned()]), [""; 0]);
        for other in [
            json!({ "id": "1", "userName": "b", "meta": { "version": "W/\"x\"" } }),
            json!({ "id": "1", "userName": "a", "meta": { "version": "x" } }),
            json!({ "id": "1", "userName": "a", "meta": {} }),
            json!({ "id": "1", "userName": "a", "meta": { "version": "W/\"x\"" }, "x": 1 }),
        ] {
            assert_eq!(differences(&printed, &other, &[]).len(), 1, "{other}");
        }
    }

    #[test]
    fn values_may_come_in_any_order_but_not_twice() {
        let printed = json!(["a", "b"]);
        assert_eq!(differences(&printed, &json!(["b", "a"]), &[]), [""; 0]);
        assert_ne!(differences(&printed, &json!(["a", "a"]), &[]), [""; 0]);
    }

    #[test]
    fn a_question_mark_lets_a_member_be_missing() {
        let printed = json!({ "type?": "User" });
        assert_eq!(differences(&printed, &json!({}), &[]), [""; 0]);
        assert_eq!(
            differences(&printed, &json!({ "type": "User" }), &[]),
            [""; 0]
        );
        assert_ne!(
            differences(&printed, &json!({ "type": "Group" }), &[]),
            [""; 0]
        );
    }
}
