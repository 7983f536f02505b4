mod error;
mod meta;
mod render;

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

pub(crate) use error::json_type;
pub use error::{ResourceError, ResourceErrorKind};
pub use meta::Meta;
pub(crate) use render::Rendering;

use crate::storage::{
    Link, LinkSelection, ResourceId, Stamp, StorageError, StorageErrorKind, Stored,
};

/// One SCIM resource: a JSON object with the common attributes of RFC 7643 §3.1.
///
/// A resource says what was stored; which version that is stands beside it in a
/// [`VersionedResource`](crate::VersionedResource).
///
/// ```
/// use scim_provider::Resource;
/// use serde_json::json;
///
/// let user = Resource::from_json(
///     "User",
///     json!({ "id": "2819c223", "userName": "bjensen", "externalId": "701984" }),
/// )?;
/// assert_eq!(user.id(), Some("2819c223"));
/// assert_eq!(user.external_id(), Some("701984"));
/// assert_eq!(user.attribute("username"), Some(&json!("bjensen")));
/// # Ok::<(), scim_provider::ResourceError>(())
/// ```
#[derive(Clone)]
pub struct Resource {
    resource_type: Arc<str>,
    body: Body,
}

/// A resource is read far more often than it is looked into: one that comes from
/// a store stays octets until somebody asks for an attribute.
#[derive(Clone)]
enum Body {
    Tree(Arc<Map<String, Value>>),
    Stored(Arc<StoredBody>),
}

#[derive(Clone)]
struct StoredBody {
    id: ResourceId,
    endpoint: Arc<str>,
    stamp: Stamp,
    document: Arc<[u8]>,
    links: Vec<Link>,
    /// Values of attributes that were derived from other resources, in the form of links.
    derived: Vec<Link>,
    tree: OnceLock<Map<String, Value>>,
}

impl Resource {
    /// A resource of type `resource_type` that says what `value` says.
    ///
    /// Only the common attributes are checked here; the rest is checked against the
    /// schemas by the provider that stores it.
    ///
    /// # Errors
    ///
    /// If `value` is no object, or `id`, `externalId`, `schemas` or a part of `meta`
    /// is not of its type (RFC 7643 §3.1). The error names the attribute.
    pub fn from_json(
        resource_type: impl Into<Arc<str>>,
        value: Value,
    ) -> Result<Self, ResourceError> {
        let Value::Object(map) = value else {
            return Err(ResourceError::wrong_type("", "an object", &value));
        };
        check_common(&map)?;
        Ok(Self {
            resource_type: resource_type.into(),
            body: Body::Tree(Arc::new(map)),
        })
    }

    /// The resource that `stored` holds, published under `endpoint`.
    ///
    /// # Errors
    ///
    /// If the document can't be a JSON object: the store did not give back what it was
    /// given.
    pub(crate) fn from_stored(
        stored: Stored,
        resource_type: Arc<str>,
        endpoint: Arc<str>,
    ) -> Result<Self, StorageError> {
        // Who asks for attributes has it parsed; who only shows it should not pay for that.
        if !(stored.document.starts_with(b"{") && stored.document.ends_with(b"}")) {
            return Err(StorageError::new(StorageErrorKind::Internal));
        }
        Ok(Self {
            resource_type,
            body: Body::Stored(Arc::new(StoredBody {
                id: stored.key.id().clone(),
                endpoint,
                stamp: stored.stamp,
                document: stored.document,
                links: stored.links,
                derived: Vec::new(),
                tree: OnceLock::new(),
            })),
        })
    }

    /// Adds to a stored resource what was derived from others; one value after the other
    /// of each attribute.
    pub(crate) fn set_derived(&mut self, derived: Vec<Link>) {
        if let Body::Stored(stored) = &mut self.body {
            let stored = Arc::make_mut(stored);
            stored.derived = derived;
            stored.tree.take();
        }
    }

    /// The name of the resource's type, such as `User`.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// The `id` that the service provider gave it, if it did yet.
    pub fn id(&self) -> Option<&str> {
        match &self.body {
            Body::Tree(_) => self.text("id"),
            Body::Stored(stored) => Some(stored.id.as_str()),
        }
    }

    /// The id as text that may be shared; an empty one if there is none.
    pub(crate) fn shared_id(&self) -> Arc<str> {
        match &self.body {
            Body::Tree(_) => self.text("id").unwrap_or_default().into(),
            Body::Stored(stored) => Arc::clone(stored.id.shared()),
        }
    }

    /// The id of a resource that comes from a store.
    pub(crate) fn stored_id(&self) -> Option<&ResourceId> {
        match &self.body {
            Body::Tree(_) => None,
            Body::Stored(stored) => Some(&stored.id),
        }
    }

    /// The identifier by which the client knows it.
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// How many values of attributes that its store keeps as links are at hand: all, or as many
    /// as the [`View`](crate::View) had that it was read through.
    pub fn link_count(&self) -> usize {
        match &self.body {
            Body::Tree(_) => 0,
            Body::Stored(stored) => stored.links.len(),
        }
    }

    /// The resource's metadata; empty where it has none.
    pub fn meta(&self) -> Meta {
        match &self.body {
            Body::Tree(map) => Meta::of(map),
            Body::Stored(stored) => Meta::stored(
                &self.resource_type,
                &stored.stamp,
                crate::location("", &stored.endpoint, stored.id.as_str()),
            ),
        }
    }

    /// The top-level attribute `name`, in whatever case (RFC 7643 §2.1).
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        find(self.as_object(), name)
    }

    /// The whole resource as a JSON object. References and `meta.location` of a
    /// stored resource are relative to the base URL.
    pub fn as_object(&self) -> &Map<String, Value> {
        match &self.body {
            Body::Tree(map) => map,
            Body::Stored(stored) => stored.tree.get_or_init(|| {
                let mut json = Vec::with_capacity(stored.document.len() + 256);
                self.render(&mut json, &Rendering::relative(&stored.endpoint));
                serde_json::from_slice(&json).expect(
                    "a store gives documents back octet by octet, and rendering adds whole members",
                )
            }),
        }
    }

    /// A copy of the whole resource; see [`as_object`](Self::as_object).
    pub fn to_json(&self) -> Value {
        Value::Object(self.as_object().clone())
    }

    /// The whole resource; see [`as_object`](Self::as_object).
    pub fn into_json(self) -> Value {
        match self.body {
            Body::Tree(map) => Value::Object(Arc::unwrap_or_clone(map)),
            Body::Stored(_) => self.to_json(),
        }
    }

    /// The resource with no more of its links than `selection` has.
    #[must_use]
    pub(crate) fn with_links_of(mut self, selection: &LinkSelection) -> Self {
        if let Body::Stored(stored) = &mut self.body
            && *selection != LinkSelection::All
            && !stored.links.is_empty()
        {
            let stored = Arc::make_mut(stored);
            selection.cut(&mut stored.links);
            stored.tree.take();
        }
        self
    }

    /// The resource without the tree that was made of it, which takes more memory than its
    /// octets; unless somebody else has the tree too.
    #[must_use]
    pub(crate) fn unparsed(mut self) -> Self {
        if let Body::Stored(stored) = &mut self.body
            && let Some(stored) = Arc::get_mut(stored)
        {
            stored.tree.take();
        }
        self
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.attribute(name).and_then(Value::as_str)
    }
}

impl fmt::Debug for Resource {
    /// Type and id only: resources hold personal data, and `{:?}` ends in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource")
            .field("resource_type", &self.resource_type)
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.resource_type == other.resource_type && self.as_object() == other.as_object()
    }
}

impl Eq for Resource {}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_object().serialize(serializer)
    }
}

/// The member of `map` called `name`, in whatever case.
pub(crate) fn find<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    map.get(name).or_else(|| {
        map.iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

/// Takes the member of `map` called `name`, in whatever case, out of it.
pub(crate) fn take(map: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = map
        .keys()
        .find(|key| key.eq_ignore_ascii_case(name))?
        .clone();
    map.remove(&key)
}

/// Takes `meta` out of a resource, as an object; an empty one if there is none.
pub(crate) fn take_meta(resource: &mut Map<String, Value>) -> Map<String, Value> {
    match take(resource, "meta") {
        Some(Value::Object(meta)) => meta,
        _ => Map::new(),
    }
}

fn check_common(map: &Map<String, Value>) -> Result<(), ResourceError> {
    for name in ["id", "externalId"] {
        match find(map, name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if !text.is_empty() => {}
            Some(Value::String(_)) => {
                let expected = "an identifier: it is empty";
                return Err(ResourceError::new(
                    name,
                    ResourceErrorKind::Malformed { expected },
                ));
            }
            Some(other) => return Err(ResourceError::wrong_type(name, "a string", other)),
        }
    }
    match find(map, "schemas") {
        None | Some(Value::Null) => {}
        Some(Value::Array(uris)) => {
            for (i, uri) in uris.iter().enumerate() {
                if !uri.is_string() {
                    return Err(ResourceError::wrong_type(
                        format!("schemas[{i}]"),
                        "a string",
                        uri,
                    ));
                }
            }
        }
        Some(other) => return Err(ResourceError::wrong_type("schemas", "an array", other)),
    }
    meta::check(find(map, "meta"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error_of(value: Value) -> ResourceError {
        Resource::from_json("User", value).unwrap_err()
    }

    #[test]
    fn errors_name_the_attribute() {
        for (value, attribute) in [
            (json!([]), ""),
            (json!({ "id": 7 }), "id"),
            (json!({ "ID": "" }), "id"),
            (json!({ "externalId": {} }), "externalId"),
            (json!({ "schemas": "x" }), "schemas"),
            (json!({ "schemas": ["x", 1] }), "schemas[1]"),
            (json!({ "meta": [] }), "meta"),
            (
                json!({ "meta": { "created": "yesterday" } }),
                "meta.created",
            ),
            (json!({ "meta": { "version": "\"" } }), "meta.version"),
        ] {
            assert_eq!(error_of(value.clone()).attribute(), attribute, "{value}");
        }
    }

    #[test]
    fn debug_output_shows_no_attribute() {
        let user = Resource::from_json("User", json!({ "id": "1", "userName": "secret" })).unwrap();
        assert!(!format!("{user:?}").contains("secret"));
    }
}
