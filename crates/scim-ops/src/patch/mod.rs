mod draft;
mod error;
mod given;
pub(crate) mod member;
mod message;
mod plan;
mod rules;
mod selection;
mod target;

use std::fmt;

use scim_provider::schema::ResourceType;
use scim_provider::storage::LinkSelection;
use serde_json::{Map, Value};

pub use self::error::{PatchError, PatchErrorKind, PatchProblem};
pub use self::rules::PatchRules;

use self::draft::Draft;
use self::message::Operation;
use self::plan::plan;

/// A PATCH: changes of a resource, all of which are made or none (RFC 7644 §3.5.2).
///
/// ```
/// use scim_ops::provider::schema::ResourceTypes;
/// use scim_ops::{Patch, PatchRules};
/// use serde_json::json;
///
/// let patch = Patch::from_json(json!({
///     "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
///     "Operations": [
///         { "op": "replace", "path": "name.familyName", "value": "Jensen" },
///         { "op": "add", "path": "emails[type eq \"work\"].value", "value": "b@example.com" },
///         { "op": "remove", "path": "title" },
///     ],
/// }))?;
///
/// let user = json!({ "userName": "bjensen", "title": "Ms", "name": { "givenName": "Barbara" } });
/// let types = ResourceTypes::rfc7643();
/// let patched = patch.apply(
///     types.get("User").unwrap(),
///     user.as_object().unwrap(),
///     &PatchRules::default(),
/// )?;
/// assert_eq!(
///     serde_json::Value::Object(patched),
///     json!({
///         "userName": "bjensen",
///         "name": { "givenName": "Barbara", "familyName": "Jensen" },
///         "emails": [{ "type": "work", "value": "b@example.com" }],
///     })
/// );
/// # Ok::<(), scim_ops::PatchError>(())
/// ```
///
/// # What is understood beyond the RFC
///
/// Identity providers write PATCH in ways of their own, which all mean one thing only:
///
/// - `op`, `path`, `value` and `Operations` in whatever case, as well as what `op` says;
/// - booleans as texts, a single value in place of a list, a list of one in place of a single
///   value, and a bare text in place of an object with a `value` (such as a `manager`);
/// - in a value without `path`, names such as `name.givenName`, `urn:…:User:department` and
///   `emails[type eq "work"].value`, and what only the service provider sets, which is ignored
///   there as in a PUT; but another `id` is refused;
/// - `remove` with a `value` of some values of a list, which removes only those;
/// - a message without `schemas`.
///
/// # What is decided here
///
/// - A value is added to a list only if it is not there. Links such as the members of a group
///   are known by their `value`, other complex values that have one by `value` and `type`,
///   compared as a filter does; what such a value says more or else, it says from then on.
/// - `replace` of values that a filter selects puts the new value in their place; what the filter
///   wants to be equal, it stays if the new value does not say otherwise.
/// - `add` with a filter that matches nothing creates one value that says what the filter wants
///   to be equal, if that matches. So may `replace`: see [`PatchRules`].
/// - Where the `value` of a reference changes, its `$ref` goes, unless there is a new one.
/// - `null` and an empty list are no value: to replace by them is to remove.
#[derive(Clone, PartialEq, Eq)]
pub struct Patch {
    operations: Vec<Operation>,
}

impl Patch {
    /// Reads a PATCH message.
    ///
    /// Paths are read, too; whether they lead anywhere is found out when it is applied.
    ///
    /// # Errors
    ///
    /// If it has not the structure of one, or a path or a filter in it is malformed.
    pub fn from_json(message: Value) -> Result<Self, PatchError> {
        message::read(message).map(|operations| Self { operations })
    }

    /// What `resource` says once all operations are applied to it, in their order.
    ///
    /// `resource` is one of type `resource_type` as
    /// [`Resource::as_object`](scim_provider::Resource::as_object) gives it: whole, or as much
    /// of it as the links that [`links`](Self::links) selects. What comes out is for a provider
    /// to store, which checks what a resource as a whole has to be. An attribute that is
    /// never shown, such as a password, is `null` there if it was removed.
    ///
    /// # Errors
    ///
    /// The first operation that can't be applied, and why.
    pub fn apply(
        &self,
        resource_type: &ResourceType,
        resource: &Map<String, Value>,
        rules: &PatchRules,
    ) -> Result<Map<String, Value>, PatchError> {
        let steps = plan(&self.operations, resource_type, rules.unknown_attributes())?;
        let mut draft = Draft::new(resource, rules.creates_missing());
        for step in &steps {
            draft
                .apply(&step.action)
                .map_err(|problem| step.error(problem))?;
        }
        Ok(draft.finish())
    }

    /// Which links of a resource of type `resource_type` have to be there for
    /// [`apply`](Self::apply), and may be written afterwards.
    ///
    /// Whoever adds a member to a group of 100,000 needs that one only.
    pub fn links(&self, resource_type: &ResourceType) -> LinkSelection {
        selection::links(&self.operations, resource_type)
    }
}

impl fmt::Debug for Patch {
    /// How many operations there are: their values are personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patch")
            .field("operations", &self.operations.len())
            .finish_non_exhaustive()
    }
}
