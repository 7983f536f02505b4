//! The type of resources that is merged here, and what two of them say.

use std::sync::LazyLock;

use scim_ops::provider::schema::{ResourceType, ResourceTypes, Schema, UnknownAttributes};
use scim_ops::{MergeConflicts, MergeRules, ThreeWay, merge};
use serde_json::{Map, Value, json};

pub(crate) type Document = Map<String, Value>;
pub(crate) type Merged = Result<Document, MergeConflicts>;
/// A merge, right or wrong.
pub(crate) type Merge = fn(&Document, &Document, &Document) -> Merged;

pub(crate) const MORE: &str = "urn:more:1.0";

/// A type with lists of every identity, a link, secrets, what only the service provider sets, and
/// things that are required wherever something can be.
pub(crate) fn thing() -> &'static ResourceType {
    static THING: LazyLock<ResourceType> = LazyLock::new(|| {
        let schema: Schema = serde_json::from_value(json!({ "id": "urn:thing", "attributes": [
            { "name": "label", "required": true },
            { "name": "code", "caseExact": true },
            { "name": "count", "type": "integer" },
            { "name": "serial", "mutability": "readOnly" },
            { "name": "pin", "mutability": "writeOnly" },
            { "name": "name", "type": "complex", "subAttributes": [
                { "name": "given" }, { "name": "family" }, { "name": "titles", "multiValued": true },
                { "name": "shown", "mutability": "readOnly" }, { "name": "pin", "returned": "never" },
            ] },
            { "name": "owner", "type": "complex", "subAttributes": [
                { "name": "value", "required": true }, { "name": "$ref", "type": "reference" },
                { "name": "note" }, { "name": "shown", "mutability": "readOnly" },
            ] },
            { "name": "tags", "multiValued": true },
            { "name": "codes", "multiValued": true, "caseExact": true, "required": true },
            { "name": "emails", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "value" }, { "name": "type" }, { "name": "display" }, { "name": "note" },
                { "name": "primary", "type": "boolean" },
                { "name": "keys", "multiValued": true },
            ] },
            { "name": "badges", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "value" }, { "name": "type" }, { "name": "pin", "mutability": "writeOnly" },
            ] },
            { "name": "addresses", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "type" }, { "name": "street" }, { "name": "city" },
                { "name": "primary", "type": "boolean" },
            ] },
            { "name": "pages", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "$ref", "type": "reference" }, { "name": "display" },
            ] },
            { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "floor", "type": "integer" }, { "name": "area", "type": "decimal" },
            ] },
            { "name": "members", "type": "complex", "multiValued": true, "subAttributes": [
                { "name": "value", "required": true, "caseExact": true },
                { "name": "$ref", "type": "reference", "referenceTypes": ["User", "Group"] },
                { "name": "type" }, { "name": "display" },
            ] },
        ] }))
        .unwrap();
        let more: Schema = serde_json::from_value(json!({ "id": MORE, "attributes": [
            { "name": "grade", "required": true }, { "name": "label" },
            { "name": "tags", "multiValued": true }, { "name": "pin", "mutability": "writeOnly" },
        ] }))
        .unwrap();
        let thing = ResourceType::new("Thing", "Things", schema)
            .and_then(|thing| thing.with_extension(more, false))
            .and_then(|thing| thing.with_links("members"))
            .unwrap();
        let types = ResourceTypes::rfc7643().with(thing).unwrap();
        types.get("Thing").unwrap().clone()
    });
    &THING
}

pub(crate) fn document(value: Value) -> Document {
    serde_json::from_value(value).unwrap()
}

/// The merge that is right.
pub(crate) fn right(base: &Document, local: &Document, remote: &Document) -> Merged {
    merge_by(&MergeRules::default(), base, local, remote)
}

pub(crate) fn merge_by(
    rules: &MergeRules,
    base: &Document,
    local: &Document,
    remote: &Document,
) -> Merged {
    let three = ThreeWay {
        base,
        local,
        remote,
    };
    merge(thing(), three, rules)
}

/// Whether a provider would take it.
pub(crate) fn is_valid(document: &Document) -> bool {
    let value = Value::Object(document.clone());
    thing().normalise(value, UnknownAttributes::Refuse).is_ok()
}

/// Whether two say the same, secrets included, as a provider would store them; one that it would
/// not take says nothing.
pub(crate) fn same(a: &Document, b: &Document) -> bool {
    let normal = |document: &Document| {
        let mut document = lower(&Value::Object(document.clone()));
        // Secrets of a list are in its order.
        let members = document.as_object_mut()?.values_mut();
        for items in members.filter_map(Value::as_array_mut) {
            items.sort_by_cached_key(Value::to_string);
        }
        thing().normalise(document, UnknownAttributes::Refuse).ok()
    };
    normal(a).zip(normal(b)).is_some_and(|(a, b)| {
        thing().same(&a.attributes, &b.attributes) && a.links == b.links && a.secrets == b.secrets
    })
}

/// The same with names in lower case.
fn lower(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.to_lowercase(), lower(value)))
            .collect(),
        Value::Array(items) => items.iter().map(lower).collect(),
        simple => simple.clone(),
    }
}
