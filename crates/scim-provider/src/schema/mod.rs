//! What resources may say, their normal form, and when two say the same.
//!
//! ```
//! use scim_provider::schema::{ResourceTypes, UnknownAttributes};
//! use serde_json::json;
//!
//! let types = ResourceTypes::rfc7643();
//! let user = types.get("User").unwrap();
//!
//! let form = user.normalise(
//!     json!({ "USERNAME": "Bjensen", "nickName": null, "id": "ignored" }),
//!     UnknownAttributes::Refuse,
//! )?;
//! assert_eq!(
//!     serde_json::Value::Object(form.attributes.clone()),
//!     json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "Bjensen" })
//! );
//! assert_eq!(&*user.unique_keys(&form.attributes)[0].value, "bjensen");
//! # Ok::<(), scim_provider::ResourceError>(())
//! ```
//!
//! - [`Schema`] and [`Attribute`] are definitions in the form of RFC 7643 §7; those of
//!   §8.7.1 are built in.
//! - [`ResourceType`] is a core schema with its extensions, published under an endpoint.
//!   It normalises what clients send ([`ResourceType::normalise`]), compares by SCIM value
//!   ([`ResourceType::same`]), and derives the keys under which a store finds a resource.
//! - [`ResourceTypes`] is the registry of all there are.
//!
//! Nothing here reads or writes a store; keys and links are what a store is given.

mod attribute;
mod attributes;
mod builtin;
mod check;
mod comparison;
mod definition;
mod definitions;
mod error;
mod fold;
mod identity;
mod keys;
mod mutability;
mod normal;
mod path;
#[cfg(test)]
mod properties;
mod reference;
mod registry;
mod resource_type;
mod rules;
mod same;
mod secrets;
mod targets;

pub use attribute::{Attribute, AttributeType, Mutability, Returned, Uniqueness};
pub use definition::Schema;
pub use definitions::{DefinitionsError, DefinitionsErrorKind};
pub use error::{SchemaError, SchemaErrorKind};
pub(crate) use fold::fold;
pub use normal::NormalForm;
pub(crate) use normal::date_time;
pub use path::ResolvedAttribute;
pub use registry::{CanonicalValues, ResourceTypes, UnknownAttributes};
pub(crate) use resource_type::Derived;
pub use resource_type::{Extension, ResourceType};
pub use rules::InputRules;
pub(crate) use same::base64_digits;
pub(crate) use secrets::Hidden;
pub use secrets::Secrets;
pub(crate) use targets::Targets;
