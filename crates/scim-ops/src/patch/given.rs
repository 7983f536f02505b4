use scim_provider::schema::{Attribute, AttributeType, Mutability, UnknownAttributes};
use scim_provider::{ResourceError, ResourceErrorKind};
use serde_json::{Map, Value};

use super::member;

/// Reads what clients give as values, strictly where something could be lost and leniently
/// where identity providers are known to write it in their own way:
///
/// - booleans as texts, in whatever case;
/// - a single value where a list is meant, and a list of one where a single value is;
/// - a bare text where an object with a `value` is meant, and an object with nothing but a
///   `value` where a simple value is.
///
/// What comes out has the schema's spelling of names and the schema's JSON types; whether a
/// dateTime is one is for the provider to say. `null` stays: it means that there is no value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) unknown: UnknownAttributes,
}

type Read = Result<Value, ResourceError>;

impl Reader {
    /// A value for the whole `attribute`: an array if it is multi-valued.
    pub(super) fn value(self, attribute: &Attribute, given: &Value) -> Read {
        if !attribute.multi_valued() {
            return self.single(attribute, given);
        }
        let items = match given {
            Value::Null => return Ok(Value::Null),
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let item = self.item(attribute, item);
            let item = item.map_err(|e| within(&format!("[{index}]"), e))?;
            if !says_nothing(&item) {
                read.push(without_nulls(item));
            }
        }
        Ok(Value::Array(read))
    }

    /// One value, which may stand alone in a list.
    pub(super) fn single(self, attribute: &Attribute, given: &Value) -> Read {
        match given {
            Value::Array(items) => match items.as_slice() {
                [] => Ok(Value::Null),
                [only] => self.item(attribute, only),
                _ => Err(wrong_type(attribute, given)),
            },
            given => self.item(attribute, given),
        }
    }

    fn item(self, attribute: &Attribute, given: &Value) -> Read {
        match (attribute.attribute_type(), given) {
            (_, Value::Null) => Ok(Value::Null),
            (AttributeType::Complex, Value::Object(members)) => self.object(attribute, members),
            (AttributeType::Complex, Value::String(_)) => match attribute.sub_attribute("value") {
                Some(sub) if !sub.multi_valued() && !is_read_only(sub) => {
                    let value = self.item(sub, given)?;
                    Ok(Map::from_iter([(sub.name().to_owned(), value)]).into())
                }
                _ => Err(wrong_type(attribute, given)),
            },
            (AttributeType::Complex, _) => Err(wrong_type(attribute, given)),
            (_, Value::Object(members)) => match lone_value(members) {
                Some(value) => scalar(attribute, value),
                None => Err(wrong_type(attribute, given)),
            },
            (_, given) => scalar(attribute, given),
        }
    }

    /// The members of a complex value, without those that only the service provider sets.
    fn object(self, attribute: &Attribute, members: &Map<String, Value>) -> Read {
        let mut read = Map::new();
        for (name, given) in members {
            let Some(sub) = attribute.sub_attribute(name) else {
                match self.unknown {
                    UnknownAttributes::Ignore => continue,
                    UnknownAttributes::Refuse => {
                        return Err(ResourceError::new(name, ResourceErrorKind::Unknown));
                    }
                }
            };
            if is_read_only(sub) {
                continue;
            }
            let value = self.value(sub, given).map_err(|e| within(sub.name(), e))?;
            if read.insert(sub.name().to_owned(), value).is_some() {
                return Err(ResourceError::new(sub.name(), ResourceErrorKind::Repeated));
            }
        }
        Ok(Value::Object(read))
    }
}

/// A simple value, or an error.
fn scalar(attribute: &Attribute, given: &Value) -> Read {
    match (attribute.attribute_type(), given) {
        (AttributeType::Boolean, Value::String(text)) => {
            let flag = |word: &str| text.eq_ignore_ascii_case(word);
            match (flag("true"), flag("false")) {
                (false, false) => Err(wrong_type(attribute, given)),
                (yes, _) => Ok(Value::Bool(yes)),
            }
        }
        (AttributeType::Boolean, Value::Bool(_))
        | (AttributeType::Decimal | AttributeType::Integer, Value::Number(_))
        | (
            AttributeType::String
            | AttributeType::DateTime
            | AttributeType::Binary
            | AttributeType::Reference,
            Value::String(_),
        )
        | (_, Value::Null) => Ok(given.clone()),
        _ => Err(wrong_type(attribute, given)),
    }
}

/// The `value` of an object that says nothing else, apart from a `$ref` and nulls.
fn lone_value(members: &Map<String, Value>) -> Option<&Value> {
    let value = member::get(members, "value")?;
    let alone = members.iter().all(|(name, other)| {
        other.is_null()
            || ["value", "$ref"]
                .iter()
                .any(|n| name.eq_ignore_ascii_case(n))
    });
    alone.then_some(value)
}

fn wrong_type(attribute: &Attribute, given: &Value) -> ResourceError {
    let expected = match attribute.attribute_type() {
        AttributeType::String
        | AttributeType::DateTime
        | AttributeType::Binary
        | AttributeType::Reference => "a string",
        AttributeType::Boolean => "a boolean",
        AttributeType::Decimal | AttributeType::Integer => "a number",
        AttributeType::Complex => "an object",
    };
    ResourceError::wrong_type("", expected, given)
}

/// `error` is about something within the attribute `outer`.
fn within(outer: &str, error: ResourceError) -> ResourceError {
    ResourceError::new(joined(outer, error.attribute()), error.kind().clone())
}

/// The path of what stands at `inner` within `outer`.
pub(super) fn joined(outer: &str, inner: &str) -> String {
    let dot = if outer.is_empty() || inner.is_empty() || inner.starts_with('[') {
        ""
    } else {
        "."
    };
    format!("{outer}{dot}{inner}")
}

pub(super) fn is_read_only(attribute: &Attribute) -> bool {
    attribute.mutability() == Mutability::ReadOnly
}

/// Whether a value that was read is none (RFC 7643 §2.5).
pub(super) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(says_nothing),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A value that nothing is merged with needs no nulls.
pub(super) fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !says_nothing(member));
    }
    value
}

#[cfg(test)]
mod tests {
    use scim_provider::schema::ResourceTypes;
    use serde_json::json;

    use super::*;

    const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

    fn read(path: &str, given: Value) -> Result<Value, (String, ResourceErrorKind)> {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let unknown = UnknownAttributes::Refuse;
        Reader { unknown }
            .value(user.attribute(path).unwrap(), &given)
            .map_err(|e| (e.attribute().to_owned(), e.kind().clone()))
    }

    #[test]
    fn booleans_may_be_texts() {
        for (given, expected) in [
            (json!(true), true),
            (json!("True"), true),
            (json!("FALSE"), false),
            (json!("false"), false),
            (json!([{ "value": "True" }]), true),
        ] {
            assert_eq!(read("active", given), Ok(json!(expected)));
        }
        for given in [json!("yes"), json!(1), json!({})] {
            assert!(read("active", given).is_err());
        }
        assert_eq!(
            read("emails", json!({ "value": "a", "primary": "true" })),
            Ok(json!([{ "value": "a", "primary": true }]))
        );
    }

    #[test]
    fn a_bare_text_is_the_value_of_a_complex_attribute() {
        assert_eq!(read(MANAGER, json!("26")), Ok(json!({ "value": "26" })));
        assert_eq!(read(MANAGER, json!(["26"])), Ok(json!({ "value": "26" })));
        let listed = json!([{ "$ref": null, "value": "26", "displayName": "ignored" }]);
        assert_eq!(
            read(MANAGER, listed),
            Ok(json!({ "value": "26", "$ref": null }))
        );
        assert_eq!(read("emails", json!("a")), Ok(json!([{ "value": "a" }])));
        assert_eq!(
            read(
                "emails",
                json!(["a", { "VALUE": "b", "type": null }, null, {}])
            ),
            Ok(json!([{ "value": "a" }, { "value": "b" }]))
        );
        // A name has no `value`.
        assert!(read("name", json!("x")).is_err());
    }

    #[test]
    fn a_single_value_may_stand_in_a_list_of_one() {
        assert_eq!(read("displayName", json!(["a"])), Ok(json!("a")));
        let older = json!([{ "$ref": null, "value": "a" }]);
        assert_eq!(read("displayName", older), Ok(json!("a")));
        assert_eq!(read("displayName", json!([])), Ok(Value::Null));
        for given in [
            json!(["a", "b"]),
            json!({ "value": "a", "type": "b" }),
            json!([["a"]]),
        ] {
            assert!(read("displayName", given.clone()).is_err(), "{given}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        let (path, kind) = read("emails", json!(["a", { "value": 1 }])).unwrap_err();
        assert_eq!(path, "[1].value");
        assert!(matches!(kind, ResourceErrorKind::WrongType { .. }));
        let unknown = ("[0].x".to_owned(), ResourceErrorKind::Unknown);
        assert_eq!(read("emails", json!({ "x": 1 })), Err(unknown));
        let repeated = ("givenName".to_owned(), ResourceErrorKind::Repeated);
        let twice = json!({ "givenName": 1.to_string(), "GIVENNAME": "b" });
        assert_eq!(read("name", twice), Err(repeated));
    }
}
