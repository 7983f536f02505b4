use scim_version::{ETag, ScimVersion};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::Resource;
use crate::resource::{Rendering, take, take_meta};

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
    use serde_json::json;

    use super::*;

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
}
