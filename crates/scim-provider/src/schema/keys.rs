use std::sync::Arc;

use serde_json::{Map, Value};

use super::ResourceType;
use super::fold::fold;
use super::path::KeyPath;
use crate::storage::{IndexEntry, UniqueKey};

impl ResourceType {
    /// The keys of normalised `attributes` that no other resource of this type may have:
    /// one for each value of an attribute that is unique on the server (RFC 7643 §7).
    ///
    /// The rule is named after type and attribute, such as `User:userName`; the value is
    /// in lower case unless the attribute is case-exact.
    pub fn unique_keys(&self, attributes: &Map<String, Value>) -> Vec<UniqueKey> {
        collect(self.unique_paths(), attributes, UniqueKey::new)
    }

    /// The values under which normalised `attributes` are found, in lower case unless
    /// the attribute is case-exact.
    pub fn index_entries(&self, attributes: &Map<String, Value>) -> Vec<IndexEntry> {
        collect(self.indexed_paths(), attributes, IndexEntry::new)
    }

    /// `value` as it is kept in keys of the attribute at `path`: two values that the
    /// attribute does not tell apart are one text, and the beginning of a text is the
    /// beginning of its folded form.
    ///
    /// A path that leads nowhere folds nothing.
    pub fn fold(&self, path: &str, value: &str) -> String {
        match self.attribute(path) {
            Some(attribute) if !attribute.case_exact() => fold(value).into_owned(),
            _ => value.into(),
        }
    }
}

/// What `make` makes of every different value at `paths`.
fn collect<T: Ord>(
    paths: &[KeyPath],
    attributes: &Map<String, Value>,
    make: impl Fn(Arc<str>, Arc<str>) -> T,
) -> Vec<T> {
    let mut keys = Vec::new();
    for path in paths {
        path.values(attributes, |value| {
            let value: Arc<str> = if path.case_exact() {
                value.into()
            } else {
                fold(value).as_ref().into()
            };
            keys.push(make(path.shared_rule().clone(), value));
        });
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{ResourceTypes, Schema};

    fn map(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_user_name_is_unique_without_case() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let keys = user.unique_keys(&map(json!({ "userName": "BJensen", "nickName": "x" })));
        assert_eq!(keys, [UniqueKey::new("User:userName", "bjensen")]);
        assert!(
            types
                .get("Group")
                .unwrap()
                .unique_keys(&map(json!({ "displayName": "a" })))
                .is_empty()
        );
    }

    #[test]
    fn index_entries_are_folded_by_their_attribute_and_differ() {
        let types = ResourceTypes::rfc7643();
        let entries = types.get("User").unwrap().index_entries(&map(json!({
            "userName": "A", "externalId": "A", "displayName": "Ä",
            "emails": [{ "value": "A@x" }, { "value": "a@X" }, { "value": "b" }],
        })));
        let entries: Vec<_> = entries.iter().map(|e| (&*e.attribute, &*e.value)).collect();
        assert_eq!(
            entries,
            [
                ("displayName", "ä"),
                ("emails.value", "a@x"),
                ("emails.value", "b"),
                ("externalId", "A"),
                ("userName", "a"),
            ]
        );
    }

    #[test]
    fn queries_fold_as_keys_do() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        assert_eq!(user.fold("emails.value", "A@X"), "a@x");
        assert_eq!(user.fold("EXTERNALID", "A"), "A");
        assert_eq!(user.fold("nowhere", "A"), "A");
    }

    #[test]
    fn unique_attributes_of_extensions_and_parts_have_rules_of_their_own() {
        let schema = |id: &str, attributes: Value| -> Schema {
            serde_json::from_value(json!({ "id": id, "attributes": attributes })).unwrap()
        };
        let unique =
            |name: &str| json!({ "name": name, "uniqueness": "global", "caseExact": true });
        let core = schema(
            "urn:a",
            json!([{
                "name": "tags", "type": "complex", "multiValued": true,
                "subAttributes": [unique("value")],
            }]),
        );
        let thing = ResourceType::new("Thing", "Things", core)
            .unwrap()
            .with_extension(schema("urn:b", json!([unique("code")])), false)
            .unwrap();
        let keys = thing.unique_keys(&map(json!({
            "tags": [{ "value": "X" }, { "value": "x" }, { "value": "X" }],
            "urn:b": { "code": "7" },
        })));
        let keys: Vec<_> = keys.iter().map(|k| (&*k.name, &*k.value)).collect();
        assert_eq!(
            keys,
            [
                ("Thing:tags.value", "X"),
                ("Thing:tags.value", "x"),
                ("Thing:urn:b:code", "7")
            ]
        );
    }
}
