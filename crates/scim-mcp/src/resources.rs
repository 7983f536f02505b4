//! Resources of SCIM as resources of MCP: what a host can put before a model without a tool.

use rmcp::model::{ErrorData, MetaObject, ResourceTemplate};
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::filter::Projection;
use scim_ops::provider::schema::ResourceType;
use scim_ops::provider::storage::ResourceId;
use scim_ops::{ErrorKind, Operation, Outcome, Preconditions};

use crate::call::Call;
use crate::failure::Failure;
use crate::uri;

/// How resources of a type are addressed.
pub(crate) fn template(resource_type: &ResourceType) -> ResourceTemplate {
    let name = resource_type.name();
    ResourceTemplate::new(uri::template(name), name)
        .with_title(format!("{name} by id"))
        .with_description(format!(
            "A {name} as it is now; `version` in its _meta is what tools take as expected_version"
        ))
        .with_mime_type("application/scim+json")
}

/// A resource that was read.
pub(crate) struct Read {
    pub(crate) json: String,
    /// Its version.
    pub(crate) meta: MetaObject,
}

impl<P: ResourceProvider> Call<'_, P> {
    /// Reads the resource that `uri` names.
    pub(crate) async fn read(&self, uri: &str) -> Result<Read, ErrorData> {
        // The same for what is no URI of ours, what is another tenant's, and what is not there.
        let not_found = || ErrorData::resource_not_found("no such resource", None);
        let (name, id) = uri::parse(uri).ok_or_else(not_found)?;
        let resource_type = self.types().get(name).ok_or_else(not_found)?;
        if id.parse::<ResourceId>().is_err() {
            return Err(not_found());
        }
        let operation = Operation::Get {
            id: id.into_owned(),
        };
        match self.perform(name, operation, Preconditions::new()).await {
            Ok(Outcome::Found(resource)) => {
                let projector = resource_type.projector(&Projection::default());
                let json = String::from_utf8(self.json(&resource, &projector));
                let json = json.map_err(|_| internal(self.unexpected()))?;
                let mut meta = MetaObject::new();
                meta.insert("version".into(), resource.version().as_str().into());
                Ok(Read { json, meta })
            }
            Ok(_) => Err(internal(self.unexpected())),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(not_found()),
            Err(error) => Err(internal(Failure::of(&error, self.one(name), &self.context))),
        }
    }
}

fn internal(failure: Failure) -> ErrorData {
    ErrorData::internal_error("the resource can't be read", Some(failure.into_json()))
}
