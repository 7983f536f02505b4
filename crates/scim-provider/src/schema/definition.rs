use serde::{Deserialize, Serialize};

use super::Attribute;
use super::attributes::Attributes;

/// A schema: a URI and the attributes it defines (RFC 7643 §7).
///
/// It is read from the JSON form of RFC 7643 §7 and printed as that, without the
/// `schemas` and `meta` that a resource of `/Schemas` has. Whether the definition
/// makes sense is checked where a [`ResourceType`](super::ResourceType) is made of it.
///
/// ```
/// use scim_provider::schema::Schema;
///
/// let badge: Schema = serde_json::from_str(
///     r#"{ "id": "urn:example:badge:1.0", "attributes": [{ "name": "badgeNumber" }] }"#,
/// )?;
/// assert_eq!(badge.attribute("BADGENUMBER").unwrap().name(), "badgeNumber");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    attributes: Attributes,
}

impl Schema {
    /// The URI that names the schema.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for, in words.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The attributes, in the order of the definition. The common attributes of
    /// RFC 7643 §3.1 are no part of a schema.
    pub fn attributes(&self) -> &[Attribute] {
        self.attributes.as_slice()
    }

    /// The attribute `name`, in whatever case (RFC 7643 §2.1).
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.find(name)
    }

    pub(super) const fn names(&self) -> &Attributes {
        &self.attributes
    }
}
