//! Resource types read from JSON.

mod assemble;
mod document;
mod error;

use serde_json::Value;

use self::assemble::Definitions;
use self::document::Definition;
use super::ResourceTypes;

pub use error::{DefinitionsError, DefinitionsErrorKind};

impl ResourceTypes {
    /// The same types with those that `json` defines: a list of documents in the forms of RFC
    /// 7643 §6 and §7 (resource types and schemas), in any order, or a `ListResponse` of such,
    /// as `/Schemas` and `/ResourceTypes` answer with.
    ///
    /// - A resource type names its schemas; they may stand in the list or be known already, such as
    ///   those of RFC 7643.
    /// - A resource type with the name of a known one takes its place: so `User` gets an
    ///   extension more. A schema with the `id` of a known one takes its place in all types.
    /// - Members that the RFC does not have are refused, so that a misspelt characteristic is not
    ///   passed over.
    ///
    /// How resources are kept is said in a member of the resource type,
    /// `urn:scim-provider:storage:1.0`, which is shown to nobody:
    ///
    /// - `links`: the attributes that are kept as links ([`with_links`]). Without it these are
    ///   the multi-valued complex attributes of the core schema with a required `value`, whose
    ///   `$ref` has nothing but resource types among its `referenceTypes`.
    /// - `indexes`: the paths that are indexed ([`with_index`]). Without it these are `externalId`,
    ///   `displayName`, and what is unique.
    /// - `derived`: the attributes that show what links to a resource, each with the name of these
    ///   links ([`with_derived`]). Without it this is `{ "groups": "members" }` for the users of
    ///   RFC 7643.
    ///
    /// A type that takes the place of a known one has the links and indexes of that one, and derives
    /// what that one does, as far as it has the attributes, unless it says otherwise.
    ///
    /// [`with_derived`]: super::ResourceType::with_derived
    /// [`with_links`]: super::ResourceType::with_links
    /// [`with_index`]: super::ResourceType::with_index
    ///
    /// ```
    /// use scim_provider::schema::ResourceTypes;
    ///
    /// let types = ResourceTypes::rfc7643().with_json(
    ///     br#"[
    ///         {
    ///             "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    ///             "name": "Door",
    ///             "endpoint": "/Doors",
    ///             "schema": "urn:example:door",
    ///             "urn:scim-provider:storage:1.0": { "indexes": ["floor"] }
    ///         },
    ///         {
    ///             "id": "urn:example:door",
    ///             "attributes": [{ "name": "floor", "type": "integer", "required": true }]
    ///         }
    ///     ]"#,
    /// )?;
    /// let door = types.by_endpoint("Doors").ok_or("doors are registered")?;
    /// assert_eq!(door.indexed().collect::<Vec<_>>(), ["floor"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong first, and where; see [`DefinitionsErrorKind`].
    pub fn with_json(&self, json: &[u8]) -> Result<Self, DefinitionsError> {
        let value: Value = serde_json::from_slice(json)
            .map_err(|source| DefinitionsError::caused("", DefinitionsErrorKind::NoJson, source))?;
        let documents = match value {
            Value::Array(documents) => documents,
            Value::Object(mut list) if list.contains_key("Resources") => {
                match list.remove("Resources") {
                    Some(Value::Array(documents)) => documents,
                    _ => {
                        let kind = DefinitionsErrorKind::NoDefinition;
                        return Err(DefinitionsError::new("Resources", kind));
                    }
                }
            }
            single => vec![single],
        };
        let mut definitions = Definitions::of(self);
        for (index, document) in documents.into_iter().enumerate() {
            match Definition::read(index, document)? {
                Definition::Schema(place, schema) => definitions.add_schema(place, schema)?,
                Definition::Type(place, definition) => definitions.add_type(place, *definition)?,
            }
        }
        definitions.assemble(self.rules())
    }
}
