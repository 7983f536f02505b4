use std::sync::Arc;

use serde_json::{Map, Value, json};

/// Which resources the checks write.
///
/// ```
/// use scim_provider::testkit::conditional::Sample;
///
/// // Devices have a unique serial and a name, and the provider serves one tenant.
/// let devices = Sample::new("Device", "displayName").with_unique("serial").single_tenant();
/// assert_eq!(devices.resource_type(), "Device");
/// ```
#[derive(Debug, Clone)]
pub struct Sample {
    resource_type: Arc<str>,
    text: Arc<str>,
    unique: Option<Arc<str>>,
    secret: Option<Arc<str>>,
    constant: Map<String, Value>,
    covered: Vec<Map<String, Value>>,
    links: Option<(Arc<str>, Arc<Sample>)>,
    tenanted: bool,
}

impl Sample {
    /// Users with a unique `userName`, a `displayName`, and further attributes of
    /// RFC 7643 §4.1.
    pub fn users() -> Self {
        Self::new("User", "displayName")
            .with_unique("userName")
            .covering([
                json!({ "externalId": "701984" }),
                json!({ "name": { "givenName": "Barbara" } }),
                json!({ "name": { "givenName": "Barbara", "familyName": "Jensen" } }),
                json!({ "active": true }),
                json!({ "active": false }),
                json!({ "emails": [{ "value": "b@example.com", "type": "work" }] }),
                json!({ "emails": [{ "value": "b@example.com", "type": "home" }] }),
            ])
    }

    /// Groups with a `displayName`, and `members` that are [users](Self::users).
    pub fn groups() -> Self {
        Self::new("Group", "displayName").with_links("members", Self::users())
    }

    /// Resources of type `resource_type` with a string attribute `text` that a client
    /// can read and write, and that may be any text.
    pub fn new(resource_type: &str, text: &str) -> Self {
        Self {
            resource_type: resource_type.into(),
            text: text.into(),
            unique: None,
            secret: None,
            constant: Map::new(),
            covered: Vec::new(),
            links: None,
            tenanted: true,
        }
    }

    /// They also have a required string attribute `unique`, of which no two in a tenant
    /// have the same, compared without regard to case.
    #[must_use]
    pub fn with_unique(mut self, unique: &str) -> Self {
        self.unique = Some(unique.into());
        self
    }

    /// They may also have a string attribute `secret` that is written and never shown, such as
    /// a password. A write that does not mention it leaves it, and `null` removes it.
    #[must_use]
    pub fn with_secret(mut self, secret: &str) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Each also says this, because the provider requires it.
    #[must_use]
    pub fn with_constant(mut self, name: &str, value: Value) -> Self {
        self.constant.insert(name.into(), value);
        self
    }

    /// Each of these objects, added to a resource, has to give it a new version.
    #[must_use]
    pub fn covering(mut self, objects: impl IntoIterator<Item = Value>) -> Self {
        self.covered = objects
            .into_iter()
            .filter_map(|object| match object {
                Value::Object(map) => Some(map),
                _ => None,
            })
            .collect();
        self
    }

    /// They may also have a multi-valued attribute `attribute`, whose values name resources that
    /// `targets` describes, by their ids.
    #[must_use]
    pub fn with_links(mut self, attribute: &str, targets: Self) -> Self {
        self.links = Some((attribute.into(), Arc::new(targets)));
        self
    }

    /// The provider serves one tenant: contexts name none, and nothing is checked of
    /// tenants.
    #[must_use]
    pub const fn single_tenant(mut self) -> Self {
        self.tenanted = false;
        self
    }

    /// The name of the resource type.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// The same resources under the name of another type.
    pub(super) fn with_type(&self, resource_type: &str) -> Self {
        Self {
            resource_type: resource_type.into(),
            ..self.clone()
        }
    }

    pub(super) fn unique(&self) -> Option<&str> {
        self.unique.as_deref()
    }

    pub(super) fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    pub(super) fn links(&self) -> Option<(&str, &Self)> {
        let (attribute, targets) = self.links.as_ref()?;
        Some((attribute, targets))
    }

    pub(super) const fn is_tenanted(&self) -> bool {
        self.tenanted
    }

    pub(super) fn covered(&self) -> &[Map<String, Value>] {
        &self.covered
    }

    /// The attribute that holds the text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// A document with this unique name and this text.
    pub(super) fn document(&self, name: &str, text: &str) -> Value {
        let mut document = self.constant.clone();
        document.insert(self.text.to_string(), text.into());
        if let Some(unique) = &self.unique {
            document.insert(unique.to_string(), name.into());
        }
        Value::Object(document)
    }
}
