use super::attributes::Attributes;
use super::{Attribute, AttributeType, Schema, SchemaError, SchemaErrorKind, Uniqueness};

/// Refuses a definition that breaks a rule of [`SchemaErrorKind`].
pub(super) fn check_schema(schema: &Schema) -> Result<(), SchemaError> {
    let id = schema.id();
    // A URI within JSON and within paths such as `urn:…:User:userName`.
    let plain = id
        .bytes()
        .all(|octet| octet.is_ascii_graphic() && !matches!(octet, b'"' | b'\\'));
    if !plain || !id.contains(':') {
        return Err(SchemaError::new(id, SchemaErrorKind::IllegalUri));
    }
    check_names(schema.names())?;
    for attribute in schema.attributes() {
        let sub_attributes = attribute.sub_attributes();
        check_enforced(attribute)?;
        if !attribute.is_complex() && !sub_attributes.is_empty() {
            return Err(SchemaError::new(
                attribute.name(),
                SchemaErrorKind::NotComplex,
            ));
        }
        check_names(attribute.parts())?;
        if let Some(nested) = sub_attributes.iter().find(|sub| sub.is_complex()) {
            let path = format!("{}.{}", attribute.name(), nested.name());
            return Err(SchemaError::new(path, SchemaErrorKind::Nested));
        }
        if let Some(sub) = sub_attributes
            .iter()
            .find(|sub| !sub.sub_attributes().is_empty())
        {
            let path = format!("{}.{}", attribute.name(), sub.name());
            return Err(SchemaError::new(path, SchemaErrorKind::NotComplex));
        }
    }
    Ok(())
}

/// Refuses what would not be as the schema says.
fn check_enforced(attribute: &Attribute) -> Result<(), SchemaError> {
    let single_text =
        attribute.attribute_type() == AttributeType::String && !attribute.multi_valued();
    let hashed = attribute.is_never_shown() && single_text;
    // Who is refused because of a secret that somebody else has, knows that secret.
    let tells = |attribute: &Attribute| {
        attribute.holds_secrets() && attribute.uniqueness() != Uniqueness::None
    };
    let own = (attribute.is_password() && !hashed) || tells(attribute);
    let within = attribute.sub_attributes().iter().find(|sub| {
        let unique_secret = attribute.is_never_shown() && sub.uniqueness() != Uniqueness::None;
        sub.is_password() || tells(sub) || unique_secret
    });
    let path = match within {
        _ if own => attribute.name().to_owned(),
        Some(sub) => format!("{}.{}", attribute.name(), sub.name()),
        None => return Ok(()),
    };
    Err(SchemaError::new(path, SchemaErrorKind::NotEnforced))
}

fn check_names(attributes: &Attributes) -> Result<(), SchemaError> {
    for (at, attribute) in attributes.as_slice().iter().enumerate() {
        let name = attribute.name();
        if !is_attribute_name(name) {
            return Err(SchemaError::new(name, SchemaErrorKind::IllegalName));
        }
        let before = &attributes.as_slice()[..at];
        if before
            .iter()
            .any(|other| other.name().eq_ignore_ascii_case(name))
        {
            return Err(SchemaError::new(name, SchemaErrorKind::Repeated));
        }
    }
    Ok(())
}

/// RFC 7643 §2.1, and `$ref`, which that rule leaves out.
fn is_attribute_name(name: &str) -> bool {
    let rest = name.strip_prefix('$').unwrap_or(name);
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && rest
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'$' | b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refusal(attributes: Value) -> (String, SchemaErrorKind) {
        let schema = json!({ "id": "urn:example", "attributes": attributes });
        let error = check_schema(&serde_json::from_value(schema).unwrap()).unwrap_err();
        (error.subject().to_owned(), error.kind())
    }

    #[test]
    fn definitions_that_break_a_rule_are_refused() {
        let complex =
            |sub: Value| json!([{ "name": "a", "type": "complex", "subAttributes": sub }]);
        for (attributes, subject, kind) in [
            (
                json!([{ "name": "1a" }]),
                "1a",
                SchemaErrorKind::IllegalName,
            ),
            (json!([{ "name": "" }]), "", SchemaErrorKind::IllegalName),
            (
                json!([{ "name": "a.b" }]),
                "a.b",
                SchemaErrorKind::IllegalName,
            ),
            (
                json!([{ "name": "ab" }, { "name": "AB" }]),
                "AB",
                SchemaErrorKind::Repeated,
            ),
            (
                complex(json!([{ "name": "x" }, { "name": "X" }])),
                "X",
                SchemaErrorKind::Repeated,
            ),
            (
                complex(json!([{ "name": "x", "type": "complex" }])),
                "a.x",
                SchemaErrorKind::Nested,
            ),
            (
                json!([{ "name": "a", "returned": "never", "uniqueness": "server" }]),
                "a",
                SchemaErrorKind::NotEnforced,
            ),
            (
                json!([{ "name": "Password" }]),
                "Password",
                SchemaErrorKind::NotEnforced,
            ),
            (
                json!([{ "name": "password", "multiValued": true, "returned": "never" }]),
                "password",
                SchemaErrorKind::NotEnforced,
            ),
            (
                complex(json!([{ "name": "password", "returned": "never" }])),
                "a.password",
                SchemaErrorKind::NotEnforced,
            ),
            (
                complex(
                    json!([{ "name": "x", "mutability": "writeOnly", "uniqueness": "global" }]),
                ),
                "a.x",
                SchemaErrorKind::NotEnforced,
            ),
            (
                json!([{ "name": "a", "subAttributes": [{ "name": "x" }] }]),
                "a",
                SchemaErrorKind::NotComplex,
            ),
        ] {
            assert_eq!(
                refusal(attributes.clone()),
                (subject.to_owned(), kind),
                "{attributes}"
            );
        }
    }
}
