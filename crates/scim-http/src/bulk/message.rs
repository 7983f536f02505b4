use http::StatusCode;
use scim_ops::provider::schema::ResourceTypes;
use serde_json::{Map, Value};

use super::ATOMIC_BULK;
use super::operation::Parsed;
use crate::{ScimError, ScimType};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A bulk request as it was sent.
pub(crate) struct Message<'t> {
    pub(crate) operations: Vec<Parsed<'t>>,
    pub(crate) fail_on_errors: Option<u32>,
    pub(crate) atomic: bool,
}

impl<'t> Message<'t> {
    /// The request that `content` is. What is wrong with one operation is found when its turn
    /// comes, and is wrong with no other.
    ///
    /// # Errors
    ///
    /// 400 `invalidSyntax` if it is no bulk request, 413 if it has more than `limit` operations
    /// (§3.7.4).
    pub(crate) fn parse(
        content: Value,
        limit: u32,
        types: &'t ResourceTypes,
    ) -> Result<Self, ScimError> {
        let Value::Object(mut content) = content else {
            return Err(syntax("a bulk request is an object"));
        };
        let Some(Value::Array(schemas)) = take(&mut content, "schemas") else {
            return Err(syntax("schemas: expected an array"));
        };
        let names = |uri: &str| {
            let mut named = schemas.iter().filter_map(Value::as_str);
            named.any(|named| named.eq_ignore_ascii_case(uri))
        };
        if !names(SCHEMA) {
            return Err(syntax("schemas: not those of a bulk request"));
        }
        let fail_on_errors = match take(&mut content, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(number) => {
                // A whole number, however it is written; more than there can be is no limit.
                let number = number.as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0);
                let number = number.ok_or_else(|| syntax("failOnErrors: expected an integer"))?;
                Some(whole(number))
            }
        };
        let Some(Value::Array(operations)) = take(&mut content, "Operations") else {
            return Err(syntax("Operations: expected an array"));
        };
        if u32::try_from(operations.len()).map_or(true, |count| count > limit) {
            let detail = format!(
                "{} operations are more than the {limit} that a bulk request may have",
                operations.len()
            );
            return Err(ScimError::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
        }
        let atomic = names(ATOMIC_BULK);
        let operations = operations.into_iter();
        Ok(Self {
            operations: operations
                .map(|operation| Parsed::of(operation, types))
                .collect(),
            fail_on_errors,
            atomic,
        })
    }
}

/// The member of `map` called `name`, in whatever case (RFC 7643 §2.1).
pub(super) fn take(map: &mut Map<String, Value>, name: &str) -> Option<Value> {
    if let Some(value) = map.remove(name) {
        return Some(value);
    }
    let spelt = map.keys().find(|known| known.eq_ignore_ascii_case(name))?;
    let spelt = spelt.clone();
    map.remove(&spelt)
}

pub(super) fn syntax(detail: impl Into<std::borrow::Cow<'static, str>>) -> ScimError {
    ScimError::new(StatusCode::BAD_REQUEST, detail).with_scim_type(ScimType::InvalidSyntax)
}

/// A number without fraction, which is not negative.
fn whole(number: f64) -> u32 {
    // Of a float, only text says exactly what it is.
    format!("{number:.0}").parse().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Read = (usize, Option<u32>, bool);

    fn parse(content: Value) -> Result<Read, (u16, Option<ScimType>)> {
        let types = ResourceTypes::default();
        match Message::parse(content, 2, &types) {
            Ok(message) => Ok((
                message.operations.len(),
                message.fail_on_errors,
                message.atomic,
            )),
            Err(error) => Err((error.status().as_u16(), error.scim_type())),
        }
    }

    #[test]
    fn a_request_is_read_whatever_the_case_of_its_names() {
        let message = json!({ "SCHEMAS": [SCHEMA], "operations": [{}], "FailOnErrors": 2.0 });
        assert_eq!(parse(message), Ok((1, Some(2), false)));
        let message = json!({ "schemas": [ATOMIC_BULK, SCHEMA], "Operations": [] });
        assert_eq!(parse(message), Ok((0, None, true)));
    }

    #[test]
    fn what_is_no_bulk_request_is_refused() {
        let syntax = Err((400, Some(ScimType::InvalidSyntax)));
        for message in [
            json!([]),
            json!({ "Operations": [] }),
            json!({ "schemas": [ATOMIC_BULK], "Operations": [] }),
            json!({ "schemas": [SCHEMA] }),
            json!({ "schemas": [SCHEMA], "Operations": {} }),
            json!({ "schemas": [SCHEMA], "Operations": [], "failOnErrors": "1" }),
            json!({ "schemas": [SCHEMA], "Operations": [], "failOnErrors": 1.5 }),
            json!({ "schemas": [SCHEMA], "Operations": [], "failOnErrors": -1 }),
        ] {
            assert_eq!(parse(message.clone()), syntax, "{message}");
        }
    }

    #[test]
    fn too_many_operations_are_too_large() {
        let message = json!({ "schemas": [SCHEMA], "Operations": [1, 2, 3] });
        assert_eq!(parse(message), Err((413, None)));
    }
}
