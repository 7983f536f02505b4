use serde_json::{Map, Value};

use super::Normaliser;
use super::fault::{Checked, Fault};
use super::names::{respell, retain, spelling};
use super::repeated::drop_repeated;
use super::{reference, scalar};
use crate::resource::ResourceErrorKind;
use crate::schema::attributes::Attributes;
use crate::schema::fold::fold;
use crate::schema::secrets::is_shown;
use crate::schema::{Attribute, AttributeType, CanonicalValues};

impl Normaliser<'_> {
    /// Brings the value of `attribute` into its normal form; `false` if it says nothing.
    ///
    /// Sub-attributes are never complex, so this calls itself once at most.
    pub(super) fn attribute(self, attribute: &Attribute, value: &mut Value) -> Checked<bool> {
        let assigned = if is_unassigned(value) {
            false
        } else if attribute.multi_valued() {
            let Value::Array(items) = value else {
                return Err(Fault::wrong_type("an array", value));
            };
            self.list(attribute, items)?;
            drop_repeated(items);
            one_primary(items)?;
            !items.is_empty()
        } else {
            self.single(attribute, value)?
        };
        // Who can't see what is there may still want it removed: that has to be said, and is
        // no longer than until the secrets are taken out.
        if !assigned && attribute.holds_secrets() {
            value.take();
            return Ok(true);
        }
        Ok(assigned)
    }

    /// The values of a list, without those that say nothing.
    pub(super) fn list(self, attribute: &Attribute, items: &mut Vec<Value>) -> Checked<()> {
        let mut fault = None;
        let mut index = 0;
        items.retain_mut(|item| {
            if fault.is_some() {
                return true;
            }
            let keep = if is_unassigned(item) {
                Ok(false)
            } else {
                self.item(attribute, item)
            };
            let keep = keep.unwrap_or_else(|found| {
                fault = Some(found.at(index));
                true
            });
            index += 1;
            keep
        });
        fault.map_or(Ok(()), Err)
    }

    /// One value of a list; `false` if it says nothing.
    fn item(self, attribute: &Attribute, value: &mut Value) -> Checked<bool> {
        let says_something = self.single(attribute, value)?;
        let parts = attribute.parts();
        if !says_something || !parts.has_secrets() || is_shown(parts, value) {
            return Ok(says_something);
        }
        if says_nothing(value) {
            return Ok(false);
        }
        // It could not be told from the other values in the next write.
        let expected = "a value of which something is shown";
        Err(Fault::malformed(expected))
    }

    /// One value; `false` if it says nothing.
    fn single(self, attribute: &Attribute, value: &mut Value) -> Checked<bool> {
        if attribute.attribute_type() != AttributeType::Complex {
            scalar::normalise(attribute.attribute_type(), value)?;
            if let Value::String(text) = value {
                self.text(attribute, text)?;
            }
            return Ok(true);
        }
        let Value::Object(map) = value else {
            return Err(Fault::wrong_type("an object", value));
        };
        self.complex(attribute.parts(), map)?;
        Ok(!map.is_empty())
    }

    fn text(self, attribute: &Attribute, text: &str) -> Checked<()> {
        if attribute.attribute_type() == AttributeType::Reference {
            reference::check(attribute, self.endpoints, text)?;
        }
        let canonical = attribute.canonical_values();
        let is_one = |known: &String| {
            known == text || (!attribute.case_exact() && fold(known) == fold(text))
        };
        if self.rules.canonical_values == CanonicalValues::Restrict
            && !canonical.is_empty()
            && !canonical.iter().any(is_one)
        {
            let allowed = canonical.to_vec();
            return Err(Fault::new(ResourceErrorKind::NotCanonical { allowed }));
        }
        Ok(())
    }

    /// The members of one object, all of which `attributes` define.
    pub(super) fn complex(
        self,
        attributes: &Attributes,
        map: &mut Map<String, Value>,
    ) -> Checked<()> {
        respell(map, self.rules.unknown_attributes, |name| {
            spelling(attributes, name)
        })?;
        retain(map, |name, value| {
            let attribute = attributes
                .find_exact(name)
                .expect("names were respelt as the schema has them");
            Ok(!attribute.is_read_only() && self.attribute(attribute, value)?)
        })?;
        if attributes.has_reference() {
            self.shorten_reference(map);
        }
        // An object that says nothing is absent, so that nothing in it is missing.
        if map.values().all(Value::is_null) {
            Ok(())
        } else {
            require(attributes, map, |_| false)
        }
    }

    /// A `$ref` to a resource of ours is kept relative: what is stored must not depend
    /// on the URL under which a client happened to reach us.
    fn shorten_reference(self, map: &mut Map<String, Value>) {
        let (Some(Value::String(id)), Some(Value::String(reference))) =
            (map.get("value"), map.get("$ref"))
        else {
            return;
        };
        if let Some(endpoint) = self.endpoints.of_reference(reference, id) {
            let relative = endpoint.relative(id);
            map.insert("$ref".into(), relative.into());
        }
    }
}

/// At most one value of a list is the primary one (RFC 7643 §2.4).
pub(super) fn one_primary(items: &[Value]) -> Checked<()> {
    let primary = |item: &&Value| item.get("primary") == Some(&Value::Bool(true));
    if items.iter().filter(primary).nth(1).is_some() {
        return Err(Fault::new(ResourceErrorKind::SeveralPrimary));
    }
    Ok(())
}

/// All required `attributes` are in `map` or kept `elsewhere`; an empty text is as good
/// as none (RFC 7643 §4.1.1: a non-empty `userName`). Secrets may be kept from an earlier
/// write, so they are looked for later.
pub(in crate::schema) fn require(
    attributes: &Attributes,
    map: &Map<String, Value>,
    elsewhere: impl Fn(&str) -> bool,
) -> Checked<()> {
    let missing = attributes.as_slice().iter().find(|attribute| {
        attribute.required()
            && !attribute.is_read_only()
            && !attribute.is_never_shown()
            && map
                .get(attribute.name())
                .is_none_or(|value| value.is_null() || value == "")
            && !elsewhere(attribute.name())
    });
    match missing {
        Some(attribute) => Err(Fault::new(ResourceErrorKind::Missing).within(attribute.name())),
        None => Ok(()),
    }
}

fn says_nothing(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|members| members.values().all(Value::is_null))
}

/// `null` and the empty list are the same as nothing (RFC 7643 §2.5), and so is an
/// object without members, which some languages print as an empty list.
pub(in crate::schema) fn is_unassigned(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ResourceError;
    use crate::schema::{InputRules, ResourceTypes};

    fn normal(attribute: &str, mut value: Value) -> Result<Option<Value>, ResourceError> {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let normaliser = Normaliser {
            endpoints: user.endpoints(),
            rules: InputRules::default(),
        };
        let assigned = normaliser.attribute(user.attribute(attribute).unwrap(), &mut value)?;
        Ok(assigned.then_some(value))
    }

    fn refusal(attribute: &str, value: Value) -> (String, ResourceErrorKind) {
        let error = normal(attribute, value).unwrap_err();
        (error.attribute().to_owned(), error.kind().clone())
    }

    const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

    #[test]
    fn what_says_nothing_is_dropped_at_every_depth() {
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!([null, {}, { "value": null }]),
        ] {
            assert_eq!(normal("emails", value.clone()), Ok(None), "{value}");
        }
        assert_eq!(
            normal("name", json!({ "givenName": [], "familyName": null })),
            Ok(None)
        );
        assert_eq!(
            normal("emails", json!([{}, { "value": "a", "type": null }])),
            Ok(Some(json!([{ "value": "a" }])))
        );
    }

    #[test]
    fn one_value_and_a_list_are_different_types() {
        let array = ResourceErrorKind::WrongType {
            expected: "an array",
            found: "a string",
        };
        assert_eq!(refusal("emails", json!("a")), (String::new(), array));
        let string = ResourceErrorKind::WrongType {
            expected: "a string",
            found: "an array",
        };
        assert_eq!(refusal("userName", json!(["a"])), (String::new(), string));
        let object = ResourceErrorKind::WrongType {
            expected: "an object",
            found: "a string",
        };
        assert_eq!(
            refusal("emails", json!([null, "a"])),
            ("[1]".to_owned(), object)
        );
    }

    #[test]
    fn only_one_value_is_primary() {
        let list = json!([{ "value": "a", "primary": true }, { "value": "b", "PRIMARY": true }]);
        assert_eq!(refusal("emails", list).1, ResourceErrorKind::SeveralPrimary);
        let list = json!([{ "value": "a", "primary": true }, { "value": "b", "primary": false }]);
        assert!(normal("emails", list).is_ok());
    }

    #[test]
    fn read_only_parts_are_ignored() {
        let manager = json!({ "value": "1", "displayName": 7 });
        assert_eq!(normal(MANAGER, manager), Ok(Some(json!({ "value": "1" }))));
    }

    #[test]
    fn references_to_our_resources_are_kept_relative() {
        for (given, kept) in [
            ("https://example.com/v2/Users/1", "Users/1"),
            ("../Users/1", "Users/1"),
            (
                "https://example.com/v2/Users/2",
                "https://example.com/v2/Users/2",
            ),
            (
                "https://example.com/people/1",
                "https://example.com/people/1",
            ),
        ] {
            let manager = json!({ "value": "1", "$ref": given });
            let expected = json!({ "value": "1", "$ref": kept });
            assert_eq!(normal(MANAGER, manager), Ok(Some(expected)), "{given}");
        }
    }
}
