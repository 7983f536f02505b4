use std::sync::Arc;

use scim_version::{ETag, ScimVersion};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::Resource;
use crate::filter::Projector;
use crate::resource::{Rendering, take, take_meta};
use crate::storage::Link;

/// A resource together with the version of the state it shows.
///
/// ```
/// use scim_provider::version::ScimVersion;
/// use scim_provider::{Resource, VersionedResource};
/// use serde_json::json;
///
/// // A version that is stored with the resource wins ...
/// let stored = json!({ "id": "1", "meta": { "version": "W/\"3\"" } });
/// let versioned = VersionedResource::new(Resource::from_json("User", stored)?);
/// assert_eq!(versioned.version().as_str(), "3");
///
/// // ... else it is computed from what the resource says.
/// let plain = json!({ "id": "1", "userName": "bjensen" });
/// let versioned = VersionedResource::new(Resource::from_json("User", plain.clone())?);
/// assert_eq!(versioned.version(), &ScimVersion::from_resource(&plain));
/// # Ok::<(), scim_provider::ResourceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionedResource {
    resource: Resource,
    version: ScimVersion,
}

impl VersionedResource {
    /// `resource` under the version in its `meta.version`, or under one computed
    /// from its content if it has none.
    pub fn new(resource: Resource) -> Self {
        let version = resource
            .meta()
            .version
            .unwrap_or_else(|| content_version(&resource));
        Self { resource, version }
    }

    /// `resource` under a version that its store keeps in a way of its own.
    pub const fn with_version(resource: Resource, version: ScimVersion) -> Self {
        Self { resource, version }
    }

    /// Computes the version from the content anew, whatever version was stored.
    #[must_use]
    pub fn refresh(self) -> Self {
        let version = content_version(&self.resource);
        Self { version, ..self }
    }

    /// The id as text that may be shared; an empty one if there is none.
    pub(crate) fn id(&self) -> Arc<str> {
        self.resource.shared_id()
    }

    /// The same version of another view of the resource.
    #[must_use]
    pub(crate) fn map_resource(self, change: impl FnOnce(Resource) -> Resource) -> Self {
        Self {
            resource: change(self.resource),
            ..self
        }
    }

    /// The resource.
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The version of the state that [`resource`](Self::resource) shows.
    pub const fn version(&self) -> &ScimVersion {
        &self.version
    }

    /// The entity tag that HTTP carries for this version: a weak one, since a version
    /// covers every projection of the resource.
    pub fn etag(&self) -> ETag {
        self.version.to_etag()
    }

    /// Adds to the resource what was derived from others.
    pub(crate) fn set_derived(&mut self, derived: Vec<Link>) {
        self.resource.set_derived(derived);
    }

    /// The resource and its version, apart.
    pub fn into_parts(self) -> (Resource, ScimVersion) {
        (self.resource, self.version)
    }

    /// The whole resource with `meta.version` set to this version, as an entity tag.
    pub fn to_json(&self) -> Value {
        let mut resource = self.resource.as_object().clone();
        let mut meta = take_meta(&mut resource);
        take(&mut meta, "version");
        meta.insert("version".into(), self.version.to_http_header().into());
        resource.insert("meta".into(), Value::Object(meta));
        Value::Object(resource)
    }

    /// Appends the resource as JSON to `out`, with references, `meta.location` and
    /// `meta.version` as a client sees them.
    ///
    /// `base_url` has no slash at its end, `endpoint` is that of the resource's type
    /// (such as `Users`). A stored resource is not parsed for this.
    pub fn write_json(&self, out: &mut Vec<u8>, base_url: &str, endpoint: &str) {
        let version = Some(&self.version);
        self.resource.render(
            out,
            &Rendering {
                base_url,
                endpoint,
                version,
            },
        );
    }
}

impl VersionedResource {
    /// Appends as much of the resource as `projector` leaves: [`write_json`](Self::write_json)
    /// for who wants a part. The version is that of the whole all the same.
    ///
    /// A stored resource that is shown whole is not parsed for this.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use scim_provider::filter::Projection;
    /// use scim_provider::{ConditionalProvider, InMemoryProvider, RequestContext};
    /// use serde_json::json;
    ///
    /// let provider = InMemoryProvider::default();
    /// let data = json!({ "userName": "bjensen", "title": "Tour Guide" });
    /// let context = RequestContext::with_generated_id();
    /// let user = provider.create_versioned_resource("User", data, &context).await?;
    ///
    /// let users = provider.resource_types().get("User").ok_or("users are kept")?;
    /// let projection = Projection::parse_include("title, meta.version")?;
    /// let mut out = Vec::new();
    /// user.write_projected(&mut out, "https://example.com/v2", &users.projector(&projection));
    /// let shown: serde_json::Value = serde_json::from_slice(&out)?;
    /// assert_eq!(shown["title"], "Tour Guide");
    /// assert_eq!(shown["meta"], json!({ "version": user.etag().to_string() }));
    /// assert!(shown.get("userName").is_none());
    /// # Ok(()) }
    /// ```
    pub fn write_projected(&self, out: &mut Vec<u8>, base_url: &str, projector: &Projector<'_>) {
        let rendering = Rendering {
            base_url,
            endpoint: projector.resource_type().endpoint(),
            version: Some(&self.version),
        };
        self.resource.render_projected(out, &rendering, projector);
    }
}

impl Serialize for VersionedResource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

fn content_version(resource: &Resource) -> ScimVersion {
    ScimVersion::from_resource(&resource.to_json())
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::filter::Projection;
    use crate::schema::ResourceTypes;

    fn user(value: Value) -> Resource {
        Resource::from_json("User", value).unwrap()
    }

    #[test]
    fn refresh_forgets_a_stored_version() {
        let versioned =
            VersionedResource::new(user(json!({ "id": "1", "meta": { "version": "7" } })));
        assert_eq!(versioned.version().as_str(), "7");
        let computed = ScimVersion::from_resource(&json!({ "id": "1" }));
        assert_eq!(versioned.refresh().version(), &computed);
    }

    #[test]
    fn a_printed_resource_reads_back_under_the_same_version() {
        let versioned = VersionedResource::new(user(json!({ "id": "1", "userName": "b" })));
        let again = VersionedResource::new(user(serde_json::to_value(&versioned).unwrap()));
        assert_eq!(again.version(), versioned.version());
    }

    #[test]
    fn meta_in_another_case_is_the_same_meta() {
        let odd =
            json!({ "id": "1", "Meta": { "VERSION": "7", "created": "2026-01-01T00:00:00Z" } });
        let versioned = VersionedResource::new(user(odd));
        let mut written = Vec::new();
        versioned.write_json(&mut written, "https://example.com", "Users");
        let written: Value = serde_json::from_slice(&written).unwrap();
        for json in [versioned.to_json(), written] {
            assert_eq!(json.as_object().unwrap().len(), 2, "{json}");
            assert_eq!(json["meta"]["version"], "W/\"7\"");
            assert_eq!(json["meta"]["created"], "2026-01-01T00:00:00Z");
            assert!(json["meta"].get("VERSION").is_none());
        }
    }

    #[test]
    fn written_json_shows_the_location_and_the_tag() {
        let versioned = VersionedResource::with_version(
            user(json!({ "id": "1", "meta": { "version": "old" } })),
            ScimVersion::from_revision(2),
        );
        let mut out = Vec::new();
        versioned.write_json(&mut out, "https://example.com/v2", "Users");
        let json: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["meta"]["location"], "https://example.com/v2/Users/1");
        assert_eq!(json["meta"]["version"], "W/\"2\"");
    }

    #[test]
    fn what_is_never_shown_is_not_even_if_a_provider_hands_it_out() {
        let types = ResourceTypes::rfc7643();
        let users = types.get("User").unwrap();
        let json = json!({ "id": "1", "userName": "b", "Password": "secret", "shoeSize": 44 });
        let versioned = VersionedResource::new(user(json));
        for (projection, names) in [
            (
                Projection::default(),
                &["id", "userName", "shoeSize", "meta"][..],
            ),
            (
                Projection::parse_include("password,userName").unwrap(),
                &["id", "userName"],
            ),
            (
                Projection::parse_exclude("userName,meta").unwrap(),
                &["id", "shoeSize"],
            ),
        ] {
            let mut out = Vec::new();
            versioned.write_projected(&mut out, "https://h", &users.projector(&projection));
            let shown: Map<String, Value> = serde_json::from_slice(&out).unwrap();
            assert_eq!(shown.len(), names.len(), "{shown:?}");
            assert!(
                names.iter().all(|name| shown.contains_key(*name)),
                "{shown:?}"
            );
        }
    }
}
