//! Random resources and operations.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::message::Style;
use crate::model::{ATTRS, Attr, Cond, Kind, MORE, Op, Operation, Target};

fn scalar(attr: &Attr) -> BoxedStrategy<Value> {
    match attr.kind {
        Kind::Text if attr.name == "type" => select(vec!["work", "Work", "home"])
            .prop_map(Value::from)
            .boxed(),
        Kind::Text => select(vec!["a", "A", "b", "ä", "Ä"])
            .prop_map(Value::from)
            .boxed(),
        Kind::ExactText => select(vec!["a", "A", "b", "c"])
            .prop_map(Value::from)
            .boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Number => select(vec![json!(1), json!(1.0), json!(2), json!(0.5)]).boxed(),
        Kind::Complex(_) => unreachable!("has parts"),
    }
}

/// One value of `attr`; with `nulls`, parts of it may be null.
fn single(attr: &'static Attr, nulls: bool) -> BoxedStrategy<Value> {
    if attr.parts().is_empty() {
        return scalar(attr);
    }
    let parts: Vec<_> = attr
        .parts()
        .iter()
        .map(|part| {
            let value = value(part, false);
            let value = if nulls {
                prop_oneof![6 => value, 1 => Just(Value::Null)].boxed()
            } else {
                value
            };
            let often = if part.required { 0.98 } else { 0.5 };
            proptest::option::weighted(often, value)
                .prop_map(|value| value.map(|value| (part.name.to_owned(), value)))
        })
        .collect();
    parts
        .prop_map(|parts| Value::Object(parts.into_iter().flatten().collect()))
        .boxed()
}

/// A value for the whole of `attr`.
fn value(attr: &'static Attr, nulls: bool) -> BoxedStrategy<Value> {
    if attr.many {
        proptest::collection::vec(single(attr, false), 0..4)
            .prop_map(Value::from)
            .boxed()
    } else {
        single(attr, nulls)
    }
}

/// What a resource may say of `attr`: nothing that says nothing, and no link twice.
fn stored(attr: &'static Attr) -> BoxedStrategy<Option<(String, Value)>> {
    let name = attr.name.to_owned();
    value(attr, false)
        .prop_map(move |value| {
            let value = tidy(attr, value)?;
            Some((name.clone(), value))
        })
        .boxed()
}

fn tidy(attr: &Attr, value: Value) -> Option<Value> {
    match value {
        Value::Array(values) => {
            let mut kept: Vec<Value> = Vec::new();
            for value in values.into_iter().filter_map(|value| tidy(attr, value)) {
                let known = |other: &&Value| other.get("value") == value.get("value");
                if attr.link && (value.get("value").is_none() || kept.iter().any(|v| known(&v))) {
                    continue;
                }
                kept.push(value);
            }
            let mut primary = false;
            for value in &mut kept {
                if value.get("primary") == Some(&json!(true))
                    && std::mem::replace(&mut primary, true)
                {
                    value["primary"] = json!(false);
                }
            }
            (!kept.is_empty()).then(|| kept.into())
        }
        Value::Object(parts) => {
            let parts = parts.into_iter().filter_map(|(name, value)| {
                let part = attr.part(&name)?;
                Some((name, tidy(part, value).filter(|_| !part.read_only)?))
            });
            let parts: serde_json::Map<_, _> = parts.collect();
            (!parts.is_empty()).then(|| parts.into())
        }
        Value::Null => None,
        simple => Some(simple),
    }
}

pub(crate) fn resource() -> impl Strategy<Value = Value> {
    let members: Vec<_> = ATTRS
        .iter()
        .map(|attr| {
            let often = if attr.required { 0.99 } else { 0.6 };
            proptest::option::weighted(often, stored(attr))
                .prop_map(move |member| (attr.more, member.flatten()))
        })
        .collect();
    members.prop_map(|members| {
        let mut resource = json!({ "id": "1", "meta": { "version": "W/\"1\"" } });
        for (more, member) in members {
            let Some((name, value)) = member else {
                continue;
            };
            if more {
                resource[MORE][name] = value;
            } else {
                resource[name] = value;
            }
        }
        resource
    })
}

/// A comparison with a part of a value, or with the value itself.
fn comparison(attr: &'static Attr) -> BoxedStrategy<Cond> {
    let parts: Vec<&'static Attr> = if attr.parts().is_empty() {
        vec![attr]
    } else {
        attr.parts().iter().filter(|part| !part.many).collect()
    };
    // Mostly what links are known by.
    let parts = if attr.link {
        prop_oneof![4 => Just(parts[0]), 1 => select(parts)].boxed()
    } else {
        select(parts).boxed()
    };
    let part = parts.prop_flat_map(|part| {
        let is = scalar(part).prop_map(move |value| Cond::Is(part, value));
        prop_oneof![5 => is, 1 => Just(Cond::Has(part))]
    });
    part.boxed()
}

fn cond(attr: &'static Attr) -> impl Strategy<Value = Cond> {
    comparison(attr).prop_recursive(2, 5, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            inner.prop_map(|cond| Cond::Not(Box::new(cond))),
            pair.clone()
                .prop_map(|(a, b)| Cond::Both(Box::new(a), Box::new(b))),
            pair.prop_map(|(a, b)| Cond::Either(Box::new(a), Box::new(b))),
        ]
    })
}

fn op() -> impl Strategy<Value = Op> {
    select(vec![Op::Add, Op::Replace, Op::Remove])
}

/// A value for an operation, which may be absent or say nothing.
fn given(value: BoxedStrategy<Value>) -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        12 => value.prop_map(Some),
        1 => Just(Some(Value::Null)),
        1 => Just(None),
    ]
}

/// An operation on one of `attrs`.
pub(crate) fn operation(attrs: Vec<&'static Attr>) -> BoxedStrategy<Operation> {
    let lists: Vec<_> = attrs.iter().copied().filter(|attr| attr.many).collect();
    let complex: Vec<_> = attrs
        .iter()
        .copied()
        .filter(|attr| !attr.parts().is_empty())
        .collect();
    let complex_lists: Vec<_> = complex.iter().copied().filter(|attr| attr.many).collect();

    let whole = select(attrs.clone())
        .prop_flat_map(|attr| (op(), given(value(attr, true)), Just(Target::Whole(attr))));
    let part = select(complex).prop_flat_map(|attr| {
        select(attr.parts().iter().collect::<Vec<_>>()).prop_flat_map(move |part| {
            (
                op(),
                given(value(part, false)),
                Just(Target::Part(attr, part)),
            )
        })
    });
    let some = select(lists).prop_flat_map(|attr| {
        let target = cond(attr).prop_map(move |cond| Target::Some(attr, cond));
        (op(), given(single(attr, true)), target)
    });
    let some_part = select(complex_lists).prop_flat_map(|attr| {
        select(attr.parts().iter().collect::<Vec<_>>()).prop_flat_map(move |part| {
            let target = cond(attr).prop_map(move |cond| Target::SomePart(attr, cond, part));
            (op(), given(value(part, false)), target)
        })
    });
    let member = select(attrs).prop_flat_map(|attr| (Just(attr), value(attr, true)));
    let several = proptest::collection::vec(member, 1..4).prop_map(|members| {
        let mut several: Vec<(&Attr, Value)> = Vec::new();
        for (attr, value) in members {
            if several.iter().all(|(other, _)| other.name != attr.name) {
                several.push((attr, value));
            }
        }
        Target::Several(several)
    });
    let several = (op(), Just(None), several);
    prop_oneof![4 => whole, 2 => part, 3 => some, 4 => some_part, 1 => several]
        .prop_map(|(op, value, target)| Operation { op, target, value })
        .boxed()
}

/// Operations on any attributes.
pub(crate) fn operations() -> impl Strategy<Value = Vec<Operation>> {
    proptest::collection::vec(operation(ATTRS.iter().collect()), 1..6)
}

/// Operations on attributes that have one value.
pub(crate) fn single_operations() -> impl Strategy<Value = Vec<Operation>> {
    let owner: Vec<_> = ATTRS.iter().filter(|attr| attr.name == "owner").collect();
    let target = select(owner[0].parts().iter().collect::<Vec<_>>()).prop_flat_map(move |part| {
        let target = Just(Target::Part(owner[0], part));
        (op(), given(value(part, false)), target)
    });
    let part = target.prop_map(|(op, value, target)| Operation { op, target, value });
    let whole = select(ATTRS.iter().filter(|attr| !attr.many).collect::<Vec<_>>())
        .prop_flat_map(|attr| (op(), given(value(attr, true)), Just(Target::Whole(attr))))
        .prop_map(|(op, value, target)| Operation { op, target, value });
    proptest::collection::vec(prop_oneof![part, whole], 1..4)
}

/// Operations that are mostly about members.
pub(crate) fn member_operations() -> impl Strategy<Value = Vec<Operation>> {
    let about = |name: &str| {
        ATTRS
            .iter()
            .filter(|attr| attr.name == name)
            .collect::<Vec<_>>()
    };
    let any = operation(ATTRS.iter().collect());
    let operation = prop_oneof![6 => operation(about("members")), 1 => any];
    proptest::collection::vec(operation, 1..8)
}

pub(crate) fn style() -> impl Strategy<Value = Style> {
    (any::<bool>(), any::<bool>()).prop_map(|(shouts, sloppy)| Style { shouts, sloppy })
}
