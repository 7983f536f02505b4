use std::collections::HashMap;

use serde_json::{Map, Value};

use super::parts::Parts;
use super::{Mode, Projection};
use crate::filter::PathTarget;
use crate::schema::{Attribute, Extension, ResourceType, Returned};

/// A [`Projection`] of the resources of one type.
#[derive(Debug, Clone)]
pub struct Projector<'a> {
    resource_type: &'a ResourceType,
    mode: Mode,
    /// The attributes that are named, by schema (`None` is the core) and name.
    named: HashMap<(Option<&'a str>, &'a str), Named<'a>>,
    /// The schemas that are named.
    schemas: Vec<Option<&'a str>>,
    /// Nothing that a provider keeps with a resource is left out.
    all: bool,
}

/// How an attribute is named.
#[derive(Debug, Clone, Default)]
struct Named<'a> {
    whole: bool,
    subs: Vec<&'a str>,
}

impl<'a> Projector<'a> {
    pub(super) fn new(resource_type: &'a ResourceType, projection: &Projection) -> Self {
        let mut named: HashMap<_, Named<'a>> = HashMap::new();
        let mut schemas = Vec::new();
        let uri = |extension: &'a Extension| extension.schema().id();
        for path in &projection.paths {
            match resource_type.resolve_path(path) {
                Some(PathTarget::Attribute(found)) => {
                    let schema = found.extension().map(uri);
                    let named = named.entry((schema, found.attribute().name())).or_default();
                    match found.sub().map(Attribute::name) {
                        None => named.whole = true,
                        Some(sub) if named.subs.contains(&sub) => {}
                        Some(sub) => named.subs.push(sub),
                    }
                }
                Some(PathTarget::Extension(extension)) => schemas.push(Some(uri(extension))),
                Some(PathTarget::Core(_)) => schemas.push(None),
                None => {}
            }
        }
        schemas.sort_unstable();
        schemas.dedup();
        Self {
            resource_type,
            mode: projection.mode,
            named,
            schemas,
            all: projection.is_default() && !resource_type.hides_by_default(),
        }
    }

    /// The type of the resources.
    pub const fn resource_type(&self) -> &'a ResourceType {
        self.resource_type
    }

    /// Whether every attribute of a resource is shown, a password aside, which is kept apart.
    pub const fn shows_all(&self) -> bool {
        self.all
    }

    /// What is left of `resource`, a whole resource with all its attributes:
    ///
    /// - `returned: always` stays, and `never` goes, whatever the client wants;
    /// - `returned: request` stays if it is named, by itself and not by the URI of its schema;
    /// - of sub-attributes likewise, as far as the attribute around them stays: if only
    ///   some are named, those stay, and what is always returned;
    /// - lists, objects and extensions that nothing is left of go.
    ///
    /// `schemas` is not changed. Attributes that no schema has are taken for such as are
    /// returned by default.
    pub fn project(&self, mut resource: Map<String, Value>) -> Map<String, Value> {
        resource.retain(|name, value| match self.resource_type.top().find(name) {
            Some(attribute) => self.attribute(None, attribute, value),
            None => match self.resource_type.extension(name) {
                Some(extension) => self.extension(extension, value),
                None => self.mode != Mode::Include,
            },
        });
        resource
    }

    /// Whether anything of the attribute `name` of the core schema is shown.
    pub fn wants(&self, name: &str) -> bool {
        match self.resource_type.top().find(name) {
            Some(attribute) => self.parts(None, attribute).is_some(),
            None => self.mode != Mode::Include,
        }
    }

    fn extension(&self, extension: &Extension, value: &mut Value) -> bool {
        let Value::Object(map) = value else {
            return self.mode != Mode::Include;
        };
        let schema = extension.schema();
        map.retain(|name, value| match schema.attribute(name) {
            Some(attribute) => self.attribute(Some(schema.id()), attribute, value),
            None => self.mode != Mode::Include,
        });
        !map.is_empty()
    }

    /// Takes from `value` what is not shown; whether anything is.
    fn attribute(&self, schema: Option<&str>, attribute: &Attribute, value: &mut Value) -> bool {
        let Some(parts) = self.parts(schema, attribute) else {
            return false;
        };
        let subs = attribute.sub_attributes();
        if subs.iter().all(|sub| parts.show(sub)) {
            return true;
        }
        match value {
            Value::Object(map) => project_value(attribute, parts, map),
            Value::Array(items) => {
                items.retain_mut(|item| match item {
                    Value::Object(map) => project_value(attribute, parts, map),
                    _ => true,
                });
                !items.is_empty()
            }
            _ => true,
        }
    }

    /// Which parts of `attribute` are shown; `None` if nothing of it is.
    fn parts<'b>(&'b self, schema: Option<&'b str>, attribute: &'b Attribute) -> Option<Parts<'b>> {
        let named = self.named.get(&(schema, attribute.name()));
        let (whole, subs) = named.map_or((false, &[][..]), |named| (named.whole, &*named.subs));
        let with_schema = self.schemas.contains(&schema);
        let returned = attribute.returned();
        if attribute.is_never_shown() {
            return None;
        }
        match self.mode {
            Mode::Include if whole || returned == Returned::Always => Some(Parts::And(subs)),
            Mode::Include if with_schema && returned == Returned::Default => Some(Parts::And(subs)),
            Mode::Include => (!subs.is_empty()).then_some(Parts::Only(subs)),
            Mode::Default | Mode::Exclude => match returned {
                Returned::Always => Some(Parts::Without(subs)),
                Returned::Default if !whole && !with_schema => Some(Parts::Without(subs)),
                Returned::Default | Returned::Request | Returned::Never => None,
            },
        }
    }
}

/// Takes from one value of a complex attribute what is not shown; whether anything is.
fn project_value(attribute: &Attribute, parts: Parts<'_>, value: &mut Map<String, Value>) -> bool {
    value.retain(|name, _| match attribute.sub_attribute(name) {
        Some(sub) => parts.show(sub),
        None => !matches!(parts, Parts::Only(_)),
    });
    !value.is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::Schema;

    fn thing() -> ResourceType {
        let schema = |id: &str| -> Schema {
            serde_json::from_value(json!({ "id": id, "attributes": [
                { "name": "plain" },
                { "name": "always", "returned": "always" },
                { "name": "request", "returned": "request" },
                { "name": "rooms", "type": "complex", "multiValued": true, "subAttributes": [
                    { "name": "value" },
                    { "name": "type" },
                    { "name": "key", "returned": "always" },
                    { "name": "note", "returned": "request" },
                ] },
            ] }))
            .unwrap()
        };
        ResourceType::new("Thing", "Things", schema("urn:thing"))
            .unwrap()
            .with_extension(schema("urn:more:1.0"), false)
            .unwrap()
    }

    fn resource() -> Map<String, Value> {
        let attributes = json!({
            "plain": "p", "always": "a", "request": "r",
            "rooms": [
                { "value": "v", "type": "t", "key": "k", "note": "n" },
                { "note": "n" },
                { "value": "w" },
            ],
        });
        let mut resource = attributes.as_object().unwrap().clone();
        resource.insert("urn:more:1.0".into(), attributes);
        resource.insert("id".into(), "1".into());
        resource.insert("schemas".into(), json!(["urn:thing", "urn:more:1.0"]));
        resource.insert(
            "meta".into(),
            json!({ "resourceType": "Thing", "version": "x" }),
        );
        resource.insert("unknown".into(), json!({ "x": 1 }));
        resource
    }

    /// What is left besides `id`, `schemas` and the attributes called `always`, which stay.
    fn left(projection: Result<Projection, crate::filter::FilterError>) -> Value {
        let mut shown = thing().project(&projection.unwrap(), resource());
        assert_eq!(shown.remove("id"), Some(json!("1")));
        assert_eq!(
            shown.remove("schemas"),
            Some(json!(["urn:thing", "urn:more:1.0"]))
        );
        assert_eq!(shown.remove("always"), Some(json!("a")));
        let more = shown
            .get_mut("urn:more:1.0")
            .and_then(Value::as_object_mut)
            .unwrap();
        assert_eq!(more.remove("always"), Some(json!("a")));
        if more.is_empty() {
            shown.remove("urn:more:1.0");
        }
        Value::Object(shown)
    }

    #[test]
    fn by_default_what_is_returned_on_request_is_left_out() {
        let rooms = json!([{ "value": "v", "type": "t", "key": "k" }, { "value": "w" }]);
        assert_eq!(
            left(Ok(Projection::default())),
            json!({
                "plain": "p", "rooms": rooms, "unknown": { "x": 1 },
                "meta": { "resourceType": "Thing", "version": "x" },
                "urn:more:1.0": { "plain": "p", "rooms": rooms },
            })
        );
        assert!(thing().hides_by_default());
    }

    #[test]
    fn only_what_is_named_is_included() {
        let rooms = json!([{ "value": "v", "type": "t", "key": "k" }, { "value": "w" }]);
        for (names, expected) in [
            ("plain", json!({ "plain": "p" })),
            ("REQUEST", json!({ "request": "r" })),
            ("urn:thing:plain", json!({ "plain": "p" })),
            ("meta.version", json!({ "meta": { "version": "x" } })),
            ("rooms", json!({ "rooms": rooms })),
            (
                "rooms.value",
                json!({ "rooms": [{ "value": "v", "key": "k" }, { "value": "w" }] }),
            ),
            (
                "rooms.note",
                json!({ "rooms": [{ "key": "k", "note": "n" }, { "note": "n" }] }),
            ),
            (
                "rooms,rooms.note",
                json!({ "rooms": [
                    { "value": "v", "type": "t", "key": "k", "note": "n" },
                    { "note": "n" },
                    { "value": "w" },
                ] }),
            ),
            (
                "urn:thing,rooms.value",
                json!({ "plain": "p", "rooms": rooms,
                    "meta": { "resourceType": "Thing", "version": "x" } }),
            ),
            (
                "urn:more:1.0",
                json!({ "urn:more:1.0": { "plain": "p", "rooms": rooms } }),
            ),
            (
                "URN:MORE:1.0:Plain",
                json!({ "urn:more:1.0": { "plain": "p" } }),
            ),
            (
                "urn:more:1.0:rooms.type,plain",
                json!({ "plain": "p", "urn:more:1.0": { "rooms": [{ "type": "t", "key": "k" }] } }),
            ),
            ("nothing,unknown,urn:x,always", json!({})),
        ] {
            assert_eq!(left(Projection::parse_include(names)), expected, "{names}");
        }
    }

    #[test]
    fn what_is_named_is_excluded_unless_it_is_always_returned() {
        let meta = json!({ "resourceType": "Thing", "version": "x" });
        let rooms = json!([{ "value": "v", "type": "t", "key": "k" }, { "value": "w" }]);
        let base = |changes: Value| {
            let mut base = json!({
                "plain": "p", "rooms": rooms, "unknown": { "x": 1 }, "meta": meta,
                "urn:more:1.0": { "plain": "p", "rooms": rooms },
            });
            for (name, value) in changes.as_object().unwrap() {
                match value {
                    Value::Null => base.as_object_mut().unwrap().remove(name),
                    value => base
                        .as_object_mut()
                        .unwrap()
                        .insert(name.clone(), value.clone()),
                };
            }
            base
        };
        for (names, changes) in [
            ("always,id,schemas,request,nothing", json!({})),
            ("PLAIN,meta", json!({ "plain": null, "meta": null })),
            ("rooms", json!({ "rooms": null })),
            (
                "rooms.value",
                json!({ "rooms": [{ "type": "t", "key": "k" }] }),
            ),
            ("rooms.key,rooms.note", json!({})),
            ("urn:more:1.0", json!({ "urn:more:1.0": null })),
            (
                "urn:more:1.0:rooms",
                json!({ "urn:more:1.0": { "plain": "p" } }),
            ),
            (
                "urn:thing",
                json!({ "plain": null, "rooms": null, "meta": null }),
            ),
        ] {
            assert_eq!(
                left(Projection::parse_exclude(names)),
                base(changes),
                "{names}"
            );
        }
    }

    #[test]
    fn what_is_never_returned_is_not_shown() {
        let types = crate::schema::ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let resource = json!({ "id": "1", "password": "secret", "userName": "x" });
        for projection in [
            Projection::default(),
            Projection::parse_include("password,userName").unwrap(),
            Projection::parse_exclude("title").unwrap(),
        ] {
            let shown = user.project(&projection, resource.as_object().unwrap().clone());
            assert_eq!(Value::Object(shown), json!({ "id": "1", "userName": "x" }));
        }
    }
}
