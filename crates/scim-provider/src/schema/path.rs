use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Attribute, Extension, ResourceType};

/// An attribute that a path leads to, with the way to it.
///
/// See [`ResourceType::resolve_path`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedAttribute<'a> {
    pub(super) extension: Option<&'a Extension>,
    pub(super) attribute: &'a Attribute,
    pub(super) sub: Option<&'a Attribute>,
}

impl<'a> ResolvedAttribute<'a> {
    /// The extension that the attribute belongs to; `None` for common attributes and those of
    /// the core schema.
    pub const fn extension(&self) -> Option<&'a Extension> {
        self.extension
    }

    /// The attribute of the schema.
    pub const fn attribute(&self) -> &'a Attribute {
        self.attribute
    }

    /// The sub-attribute, if the path names one.
    pub const fn sub(&self) -> Option<&'a Attribute> {
        self.sub
    }

    /// The sub-attribute, or else the attribute: what the path leads to.
    pub fn leaf(&self) -> &'a Attribute {
        self.sub.unwrap_or(self.attribute)
    }
}

impl ResourceType {
    /// The attribute at `path`, in whatever case: `userName`, `emails.value`, or either
    /// behind a schema's URI and a colon (RFC 7644 §3.10).
    ///
    /// Attributes of an extension have to be behind its URI.
    pub fn attribute(&self, path: &str) -> Option<&Attribute> {
        self.resolve(path).map(|resolved| resolved.leaf())
    }

    /// The same, with the way to it. Names have no colon, so that the last one ends the URI.
    pub(crate) fn resolve(&self, path: &str) -> Option<ResolvedAttribute<'_>> {
        let (extension, attributes, rest) = match path.rsplit_once(':') {
            None => (None, self.top(), path),
            Some((uri, rest)) if self.schema().id().eq_ignore_ascii_case(uri) => {
                (None, self.top(), rest)
            }
            Some((uri, rest)) => {
                let extension = self.extension(uri)?;
                (Some(extension), extension.schema().names(), rest)
            }
        };
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        let attribute = attributes.find(name)?;
        let sub = match sub {
            Some(sub) => Some(attribute.sub_attribute(sub)?),
            None => None,
        };
        Some(ResolvedAttribute {
            extension,
            attribute,
            sub,
        })
    }
}

/// The path of an attribute whose values are keys, and how they are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyPath {
    /// Under what name the keys are kept.
    rule: Arc<str>,
    extension: Option<String>,
    attribute: String,
    sub: Option<String>,
    case_exact: bool,
}

impl KeyPath {
    /// The path that `resolved` was found at, in the schema's spelling; `owner` stands
    /// before it, with a colon between, unless it is empty.
    pub(super) fn new(owner: &str, resolved: &ResolvedAttribute<'_>) -> Self {
        let extension = resolved.extension.map(|extension| extension.schema().id());
        Self::of(owner, extension, resolved.attribute, resolved.sub)
    }

    pub(super) fn of(
        owner: &str,
        extension: Option<&str>,
        attribute: &Attribute,
        sub: Option<&Attribute>,
    ) -> Self {
        let mut rule = String::new();
        for prefix in [owner, extension.unwrap_or("")] {
            if !prefix.is_empty() {
                rule.push_str(prefix);
                rule.push(':');
            }
        }
        rule.push_str(attribute.name());
        if let Some(sub) = sub {
            rule.push('.');
            rule.push_str(sub.name());
        }
        Self {
            rule: rule.into(),
            extension: extension.map(Into::into),
            attribute: attribute.name().into(),
            sub: sub.map(|sub| sub.name().into()),
            case_exact: sub.unwrap_or(attribute).case_exact(),
        }
    }

    pub(super) fn rule(&self) -> &str {
        &self.rule
    }

    pub(super) const fn shared_rule(&self) -> &Arc<str> {
        &self.rule
    }

    pub(super) const fn case_exact(&self) -> bool {
        self.case_exact
    }

    /// Whether it leads into the attribute `name` of the core schema.
    pub(super) fn starts_at(&self, name: &str) -> bool {
        self.extension.is_none() && self.attribute == name
    }

    /// Calls `each` with every value that normalised `attributes` have there.
    pub(super) fn values(&self, attributes: &Map<String, Value>, mut each: impl FnMut(&str)) {
        let object = match &self.extension {
            Some(extension) => attributes.get(extension).and_then(Value::as_object),
            None => Some(attributes),
        };
        let Some(value) = object.and_then(|object| object.get(&self.attribute)) else {
            return;
        };
        for item in items(value) {
            let Some(sub) = &self.sub else {
                text(item).iter().for_each(|text| each(text));
                continue;
            };
            for value in item.get(sub).into_iter().flat_map(items) {
                text(value).iter().for_each(|text| each(text));
            }
        }
    }
}

fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        single => std::slice::from_ref(single),
    }
}

/// The text by which a simple value is found; numbers and booleans as in JSON.
fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::ResourceTypes;

    #[test]
    fn a_path_leads_to_an_attribute_in_whatever_case() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        for (path, found) in [
            ("userName", Some("userName")),
            ("USERNAME", Some("userName")),
            ("emails.VALUE", Some("value")),
            ("meta.lastModified", Some("lastModified")),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
                Some("givenName"),
            ),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
                Some("value"),
            ),
            (
                "URN:IETF:params:scim:schemas:extension:enterprise:2.0:user:costCenter",
                Some("costCenter"),
            ),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:userName",
                None,
            ),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                None,
            ),
            ("costCenter", None),
            ("userName.value", None),
            ("emails.value.x", None),
            ("emails.", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(user.attribute(path).map(Attribute::name), found, "{path}");
        }
    }

    #[test]
    fn values_are_found_in_lists_of_objects_and_in_extensions() {
        let types = ResourceTypes::rfc7643();
        let user = types.get("User").unwrap();
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let attributes = json!({
            "active": true,
            "emails": [{ "value": "a" }, { "type": "work" }, { "value": "b" }],
            urn: { "manager": { "value": "m" } },
        });
        for (path, values) in [
            ("active".to_owned(), vec!["true"]),
            ("emails.value".to_owned(), vec!["a", "b"]),
            (format!("{urn}:manager.value"), vec!["m"]),
            ("title".to_owned(), vec![]),
        ] {
            let key = KeyPath::new("", &user.resolve(&path).unwrap());
            assert_eq!(key.rule(), path);
            let mut found = Vec::new();
            key.values(attributes.as_object().unwrap(), |value| {
                found.push(value.to_owned())
            });
            assert_eq!(found, values, "{path}");
        }
    }
}
