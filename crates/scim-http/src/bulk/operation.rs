use http::Method;
use scim_ops::provider::schema::{ResourceType, ResourceTypes};
use scim_ops::version::ETag;
use scim_ops::{BulkAction, BulkOperation};
use serde_json::{Map, Value};

use super::message::{syntax, take};
use crate::route::{Target, resolve};
use crate::{BasePath, ScimError, ScimType};

/// One operation of a bulk request, as far as it can be read.
pub(crate) struct Parsed<'t> {
    /// As it was sent, where it was.
    pub(crate) method: Option<Method>,
    pub(crate) bulk_id: Option<String>,
    pub(crate) resource_type: Option<&'t ResourceType>,
    operation: Result<BulkOperation, ScimError>,
}

impl<'t> Parsed<'t> {
    pub(super) fn of(value: Value, types: &'t ResourceTypes) -> Self {
        let Value::Object(mut map) = value else {
            return Self {
                method: None,
                bulk_id: None,
                resource_type: None,
                operation: Err(syntax("an operation is an object")),
            };
        };
        let method = method(&mut map);
        let bulk_id = text(&mut map, "bulkId");
        let mut parsed = Self {
            method: method.as_ref().ok().cloned(),
            bulk_id: bulk_id.as_ref().ok().cloned().flatten(),
            resource_type: None,
            operation: Ok(BulkOperation::malformed()),
        };
        parsed.operation = method.and_then(|method| {
            let path = text(&mut map, "path")?.ok_or_else(|| syntax("path: missing"))?;
            let target = target(&path, types)?;
            parsed.resource_type = target.resource_type();
            let operation = operation(&method, target, &mut map)?;
            Ok(match bulk_id? {
                Some(bulk_id) => operation.with_bulk_id(bulk_id),
                None => operation,
            })
        });
        parsed
    }

    /// What is to be done, taken out; what can't be read is refused when its turn comes.
    pub(crate) fn take_operation(&mut self) -> BulkOperation {
        match &mut self.operation {
            Ok(operation) => std::mem::replace(operation, BulkOperation::malformed()),
            Err(_) => BulkOperation::malformed(),
        }
    }

    /// Why it can't be read, if it can't.
    pub(crate) fn refusal(&self) -> Option<ScimError> {
        self.operation.as_ref().err().cloned()
    }

    /// The name of the type whose resources are meant, as far as it is known.
    pub(crate) fn type_name(&self) -> &str {
        self.resource_type.map_or("", ResourceType::name)
    }
}

/// What `path`, relative to the base URL, names.
fn target<'t, 'p>(path: &'p str, types: &'t ResourceTypes) -> Result<Target<'t, 'p>, ScimError> {
    let wrong = || {
        syntax("path: not that of a resource type or a resource")
            .with_scim_type(ScimType::InvalidPath)
    };
    // RFC 7644 §3.7 has it relative, and its examples begin with a slash.
    if !path.starts_with('/') {
        return Err(wrong());
    }
    resolve(path, &BasePath::default(), types).map_err(|_| wrong())
}

fn operation(
    method: &Method,
    target: Target<'_, '_>,
    map: &mut Map<String, Value>,
) -> Result<BulkOperation, ScimError> {
    let mut data = || match take(map, "data") {
        Some(data @ Value::Object(_)) => Ok(data),
        _ => Err(syntax("data: expected an object")),
    };
    let (resource_type, action) = match (target, method) {
        (Target::Collection(resource_type), &Method::POST) => {
            let data = data()?;
            (resource_type, BulkAction::Create { data })
        }
        (Target::Single(resource_type, id), &Method::PUT) => {
            let (id, data) = (id.into_owned(), data()?);
            (resource_type, BulkAction::Update { id, data })
        }
        (Target::Single(resource_type, id), &Method::PATCH) => {
            let (id, message) = (id.into_owned(), data()?);
            (resource_type, BulkAction::Patch { id, message })
        }
        (Target::Single(resource_type, id), &Method::DELETE) => {
            let id = id.into_owned();
            (resource_type, BulkAction::Delete { id })
        }
        _ => {
            let detail = "path: the method is for another one";
            return Err(syntax(detail).with_scim_type(ScimType::InvalidPath));
        }
    };
    let created = matches!(action, BulkAction::Create { .. });
    let operation = BulkOperation::new(resource_type.name(), action);
    // What is created has no version yet.
    match text(map, "version")? {
        Some(version) if !created => {
            let tag: ETag = version
                .parse()
                .map_err(|error| syntax(format!("version: {error}")))?;
            Ok(operation.with_if_match(tag))
        }
        _ => Ok(operation),
    }
}

/// The method, in upper case as the RFC has it, or as clients have it.
fn method(map: &mut Map<String, Value>) -> Result<Method, ScimError> {
    let method = text(map, "method")?.ok_or_else(|| syntax("method: missing"))?;
    [Method::POST, Method::PUT, Method::PATCH, Method::DELETE]
        .into_iter()
        .find(|known| method.eq_ignore_ascii_case(known.as_str()))
        .ok_or_else(|| syntax("method: expected POST, PUT, PATCH or DELETE"))
}

fn text(map: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, ScimError> {
    match take(map, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(syntax(format!("{name}: expected a string"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(value: Value) -> Result<(String, String), String> {
        let types = ResourceTypes::default();
        match Parsed::of(value, &types).operation {
            Ok(operation) => Ok((
                operation.resource_type().to_owned(),
                format!("{:?}", operation.action()),
            )),
            Err(error) => Err(error.detail().to_owned()),
        }
    }

    #[test]
    fn methods_and_paths_make_operations() {
        for (value, resource_type, action) in [
            (
                json!({ "method": "POST", "path": "/Users", "data": {} }),
                "User",
                "Create",
            ),
            (
                json!({ "METHOD": "put", "path": "/Users/a%2Fb", "Data": {} }),
                "User",
                r#"Update { id: "a/b""#,
            ),
            (
                json!({ "method": "Patch", "path": "/Groups/1", "data": {} }),
                "Group",
                "Patch",
            ),
            (
                json!({ "method": "DELETE", "path": "/Groups/bulkId:x", "version": "W/\"1\"" }),
                "Group",
                r#"Delete { id: "bulkId:x" }"#,
            ),
        ] {
            let (found, shown) = parse(value.clone()).unwrap();
            assert_eq!(found, resource_type, "{value}");
            assert!(shown.starts_with(action), "{value}: {shown}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (value, named) in [
            (json!(1), "an operation"),
            (json!({ "path": "/Users" }), "method"),
            (json!({ "method": "GET", "path": "/Users" }), "method"),
            (json!({ "method": 1, "path": "/Users" }), "method"),
            (json!({ "method": "POST" }), "path"),
            (
                json!({ "method": "POST", "path": "Users", "data": {} }),
                "path",
            ),
            (
                json!({ "method": "POST", "path": "/Bulk", "data": {} }),
                "path",
            ),
            (
                json!({ "method": "POST", "path": "/Users/1", "data": {} }),
                "path",
            ),
            (json!({ "method": "DELETE", "path": "/Users" }), "path"),
            (json!({ "method": "POST", "path": "/Users" }), "data"),
            (
                json!({ "method": "POST", "path": "/Users", "data": [] }),
                "data",
            ),
            (
                json!({ "method": "DELETE", "path": "/Users/1", "version": "1" }),
                "version",
            ),
            (
                json!({ "method": "POST", "path": "/Users", "data": {}, "bulkId": 1 }),
                "bulkId",
            ),
        ] {
            let detail = parse(value.clone()).unwrap_err();
            assert!(detail.starts_with(named), "{value}: {detail}");
        }
    }
}
