use std::borrow::Cow;

use http::StatusCode;
use scim_ops::provider::filter::AttributePath;
use serde_json::{Map, Number, Value};

use crate::percent::decode_query;
use crate::{ScimError, ScimType};

/// Where parameters stand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// In the query of a URL.
    Query(&'a str),
    /// In the content, a `SearchRequest` (RFC 7644 §3.4.3).
    Content(&'a Map<String, Value>),
}

impl<'a> Source<'a> {
    /// The text that the parameter `name` is.
    pub(super) fn text(self, name: &str) -> Result<Option<Cow<'a, str>>, ScimError> {
        match self {
            Self::Query(query) => encoded(query, name)?
                .map(|text| decoded(name, text))
                .transpose(),
            Self::Content(members) => match member(members, name)? {
                None => Ok(None),
                Some(Value::String(text)) => Ok(Some(Cow::Borrowed(text))),
                Some(_) => Err(misshapen(name, "a string")),
            },
        }
    }

    /// The number that the parameter `name` is: one below zero counts as 0, one too large for a
    /// `u64` as the largest.
    pub(super) fn integer(self, name: &str) -> Result<Option<u64>, ScimError> {
        match self {
            Self::Query(query) => {
                let Some(text) = encoded(query, name)? else {
                    return Ok(None);
                };
                let text = decode_query(text).unwrap_or_default();
                match digits(&text) {
                    Some(number) => Ok(Some(number)),
                    None => Err(refused(name, "not an integer")),
                }
            }
            Self::Content(members) => match member(members, name)? {
                None => Ok(None),
                Some(Value::Number(number)) => match integral(number) {
                    Some(number) => Ok(Some(number)),
                    None => Err(misshapen(name, "an integer")),
                },
                Some(_) => Err(misshapen(name, "an integer")),
            },
        }
    }

    /// The paths in the parameter `name`: in a URL with commas between.
    pub(super) fn paths(self, name: &str) -> Result<Vec<AttributePath>, ScimError> {
        let parse = |text: &str| {
            let path = text.parse();
            path.map_err(|error| refused(name, error))
        };
        match self {
            Self::Query(_) => {
                let text = self.text(name)?.unwrap_or_default();
                let paths = text.split(',').map(str::trim_ascii);
                paths.filter(|path| !path.is_empty()).map(parse).collect()
            }
            Self::Content(members) => match member(members, name)? {
                None => Ok(Vec::new()),
                Some(Value::Array(items)) => {
                    let items = items.iter().map(|item| match item {
                        Value::String(path) => parse(path),
                        _ => Err(misshapen(name, "an array of strings")),
                    });
                    items.collect()
                }
                Some(_) => Err(misshapen(name, "an array of strings")),
            },
        }
    }

    /// Whether the parameter `name` is there.
    pub(super) fn has(self, name: &str) -> bool {
        match self {
            Self::Query("") => false,
            Self::Query(query) => values(query, name).next().is_some(),
            Self::Content(members) => {
                let mut names = members.iter().filter(|(_, value)| !value.is_null());
                names.any(|(known, _)| known.eq_ignore_ascii_case(name))
            }
        }
    }
}

/// 400: the parameter `name` can't have this value.
pub(super) fn refused(name: &str, reason: impl std::fmt::Display) -> ScimError {
    let scim_type = match name {
        "filter" => ScimType::InvalidFilter,
        "cursor" => ScimType::InvalidCursor,
        _ => ScimType::InvalidValue,
    };
    ScimError::new(StatusCode::BAD_REQUEST, format!("{name}: {reason}")).with_scim_type(scim_type)
}

/// 400: in the content the parameter `name` is of another JSON type.
fn misshapen(name: &str, expected: &str) -> ScimError {
    let detail = format!("{name}: expected {expected}");
    ScimError::new(StatusCode::BAD_REQUEST, detail).with_scim_type(ScimType::InvalidSyntax)
}

/// The value of the parameter `name`, still encoded.
fn encoded<'a>(query: &'a str, name: &str) -> Result<Option<&'a str>, ScimError> {
    let mut values = values(query, name);
    let value = values.next();
    match values.next() {
        None => Ok(value),
        Some(_) => Err(refused(name, "given more than once")),
    }
}

/// The values of the parameter `name`, still encoded. Its case does not count: a filter that
/// is spelled another way is a filter all the same.
fn values<'a>(query: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    query.split('&').filter_map(move |pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = decode_query(key)?;
        key.trim_ascii().eq_ignore_ascii_case(name).then_some(value)
    })
}

fn decoded<'a>(name: &str, text: &'a str) -> Result<Cow<'a, str>, ScimError> {
    decode_query(text).ok_or_else(|| refused(name, "not percent-encoded UTF-8"))
}

/// The member `name`, in whatever case (RFC 7643 §2.1); `null` is as good as none (§2.5).
fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a Value>, ScimError> {
    let mut found = members
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let member = found.next();
    match found.next() {
        None => Ok(member
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())),
        Some(_) => Err(refused(name, "given more than once")),
    }
}

/// The integer that `number` is, also if it is written as `1.0` or `1e30`.
fn integral(number: &Number) -> Option<u64> {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 => digits(&format!("{float:.0}")),
        _ => digits(&number.to_string()),
    }
}

/// The integer that `text` is.
fn digits(text: &str) -> Option<u64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    // Digits only, so that the one way to fail is to be too large.
    Some(if negative {
        0
    } else {
        digits.parse().unwrap_or(u64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn query(query: &str) -> Source<'_> {
        Source::Query(query)
    }

    #[test]
    fn integers_below_zero_are_zero_and_those_too_large_the_largest() {
        for (value, number) in [
            ("0", 0),
            ("-0", 0),
            ("12", 12),
            ("-5", 0),
            ("%31%32", 12),
            ("18446744073709551616", u64::MAX),
            ("99999999999999999999999", u64::MAX),
        ] {
            let text = format!("count={value}");
            assert_eq!(
                query(&text).integer("count").unwrap(),
                Some(number),
                "{value}"
            );
        }
        for value in ["", "ten", "1.0", "1e3", "-", "+1", "%zz", "0x1", " 1"] {
            let text = format!("count={value}");
            let error = query(&text).integer("count").unwrap_err();
            assert_eq!(error.scim_type(), Some(ScimType::InvalidValue), "{value}");
            assert_eq!(error.detail(), "count: not an integer");
        }
        assert_eq!(query("counts=1&x").integer("count").unwrap(), None);
    }

    #[test]
    fn numbers_of_json_may_be_written_in_any_way() {
        for (value, number) in [
            (json!(7), 7),
            (json!(-7), 0),
            (json!(7.0), 7),
            (json!(-0.0), 0),
            (json!(1e300), u64::MAX),
            (json!(-1e300), 0),
            (json!(u64::MAX), u64::MAX),
        ] {
            let content = json!({ "Count": value });
            let source = Source::Content(content.as_object().unwrap());
            assert_eq!(source.integer("count").unwrap(), Some(number), "{value}");
        }
        for value in [json!(0.5), json!("7"), json!(true), json!([7])] {
            let content = json!({ "count": value });
            let source = Source::Content(content.as_object().unwrap());
            let error = source.integer("count").unwrap_err();
            assert_eq!(error.scim_type(), Some(ScimType::InvalidSyntax), "{value}");
        }
    }

    #[test]
    fn texts_are_decoded_and_names_have_no_case() {
        let source = query("a=1&FiLTER=a+b%2B%22&%66=2");
        assert_eq!(source.text("filter").unwrap().unwrap(), "a b+\"");
        assert_eq!(source.text("f").unwrap().unwrap(), "2");
        assert_eq!(query("cursor").text("cursor").unwrap().unwrap(), "");
        assert!(source.has("Filter") && !source.has("fil"));
        for text in [
            "filter=%zz",
            "filter=%FF",
            "filter=a&filter=a",
            "filter&Filter",
        ] {
            let error = query(text).text("filter").unwrap_err();
            assert_eq!(error.scim_type(), Some(ScimType::InvalidFilter), "{text}");
        }
    }

    #[test]
    fn null_is_as_good_as_none() {
        let content = json!({ "filter": null, "attributes": null });
        let source = Source::Content(content.as_object().unwrap());
        assert_eq!(source.text("filter").unwrap(), None);
        assert!(source.paths("attributes").unwrap().is_empty());
        assert!(!source.has("filter"));
    }
}
