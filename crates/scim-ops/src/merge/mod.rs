//! Two changes of one resource made into one.

mod complex;
mod conflict;
mod equal;
mod identity;
mod list;
mod merger;
mod place;
mod rules;
mod three;

use std::collections::BTreeMap;

use scim_provider::schema::{Attribute, ResourceType};
use serde_json::{Map, Value};

pub use self::conflict::{MergeConflict, MergeConflicts};
pub use self::rules::{MergeRule, MergeRules, Resolution, Resolve, UnknownAttribute};

use self::equal::{is_read_only, is_unassigned, said};
use self::merger::{Merger, Spot, said_by};
use self::place::Place;
use self::three::Three;
use crate::patch::member;

/// A resource in three states: before either side changed it, and as each wants it to be.
///
/// `Debug` output shows no attribute.
#[derive(Clone, Copy)]
#[expect(
    clippy::exhaustive_structs,
    reason = "there are three in a three-way merge"
)]
pub struct ThreeWay<'a> {
    /// What both sides have seen.
    pub base: &'a Map<String, Value>,
    /// What ours has made of it.
    pub local: &'a Map<String, Value>,
    /// What the other side has made of it: what is stored now.
    pub remote: &'a Map<String, Value>,
}

impl std::fmt::Debug for ThreeWay<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ThreeWay").finish_non_exhaustive()
    }
}

/// What both sides want `three` to say together, or all the places where that can't be.
///
/// ```
/// use scim_ops::provider::schema::ResourceTypes;
/// use scim_ops::{MergeRules, ThreeWay, merge};
/// use serde_json::{Map, Value, json};
///
/// let object = |value: Value| -> Map<String, Value> { serde_json::from_value(value).unwrap() };
/// let base = object(json!({ "displayName": "Guides", "members": [{ "value": "a" }] }));
/// let local = object(json!({
///     "displayName": "Guides",
///     "members": [{ "value": "a" }, { "value": "b" }],
/// }));
/// let remote = object(json!({ "displayName": "Tour Guides", "members": [{ "value": "c" }] }));
///
/// let types = ResourceTypes::rfc7643();
/// let three = ThreeWay { base: &base, local: &local, remote: &remote };
/// let merged = merge(types.get("Group").unwrap(), three, &MergeRules::default())?;
/// assert_eq!(
///     Value::Object(merged),
///     json!({ "displayName": "Tour Guides", "members": [{ "value": "c" }, { "value": "b" }] })
/// );
/// # Ok::<(), scim_ops::MergeConflicts>(())
/// ```
///
/// All three are resources of this type as
/// [`Resource::as_object`](scim_provider::Resource::as_object) gives them, or as a client writes
/// them: names may be in any case, `null` and empty lists are no value. What comes out is for a
/// provider to store.
///
/// # What goes together
///
/// - An attribute that only one side has changed is as that side wants it. Complex ones are merged
///   by their sub-attributes, those of extensions like all others.
/// - Lists are merged by their values: what either side has added is there, and what either has
///   removed is not. Links, such as the members of a group, are one and the same if they have the
///   same `value`; other complex values if they share `value` and `type`, or `$ref`, or (addresses)
///   the `type`, as far as the schema has these; simple ones if a filter takes them for equal. Where
///   one list has several of one identity, these are told by all that they say.
/// - One value is `primary` at most: that which one side has chosen.
/// - `value` and `$ref` of a reference say one thing together, and change together. For a link, so
///   does `type`, and who leaves out `type` and `$ref` has not changed them.
///
/// # What does not
///
/// - Both have changed the same attribute, or the same sub-attribute, and not alike.
/// - One has changed a value of a list that the other has removed, or made it primary.
/// - Both have chosen a primary value, and not the same.
/// - Together they would remove the last value of what is required.
///
/// # What is neither
///
/// What only the service provider sets, such as `id` and `meta`, is the other side's, which is what
/// is stored. `schemas` follows the extensions that have data. Secrets are merged like all
/// attributes, but no conflict shows one.
///
/// # Errors
///
/// All conflicts that the `rules` don't settle.
pub fn merge(
    resource_type: &ResourceType,
    three: ThreeWay<'_>,
    rules: &MergeRules,
) -> Result<Map<String, Value>, MergeConflicts> {
    let merger = Merger {
        resource_type,
        rules,
        conflicts: Vec::new(),
    };
    let (merged, conflicts) = merger.document(Three {
        base: three.base,
        local: three.local,
        remote: three.remote,
    });
    MergeConflicts::of(conflicts).map_or(Ok(merged), Err)
}

type Document<'v> = &'v Map<String, Value>;

impl<'a> Merger<'a> {
    fn document(mut self, three: Three<Document<'_>>) -> (Map<String, Value>, Vec<MergeConflict>) {
        let resource_type = self.resource_type;
        let mut merged = Map::new();
        let top = three.map(Some);
        self.level(None, resource_type.attributes(), top, &mut merged);
        for extension in resource_type.extensions() {
            let (id, attributes) = (extension.schema().id(), extension.schema().attributes());
            let values = three.map(|document| member::get(document, id));
            let objects = values.map(|value| value.and_then(Value::as_object));
            let mut inside = Map::new();
            self.level(Some(id), attributes, objects, &mut inside);
            let has_data = |object: &Option<&Map<String, Value>>| {
                object.is_some_and(|object| !object.is_empty())
            };
            if !inside.is_empty() {
                self.require_attributes(id, attributes, objects, &mut inside);
                merged.insert(id.to_owned(), Value::Object(inside));
            } else if extension.required() && has_data(&objects.local) && has_data(&objects.remote)
            {
                // Each side has left something, but not the same.
                let whole = MergeConflict::new(
                    &Place::of(Some(id), ""),
                    objects.map(|object| object.map(|object| visible(attributes, object))),
                );
                let settled = self.settle_one(self.rules.otherwise(), whole);
                if let Some(value) = settled.of(values) {
                    merged.insert(id.to_owned(), value);
                }
            } else if values.local.is_some_and(Value::is_null)
                && attributes.iter().any(holds_secrets)
            {
                // Removes what can't be seen, too.
                merged.insert(id.to_owned(), Value::Null);
            }
        }
        self.unknown(three, &mut merged);
        if let Some(schemas) = self.schemas(three, &merged) {
            merged.insert("schemas".to_owned(), schemas);
        }
        (merged, self.conflicts)
    }

    /// The attributes of the core schema, or of the extension with this URI.
    fn level(
        &mut self,
        extension: Option<&str>,
        attributes: &[Attribute],
        three: Three<Option<Document<'_>>>,
        merged: &mut Map<String, Value>,
    ) {
        for attribute in attributes {
            let name = attribute.name();
            if extension.is_none() && name == "schemas" {
                continue;
            }
            let said = said_by(three, attribute);
            let value = if self.is_server_owned(extension, attribute) {
                said.remote.cloned()
            } else {
                self.attribute(self.spot(extension, name), attribute, said)
            };
            // Who can't see what is there may still want it removed.
            let removes = |object: Option<Document<'_>>| {
                let value = object.and_then(|object| member::get(object, name));
                value.is_some_and(Value::is_null) && holds_secrets(attribute)
            };
            if let Some(value) = value {
                merged.insert(name.to_owned(), value);
            } else if removes(three.local) || removes(three.remote) {
                merged.insert(name.to_owned(), Value::Null);
            }
        }
    }

    fn spot<'s>(&self, extension: Option<&'s str>, name: &'s str) -> Spot<'s>
    where
        'a: 's,
    {
        let is_link = |link: &str| link == name;
        Spot {
            place: Place::of(extension, name),
            rule: self.rules.of(self.resource_type, extension, name),
            linked: extension.is_none() && self.resource_type.links().any(is_link),
        }
    }

    fn is_server_owned(&self, extension: Option<&str>, attribute: &Attribute) -> bool {
        let mut derived = self.resource_type.derived();
        let name = attribute.name();
        is_read_only(attribute) || (extension.is_none() && derived.any(|(known, _)| known == name))
    }

    /// An extension with data has all that it requires, or there is a conflict: one side has removed
    /// all of it, and the other has added something.
    fn require_attributes(
        &mut self,
        extension: &str,
        attributes: &[Attribute],
        three: Three<Option<Document<'_>>>,
        merged: &mut Map<String, Value>,
    ) {
        for attribute in attributes {
            let name = attribute.name();
            let wanted =
                attribute.required() && !is_read_only(attribute) && !attribute.is_never_shown();
            let three = said_by(three, attribute);
            if !wanted || merged.contains_key(name) || three.each().iter().all(|v| v.is_none()) {
                continue;
            }
            let rule = self.rules.of(self.resource_type, Some(extension), name);
            let spot = Spot {
                place: Place::of(Some(extension), name),
                rule,
                linked: false,
            };
            let settled = self.settle(spot, attribute, three);
            if let Some(value) = settled.of(three) {
                merged.insert(name.to_owned(), value);
            }
        }
    }

    /// What no schema has, as a whole.
    fn unknown(&mut self, three: Three<Document<'_>>, merged: &mut Map<String, Value>) {
        let resource_type = self.resource_type;
        let known = |name: &str| {
            let mut attributes = resource_type.attributes().iter();
            let mut extensions = resource_type.extensions().iter();
            attributes.any(|attribute| attribute.name().eq_ignore_ascii_case(name))
                || extensions.any(|found| found.schema().id().eq_ignore_ascii_case(name))
        };
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        for document in three.each() {
            for name in document.keys().filter(|name| !known(name)) {
                names.entry(name.to_ascii_lowercase()).or_insert(name);
            }
        }
        for name in names.into_values() {
            let values = three
                .map(|document| member::get(document, name).filter(|value| !is_unassigned(value)));
            let value = match values.judge(|a, b| a == b) {
                Some(side) => values.take(side).cloned(),
                None => {
                    let place = Place::of(None, name);
                    let conflict = MergeConflict::new(&place, values.map(|value| value.cloned()));
                    self.settle_one(self.rules.otherwise(), conflict).of(values)
                }
            };
            if let Some(value) = value {
                merged.insert(name.to_owned(), value);
            }
        }
    }

    /// The core schema and the extensions that have data, if either side names any.
    fn schemas(&self, three: Three<Document<'_>>, merged: &Map<String, Value>) -> Option<Value> {
        let named = |document| member::get(document, "schemas").is_some();
        if !named(three.local) && !named(three.remote) {
            return None;
        }
        let ids = self
            .resource_type
            .extensions()
            .iter()
            .map(|extension| extension.schema().id());
        let with_data = ids.filter(|id| merged.get(*id).is_some_and(Value::is_object));
        let core = std::iter::once(self.resource_type.schema().id());
        Some(core.chain(with_data).collect())
    }
}

fn holds_secrets(attribute: &Attribute) -> bool {
    let parts = attribute.sub_attributes();
    attribute.is_never_shown() || parts.iter().any(Attribute::is_never_shown)
}

/// `object` without what is never shown.
fn visible(attributes: &[Attribute], object: &Map<String, Value>) -> Value {
    let shown = attributes
        .iter()
        .filter(|attribute| !attribute.is_never_shown());
    let members = shown.filter_map(|attribute| {
        let value = said(object, attribute)?;
        Some((attribute.name().to_owned(), equal::shown(attribute, value)))
    });
    Value::Object(members.collect())
}
