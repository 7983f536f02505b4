//! Attributes of SCIM as JSON Schema 2020-12.

use scim_ops::provider::schema::{
    Attribute, AttributeType, CanonicalValues, InputRules, Mutability, Returned, Uniqueness,
    UnknownAttributes,
};
use serde_json::{Map, Value, json};

/// Of what a schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A resource as it is shown, as much of it as the client wants: nothing need be there but what
    /// always is, and more may come with the next release, as clients have to expect.
    Shown,
    /// A document that is always shown as a whole.
    Whole,
    /// What clients send, in the schema's spelling.
    Written(InputRules),
}

/// Base64 by RFC 4648 §4 or §5, with its padding or without (RFC 7643 §2.3.6).
const BASE64: &str = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$\
                      |^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?$";

/// The schema of an object with these attributes.
pub(super) fn object<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
    form: Form,
) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for attribute in attributes {
        let Some(schema) = member(attribute, form) else {
            continue;
        };
        if is_required(attribute, form) {
            required.push(Value::from(attribute.name()));
        }
        properties.insert(attribute.name().to_owned(), schema);
    }
    let mut object = Map::new();
    object.insert("type".into(), "object".into());
    object.insert("properties".into(), properties.into());
    if !required.is_empty() {
        object.insert("required".into(), required.into());
    }
    if let Form::Written(rules) = form
        && rules.unknown_attributes == UnknownAttributes::Refuse
    {
        object.insert("additionalProperties".into(), false.into());
    }
    object
}

/// Whether an object has to have `attribute`.
fn is_required(attribute: &Attribute, form: Form) -> bool {
    match form {
        // Of what a client names, only the parts that it names are shown.
        Form::Shown => false,
        Form::Whole => attribute.required(),
        Form::Written(_) => attribute.required() && attribute.mutability() != Mutability::ReadOnly,
    }
}

/// The schema of `attribute` as a member of an object; none if it is not there in this form.
pub(super) fn member(attribute: &Attribute, form: Form) -> Option<Value> {
    let is_written = matches!(form, Form::Written(_));
    if !is_written && attribute.is_never_shown() {
        return None;
    }
    let mut schema = if is_written && attribute.mutability() == Mutability::ReadOnly {
        // Whatever it is, it is passed over: clients send back what they have read.
        Map::from_iter([("readOnly".to_owned(), Value::Bool(true))])
    } else {
        let mut schema = one_value(attribute, form);
        if attribute.multi_valued() {
            schema = list_of(schema, is_written && attribute.required());
        }
        if is_written && !attribute.required() {
            or_null(&mut schema);
        }
        schema
    };
    if is_written && attribute.is_never_shown() {
        schema.insert("writeOnly".into(), true.into());
    }
    let description = description(attribute, form);
    if !description.is_empty() {
        schema.insert("description".into(), description.into());
    }
    Some(schema.into())
}

/// The schema of one value.
fn one_value(attribute: &Attribute, form: Form) -> Map<String, Value> {
    let string = ("type", "string".into());
    let mut schema = match attribute.attribute_type() {
        AttributeType::Complex => return object(attribute.sub_attributes(), form),
        // Of a reference, too, any text is taken, and shown again.
        AttributeType::String | AttributeType::Reference => keywords([string]),
        AttributeType::Boolean => keywords([("type", "boolean".into())]),
        AttributeType::Decimal => keywords([("type", "number".into())]),
        AttributeType::Integer => keywords([
            ("type", "integer".into()),
            ("minimum", i64::MIN.into()),
            ("maximum", u64::MAX.into()),
        ]),
        AttributeType::DateTime => keywords([string, ("format", "date-time".into())]),
        AttributeType::Binary => keywords([
            string,
            ("contentEncoding", "base64".into()),
            ("pattern", BASE64.into()),
        ]),
    };
    let is_text = attribute.attribute_type() == AttributeType::String;
    if let Form::Written(rules) = form {
        let is_password = is_text && attribute.name().eq_ignore_ascii_case("password");
        if is_password {
            schema.insert("format".into(), "password".into());
        }
        if is_text && (attribute.required() || is_password) {
            schema.insert("minLength".into(), 1.into());
        }
        canonical_values(attribute, rules, &mut schema);
    } else {
        canonical_values(attribute, InputRules::default(), &mut schema);
    }
    schema
}

fn keywords<const N: usize>(keywords: [(&str, Value); N]) -> Map<String, Value> {
    let keywords = keywords.into_iter();
    keywords
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Canonical values are suggestions (RFC 7643 §7), unless the service takes no others. Those that
/// are stored may be older than that rule.
fn canonical_values(attribute: &Attribute, rules: InputRules, schema: &mut Map<String, Value>) {
    let values = attribute.canonical_values();
    if values.is_empty() {
        return;
    }
    if rules.canonical_values == CanonicalValues::Restrict {
        if attribute.case_exact() {
            schema.insert("enum".into(), values.into());
            return;
        }
        let words: Vec<&str> = values.iter().map(String::as_str).collect();
        schema.insert("pattern".into(), any_case(&words).into());
    }
    schema.insert("examples".into(), values.into());
}

fn list_of(items: Map<String, Value>, required: bool) -> Map<String, Value> {
    let mut list = Map::new();
    list.insert("type".into(), "array".into());
    list.insert("items".into(), items.into());
    if required {
        list.insert("minItems".into(), 1.into());
    }
    list
}

/// The same or `null`, which is as good as nothing (RFC 7643 §2.5).
fn or_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
}

/// A regular expression for one of `words`, in whatever case. JSON Schema has no flag for that.
pub(super) fn any_case(words: &[&str]) -> String {
    let word = |word: &&str| -> String {
        let letters = word.chars().map(|letter| {
            let (lower, upper) = (letter.to_lowercase(), letter.to_uppercase());
            match (lower.to_string(), upper.to_string()) {
                (lower, upper) if lower == upper => escaped(letter),
                (lower, upper) if lower.chars().count() + upper.chars().count() > 2 => {
                    format!("(?:{lower}|{upper})")
                }
                (lower, upper) => format!("[{lower}{upper}]"),
            }
        });
        letters.collect()
    };
    let words: Vec<String> = words.iter().map(word).collect();
    format!("^(?:{})$", words.join("|"))
}

/// `letter` as a regular expression of ECMA-262.
fn escaped(letter: char) -> String {
    if r"\^$.*+?()[]{}|/".contains(letter) {
        format!("\\{letter}")
    } else {
        letter.to_string()
    }
}

/// What it is for, and what can't be said in a schema.
fn description(attribute: &Attribute, form: Form) -> String {
    let mut sentences = Vec::new();
    let words = attribute.description().trim();
    if !words.is_empty() {
        sentences.push(words);
    }
    let is_shown_on_request = attribute.returned() == Returned::Request;
    match form {
        Form::Whole => {}
        Form::Shown if is_shown_on_request => {
            sentences.push("Shown to those who name it or have just written it.");
        }
        Form::Shown => {}
        Form::Written(_) => {
            if attribute.mutability() == Mutability::Immutable {
                sentences.push("Set once.");
            }
            if attribute.uniqueness() != Uniqueness::None
                && attribute.mutability() != Mutability::ReadOnly
            {
                sentences.push("No two resources of this type have the same.");
            }
        }
    }
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(json: Value) -> Attribute {
        serde_json::from_value(json).unwrap()
    }

    fn written(json: Value) -> Value {
        member(&attribute(json), Form::Written(InputRules::default())).unwrap()
    }

    fn shown(json: Value) -> Option<Value> {
        member(&attribute(json), Form::Shown)
    }

    #[test]
    fn each_type_has_its_schema() {
        for (kind, schema) in [
            ("string", json!({ "type": "string" })),
            ("reference", json!({ "type": "string" })),
            ("boolean", json!({ "type": "boolean" })),
            ("decimal", json!({ "type": "number" })),
            (
                "dateTime",
                json!({ "type": "string", "format": "date-time" }),
            ),
        ] {
            assert_eq!(shown(json!({ "name": "a", "type": kind })), Some(schema));
        }
        let integer = shown(json!({ "name": "a", "type": "integer" })).unwrap();
        assert_eq!(integer["maximum"], json!(u64::MAX));
        let binary = shown(json!({ "name": "a", "type": "binary" })).unwrap();
        assert_eq!(binary["contentEncoding"], "base64");
    }

    #[test]
    fn what_is_never_shown_is_only_written() {
        let password = json!({ "name": "password", "mutability": "writeOnly" });
        assert_eq!(shown(password.clone()), None);
        assert_eq!(
            written(password),
            json!({
                "type": ["string", "null"], "format": "password", "minLength": 1, "writeOnly": true,
            })
        );
    }

    #[test]
    fn what_only_the_service_sets_may_be_sent_back_as_it_was_read() {
        let id = json!({ "name": "id", "mutability": "readOnly", "required": true });
        assert_eq!(written(id.clone()), json!({ "readOnly": true }));
        let form = Form::Written(InputRules::default());
        assert!(!object([&attribute(id)], form).contains_key("required"));
    }

    #[test]
    fn nothing_is_as_good_as_null_unless_it_is_required() {
        assert_eq!(
            written(json!({ "name": "a", "required": true })),
            json!({ "type": "string", "minLength": 1 })
        );
        let list = json!({ "name": "a", "multiValued": true });
        assert_eq!(
            written(list.clone()),
            json!({ "type": ["array", "null"], "items": { "type": "string" } })
        );
        assert_eq!(shown(list).unwrap()["type"], "array");
    }

    #[test]
    fn canonical_values_are_suggestions_unless_no_others_are_taken() {
        let color = |case_exact: bool| {
            attribute(json!({
                "name": "color", "canonicalValues": ["red", "a.b"], "caseExact": case_exact,
            }))
        };
        let schema = |attribute: &Attribute, canonical| {
            let rules = InputRules::new(UnknownAttributes::Refuse, canonical);
            member(attribute, Form::Written(rules)).unwrap()
        };
        let suggested = schema(&color(true), CanonicalValues::Suggest);
        assert_eq!(suggested["examples"], json!(["red", "a.b"]));
        assert!(suggested.get("enum").is_none());
        let exact = schema(&color(true), CanonicalValues::Restrict);
        assert_eq!(exact["enum"], json!(["red", "a.b", null]));
        let folded = schema(&color(false), CanonicalValues::Restrict);
        assert_eq!(folded["pattern"], r"^(?:[rR][eE][dD]|[aA]\.[bB])$");
        let shown = member(&color(true), Form::Shown).unwrap();
        assert!(shown.get("enum").is_none());
    }

    #[test]
    fn unknown_members_are_refused_as_the_service_refuses_them() {
        let name = attribute(json!({
            "name": "name", "type": "complex", "subAttributes": [{ "name": "a", "required": true }],
        }));
        let strict = member(&name, Form::Written(InputRules::default())).unwrap();
        assert_eq!(strict["additionalProperties"], false);
        assert_eq!(strict["required"], json!(["a"]));
        let lenient = Form::Written(UnknownAttributes::Ignore.into());
        let lenient = member(&name, lenient).unwrap();
        assert!(lenient.get("additionalProperties").is_none());
        // Of what is shown, a client may have named a part.
        let shown = member(&name, Form::Shown).unwrap();
        assert!(shown.get("required").is_none() && shown.get("additionalProperties").is_none());
    }
}
