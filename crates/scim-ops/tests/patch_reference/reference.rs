//! RFC 7644 §3.5.2, and what this crate decides where that is silent, written for nothing but
//! to be read.

use serde_json::{Map, Value, json};

use crate::model::{Attr, Cond, Kind, MORE, Op, Operation, Refusal, Target};

type Object = Map<String, Value>;

/// What `resource` says after all of `operations`, or which is refused and why.
pub(crate) fn patched(
    resource: &Value,
    operations: &[Operation],
    creates_missing: bool,
) -> Result<Value, (usize, Refusal)> {
    // What is wrong with a message is found before anything is applied.
    for (index, operation) in operations.iter().enumerate() {
        check(operation).map_err(|refusal| (index, refusal))?;
    }
    let mut resource = resource.clone();
    for (index, operation) in operations.iter().enumerate() {
        apply(&mut resource, operation, creates_missing).map_err(|refusal| (index, refusal))?;
    }
    Ok(resource)
}

fn check(operation: &Operation) -> Result<(), Refusal> {
    let nameless = |attr: &Attr, value: &Value| {
        attr.link
            && values(value)
                .iter()
                .any(|member| member.get("value").is_none())
    };
    let value = operation.value.as_ref();
    match &operation.target {
        Target::Several(_) if operation.op == Op::Remove => return Err(Refusal::NoTarget),
        Target::Several(members) => {
            if members
                .iter()
                .any(|(attr, value)| !attr.read_only && nameless(attr, value))
            {
                return Err(Refusal::InvalidValue);
            }
            return Ok(());
        }
        Target::Whole(attr) | Target::Some(attr, _) if attr.read_only => {
            return Err(Refusal::Mutability);
        }
        Target::Part(attr, part) | Target::SomePart(attr, _, part)
            if attr.read_only || part.read_only =>
        {
            return Err(Refusal::Mutability);
        }
        Target::Whole(attr) if value.is_some_and(|value| nameless(attr, value)) => {
            return Err(Refusal::InvalidValue);
        }
        _ => {}
    }
    if operation.op != Op::Remove && value.is_none() {
        return Err(Refusal::InvalidValue);
    }
    Ok(())
}

fn apply(resource: &mut Value, operation: &Operation, creates: bool) -> Result<(), Refusal> {
    let Operation { op, target, value } = operation;
    let root = resource.as_object_mut().unwrap();
    let given = value.clone().unwrap_or_default();
    match target {
        Target::Several(members) => {
            // In the order in which the message lists them.
            for (attr, value) in members.iter().filter(|(attr, _)| !attr.read_only) {
                within(root, attr, |object| set(object, attr, *op, value))?;
            }
            Ok(())
        }
        Target::Whole(attr) => within(root, attr, |object| match op {
            Op::Remove if attr.many && !given.is_null() => remove_values(object, attr, &given),
            Op::Remove => remove(object, attr),
            _ => set(object, attr, *op, &given),
        }),
        Target::Part(attr, part) if !attr.many => within(root, attr, |object| {
            let mut owner = object.get(attr.name).cloned().unwrap_or(json!({}));
            set_part(owner.as_object_mut().unwrap(), part, *op, &given)?;
            put(object, attr, owner);
            Ok(())
        }),
        Target::Part(attr, part) => within(root, attr, |object| {
            set_some(object, attr, None, Some(part), *op, &given, creates)
        }),
        Target::Some(attr, cond) => within(root, attr, |object| {
            set_some(object, attr, Some(cond), None, *op, &given, creates)
        }),
        Target::SomePart(attr, cond, part) => within(root, attr, |object| {
            set_some(object, attr, Some(cond), Some(part), *op, &given, creates)
        }),
    }
}

/// Has `change` work on the object that has `attr`: the resource or the extension.
fn within(
    root: &mut Object,
    attr: &Attr,
    change: impl FnOnce(&mut Object) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    if !attr.more {
        return change(root);
    }
    let mut extension = root.remove(MORE).unwrap_or(json!({}));
    change(extension.as_object_mut().unwrap())?;
    if extension != json!({}) {
        root.insert(MORE.into(), extension);
    }
    Ok(())
}

/// Gives `attr` in `object` the value, if it says something.
fn put(object: &mut Object, attr: &Attr, value: Value) {
    if is_nothing(&value) {
        object.remove(attr.name);
    } else {
        object.insert(attr.name.into(), value);
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(parts) => parts.values().all(is_nothing),
        _ => false,
    }
}

/// The values of a list, each of which says something.
fn values(value: &Value) -> Vec<Value> {
    let mut values = match value {
        Value::Array(values) => values.clone(),
        single => vec![single.clone()],
    };
    values.retain(|value| !is_nothing(value));
    for parts in values.iter_mut().filter_map(Value::as_object_mut) {
        parts.retain(|_, part| !is_nothing(part));
    }
    values
}

fn remove(object: &mut Object, attr: &Attr) -> Result<(), Refusal> {
    if attr.required {
        return Err(Refusal::Mutability);
    }
    object.remove(attr.name);
    Ok(())
}

/// An add or a replace without a filter.
fn set(object: &mut Object, attr: &Attr, op: Op, given: &Value) -> Result<(), Refusal> {
    if attr.many {
        if op == Op::Replace && !attr.link {
            put(object, attr, values(given).into());
            return Ok(());
        }
        let mut list = object.get(attr.name).map(values).unwrap_or_default();
        if op == Op::Replace {
            list.clear();
        }
        add_to(&mut list, attr, &values(given));
        put(object, attr, list.into());
        return Ok(());
    }
    if given.is_null() || *given == json!([]) {
        return remove(object, attr);
    }
    match (attr.kind, given) {
        (Kind::Complex(_), Value::Object(given)) => {
            let mut owner = object.get(attr.name).cloned().unwrap_or(json!({}));
            merge(owner.as_object_mut().unwrap(), attr, op, given)?;
            put(object, attr, owner);
        }
        _ => put(object, attr, given.clone()),
    }
    Ok(())
}

/// Each part that is given is set, others stay.
fn merge(owner: &mut Object, attr: &Attr, op: Op, given: &Object) -> Result<(), Refusal> {
    let before = owner.get("value").cloned();
    for (name, value) in given {
        let part = attr.part(name).unwrap();
        if !part.read_only {
            set(owner, part, op, value)?;
        }
    }
    let new_reference = given.get("$ref").is_some_and(|uri| !uri.is_null());
    if owner.get("value").cloned() != before && !new_reference {
        owner.remove("$ref");
    }
    Ok(())
}

/// One part of a value is added, replaced or removed; what is immutable keeps what it says.
fn set_part(owner: &mut Object, part: &Attr, op: Op, given: &Value) -> Result<(), Refusal> {
    let before = owner.get("value").cloned();
    let said = owner.get(part.name).cloned();
    match op {
        Op::Remove => remove(owner, part)?,
        op => set(owner, part, op, given)?,
    }
    if part.immutable
        && said.is_some_and(|said| {
            !owner
                .get(part.name)
                .is_some_and(|now| same(part, &said, now))
        })
    {
        return Err(Refusal::Mutability);
    }
    if owner.get("value").cloned() != before {
        owner.remove("$ref");
    }
    Ok(())
}

fn add_to(list: &mut Vec<Value>, attr: &Attr, given: &[Value]) {
    let mut primary = Vec::new();
    for value in given {
        let there = list.iter().position(|other| is_one(attr, other, value));
        let at = match there {
            Some(at) => {
                renew(attr, &mut list[at], value);
                at
            }
            None => {
                list.push(value.clone());
                list.len() - 1
            }
        };
        if value.get("primary") == Some(&json!(true)) {
            primary.push(at);
        }
    }
    others_are_not_primary(list, &primary);
}

fn others_are_not_primary(list: &mut [Value], chosen: &[usize]) {
    if chosen.is_empty() {
        return;
    }
    for (at, value) in list.iter_mut().enumerate() {
        if !chosen.contains(&at) && value.get("primary") == Some(&json!(true)) {
            value["primary"] = json!(false);
        }
    }
}

/// `value` says what `given` says, beside what it said. What only differs in case stays.
fn renew(attr: &Attr, value: &mut Value, given: &Value) {
    let (Value::Object(value), Value::Object(given)) = (value, given) else {
        return;
    };
    for (name, new) in given {
        let part = attr.part(name).unwrap();
        if value.get(name).is_some_and(|old| same(part, old, new)) {
            continue;
        }
        if part.many {
            let mut list = value.get(name).map(values).unwrap_or_default();
            add_to(&mut list, part, &values(new));
            value.insert(name.clone(), list.into());
        } else {
            value.insert(name.clone(), new.clone());
        }
    }
}

fn remove_values(object: &mut Object, attr: &Attr, given: &Value) -> Result<(), Refusal> {
    let mut list = object.get(attr.name).map(values).unwrap_or_default();
    let unwanted = values(given);
    let is_unwanted = |value: &Value| {
        unwanted.iter().any(|unwanted| match (attr.link, unwanted) {
            (true, _) => is_one(attr, value, unwanted),
            (false, Value::Object(parts)) => {
                let mut parts = parts.clone();
                parts.retain(|name, part| !(name == "primary" && *part == json!(false)));
                let says = |(name, wanted): (&String, &Value)| {
                    let part = attr.part(name).unwrap();
                    value.get(name).is_some_and(|said| same(part, said, wanted))
                };
                !parts.is_empty() && parts.iter().all(says)
            }
            (false, simple) => same(attr, value, simple),
        })
    };
    list.retain(|value| !is_unwanted(value));
    put(object, attr, list.into());
    Ok(())
}

/// Changes those values of a list that `cond` wants, or a part of each.
fn set_some(
    object: &mut Object,
    attr: &Attr,
    cond: Option<&Cond>,
    part: Option<&Attr>,
    op: Op,
    given: &Value,
    creates: bool,
) -> Result<(), Refusal> {
    let mut list = object.get(attr.name).map(values).unwrap_or_default();
    let wanted = |value: &Value| cond.is_none_or(|cond| holds(cond, value));
    let chosen: Vec<usize> = (0..list.len()).filter(|at| wanted(&list[*at])).collect();
    let seed = || cond.map_or(json!({}), |cond| seed(attr, cond));
    if chosen.is_empty() {
        if op == Op::Remove {
            return Ok(());
        }
        if op == Op::Replace && cond.is_some() && !creates {
            return Err(Refusal::NoTarget);
        }
        if is_nothing(given) {
            return Ok(());
        }
        let mut new = seed();
        match part {
            // What is new is not immutable yet.
            Some(part) => set(new.as_object_mut().unwrap(), part, op, given)?,
            None => fill(&mut new, given),
        }
        if !wanted(&new) {
            return Err(Refusal::NoTarget);
        }
        add_to(&mut list, attr, &[new]);
        put(object, attr, list.into());
        return Ok(());
    }
    match (part, op) {
        (None, Op::Add) if given.is_null() => {}
        (None, Op::Remove) => list = without(&list, &chosen),
        (None, Op::Replace) if given.is_null() => list = without(&list, &chosen),
        (None, Op::Add) if given.is_object() => {
            let mut primary = Vec::new();
            let chooses = given.get("primary") == Some(&json!(true));
            for &at in &chosen {
                let owner = list[at].as_object_mut().unwrap();
                for (name, value) in given.as_object().unwrap() {
                    set_part(owner, attr.part(name).unwrap(), Op::Add, value)?;
                }
                if chooses && owner.get("primary") == Some(&json!(true)) {
                    primary.push(at);
                }
            }
            others_are_not_primary(&mut list, &primary);
            list.retain(|value| *value != json!({}));
        }
        (None, _) => {
            let mut new = if op == Op::Replace { seed() } else { json!({}) };
            fill(&mut new, given);
            if is_nothing(&new) {
                put(object, attr, without(&list, &chosen).into());
                return Ok(());
            }
            let other =
                (0..list.len()).find(|at| !chosen.contains(at) && is_one(attr, &list[*at], &new));
            let at = match other {
                Some(other) => {
                    renew(attr, &mut list[other], &new);
                    other
                }
                None => {
                    list[chosen[0]] = new.clone();
                    chosen[0]
                }
            };
            if new.get("primary") == Some(&json!(true)) {
                others_are_not_primary(&mut list, &[at]);
            }
            let gone: Vec<usize> = chosen.into_iter().filter(|gone| *gone != at).collect();
            list = without(&list, &gone);
        }
        (Some(part), op) => {
            let mut primary = Vec::new();
            for &at in &chosen {
                let owner = list[at].as_object_mut().unwrap();
                set_part(owner, part, op, given)?;
                if part.name == "primary" && owner.get("primary") == Some(&json!(true)) {
                    primary.push(at);
                }
            }
            others_are_not_primary(&mut list, &primary);
            list.retain(|value| *value != json!({}));
        }
    }
    put(object, attr, list.into());
    Ok(())
}

fn without(list: &[Value], gone: &[usize]) -> Vec<Value> {
    let kept = list.iter().enumerate().filter(|(at, _)| !gone.contains(at));
    kept.map(|(_, value)| value.clone()).collect()
}

/// What `value` says is said over what was there.
fn fill(seed: &mut Value, value: &Value) {
    match (seed, value) {
        (Value::Object(seed), Value::Object(value)) => {
            for (name, part) in value.iter().filter(|(_, part)| !is_nothing(part)) {
                seed.insert(name.clone(), part.clone());
            }
        }
        (seed, value) => *seed = value.clone(),
    }
}

/// What every value says that `cond` wants.
fn seed(attr: &Attr, cond: &Cond) -> Value {
    match cond {
        Cond::Is(_, value) if attr.parts().is_empty() => value.clone(),
        Cond::Is(part, value) => json!({ part.name: value }),
        Cond::Both(a, b) if attr.parts().is_empty() => {
            let (a, b) = (seed(attr, a), seed(attr, b));
            if a.is_null() { b } else { a }
        }
        Cond::Both(a, b) => {
            let mut both = seed(attr, a);
            fill(&mut both, &seed(attr, b));
            both
        }
        _ if attr.parts().is_empty() => Value::Null,
        _ => json!({}),
    }
}

fn holds(cond: &Cond, value: &Value) -> bool {
    let said = |part: &Attr| match value {
        Value::Object(parts) => parts.get(part.name).map(values).unwrap_or_default(),
        simple => vec![simple.clone()],
    };
    match cond {
        Cond::Is(part, wanted) => said(part)
            .iter()
            .any(|said| same_simple(part, said, wanted)),
        Cond::Has(part) => said(part).iter().any(|said| *said != json!("")),
        Cond::Not(cond) => !holds(cond, value),
        Cond::Both(a, b) => holds(a, value) && holds(b, value),
        Cond::Either(a, b) => holds(a, value) || holds(b, value),
    }
}

/// Whether two values of a list are one and the same.
fn is_one(attr: &Attr, a: &Value, b: &Value) -> bool {
    if attr.link && (a["value"].is_string() || b["value"].is_string()) {
        return a["value"] == b["value"];
    }
    match (a.get("value"), b.get("value")) {
        (Some(_), Some(_)) => ["value", "type"].iter().all(|name| {
            let part = attr.part(name);
            part.is_none_or(|part| match (a.get(name), b.get(name)) {
                (Some(a), Some(b)) => same(part, a, b),
                (a, b) => a.is_none() && b.is_none(),
            })
        }),
        (None, None) => same(attr, a, b),
        _ => false,
    }
}

/// Whether two values say the same, lists as sets.
fn same(attr: &Attr, a: &Value, b: &Value) -> bool {
    if let (Value::Array(a), Value::Array(b)) = (a, b) {
        let within =
            |a: &[Value], b: &[Value]| a.iter().all(|a| b.iter().any(|b| same(attr, a, b)));
        return within(a, b) && within(b, a);
    }
    if attr.parts().is_empty() {
        return same_simple(attr, a, b);
    }
    attr.parts().iter().all(|part| {
        let said = |value: &Value| {
            let said = value.get(part.name).cloned();
            said.filter(|said| !(part.name == "primary" && *said == json!(false)))
        };
        match (said(a), said(b)) {
            (Some(a), Some(b)) => same(part, &a, &b),
            (a, b) => a.is_none() && b.is_none(),
        }
    })
}

fn same_simple(attr: &Attr, a: &Value, b: &Value) -> bool {
    match (attr.kind, a, b) {
        (Kind::Text, Value::String(a), Value::String(b)) => a.to_lowercase() == b.to_lowercase(),
        (_, Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (_, a, b) => a == b,
    }
}
