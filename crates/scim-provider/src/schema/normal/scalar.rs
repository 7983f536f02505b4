use serde_json::{Number, Value};

use super::date_time;
use super::fault::{Checked, Fault};
use crate::schema::AttributeType;

/// Brings one simple value of type `kind` into its normal form.
pub(super) fn normalise(kind: AttributeType, value: &mut Value) -> Checked<()> {
    match (kind, value) {
        (AttributeType::String | AttributeType::Reference, Value::String(_))
        | (AttributeType::Boolean, Value::Bool(_)) => Ok(()),
        (AttributeType::DateTime, Value::String(text)) => {
            let normal = date_time::normalise(text)
                .ok_or_else(|| Fault::malformed("an xsd:dateTime between the years 0 and 9999"))?;
            *text = normal;
            Ok(())
        }
        (AttributeType::Binary, Value::String(text)) => {
            if is_base64(text.as_bytes()) {
                Ok(())
            } else {
                Err(Fault::malformed("base64"))
            }
        }
        (AttributeType::Decimal, Value::Number(number)) => {
            *number = whole(number).unwrap_or_else(|| number.clone());
            Ok(())
        }
        (AttributeType::Integer, Value::Number(number)) => {
            *number = integer(number).ok_or_else(|| Fault::malformed("an integer of 64 bits"))?;
            Ok(())
        }
        (kind, other) => Err(Fault::wrong_type(json_type_of(kind), other)),
    }
}

const fn json_type_of(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::String
        | AttributeType::DateTime
        | AttributeType::Binary
        | AttributeType::Reference => "a string",
        AttributeType::Boolean => "a boolean",
        AttributeType::Decimal | AttributeType::Integer => "a number",
        AttributeType::Complex => "an object",
    }
}

/// RFC 7643 §2.3.4 wants integers without fraction and exponent. Clients whose language
/// has one type of numbers print 1 as `1.0` or `1e0` now and then, so this is read as
/// well, as long as a floating-point number holds it exactly.
fn integer(number: &Number) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.is_f64() {
        number.as_f64().filter(|float| float.abs() < EXACT)?;
        whole(number)
    } else {
        Some(number.clone())
    }
}

/// A floating-point number without fraction as it reads once it is printed: a document
/// that is read again has the same numbers.
fn whole(number: &Number) -> Option<Number> {
    number
        .as_f64()
        .filter(|float| number.is_f64() && float.fract() == 0.0)?;
    let printed = scim_version::canonical_json(&Value::Number(number.clone()));
    serde_json::from_slice(&printed).ok()
}

/// Base64 by RFC 4648 §4 or §5, with its padding or without (RFC 7643 §2.3.6).
fn is_base64(text: &[u8]) -> bool {
    let digits = text
        .iter()
        .rposition(|&octet| octet != b'=')
        .map_or(0, |last| last + 1);
    let (digits, padding) = text.split_at(digits);
    let standard = |&octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let url_safe = |&octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
    let padded = padding.is_empty() || (text.len().is_multiple_of(4) && padding.len() <= 2);
    padded && digits.len() % 4 != 1 && (digits.iter().all(standard) || digits.iter().all(url_safe))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{ResourceError, ResourceErrorKind};

    fn normal(kind: AttributeType, mut value: Value) -> Result<Value, ResourceErrorKind> {
        match normalise(kind, &mut value) {
            Ok(()) => Ok(value),
            Err(fault) => Err(ResourceError::from(fault).kind().clone()),
        }
    }

    #[test]
    fn every_type_takes_its_json_type_only() {
        let values = [json!("AAAA"), json!(true), json!(1), json!({}), json!([])];
        for (kind, fits) in [
            (AttributeType::String, 0),
            (AttributeType::Boolean, 1),
            (AttributeType::Decimal, 2),
            (AttributeType::Integer, 2),
            (AttributeType::Binary, 0),
            (AttributeType::Reference, 0),
        ] {
            for (at, value) in values.iter().enumerate() {
                let refused = matches!(
                    normal(kind, value.clone()),
                    Err(ResourceErrorKind::WrongType { .. })
                );
                assert_eq!(refused, at != fits, "{kind:?} {value}");
            }
        }
    }

    #[test]
    fn a_whole_number_is_an_integer_however_it_is_written() {
        for (given, normal_form) in [
            (json!(1.0), json!(1)),
            (json!(-0.0), json!(0)),
            (json!(1e3), json!(1000)),
            (json!(u64::MAX), json!(u64::MAX)),
            (json!(i64::MIN), json!(i64::MIN)),
            (
                json!(9_007_199_254_740_993_u64),
                json!(9_007_199_254_740_993_u64),
            ),
        ] {
            assert_eq!(
                normal(AttributeType::Integer, given.clone()),
                Ok(normal_form),
                "{given}"
            );
        }
        for given in [
            json!(1.5),
            json!(9_007_199_254_740_992.0),
            json!(1e300),
            json!(1e-9),
        ] {
            let refused = normal(AttributeType::Integer, given.clone());
            assert!(
                matches!(refused, Err(ResourceErrorKind::Malformed { .. })),
                "{given}"
            );
        }
    }

    #[test]
    fn a_decimal_is_the_same_after_it_was_printed_and_read() {
        for given in [
            json!(1.0),
            json!(0.1),
            json!(-0.0),
            json!(2f64.powi(63)),
            json!(1e21),
            json!(1e300),
        ] {
            let normal_form = normal(AttributeType::Decimal, given).unwrap();
            let printed = scim_version::canonical_json(&normal_form);
            let read: Value = serde_json::from_slice(&printed).unwrap();
            assert_eq!(
                normal(AttributeType::Decimal, read.clone()),
                Ok(read.clone())
            );
            assert_eq!(read, normal_form);
        }
    }

    #[test]
    fn base64_is_checked_by_its_structure() {
        for good in ["", "QQ==", "QQ", "QUI=", "QUI", "QUJD", "+/+/", "-_-_"] {
            assert!(is_base64(good.as_bytes()), "{good}");
        }
        for bad in [
            "Q", "Q===", "QQ=", "QUJD=", "QUJD====", "Q=Q=", "QU I", "QU\n", "+-+-", "é", "====",
        ] {
            assert!(!is_base64(bad.as_bytes()), "{bad}");
        }
    }
}
