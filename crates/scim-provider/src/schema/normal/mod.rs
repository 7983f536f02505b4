//! From what a client sent to the one form in which it is kept.

pub(crate) mod date_time;
mod document;
mod fault;
mod links;
mod names;
mod positions;
mod reference;
mod repeated;
mod resource;
mod scalar;
mod schemas;
mod value;
mod whole;

use std::fmt;

use serde_json::{Map, Value};

pub(super) use fault::{Checked, Fault};
pub(super) use repeated::drop_repeated;
pub(super) use value::{is_unassigned, require};

use self::positions::Positions;
use super::reference::Endpoints;
use super::{InputRules, Secrets};
use crate::storage::Link;

/// What a resource says, in the one form in which it is kept: two representations
/// that differ in the case of names, in `null`s or in the zone of a time have the same.
///
/// See [`ResourceType::normalise`](super::ResourceType::normalise).
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct NormalForm {
    /// All attributes under the schema's spelling of their names, without `id`, `meta`,
    /// what is never shown and the attributes that are kept as links.
    pub attributes: Map<String, Value>,
    /// The values of the attributes that are kept as links, in the order of their keys,
    /// which differ.
    pub links: Vec<Link>,
    /// What is said of attributes that are never shown: not for any document, log or index.
    pub secrets: Secrets,
    pub(crate) positions: Positions,
}

impl fmt::Debug for NormalForm {
    /// Names of attributes and the number of links: values are personal data or secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NormalForm")
            .field("attributes", &self.attributes.keys().collect::<Vec<_>>())
            .field("links", &self.links.len())
            .finish_non_exhaustive()
    }
}

/// What the steps below need to know besides the attribute at hand.
#[derive(Debug, Clone, Copy)]
struct Normaliser<'a> {
    endpoints: &'a Endpoints,
    rules: InputRules,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_value() {
        let types = crate::schema::ResourceTypes::rfc7643();
        let value = serde_json::json!({ "userName": "secret", "password": "secret" });
        let user = types.get("User").unwrap();
        let form = user.normalise(value, InputRules::default()).unwrap();
        let shown = format!("{form:?} {:?}", form.secrets);
        assert!(
            shown.contains("userName") && !shown.contains("secret\""),
            "{shown}"
        );
    }
}
