use serde_json::{Map, Value};

use super::fold::fold;
use super::normal::date_time;
use super::same::base64_digits;
use super::{Attribute, AttributeType};

impl Attribute {
    /// Octets that two values of this attribute share if and only if they are equal as a filter
    /// compares them: what decides whether a value is in a list already.
    ///
    /// - texts by their case only if the attribute is case-exact, numbers by value, dateTimes as
    ///   instants, binaries by their octets;
    /// - complex values by what they say: neither `null` nor `primary: false` says anything, and
    ///   the order of members and the case of their names do not count;
    /// - an array as the set of its values.
    ///
    /// [`ResourceType::same`](super::ResourceType::same) asks something else: whether writing
    /// one in place of the other would change anything.
    ///
    /// ```
    /// use scim_provider::schema::ResourceTypes;
    /// use serde_json::json;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let emails = types.get("User").unwrap().attribute("emails").unwrap();
    /// let key = |value| emails.comparison_key(&value);
    /// assert_eq!(
    ///     key(json!({ "value": "B@example.com", "type": "work" })),
    ///     key(json!({ "type": "Work", "value": "b@example.com", "primary": false })),
    /// );
    /// assert_ne!(key(json!({ "value": "b@example.com" })), key(json!({ "value": "b" })));
    /// ```
    pub fn comparison_key(&self, value: &Value) -> Vec<u8> {
        let mut key = Vec::new();
        write(self, value, &mut key);
        key
    }
}

fn write(attribute: &Attribute, value: &Value, key: &mut Vec<u8>) {
    match value {
        Value::Array(items) => write_set(attribute, items, key),
        Value::Object(members) => write_members(attribute, members, key),
        Value::String(text) => match attribute.attribute_type() {
            AttributeType::Binary => write_text(&base64_digits(text), key),
            AttributeType::DateTime => match date_time::parse(text) {
                Some(instant) => write_text(instant.to_string().as_bytes(), key),
                None => write_text(text.as_bytes(), key),
            },
            _ if attribute.case_exact() => write_text(text.as_bytes(), key),
            _ => write_text(fold(text).as_bytes(), key),
        },
        other => scim_version::write_canonical_json(other, key),
    }
}

fn write_set(attribute: &Attribute, items: &[Value], key: &mut Vec<u8>) {
    let mut keys: Vec<_> = items
        .iter()
        .filter(|item| !item.is_null())
        .map(|item| attribute.comparison_key(item))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    key.push(b'[');
    for item in keys {
        write_text(&item, key);
    }
    key.push(b']');
}

fn write_members(attribute: &Attribute, members: &Map<String, Value>, key: &mut Vec<u8>) {
    let mut keys: Vec<(&str, Vec<u8>)> = Vec::with_capacity(members.len());
    for (name, value) in members {
        match attribute.sub_attribute(name) {
            Some(sub) if sub.name() == "primary" && *value == Value::Bool(false) => {}
            _ if value.is_null() => {}
            Some(sub) => keys.push((sub.name(), sub.comparison_key(value))),
            None => keys.push((name, scim_version::canonical_json(value))),
        }
    }
    keys.sort_unstable();
    key.push(b'{');
    for (name, value) in keys {
        write_text(name.as_bytes(), key);
        write_text(&value, key);
    }
    key.push(b'}');
}

/// Appends `text` behind its length, so that no text can look like two.
fn write_text(text: &[u8], key: &mut Vec<u8>) {
    key.push(b'"');
    key.extend_from_slice(&text.len().to_be_bytes());
    key.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn attribute(kind: &str, case_exact: bool) -> Attribute {
        let definition = json!({
            "name": "x", "type": kind, "caseExact": case_exact, "multiValued": true,
            "subAttributes": [
                { "name": "value" }, { "name": "primary", "type": "boolean" },
                { "name": "since", "type": "dateTime" }, { "name": "keys", "multiValued": true },
            ],
        });
        serde_json::from_value(definition).unwrap()
    }

    fn equal(attribute: &Attribute, a: Value, b: Value) -> bool {
        attribute.comparison_key(&a) == attribute.comparison_key(&b)
    }

    #[test]
    fn simple_values_compare_by_their_type() {
        for (kind, a, b, expected) in [
            ("string", json!("Ä"), json!("ä"), true),
            ("string", json!("a"), json!("b"), false),
            ("reference", json!("Users/a"), json!("users/a"), false),
            ("binary", json!("+/8="), json!("-_8"), true),
            (
                "dateTime",
                json!("2026-01-01T02:00:00+02:00"),
                json!("2026-01-01T00:00:00Z"),
                true,
            ),
            ("dateTime", json!("yesterday"), json!("today"), false),
            ("decimal", json!(1), json!(1.0), true),
            (
                "decimal",
                json!(9_007_199_254_740_993_u64),
                json!(9_007_199_254_740_992_u64),
                false,
            ),
            ("boolean", json!(true), json!(false), false),
            ("string", json!("1"), json!(1), false),
        ] {
            assert_eq!(equal(&attribute(kind, false), a, b), expected, "{kind}");
        }
        assert!(!equal(&attribute("string", true), json!("A"), json!("a")));
    }

    #[test]
    fn complex_values_compare_by_what_they_say() {
        let complex = attribute("complex", false);
        assert!(equal(
            &complex,
            json!({ "value": "A", "keys": ["x", "y"], "primary": false }),
            json!({ "KEYS": ["Y", "x", "x"], "Value": "a", "since": null }),
        ));
        assert!(!equal(
            &complex,
            json!({ "value": "a", "primary": true }),
            json!({ "value": "a" })
        ));
        assert!(!equal(
            &complex,
            json!({ "value": "a" }),
            json!({ "other": "a" })
        ));
    }

    #[test]
    fn arrays_compare_as_sets() {
        let strings = attribute("string", false);
        assert!(equal(
            &strings,
            json!(["a", "B", null]),
            json!(["b", "A", "a"])
        ));
        assert!(!equal(&strings, json!(["ab", "c"]), json!(["a", "bc"])));
    }
}
