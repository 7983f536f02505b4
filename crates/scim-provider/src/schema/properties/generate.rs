//! Random resources.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::schema::{Attribute, AttributeType, ResourceType, ResourceTypes, Schema};

/// A type with attributes of every kind, some unique, one kept as links.
pub(super) fn thing() -> ResourceType {
    let parts = json!([
        { "name": "value", "required": true }, { "name": "$ref", "type": "reference" },
        { "name": "type" }, { "name": "display" }, { "name": "since", "type": "dateTime" },
    ]);
    let schema: Schema = serde_json::from_value(json!({ "id": "urn:thing", "attributes": [
        { "name": "label", "uniqueness": "server" },
        { "name": "code", "caseExact": true, "uniqueness": "server" },
        { "name": "size", "type": "decimal" },
        { "name": "count", "type": "integer" },
        { "name": "built", "type": "dateTime" },
        { "name": "blob", "type": "binary" },
        { "name": "page", "type": "reference" },
        { "name": "open", "type": "boolean" },
        { "name": "tags", "multiValued": true },
        { "name": "sizes", "type": "decimal", "multiValued": true },
        { "name": "owner", "type": "complex", "subAttributes": parts },
        { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value" }, { "name": "primary", "type": "boolean" },
            { "name": "keys", "multiValued": true }, { "name": "area", "type": "decimal" },
        ] },
        { "name": "members", "type": "complex", "multiValued": true, "subAttributes": parts },
    ] }))
    .unwrap();
    let extension: Schema = serde_json::from_value(json!({ "id": "urn:more", "attributes": [
        { "name": "label" }, { "name": "hidden", "mutability": "readOnly" },
        { "name": "owner", "type": "complex", "subAttributes": parts },
    ] }))
    .unwrap();
    let thing = ResourceType::new("Thing", "Things", schema)
        .unwrap()
        .with_extension(extension, false)
        .unwrap()
        .with_links("members")
        .unwrap();
    let types = ResourceTypes::rfc7643().with(thing).unwrap();
    types.get("Thing").unwrap().clone()
}

pub(super) fn text() -> impl Strategy<Value = String> {
    let plain = select(vec![
        "a",
        "A",
        "b",
        "ä",
        "Ä",
        "Straße",
        "Σας",
        "x y",
        "1",
        "\"\\\u{1}",
    ]);
    plain.prop_map(str::to_owned)
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3_i64..3).prop_map(Value::from),
        (-3_i32..3).prop_map(|n| json!(f64::from(n))),
        any::<f64>().prop_filter_map("finite", |n| serde_json::Number::from_f64(n)
            .map(Value::Number)),
        any::<u64>().prop_map(Value::from),
        select(vec![
            json!(1e21),
            json!(2f64.powi(63)),
            json!(-0.0),
            json!(1e300)
        ]),
    ]
}

fn scalar(kind: AttributeType) -> BoxedStrategy<Value> {
    match kind {
        AttributeType::String => text().prop_map(Value::from).boxed(),
        AttributeType::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        AttributeType::Decimal => number().boxed(),
        AttributeType::Integer => prop_oneof![
            any::<i64>().prop_map(Value::from),
            (-9_i32..9).prop_map(|n| json!(f64::from(n))),
        ]
        .boxed(),
        AttributeType::DateTime => select(vec![
            "2008-01-23T04:56:22Z",
            "2008-01-23T06:56:22.000+02:00",
            "2008-01-23T04:56:22",
            "2007-12-31T24:00:00-14:00",
        ])
        .prop_map(Value::from)
        .boxed(),
        AttributeType::Binary => select(vec!["QUI=", "QUI", "-_8", "+/8="])
            .prop_map(Value::from)
            .boxed(),
        AttributeType::Reference => select(vec![
            "Users/a",
            "https://x/v2/Groups/a",
            "../Things/b",
            "x",
            "",
        ])
        .prop_map(Value::from)
        .boxed(),
        AttributeType::Complex => unreachable!("has parts"),
    }
}

/// `name` in some mixture of cases.
fn cased(name: &str) -> BoxedStrategy<String> {
    let name = name.to_owned();
    proptest::collection::vec(any::<bool>(), name.len())
        .prop_map(move |flips| {
            let flip = |(c, flip): (char, bool)| match (flip, c.is_ascii_lowercase()) {
                (true, true) => c.to_ascii_uppercase(),
                (true, false) => c.to_ascii_lowercase(),
                (false, _) => c,
            };
            name.chars().zip(flips).map(flip).collect()
        })
        .boxed()
}

/// A legal object of some of `attributes`: the members of it, each with the name as
/// the schema spells it and in some mixture of cases.
fn object(attributes: &[Attribute]) -> BoxedStrategy<Vec<(String, String, Value)>> {
    let members: Vec<_> = attributes
        .iter()
        .filter(|attribute| attribute.name() != "schemas")
        .map(|attribute| {
            let member = (
                Just(attribute.name().to_owned()),
                cased(attribute.name()),
                value(attribute),
            );
            if attribute.required() {
                member.prop_map(Some).boxed()
            } else {
                proptest::option::weighted(0.4, member).boxed()
            }
        })
        .collect();
    members
        .prop_map(|members| members.into_iter().flatten().collect())
        .boxed()
}

fn value(attribute: &Attribute) -> BoxedStrategy<Value> {
    let single = match attribute.attribute_type() {
        AttributeType::Complex => object(attribute.sub_attributes())
            .prop_map(|members| {
                Value::Object(
                    members
                        .into_iter()
                        .map(|(_, name, value)| (name, value))
                        .collect(),
                )
            })
            .boxed(),
        simple => scalar(simple),
    };
    if !attribute.multi_valued() {
        return single;
    }
    let nothing = select(vec![Value::Null, json!({}), json!([])]);
    let single = prop_oneof![9 => single, 1 => nothing];
    proptest::collection::vec(single, 0..4)
        .prop_map(|items| {
            let mut items = items;
            for item in items.iter_mut().skip(1).filter_map(Value::as_object_mut) {
                item.retain(|name, _| !name.eq_ignore_ascii_case("primary"));
            }
            Value::Array(items)
        })
        .boxed()
}

/// A legal thing in the schema's spelling, and the same in some mixture of cases.
pub(super) fn things() -> impl Strategy<Value = (Value, Value)> {
    let thing = thing();
    let extension = &thing.extensions()[0];
    let extension = proptest::option::of(object(extension.schema().attributes()));
    (
        object(thing.schema().attributes()),
        extension,
        cased("urn:more"),
    )
        .prop_map(|(core, extension, urn)| {
            let spelt = |members: &[(String, String, Value)]| -> Map<String, Value> {
                members
                    .iter()
                    .map(|(name, _, value)| (name.clone(), value.clone()))
                    .collect()
            };
            let mixed = |members: Vec<(String, String, Value)>| -> Map<String, Value> {
                members
                    .into_iter()
                    .map(|(_, name, value)| (name, value))
                    .collect()
            };
            let (mut plain, mut other) = (spelt(&core), mixed(core));
            if let Some(extension) = extension {
                plain.insert("urn:more".into(), spelt(&extension).into());
                other.insert(urn, mixed(extension).into());
            }
            (plain.into(), other.into())
        })
}

/// Any JSON at all, with names that occur in the schemas.
pub(super) fn junk() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        select(vec![
            "userName",
            "USERNAME",
            "schemas",
            "emails",
            "value",
            "$ref",
            "type",
            "primary",
            "members",
            "displayName",
            "manager",
            "meta",
            "id",
            "password",
            "name",
            "x509Certificates",
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        name.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..7)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
