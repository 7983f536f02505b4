use jiff::civil::DateTime;
use serde_json::Value;

use super::number::ExactNumber;
use super::place::{Place, Subject, says_something};
use super::relation::Relation;
use super::text::Text;
use super::{Comparand, CompareOp, CompileErrorKind};
use crate::schema::{Attribute, AttributeType, base64_digits, date_time};

/// What a filter asks of the values of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// One of the values says something; members of complex values called so do not count.
    Present(Box<[Box<str>]>),
    /// None of the values says anything; likewise.
    Absent(Box<[Box<str>]>),
    /// A string.
    Text(CompareOp, Text),
    /// The URI of a resource: kept relative to the base URL, shown and searched absolute.
    Location { equal: bool, uri: Box<str> },
    /// A boolean.
    Boolean { equal: bool, flag: bool },
    /// A number.
    Number(Relation, ExactNumber),
    /// An instant, in UTC.
    Instant(Relation, DateTime),
    /// Octets, as digits of base64 in one alphabet.
    Binary { equal: bool, digits: Box<[u8]> },
}

impl Condition {
    /// A value is there; or, with `present` false, none is.
    pub(super) fn presence(attribute: &Attribute, present: bool) -> Self {
        let hidden = attribute
            .sub_attributes()
            .iter()
            .filter(|sub| sub.is_never_shown())
            .map(|sub| sub.name().into())
            .collect();
        if present {
            Self::Present(hidden)
        } else {
            Self::Absent(hidden)
        }
    }

    /// The comparison of values of `attribute`, which is not complex, with `value`, which is
    /// not null.
    pub(super) fn comparison(
        attribute: &Attribute,
        is_location: bool,
        op: CompareOp,
        value: &Comparand,
    ) -> Result<Self, CompileErrorKind> {
        let equal = match op {
            CompareOp::Eq => Ok(true),
            CompareOp::Ne => Ok(false),
            _ => Err(CompileErrorKind::WrongOperator),
        };
        Ok(match (attribute.attribute_type(), value) {
            (AttributeType::Reference, Comparand::String(uri)) if is_location && equal.is_ok() => {
                Self::Location {
                    equal: op == CompareOp::Eq,
                    uri: uri.as_str().into(),
                }
            }
            (AttributeType::String | AttributeType::Reference, Comparand::String(text)) => {
                Self::Text(op, Text::new(text, attribute.case_exact()))
            }
            (AttributeType::Boolean, value) => {
                let flag = boolean(value).ok_or(CompileErrorKind::WrongType)?;
                Self::Boolean {
                    equal: equal?,
                    flag,
                }
            }
            (AttributeType::Integer | AttributeType::Decimal, Comparand::Number(number)) => {
                let number = ExactNumber::of(number).ok_or(CompileErrorKind::WrongType)?;
                Self::Number(Relation::of(op)?, number)
            }
            (AttributeType::DateTime, Comparand::String(text)) => {
                let instant = date_time::parse(text).ok_or(CompileErrorKind::WrongType)?;
                Self::Instant(Relation::of(op)?, instant)
            }
            (AttributeType::Binary, Comparand::String(text)) => Self::Binary {
                equal: equal?,
                digits: base64_digits(text).into(),
            },
            _ => return Err(CompileErrorKind::WrongType),
        })
    }

    /// Whether the values at `place` in `subject` pass: one of them, or all of none.
    pub(super) fn holds(&self, place: &Place, subject: Subject<'_>) -> bool {
        match self {
            Self::Present(hidden) => place.any(subject, |value| says_something(value, hidden)),
            Self::Absent(hidden) => !place.any(subject, |value| says_something(value, hidden)),
            _ => {
                let mut none = true;
                let found = place.any(subject, |value| {
                    none = false;
                    self.holds_for(value)
                });
                found || (none && self.is_difference())
            }
        }
    }

    /// Whether this asks for a value that is another one: what is absent is another one.
    fn is_difference(&self) -> bool {
        match self {
            Self::Text(op, _) => *op == CompareOp::Ne,
            Self::Number(relation, _) | Self::Instant(relation, _) => {
                *relation == Relation::NotEqual
            }
            Self::Location { equal, .. }
            | Self::Boolean { equal, .. }
            | Self::Binary { equal, .. } => !equal,
            Self::Present(_) => false,
            Self::Absent(_) => true,
        }
    }

    /// A value of another type than the schema's is another one and has no order.
    fn holds_for(&self, value: &Value) -> bool {
        let passes = match (self, value) {
            (Self::Text(op, expected), Value::String(text)) => Some(expected.holds(*op, text)),
            (Self::Location { equal, uri }, Value::String(text)) => {
                Some(is_location(text, uri) == *equal)
            }
            (Self::Boolean { equal, flag }, Value::Bool(value)) => Some((value == flag) == *equal),
            (Self::Number(relation, expected), Value::Number(number)) => {
                ExactNumber::of(number).map(|number| relation.holds(number.cmp(expected)))
            }
            (Self::Instant(relation, expected), Value::String(text)) => {
                date_time::parse(text).map(|instant| relation.holds(instant.cmp(expected)))
            }
            (Self::Binary { equal, digits }, Value::String(text)) => {
                Some((*base64_digits(text) == **digits) == *equal)
            }
            _ => None,
        };
        passes.unwrap_or_else(|| self.is_difference())
    }
}

/// Microsoft Entra ID sends booleans as strings: `[primary eq "True"]`.
fn boolean(value: &Comparand) -> Option<bool> {
    match value {
        Comparand::Boolean(flag) => Some(*flag),
        Comparand::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Comparand::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Whether the URI that is kept as `kept` is shown as `uri`: what is kept relative has the base
/// URL before it, of which a service may have several.
fn is_location(kept: &str, uri: &str) -> bool {
    let first = kept.split('/').next().unwrap_or_default();
    let is_relative = !matches!(first, "" | "." | "..") && !first.contains(':');
    kept == uri
        || (is_relative
            && uri
                .strip_suffix(kept)
                .is_some_and(|base| base.ends_with('/')))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::{ResourceType, Schema};

    #[test]
    fn numbers_compare_exactly() {
        let thing: Schema = serde_json::from_value(json!({ "id": "urn:thing", "attributes": [
            { "name": "count", "type": "integer", "multiValued": true },
            { "name": "size", "type": "decimal" },
        ] }))
        .unwrap();
        let thing = ResourceType::new("Thing", "Things", thing).unwrap();
        let value = json!({ "count": [9_007_199_254_740_993_u64, 5], "size": 0.1 });
        for (filter, expected) in [
            ("count eq 9007199254740993", true),
            ("count eq 9007199254740992", false),
            ("count gt 9007199254740992", true),
            ("count eq 5.0", true),
            ("count ne 5", true),
            ("count lt 5", false),
            ("count[value le 5 and value gt 4.5]", true),
            ("size eq 1e-1", true),
            ("size eq 0.10000000000000002", false),
        ] {
            let matcher = thing.compile(&filter.parse().unwrap()).unwrap();
            assert_eq!(
                matcher.matches(value.as_object().unwrap()),
                expected,
                "{filter}"
            );
        }
    }

    #[test]
    fn what_is_kept_relative_is_found_under_any_base_url() {
        for (kept, uri, expected) in [
            ("Users/1", "Users/1", true),
            ("Users/1", "https://example.com/v2/Users/1", true),
            ("Users/1", "/Users/1", true),
            ("Users/1", "https://example.com/XUsers/1", false),
            ("Users/1", "https://example.com/Users/11", false),
            ("https://x/Users/1", "https://y/https://x/Users/1", false),
            ("../Users/1", "https://x/../Users/1", false),
            ("", "https://x/", false),
            ("", "", true),
        ] {
            assert_eq!(is_location(kept, uri), expected, "{kept} {uri}");
        }
    }
}
