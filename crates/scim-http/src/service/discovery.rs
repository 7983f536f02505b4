//! `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas` (RFC 7644 §4).

use http::{Response, StatusCode};
use scim_ops::Document;
use scim_ops::provider::ResourceProvider;

use super::call::Call;
use crate::media::check_accept;
use crate::respond;
use crate::route::Topic;
use crate::{ScimBody, ScimError};

impl<P: ResourceProvider> Call<'_, P> {
    /// GET and HEAD. Parameters are ignored, as §4 has it, but for a filter, which is 403;
    /// preconditions are not looked at, since these documents have no version.
    pub(super) fn discover(&self, topic: &Topic<'_>) -> Result<Response<ScimBody>, ScimError> {
        check_accept(&self.parts.headers)?;
        if self.parameters().has_filter() {
            // Whoever sent it would take the answer for what matches.
            return Err(ScimError::new(
                StatusCode::FORBIDDEN,
                "this can't be filtered",
            ));
        }
        let discovery = self.config.discovery(self.handler);
        let one = |document: Option<&Document>| match document {
            Some(document) => Ok(respond::document(document, &self.base_url)),
            None => Err(ScimError::new(
                StatusCode::NOT_FOUND,
                "there is none of this name",
            )),
        };
        match topic {
            Topic::Config => one(Some(discovery.service_provider_config())),
            Topic::ResourceTypes => Ok(respond::documents(
                discovery.resource_types(),
                &self.base_url,
            )),
            Topic::ResourceType(name) => one(discovery.resource_type(name)),
            Topic::Schemas => Ok(respond::documents(discovery.schemas(), &self.base_url)),
            Topic::Schema(uri) => one(discovery.schema(uri)),
        }
    }
}
