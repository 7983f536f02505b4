use serde_json::{Map, Value};

use scim_version::{ETag, ScimVersion};

use super::{ResourceError, ResourceErrorKind, find};
use crate::Timestamp;
use crate::storage::Stamp;

/// A resource's `meta` (RFC 7643 §3.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// The name of the resource's type.
    pub resource_type: Option<String>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// When it last changed.
    pub last_modified: Option<Timestamp>,
    /// Its URI: absolute, or relative to the base URL.
    pub location: Option<String>,
    /// Its version, without the quotes that it wears as an entity tag.
    pub version: Option<ScimVersion>,
}

impl Meta {
    /// The metadata of `resource`, which [`check`] has passed.
    pub(super) fn of(resource: &Map<String, Value>) -> Self {
        let Some(Value::Object(meta)) = find(resource, "meta") else {
            return Self::default();
        };
        let text = |name| find(meta, name).and_then(Value::as_str);
        Self {
            resource_type: text("resourceType").map(Into::into),
            created: text("created").and_then(|text| text.parse().ok()),
            last_modified: text("lastModified").and_then(|text| text.parse().ok()),
            location: text("location").map(Into::into),
            version: text("version").and_then(parse_version),
        }
    }

    pub(super) fn stored(resource_type: &str, stamp: &Stamp, location: String) -> Self {
        Self {
            resource_type: Some(resource_type.into()),
            created: Some(stamp.created),
            last_modified: Some(stamp.last_modified),
            location: Some(location),
            version: Some(stamp.version.clone()),
        }
    }
}

/// `meta` is an object, its parts are strings of their form.
pub(super) fn check(meta: Option<&Value>) -> Result<(), ResourceError> {
    let meta = match meta {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(meta)) => meta,
        Some(other) => return Err(ResourceError::wrong_type("meta", "an object", other)),
    };
    for (name, expected, well_formed) in PARTS {
        let path = || format!("meta.{name}");
        match find(meta, name) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if well_formed(text) => {}
            Some(Value::String(_)) => {
                return Err(ResourceError::new(
                    path(),
                    ResourceErrorKind::Malformed { expected },
                ));
            }
            Some(other) => return Err(ResourceError::wrong_type(path(), "a string", other)),
        }
    }
    Ok(())
}

type Part = (&'static str, &'static str, fn(&str) -> bool);

const PARTS: [Part; 5] = [
    ("resourceType", "a name", |_| true),
    ("created", "an RFC 3339 date-time", is_timestamp),
    ("lastModified", "an RFC 3339 date-time", is_timestamp),
    ("location", "a URI", |_| true),
    ("version", "a version or an entity tag", |text| {
        parse_version(text).is_some()
    }),
];

fn is_timestamp(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok()
}

/// On the wire `meta.version` is an entity tag (RFC 7643 §3.1); a store of the
/// application's own may keep it bare.
fn parse_version(text: &str) -> Option<ScimVersion> {
    if text.starts_with('"') || text.starts_with("W/\"") {
        text.parse::<ETag>().ok()?.version()
    } else {
        ScimVersion::from_hash(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_version_is_read_bare_or_as_an_entity_tag() {
        for text in ["a330bc54", "\"a330bc54\"", "W/\"a330bc54\""] {
            let resource = json!({ "meta": { "version": text } });
            let meta = Meta::of(resource.as_object().unwrap());
            assert_eq!(meta.version.unwrap().as_str(), "a330bc54");
        }
    }
}
