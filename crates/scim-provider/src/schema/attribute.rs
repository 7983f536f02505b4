use serde::{Deserialize, Serialize};

use super::attributes::Attributes;

/// One attribute of a schema: its name, its type and its characteristics
/// (RFC 7643 §2.2, §7).
///
/// It is read from the JSON form of RFC 7643 §7 and printed as that. A
/// characteristic that is absent has the value that §2.2 gives it.
///
/// ```
/// use scim_provider::schema::{Attribute, AttributeType, Mutability, Uniqueness};
///
/// let badge: Attribute = serde_json::from_str(r#"{ "name": "badge", "uniqueness": "server" }"#)?;
/// assert_eq!(badge.attribute_type(), AttributeType::String);
/// assert_eq!(badge.mutability(), Mutability::ReadWrite);
/// assert_eq!(badge.uniqueness(), Uniqueness::Server);
/// assert!(!badge.case_exact() && !badge.multi_valued() && !badge.required());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    name: String,
    #[serde(rename = "type", default)]
    attribute_type: AttributeType,
    #[serde(default)]
    multi_valued: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    case_exact: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    canonical_values: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reference_types: Vec<String>,
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    sub_attributes: Attributes,
    #[serde(default)]
    mutability: Mutability,
    #[serde(default)]
    returned: Returned,
    #[serde(default)]
    uniqueness: Uniqueness,
}

impl Attribute {
    /// The name in the schema's spelling; names are compared without case
    /// (RFC 7643 §2.1).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type of the attribute's values.
    pub const fn attribute_type(&self) -> AttributeType {
        self.attribute_type
    }

    /// Whether it holds a list of values (RFC 7643 §2.4).
    pub const fn multi_valued(&self) -> bool {
        self.multi_valued
    }

    /// What it is for, in words.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Whether a resource, or a value of the complex attribute it is part of, must
    /// have it.
    pub const fn required(&self) -> bool {
        self.required
    }

    /// Whether texts that differ in case only are different values. References and
    /// binaries always are, whatever the schema says (RFC 7643 §2.3.6, §2.3.7).
    pub const fn case_exact(&self) -> bool {
        self.case_exact
            || matches!(
                self.attribute_type,
                AttributeType::Reference | AttributeType::Binary
            )
    }

    /// Values that are suggested; others are accepted too (RFC 7643 §2.3.1).
    pub fn canonical_values(&self) -> &[String] {
        &self.canonical_values
    }

    /// What a reference may point to: names of resource types, `external`, `uri`.
    pub fn reference_types(&self) -> &[String] {
        &self.reference_types
    }

    /// The attributes that a complex value is made of, in the schema's order.
    pub fn sub_attributes(&self) -> &[Attribute] {
        self.sub_attributes.as_slice()
    }

    /// The sub-attribute `name`, in whatever case.
    pub fn sub_attribute(&self, name: &str) -> Option<&Attribute> {
        self.sub_attributes.find(name)
    }

    /// When its value may be set.
    pub const fn mutability(&self) -> Mutability {
        self.mutability
    }

    /// When it is part of an answer.
    pub const fn returned(&self) -> Returned {
        self.returned
    }

    /// Among which resources its value is unique.
    pub const fn uniqueness(&self) -> Uniqueness {
        self.uniqueness
    }

    pub(super) const fn parts(&self) -> &Attributes {
        &self.sub_attributes
    }

    /// Makes the definition say what is enforced, so that discovery shows that.
    pub(super) fn settle(&mut self) {
        self.case_exact = self.case_exact();
        if self.is_never_shown() {
            self.returned = Returned::Never;
        }
    }

    pub(crate) const fn is_complex(&self) -> bool {
        matches!(self.attribute_type, AttributeType::Complex)
    }

    pub(super) const fn is_read_only(&self) -> bool {
        matches!(self.mutability, Mutability::ReadOnly)
    }

    pub(super) const fn is_immutable(&self) -> bool {
        matches!(self.mutability, Mutability::Immutable)
    }

    /// Whether it, or a part of it, is immutable and shown. (What is never shown is kept
    /// elsewhere, and its mutability judged there.)
    pub(super) const fn holds_immutable(&self) -> bool {
        !self.is_never_shown()
            && !self.is_read_only()
            && (self.is_immutable() || self.sub_attributes.has_immutable())
    }

    /// Whether it is never shown: `returned` is `never`, or `mutability` is `writeOnly`,
    /// whatever `returned` says beside that (RFC 7643 §7). Such attributes are kept apart from
    /// the document; so are all parts of a complex one.
    pub const fn is_never_shown(&self) -> bool {
        matches!(self.returned, Returned::Never) || matches!(self.mutability, Mutability::WriteOnly)
    }

    /// Whether it or a part of it is never shown.
    pub(super) const fn holds_secrets(&self) -> bool {
        self.is_never_shown() || self.sub_attributes.has_secrets()
    }

    /// Whether this is a password, which is kept as a hash only. Whatever is called so is
    /// one: a definition that could not be treated as that is refused.
    pub(crate) fn is_password(&self) -> bool {
        self.name.eq_ignore_ascii_case("password")
    }
}

/// The type of an attribute's values (RFC 7643 §2.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::exhaustive_enums,
    reason = "extensions should not introduce new data types (RFC 7643 §2.3)"
)]
pub enum AttributeType {
    /// Text (§2.3.1).
    #[default]
    String,
    /// `true` or `false` (§2.3.2).
    Boolean,
    /// A number (§2.3.3).
    Decimal,
    /// A whole number (§2.3.4).
    Integer,
    /// An `xsd:dateTime` (§2.3.5).
    DateTime,
    /// Octets in base64 (§2.3.6).
    Binary,
    /// A URI (§2.3.7).
    Reference,
    /// An object of sub-attributes (§2.3.8).
    Complex,
}

/// When an attribute's value may be set (RFC 7643 §7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "the keywords of RFC 7643 §7")]
pub enum Mutability {
    /// By the service provider only; what a client says is ignored.
    ReadOnly,
    /// At any time.
    #[default]
    ReadWrite,
    /// Once.
    Immutable,
    /// At any time, and it is never shown.
    WriteOnly,
}

/// When an attribute is part of an answer (RFC 7643 §7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "the keywords of RFC 7643 §7")]
pub enum Returned {
    /// Whatever the client asks for.
    Always,
    /// Never.
    Never,
    /// Unless the client asks for others only.
    #[default]
    Default,
    /// If the client asks for it or has written it.
    Request,
}

/// Among which resources an attribute's value is unique (RFC 7643 §7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "the keywords of RFC 7643 §7")]
pub enum Uniqueness {
    /// None.
    #[default]
    None,
    /// The resources of one type of a tenant.
    Server,
    /// All there are. What is beyond the tenant can't be checked here, so this is
    /// kept like [`Server`](Self::Server).
    Global,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_json_form_goes_round() {
        let form = json!({
            "name": "manager", "type": "complex", "multiValued": false, "description": "Who.",
            "required": true, "caseExact": false, "mutability": "immutable", "returned": "request",
            "uniqueness": "none", "subAttributes": [{
                "name": "$ref", "type": "reference", "multiValued": false, "required": false,
                "caseExact": true, "referenceTypes": ["User"], "canonicalValues": ["x"],
                "mutability": "writeOnly", "returned": "never", "uniqueness": "global",
            }],
        });
        let attribute: Attribute = serde_json::from_value(form.clone()).unwrap();
        assert_eq!(serde_json::to_value(&attribute).unwrap(), form);
    }

    #[test]
    fn references_and_binaries_are_case_exact_whatever_the_schema_says() {
        for kind in ["reference", "binary"] {
            let form = json!({ "name": "x", "type": kind, "caseExact": false });
            let attribute: Attribute = serde_json::from_value(form).unwrap();
            assert!(attribute.case_exact(), "{kind}");
        }
    }

    #[test]
    fn a_schema_says_what_is_enforced() {
        let form = json!({ "id": "urn:x", "attributes": [
            { "name": "page", "type": "reference" },
            { "name": "pin", "mutability": "writeOnly" },
            { "name": "seal", "type": "complex", "subAttributes": [
                { "name": "stamp", "type": "binary", "mutability": "writeOnly" },
            ] },
        ] });
        let schema: crate::schema::Schema = serde_json::from_value(form).unwrap();
        let shown = serde_json::to_value(&schema).unwrap();
        let (page, pin) = (&shown["attributes"][0], &shown["attributes"][1]);
        let stamp = &shown["attributes"][2]["subAttributes"][0];
        assert_eq!(page["caseExact"], true);
        assert_eq!(pin["returned"], "never");
        assert_eq!(
            (&stamp["caseExact"], &stamp["returned"]),
            (&json!(true), &json!("never"))
        );
    }

    #[test]
    fn unknown_keywords_are_refused() {
        for (name, word) in [
            ("type", "text"),
            ("mutability", "readonly"),
            ("uniqueness", ""),
        ] {
            let form = json!({ "name": "x", name: word });
            assert!(serde_json::from_value::<Attribute>(form).is_err(), "{name}");
        }
        assert!(serde_json::from_value::<Attribute>(Value::Null).is_err());
    }
}
