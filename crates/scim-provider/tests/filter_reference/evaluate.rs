//! RFC 7644 §3.4.2.2, word by word.

use serde_json::{Map, Value};

use crate::expression::{Expression, Operand};
use crate::literal::{Meaning, read_binary, read_number, read_time};
use crate::model::{Kind, MORE, Path};

pub(crate) fn matches(expression: &Expression, resource: &Map<String, Value>) -> bool {
    evaluate(expression, &Value::Object(resource.clone()))
}

/// Whether one value of a list matches what stands in brackets.
pub(crate) fn matches_value(expression: &Expression, value: &Value) -> bool {
    evaluate(expression, value)
}

fn evaluate(expression: &Expression, subject: &Value) -> bool {
    match expression {
        Expression::Not(inner) => !evaluate(inner, subject),
        Expression::And(terms) => terms.iter().all(|term| evaluate(term, subject)),
        Expression::Or(terms) => terms.iter().any(|term| evaluate(term, subject)),
        Expression::Within(list, inner) => attribute(subject, list.extension, list.attribute)
            .into_iter()
            .any(|value| evaluate(inner, &value)),
        Expression::Present(path) => is_present(path, subject),
        Expression::Compare(path, op, operand) => compare(path, op, operand, subject),
    }
}

/// The values at `path` in a resource.
pub(crate) fn values(path: &Path, resource: &Map<String, Value>) -> Vec<Value> {
    found(path, &Value::Object(resource.clone()))
}

fn is_present(path: &Path, subject: &Value) -> bool {
    found(path, subject).iter().any(has_content)
}

fn has_content(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(has_content),
        Value::Object(map) => map.values().any(has_content),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn compare(path: &Path, op: &str, operand: &Operand, subject: &Value) -> bool {
    let Some(expected) = &operand.meaning else {
        return is_present(path, subject) == (op == "ne");
    };
    let path = match path.kind {
        Kind::Complex => Path {
            sub: Some("value"),
            kind: Kind::Text { case_exact: false },
            ..*path
        },
        _ => *path,
    };
    let values = found(&path, subject);
    if values.is_empty() {
        return op == "ne";
    }
    values.iter().any(|value| {
        let (mut actual, mut expected) = (meaning(path.kind, value), expected.clone());
        if let (Meaning::Text(a), Meaning::Text(b)) = (&mut actual, &mut expected) {
            if path.kind == (Kind::Text { case_exact: false }) {
                *a = a.to_lowercase();
                *b = b.to_lowercase();
            }
            match op {
                "co" => return a.contains(b.as_str()),
                "sw" => return a.starts_with(b.as_str()),
                "ew" => return a.ends_with(b.as_str()),
                _ => {}
            }
        }
        match op {
            "eq" => actual == expected,
            "ne" => actual != expected,
            "gt" => actual > expected,
            "ge" => actual >= expected,
            "lt" => actual < expected,
            "le" => actual <= expected,
            other => panic!("{other} for {expected:?}"),
        }
    })
}

fn meaning(kind: Kind, value: &Value) -> Meaning {
    let text = || value.as_str().unwrap().to_owned();
    match kind {
        Kind::Text { .. } | Kind::Complex => Meaning::Text(text()),
        Kind::Number => Meaning::Number(read_number(&value.to_string())),
        Kind::Time => Meaning::Time(read_time(&text())),
        Kind::Boolean => Meaning::Boolean(value.as_bool().unwrap()),
        Kind::Binary => Meaning::Binary(read_binary(&text())),
    }
}

/// The values at `path` in a resource or, if the path has no attribute, in one value.
fn found(path: &Path, subject: &Value) -> Vec<Value> {
    let values = match path.attribute {
        "" => each(subject),
        name => attribute(subject, path.extension, name),
    };
    match path.sub {
        None => values,
        Some(sub) => values.iter().flat_map(|value| each(&value[sub])).collect(),
    }
}

fn attribute(resource: &Value, extension: bool, name: &str) -> Vec<Value> {
    each(if extension {
        &resource[MORE][name]
    } else {
        &resource[name]
    })
}

/// One value or many, without nulls.
fn each(value: &Value) -> Vec<Value> {
    let values = match value {
        Value::Array(items) => items.clone(),
        single => vec![single.clone()],
    };
    values
        .into_iter()
        .filter(|value| !value.is_null())
        .collect()
}
