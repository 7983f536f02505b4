//! Resources that could be, made from their schemas.

use scim_ops::provider::location;
use scim_ops::provider::schema::{Attribute, AttributeType, Mutability, ResourceType, Schema};
use serde_json::{Map, Value, json};

/// The id of every resource in an example.
pub(super) const ID: &str = "2819c223-7f76-453a-919d-413861904646";
/// The version of every resource in an example.
pub(super) const TAG: &str = "W/\"3694e05e9dff590\"";
/// When every resource in an example was created.
const TIME: &str = "2026-01-23T04:56:22Z";

/// A resource as a client might create it: what it has to have, and what it is found by.
pub(super) fn written(resource_type: &ResourceType) -> Value {
    let indexed: Vec<&str> = resource_type.indexed().collect();
    let mut resource = Map::new();
    resource.insert("schemas".into(), json!([resource_type.schema().id()]));
    for attribute in resource_type.attributes() {
        let name = attribute.name();
        let is_indexed = indexed.iter().any(|path| {
            let rest = path.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if name != "schemas" && is_shown(attribute) && (attribute.required() || is_indexed) {
            resource.insert(name.to_owned(), value(attribute, ""));
        }
    }
    for extension in resource_type.extensions() {
        if extension.required() {
            let schema = extension.schema();
            resource.insert(schema.id().to_owned(), data(schema));
            if let Some(Value::Array(schemas)) = resource.get_mut("schemas") {
                schemas.push(schema.id().into());
            }
        }
    }
    resource.into()
}

/// The same resource as the service shows it under `base_url`.
pub(super) fn shown(resource_type: &ResourceType, base_url: &str) -> Value {
    let mut resource = written(resource_type);
    resource["id"] = ID.into();
    resource["meta"] = json!({
        "resourceType": resource_type.name(),
        "created": TIME,
        "lastModified": TIME,
        "location": location(base_url, resource_type.endpoint(), ID),
        "version": TAG,
    });
    resource
}

/// A change of one attribute of such a resource.
pub(super) fn patched(resource_type: &ResourceType) -> Value {
    let named = |name: &str| resource_type.attribute(name);
    let attribute = ["displayName", "externalId"]
        .into_iter()
        .filter_map(named)
        .find(|attribute| attribute.mutability() == Mutability::ReadWrite);
    let operation = match attribute {
        Some(attribute) => json!({
            "op": "replace", "path": attribute.name(), "value": value(attribute, ""),
        }),
        None => json!({ "op": "remove", "path": "externalId" }),
    };
    json!({ "schemas": [super::messages::PATCH_OP], "Operations": [operation] })
}

/// A filter that finds such a resource.
pub(super) fn filter(resource_type: Option<&ResourceType>) -> String {
    let name = match resource_type {
        Some(found) if found.attribute("userName").is_some() => "userName",
        Some(found) if found.attribute("displayName").is_some() => "displayName",
        _ => "externalId",
    };
    format!("{name} eq \"{}\"", text(name, ""))
}

fn is_shown(attribute: &Attribute) -> bool {
    attribute.mutability() != Mutability::ReadOnly && !attribute.is_never_shown()
}

fn data(schema: &Schema) -> Value {
    let attributes = schema.attributes().iter();
    let all: Vec<&Attribute> = attributes.filter(|attribute| is_shown(attribute)).collect();
    chosen(&all, "")
}

/// What is required of `attributes`, or else the first of them.
fn chosen(attributes: &[&Attribute], within: &str) -> Value {
    let is_required = |attribute: &&&Attribute| attribute.required();
    let mut chosen: Vec<_> = attributes.iter().filter(is_required).collect();
    if chosen.is_empty() {
        chosen.extend(attributes.first());
    }
    let members = chosen.into_iter().map(|attribute| {
        let name = attribute.name().to_owned();
        (name, value(attribute, within))
    });
    Value::Object(members.collect())
}

fn value(attribute: &Attribute, within: &str) -> Value {
    let one = match attribute.attribute_type() {
        AttributeType::Complex => complex(attribute),
        AttributeType::Boolean => true.into(),
        AttributeType::Decimal => json!(0.5),
        AttributeType::Integer => 1.into(),
        AttributeType::DateTime => TIME.into(),
        AttributeType::Binary => "U0NJTQ==".into(),
        AttributeType::Reference => "https://example.com/".into(),
        AttributeType::String => match attribute.canonical_values().first() {
            Some(value) => value.as_str().into(),
            None => text(attribute.name(), within).into(),
        },
    };
    if attribute.multi_valued() {
        json!([one])
    } else {
        one
    }
}

fn complex(attribute: &Attribute) -> Value {
    let parts = attribute.sub_attributes().iter();
    let parts: Vec<&Attribute> = parts.filter(|part| is_shown(part)).collect();
    let usual = |part: &&&Attribute| ["value", "type", "primary"].contains(&part.name());
    let usual: Vec<_> = parts.iter().filter(usual).copied().collect();
    if usual.is_empty() || parts.iter().any(|part| part.required()) {
        return chosen(&parts, attribute.name());
    }
    let members = usual.into_iter().map(|part| {
        let value = value(part, attribute.name());
        (part.name().to_owned(), value)
    });
    Value::Object(members.collect())
}

/// A text for the attribute `name` in `within`.
fn text(name: &str, within: &str) -> String {
    let known = match (within, name) {
        ("", "userName") => "bjensen",
        ("", "displayName") => "Babs Jensen",
        ("", "externalId") => "701984",
        ("name", "formatted") => "Ms. Barbara J Jensen, III",
        ("name", "familyName") => "Jensen",
        ("name", "givenName") => "Barbara",
        ("emails", "value") => "bjensen@example.com",
        _ => name,
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use scim_ops::provider::schema::{ResourceTypes, UnknownAttributes};

    use super::*;

    #[test]
    fn an_example_is_what_its_schemas_want() {
        let widget: Schema = serde_json::from_value(json!({
            "id": "urn:widget",
            "attributes": [
                { "name": "size", "type": "integer", "required": true },
                { "name": "made", "type": "dateTime", "required": true },
                { "name": "seal", "type": "binary", "required": true, "multiValued": true },
                { "name": "kind", "required": true, "canonicalValues": ["round"] },
                { "name": "place", "type": "complex", "required": true, "subAttributes": [
                    { "name": "x", "type": "decimal", "required": true }, { "name": "y" },
                ] },
                { "name": "pin", "mutability": "writeOnly" },
            ],
        }))
        .unwrap();
        let maker: Schema = serde_json::from_value(json!({
            "id": "urn:maker", "attributes": [{ "name": "name" }, { "name": "home" }],
        }))
        .unwrap();
        let widget = ResourceType::new("Widget", "Widgets", widget).unwrap();
        let widget = widget.with_extension(maker, true).unwrap();
        let types = ResourceTypes::default().with(widget).unwrap();
        for known in &types {
            let example = written(known);
            let normal = known.normalise(example.clone(), UnknownAttributes::Refuse);
            assert!(normal.is_ok(), "{example}: {normal:?}");
            assert!(patched(known)["Operations"][0]["op"].is_string());
            assert!(known.compile(&filter(Some(known)).parse().unwrap()).is_ok());
        }
        let user = written(types.get("User").unwrap());
        assert_eq!(
            user["emails"],
            json!([{ "value": "bjensen@example.com", "type": "work", "primary": true }])
        );
    }
}
