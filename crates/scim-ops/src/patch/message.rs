use scim_provider::filter::{FilterError, PatchPath};
use serde_json::{Map, Value};

use super::{PatchError, PatchProblem};

/// The schema of PATCH messages (RFC 7644 §3.5.2).
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// One operation as a client sent it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) op: Op,
    pub(super) path: Option<PatchPath>,
    /// `None` if there is no such member, which is something else than `null`.
    pub(super) value: Option<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Remove,
    Replace,
}

/// The operations of a PATCH message.
pub(super) fn read(message: Value) -> Result<Vec<Operation>, PatchError> {
    let Value::Object(message) = message else {
        return Err(PatchError::of_message(wrong_type("the message", "object")));
    };
    let [schemas, operations] =
        members(message, ["schemas", "Operations"]).map_err(PatchError::of_message)?;
    check_schemas(schemas.as_ref()).map_err(PatchError::of_message)?;
    let operations = match operations {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(operations)) => operations,
        Some(_) => return Err(PatchError::of_message(wrong_type("`Operations`", "array"))),
    };
    if operations.is_empty() {
        return Err(PatchError::of_message(PatchProblem::NoOperations));
    }
    let read = operations.into_iter().enumerate().map(|(index, value)| {
        operation(value).map_err(|problem| PatchError::new(index, String::new(), problem))
    });
    read.collect()
}

/// A message without `schemas` can't be meant as anything else; one with those of another
/// message can.
fn check_schemas(schemas: Option<&Value>) -> Result<(), PatchProblem> {
    match schemas {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Array(uris)) => {
            let is_patch_op = |uri: &Value| matches!(uri, Value::String(uri) if uri.eq_ignore_ascii_case(PATCH_OP));
            if uris.is_empty() || uris.iter().any(is_patch_op) {
                Ok(())
            } else {
                Err(PatchProblem::NoPatchOp)
            }
        }
        Some(_) => Err(wrong_type("`schemas`", "array")),
    }
}

fn operation(value: Value) -> Result<Operation, PatchProblem> {
    let Value::Object(operation) = value else {
        return Err(wrong_type("the operation", "object"));
    };
    let [op, path, value] = members(operation, ["op", "path", "value"])?;
    let named =
        |word: &str| matches!(&op, Some(Value::String(op)) if op.eq_ignore_ascii_case(word));
    let op = if named("add") {
        Op::Add
    } else if named("remove") {
        Op::Remove
    } else if named("replace") {
        Op::Replace
    } else {
        return Err(PatchProblem::UnknownOp);
    };
    let path = match path {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(parse_path(&text)?),
        Some(_) => return Err(wrong_type("`path`", "string")),
    };
    Ok(Operation { op, path, value })
}

/// The path that `text` is.
pub(super) fn parse_path(text: &str) -> Result<PatchPath, PatchProblem> {
    PatchPath::parse(text).map_err(|error| {
        if is_in_filter(text, &error) {
            PatchProblem::MalformedFilter(error)
        } else {
            PatchProblem::MalformedPath(error)
        }
    })
}

/// Whether what is wrong with `text` stands between its brackets.
fn is_in_filter(text: &str, error: &FilterError) -> bool {
    let at = error.position();
    text.find('[').is_some_and(|open| open < at) && text.rfind(']').is_none_or(|close| at <= close)
}

/// Takes the members called `names` out of `object`, in whatever case they are spelt. What
/// else there is means nothing here.
fn members<const N: usize>(
    object: Map<String, Value>,
    names: [&'static str; N],
) -> Result<[Option<Value>; N], PatchProblem> {
    let mut found = [const { None }; N];
    for (name, value) in object {
        if let Some(at) = names.iter().position(|n| n.eq_ignore_ascii_case(&name))
            && found[at].replace(value).is_some()
        {
            return Err(PatchProblem::RepeatedMember(names[at]));
        }
    }
    Ok(found)
}

const fn wrong_type(part: &'static str, expected: &'static str) -> PatchProblem {
    PatchProblem::WrongType { part, expected }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::patch::PatchErrorKind;

    fn message(operations: Value) -> Value {
        json!({ "schemas": [PATCH_OP], "Operations": operations })
    }

    fn refusal(message: Value) -> (Option<usize>, PatchErrorKind) {
        match read(message) {
            Err(error) => (error.operation(), error.kind()),
            Ok(_) => panic!("it is refused"),
        }
    }

    #[test]
    fn names_and_operations_are_read_in_whatever_case() {
        let message = json!({
            "SCHEMAS": [PATCH_OP.to_uppercase()],
            "operations": [
                { "OP": "Add", "Path": "members", "VALUE": [] },
                { "op": "REMOVE", "path": null },
                { "op": "replace", "value": null, "more": 1 },
            ],
        });
        let operations = read(message).unwrap();
        let ops: Vec<_> = operations.iter().map(|operation| operation.op).collect();
        assert_eq!(ops, [Op::Add, Op::Remove, Op::Replace]);
        assert_eq!(operations[0].path.as_ref().unwrap().to_string(), "members");
        assert!(operations[1].path.is_none() && operations[1].value.is_none());
        assert_eq!(operations[2].value, Some(Value::Null));
    }

    #[test]
    fn schemas_may_be_left_out_but_not_be_those_of_something_else() {
        let operations = json!([{ "op": "remove", "path": "title" }]);
        for schemas in [json!(null), json!([]), json!(["urn:x", PATCH_OP])] {
            let message = json!({ "schemas": schemas, "Operations": operations });
            assert!(read(message).is_ok(), "{schemas}");
        }
        assert!(read(json!({ "Operations": operations })).is_ok());
        let other = "urn:ietf:params:scim:schemas:core:2.0:User";
        for schemas in [json!([other]), json!(PATCH_OP), json!([1])] {
            let message = json!({ "schemas": schemas, "Operations": operations });
            assert_eq!(refusal(message), (None, PatchErrorKind::InvalidSyntax));
        }
    }

    #[test]
    fn what_has_not_the_structure_of_a_patch_is_refused() {
        let syntax = PatchErrorKind::InvalidSyntax;
        for broken in [
            json!([]),
            json!("x"),
            json!({}),
            json!({ "Operations": {} }),
        ] {
            assert_eq!(refusal(broken), (None, syntax));
        }
        assert_eq!(refusal(message(json!([]))), (None, syntax));
        let twice = json!({ "Operations": [], "OPERATIONS": [] });
        assert_eq!(refusal(twice), (None, syntax));
        let remove = json!({ "op": "remove", "path": "title" });
        for broken in [
            json!("add"),
            json!({}),
            json!({ "op": "move" }),
            json!({ "op": 1 }),
            json!({ "op": "add", "OP": "add" }),
            json!({ "op": "add", "path": 7 }),
        ] {
            assert_eq!(refusal(message(json!([remove, broken]))), (Some(1), syntax));
        }
    }

    #[test]
    fn a_broken_path_and_a_broken_filter_are_told_apart() {
        for (path, kind) in [
            ("", PatchErrorKind::InvalidPath),
            ("a b", PatchErrorKind::InvalidPath),
            ("emails[type eq \"work\"]x", PatchErrorKind::InvalidPath),
            ("emails[type eq \"work\"].1", PatchErrorKind::InvalidPath),
            ("9[type eq \"work\"]", PatchErrorKind::InvalidPath),
            ("emails[type is \"work\"]", PatchErrorKind::InvalidFilter),
            ("emails[type eq \"work\"", PatchErrorKind::InvalidFilter),
            ("emails[]", PatchErrorKind::InvalidFilter),
        ] {
            let message = message(json!([{ "op": "remove", "path": path }]));
            assert_eq!(refusal(message), (Some(0), kind), "{path}");
        }
    }
}
