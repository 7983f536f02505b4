//! Random filters.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::literal::{
    Meaning, binaries, numbers, read_binary, read_number, read_time, texts, times,
};
use crate::model::{Kind, List, Path};

#[derive(Debug, Clone)]
pub(crate) enum Expression {
    Compare(Path, &'static str, Operand),
    Present(Path),
    Not(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Within(List, Box<Expression>),
}

#[derive(Debug, Clone)]
pub(crate) struct Operand {
    /// As JSON, unless the style has another spelling of it.
    pub(crate) json: String,
    /// `None` for null.
    pub(crate) meaning: Option<Meaning>,
}

/// Filters for whole resources.
pub(crate) fn expressions() -> BoxedStrategy<Expression> {
    let within = List::any().prop_flat_map(|list| {
        value_expressions(list).prop_map(move |inner| Expression::Within(list, Box::new(inner)))
    });
    let leaf = prop_oneof![3 => Path::any().prop_flat_map(terms), 1 => within];
    combined(leaf.boxed())
}

/// Filters in the brackets behind `list`.
pub(crate) fn value_expressions(list: List) -> BoxedStrategy<Expression> {
    combined(select(list.parts()).prop_flat_map(terms).boxed())
}

fn combined(leaf: BoxedStrategy<Expression>) -> BoxedStrategy<Expression> {
    leaf.prop_recursive(4, 16, 4, |inner| {
        let some = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(|inner| Expression::Not(Box::new(inner))),
            some.clone().prop_map(Expression::And),
            some.prop_map(Expression::Or),
        ]
    })
    .boxed()
}

/// Filters with one term, about the attribute at `path`.
pub(crate) fn terms(path: Path) -> BoxedStrategy<Expression> {
    const ALL: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
    let (operand, operators) = match path.kind {
        Kind::Text { .. } | Kind::Complex => {
            let operand = texts().prop_map(|text| Operand {
                json: serde_json::to_string(&text).unwrap(),
                meaning: Some(Meaning::Text(text)),
            });
            (operand.boxed(), ALL.to_vec())
        }
        Kind::Number => {
            let operand = numbers().prop_map(|number| Operand {
                meaning: Some(Meaning::Number(read_number(&number))),
                json: number,
            });
            (operand.boxed(), [&ALL[..2], &ALL[5..]].concat())
        }
        Kind::Time => {
            let operand = times().prop_map(|time| Operand {
                json: Value::from(&*time).to_string(),
                meaning: Some(Meaning::Time(read_time(&time))),
            });
            (operand.boxed(), [&ALL[..2], &ALL[5..]].concat())
        }
        Kind::Boolean => {
            let spellings = select(vec![
                ("true", true),
                ("false", false),
                ("TRUE", true),
                ("\"True\"", true),
                ("\"False\"", false),
            ]);
            let operand = spellings.prop_map(|(json, flag)| Operand {
                json: json.to_owned(),
                meaning: Some(Meaning::Boolean(flag)),
            });
            (operand.boxed(), ALL[..2].to_vec())
        }
        Kind::Binary => {
            let operand = binaries().prop_map(|binary| Operand {
                json: format!("\"{binary}\""),
                meaning: Some(Meaning::Binary(read_binary(&binary))),
            });
            (operand.boxed(), ALL[..2].to_vec())
        }
    };
    let null = Operand {
        json: "null".into(),
        meaning: None,
    };
    prop_oneof![
        6 => (select(operators), operand)
            .prop_map(move |(op, operand)| Expression::Compare(path, op, operand)),
        1 => Just(Expression::Present(path)),
        1 => select(vec!["eq", "ne"])
            .prop_map(move |op| Expression::Compare(path, op, null.clone())),
    ]
    .boxed()
}
