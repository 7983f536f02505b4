//! What of a service a description depends on.

use scim_ops::provider::schema::{ResourceTypes, Schema};
use scim_ops::{AuthenticationScheme, Discovery};

use crate::{BasePath, BaseUrl, Limits};

/// What a service serves, and how it is set up.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) types: ResourceTypes,
    pub(crate) limits: Limits,
    pub(crate) base_path: BasePath,
    pub(crate) base_url: Option<BaseUrl>,
    /// Lists are filtered, sorted, and gone through by cursors.
    pub(crate) searches: bool,
    /// Changes have to name a version.
    pub(crate) version_required: bool,
    /// Former versions are kept, so that a stale change can be merged.
    pub(crate) retains: bool,
    /// Bulk requests can be carried out as a whole.
    pub(crate) atomic: bool,
    /// Somebody is asked who sent a request.
    pub(crate) authenticates: bool,
    /// But not for discovery.
    pub(crate) open_discovery: bool,
    pub(crate) authentication_schemes: Vec<AuthenticationScheme>,
    /// The schemas of the documents of discovery themselves.
    pub(crate) documents: Documents,
}

/// The schemas of the documents of discovery.
#[derive(Debug, Clone)]
pub(crate) struct Documents {
    pub(crate) config: Schema,
    pub(crate) resource_type: Schema,
    pub(crate) schema: Schema,
}

impl Documents {
    /// As `discovery` itself shows them.
    pub(crate) fn of(discovery: &Discovery) -> Self {
        let schema = |name: &str| {
            let uri = format!("urn:ietf:params:scim:schemas:core:2.0:{name}");
            let shown = discovery.schema(&uri).map(|known| known.to_json(""));
            let read = shown.and_then(|json| serde_json::from_slice(&json).ok());
            read.expect("discovery shows the schemas of its own documents")
        };
        Self {
            config: schema("ServiceProviderConfig"),
            resource_type: schema("ResourceType"),
            schema: schema("Schema"),
        }
    }
}
