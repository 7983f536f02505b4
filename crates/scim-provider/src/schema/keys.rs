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

    /// The unique key of resources whose attribute at `path` is `folded`, if there is a rule for
    /// it; `path` in the spelling of the schema, `folded` as [`fold`](Self::fold) leaves it.
    pub(crate) fn unique_key(&self, path: &str, folded: &str) -> Option<UniqueKey> {
        let rule = |rule: &str| Some(rule.strip_prefix(self.name())?.strip_prefix(':')? == path);
        let found = self.unique_paths().iter();
        let found = found
            .map(KeyPath::shared_rule)
            .find(|it| rule(it) == Some(true));
        Some(UniqueKey::new(Arc::clone(found?), folded))
    }

    /// The index entry of resources whose attribute at `path` is `folded`, if it is indexed; as
    /// for [`unique_key`](Self::unique_key).
    pub(crate) fn index_entry(&self, path: &str, folded: &str) -> Option<IndexEntry> {
        let found = self.indexed_paths().iter();
        let found = found
            .map(KeyPath::shared_rule)
            .find(|rule| ***rule == *path);
        Some(IndexEntry::new(Arc::clone(found?), folded))
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
    fn the_key_of_a_value_is_the_one_that_a_resource_with_it_has() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let attributes = map(json!({ "userName": "BJ", "emails": [{ "value": "B@x" }] }));
        assert_eq!(
            user.unique_keys(&attributes),
            [user.unique_key("userName", "bj").unwrap()]
        );
        assert_eq!(
            user.index_entries(&attributes),
            [
                user.index_entry("emails.value", "b@x").unwrap(),
                user.index_entry("userName", "bj").unwrap(),
            ]
        );
        for path in ["emails", "title", "User:userName", ""] {
            assert!(user.unique_key(path, "x").is_none() && user.index_entry(path, "x").is_none());
        }
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
