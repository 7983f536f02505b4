//! Operations as a client may write them.

use scim_ops::Patch;
use serde_json::{Map, Value, json};

use crate::model::{Attr, Cond, MORE, Op, Operation, Target};

/// The PATCH that says `operations`, spelt in one of many ways that mean the same.
pub(crate) fn patch(operations: &[Operation], style: Style) -> Patch {
    let operations: Vec<_> = operations
        .iter()
        .map(|operation| style.operation(operation))
        .collect();
    Patch::from_json(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations,
    }))
    .unwrap()
}

/// How a client likes to write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) shouts: bool,
    /// Booleans as texts, and single values without a list around them.
    pub(crate) sloppy: bool,
}

impl Style {
    fn operation(self, operation: &Operation) -> Value {
        let op = self.name(match operation.op {
            Op::Add => "add",
            Op::Replace => "replace",
            Op::Remove => "remove",
        });
        let mut message = json!({ self.name("op"): op });
        match &operation.target {
            Target::Several(members) => {
                let members = members
                    .iter()
                    .map(|(attr, value)| (self.path(attr), self.value(attr, value, false)));
                message["value"] = Value::Object(members.collect::<Map<_, _>>());
                return message;
            }
            Target::Whole(attr) => message["path"] = self.path(attr).into(),
            Target::Part(attr, part) => {
                message["path"] = format!("{}.{}", self.path(attr), self.name(part.name)).into();
            }
            Target::Some(attr, cond) => {
                message["path"] = format!("{}[{}]", self.path(attr), self.cond(cond)).into();
            }
            Target::SomePart(attr, cond, part) => {
                let (attr, cond) = (self.path(attr), self.cond(cond));
                message["path"] = format!("{attr}[{cond}].{}", self.name(part.name)).into();
            }
        }
        if let Some(value) = &operation.value {
            let (attr, item) = match &operation.target {
                Target::Whole(attr) => (*attr, false),
                Target::Some(attr, _) => (*attr, true),
                Target::Part(_, part) | Target::SomePart(_, _, part) => (*part, false),
                Target::Several(_) => return message,
            };
            message["value"] = self.value(attr, value, item);
        }
        message
    }

    fn path(self, attr: &Attr) -> String {
        let name = self.name(attr.name);
        if attr.more {
            format!("{}:{name}", self.name(MORE))
        } else {
            name
        }
    }

    fn name(self, name: &str) -> String {
        if self.shouts {
            name.to_uppercase()
        } else {
            name.into()
        }
    }

    fn value(self, attr: &Attr, value: &Value, item: bool) -> Value {
        match value {
            Value::Array(items) if self.sloppy && items.len() == 1 && !item => {
                self.value(attr, &items[0], true)
            }
            Value::Array(items) => items
                .iter()
                .map(|value| self.value(attr, value, true))
                .collect(),
            Value::Object(parts) => {
                let parts = parts.iter().map(|(name, value)| {
                    let part = attr.part(name).unwrap();
                    (self.name(name), self.value(part, value, false))
                });
                Value::Object(parts.collect())
            }
            Value::Bool(true) if self.sloppy => "True".into(),
            Value::Bool(false) if self.sloppy => "FALSE".into(),
            other => other.clone(),
        }
    }

    fn cond(self, cond: &Cond) -> String {
        match cond {
            Cond::Is(part, Value::Bool(flag)) if self.sloppy => {
                format!(
                    "{} eq \"{}\"",
                    self.subject(part),
                    if *flag { "True" } else { "False" }
                )
            }
            Cond::Is(part, value) => format!("{} {} {value}", self.subject(part), self.name("eq")),
            Cond::Has(part) => format!("{} pr", self.subject(part)),
            Cond::Not(cond) => format!("not ({})", self.cond(cond)),
            Cond::Both(a, b) => format!("({}) and ({})", self.cond(a), self.cond(b)),
            Cond::Either(a, b) => format!("({}) or ({})", self.cond(a), self.cond(b)),
        }
    }

    /// A simple value of a list is called `value`.
    fn subject(self, part: &Attr) -> String {
        self.name(if part.many { "value" } else { part.name })
    }
}
