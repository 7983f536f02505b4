use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use super::{DefinitionsError, DefinitionsErrorKind};
use crate::schema::{Attribute, Schema};

/// One document of a list of definitions, and where it stands.
pub(super) enum Definition {
    Schema(String, Schema),
    Type(String, Box<TypeDocument>),
}

/// A resource type in the form of RFC 7643 §6.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TypeDocument {
    #[serde(rename = "schemas")]
    _schemas: Option<IgnoredAny>,
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[serde(rename = "meta")]
    _meta: Option<IgnoredAny>,
    pub(super) name: String,
    pub(super) endpoint: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) schema: String,
    #[serde(default)]
    pub(super) schema_extensions: Vec<ExtensionDocument>,
    #[serde(rename = "urn:scim-provider:storage:1.0", default)]
    pub(super) storage: StorageDocument,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionDocument {
    pub(super) schema: String,
    #[serde(default)]
    pub(super) required: bool,
}

/// How resources are kept.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StorageDocument {
    pub(super) links: Option<Vec<String>>,
    pub(super) indexes: Option<Vec<String>>,
    pub(super) derived: Option<BTreeMap<String, String>>,
}

const SCHEMA_MEMBERS: [&str; 6] = ["schemas", "id", "meta", "name", "description", "attributes"];

const ATTRIBUTE_MEMBERS: [&str; 12] = [
    "name",
    "type",
    "multiValued",
    "description",
    "required",
    "caseExact",
    "canonicalValues",
    "referenceTypes",
    "subAttributes",
    "mutability",
    "returned",
    "uniqueness",
];

impl Definition {
    /// What the document at `index` defines.
    pub(super) fn read(index: usize, document: Value) -> Result<Self, DefinitionsError> {
        let Value::Object(document) = document else {
            let kind = DefinitionsErrorKind::NoDefinition;
            return Err(DefinitionsError::new(format!("[{index}]"), kind));
        };
        let place = |name: &str| match document.get(name).and_then(Value::as_str) {
            Some(name) => format!("[{index}] {name}"),
            None => format!("[{index}]"),
        };
        if document.contains_key("attributes") {
            let place = place("id");
            let schema = read_schema(&place, document)?;
            Ok(Self::Schema(place, schema))
        } else if document.contains_key("endpoint") {
            let place = place("name");
            let definition = read(&place, Value::Object(document))?;
            Ok(Self::Type(place, Box::new(definition)))
        } else {
            let kind = DefinitionsErrorKind::NoDefinition;
            Err(DefinitionsError::new(place("id"), kind))
        }
    }
}

fn read_schema(place: &str, mut document: Map<String, Value>) -> Result<Schema, DefinitionsError> {
    known_members(place, "", &document, &SCHEMA_MEMBERS)?;
    if let Some(attributes) = document.get("attributes") {
        check_attributes(place, "", attributes)?;
    }
    for name in ["schemas", "meta"] {
        document.remove(name);
    }
    read(place, Value::Object(document))
}

/// Finds out which attribute is wrong: for the schema as a whole it would be told without.
fn check_attributes(place: &str, path: &str, attributes: &Value) -> Result<(), DefinitionsError> {
    let Value::Array(attributes) = attributes else {
        return Ok(());
    };
    for (index, attribute) in attributes.iter().enumerate() {
        let name = attribute.get("name").and_then(Value::as_str);
        let path = match name {
            Some(name) => format!("{path}{name}"),
            None => format!("{path}[{index}]"),
        };
        if let Value::Object(members) = attribute {
            known_members(place, &path, members, &ATTRIBUTE_MEMBERS)?;
            if let Some(parts) = members.get("subAttributes") {
                check_attributes(place, &format!("{path}."), parts)?;
            }
        }
        read::<Attribute>(&format!("{place}: {path}"), attribute.clone())?;
    }
    Ok(())
}

fn known_members(
    place: &str,
    path: &str,
    members: &Map<String, Value>,
    known: &[&str],
) -> Result<(), DefinitionsError> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let dot = if path.is_empty() { "" } else { "." };
            let place = format!("{place}: {path}{dot}{name}");
            Err(DefinitionsError::new(
                place,
                DefinitionsErrorKind::UnknownMember,
            ))
        }
        None => Ok(()),
    }
}

fn read<T: DeserializeOwned>(place: &str, value: Value) -> Result<T, DefinitionsError> {
    serde_json::from_value(value)
        .map_err(|e| DefinitionsError::caused(place, DefinitionsErrorKind::Malformed, e))
}
