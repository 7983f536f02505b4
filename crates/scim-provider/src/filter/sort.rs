use jiff::tz::Offset;
use serde_json::{Map, Value};

use super::place::{Place, values};
use super::sort_value::Key;
use super::{AttributePath, CompileError, CompileErrorKind, SortValue};
use crate::schema::{AttributeType, ResourceType, date_time, fold};

/// What resources of one type are sorted by (RFC 7644 §3.4.2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorter {
    place: Place,
    attribute_type: AttributeType,
    case_exact: bool,
}

impl Sorter {
    /// The value that decides where `resource` stands: the whole of it, as
    /// [`Resource::as_object`](crate::Resource::as_object) gives it.
    ///
    /// Of a list this is the primary value, or else the first.
    pub fn key(&self, resource: &Map<String, Value>) -> SortValue {
        let mut all = values(self.place.in_resource(resource)).peekable();
        let first = all.peek().copied();
        let primary = all.find(|value| value.get("primary") == Some(&Value::Bool(true)));
        let value = primary.or(first);
        let value = match &self.place.sub {
            None => value,
            Some(sub) => value.and_then(|value| values(value.get(&**sub)).next()),
        };
        SortValue(value.and_then(|value| self.key_of(value)))
    }

    /// Whether the order depends on the attribute `name` of the core schema, so that it has to
    /// be there; `name` is in the schema's spelling.
    pub fn reads(&self, name: &str) -> bool {
        self.place.extension.is_none() && self.place.attribute.as_deref() == Some(name)
    }

    fn key_of(&self, value: &Value) -> Option<Key> {
        match (self.attribute_type, value) {
            (AttributeType::Boolean, Value::Bool(flag)) => Some(Key::Boolean(*flag)),
            (AttributeType::Integer | AttributeType::Decimal, Value::Number(number)) => {
                Some(Key::Number(number.clone()))
            }
            (AttributeType::DateTime, Value::String(text)) => {
                let instant = Offset::UTC.to_timestamp(date_time::parse(text)?).ok()?;
                Some(Key::Instant(
                    instant.as_second(),
                    instant.subsec_nanosecond(),
                ))
            }
            (_, Value::String(text)) if text.is_empty() => None,
            (_, Value::String(text)) if self.case_exact => Some(Key::Text(text.clone())),
            (_, Value::String(text)) => Some(Key::Text(fold(text).into_owned())),
            _ => None,
        }
    }
}

impl ResourceType {
    /// Sorts resources of this type by the attribute at `path`; by its `value` if it is complex.
    ///
    /// ```
    /// use scim_provider::schema::ResourceTypes;
    /// use serde_json::json;
    ///
    /// let types = ResourceTypes::rfc7643();
    /// let sorter = types.get("User").unwrap().sort_key(&"name.familyName".parse()?)?;
    /// let key = |user: serde_json::Value| sorter.key(user.as_object().unwrap());
    ///
    /// let jensen = key(json!({ "name": { "familyName": "Jensen" } }));
    /// let adams = key(json!({ "name": { "familyName": "adams" } }));
    /// let nobody = key(json!({}));
    /// assert!(adams < jensen && jensen < nobody);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such attribute, if it is never returned, or if it is complex without a
    /// `value`.
    pub fn sort_key(&self, path: &AttributePath) -> Result<Sorter, CompileError> {
        let refuse = |kind| CompileError::new(path.as_str(), kind);
        let found = self
            .resolve(path.as_str())
            .ok_or_else(|| refuse(CompileErrorKind::UnknownAttribute))?;
        let mut sub = found.sub();
        if found.leaf().is_complex() {
            let value = found.attribute().sub_attribute("value");
            sub = Some(value.ok_or_else(|| refuse(CompileErrorKind::Complex))?);
        }
        let leaf = sub.unwrap_or_else(|| found.attribute());
        if found.attribute().is_never_shown() || leaf.is_never_shown() {
            return Err(refuse(CompileErrorKind::NeverReturned));
        }
        Ok(Sorter {
            place: Place {
                extension: found.extension().map(|own| own.schema().id().into()),
                attribute: Some(found.attribute().name().into()),
                sub: sub.map(|sub| sub.name().into()),
            },
            attribute_type: leaf.attribute_type(),
            case_exact: leaf.case_exact(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{ResourceTypes, Schema};

    fn thing() -> ResourceType {
        let schema: Schema = serde_json::from_value(json!({ "id": "urn:thing", "attributes": [
            { "name": "label" },
            { "name": "code", "caseExact": true },
            { "name": "size", "type": "decimal" },
            { "name": "open", "type": "boolean" },
            { "name": "built", "type": "dateTime" },
            { "name": "tags", "multiValued": true },
            { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "value" }, { "name": "primary", "type": "boolean" },
            ] },
        ] }))
        .unwrap();
        ResourceType::new("Thing", "Things", schema).unwrap()
    }

    fn keys(path: &str, values: Value) -> Vec<SortValue> {
        let sorter = thing().sort_key(&path.parse().unwrap()).unwrap();
        let name = path.split('.').next().unwrap();
        let key = |value: &Value| sorter.key(json!({ name: value }).as_object().unwrap());
        values.as_array().unwrap().iter().map(key).collect()
    }

    #[test]
    fn values_have_the_order_of_their_type_and_absent_ones_come_last() {
        for (path, ascending) in [
            ("label", json!(["A", "b", "C", "ä", "Ö", "\u{10000}", null])),
            ("code", json!(["A", "C", "b", "Ö", "ä", ""])),
            (
                "size",
                json!([
                    -1,
                    0.5,
                    1,
                    9_007_199_254_740_992_u64,
                    9_007_199_254_740_993_u64,
                    null
                ]),
            ),
            ("open", json!([false, true, null])),
            (
                "built",
                json!([
                    "1969-12-31T23:59:59.5Z",
                    "2011-01-01T00:00:00Z",
                    "2011-01-01T00:00:00.5Z",
                    "2010-12-31T23:00:00-02:00",
                    null
                ]),
            ),
            ("tags", json!([["a", "z"], ["b", "a"], [null, "c"], []])),
            (
                "rooms",
                json!([
                    [{ "value": "z" }, { "value": "a", "primary": true }],
                    [{ "value": "B" }, { "value": "a" }],
                    [{ "value": "c", "primary": false }],
                    [{ "primary": true }],
                ]),
            ),
        ] {
            let keys = keys(path, ascending);
            assert!(keys.is_sorted_by(|a, b| a < b), "{path}");
            assert!(keys.last().unwrap().is_absent(), "{path}");
        }
        let same = keys("label", json!(["ab", "AB"]));
        assert_eq!(same[0], same[1]);
        let same = keys("size", json!([1, 1.0]));
        assert_eq!(same[0], same[1]);
    }

    #[test]
    fn a_value_goes_round_through_a_cursor() {
        for (path, values) in [
            ("label", json!(["Ä\"\\\u{0}", null])),
            ("size", json!([0.1, -0.0, 1e300, u64::MAX, i64::MIN])),
            ("open", json!([true])),
            (
                "built",
                json!(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"]),
            ),
        ] {
            for key in keys(path, values) {
                let text = serde_json::to_string(&key).unwrap();
                let read: SortValue = serde_json::from_str(&text).unwrap();
                assert_eq!(read, key, "{text}");
            }
        }
    }

    #[test]
    fn what_can_not_be_sorted_by_is_refused() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        for (path, kind) in [
            ("shoeSize", CompileErrorKind::UnknownAttribute),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User",
                CompileErrorKind::UnknownAttribute,
            ),
            ("name", CompileErrorKind::Complex),
            ("password", CompileErrorKind::NeverReturned),
        ] {
            let error = user.sort_key(&path.parse().unwrap()).unwrap_err();
            assert_eq!((error.kind(), error.attribute()), (kind, path));
        }
        let sorter = user.sort_key(&"EMAILS".parse().unwrap()).unwrap();
        assert!(sorter.reads("emails") && !sorter.reads("userName"));
    }

    #[test]
    fn debug_output_shows_no_value() {
        let shown = format!("{:?}", keys("label", json!(["secret", null])));
        assert_eq!(shown, "[SortValue(…), SortValue(absent)]");
    }
}
