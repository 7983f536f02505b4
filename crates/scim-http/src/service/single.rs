//! `/{Endpoint}/{id}`.

use std::error::Error as StdError;

use http::header::CONTENT_RANGE;
use http::{Response, StatusCode};
use http_body::Body;
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::ResourceType;
use scim_ops::{Operation, Outcome};

use super::call::{Call, parse};
use crate::media::check_accept;
use crate::prefer::{preferred_return, saying_merged};
use crate::respond::no_content;
use crate::{ScimBody, ScimError, written};

impl<P: ResourceProvider> Call<'_, P> {
    /// GET and HEAD (RFC 7644 §3.4.1).
    pub(super) async fn read(
        &self,
        resource_type: &ResourceType,
        id: &str,
    ) -> Result<Response<ScimBody>, ScimError> {
        check_accept(&self.parts.headers)?;
        let place = self.place(resource_type)?;
        let request = self
            .request(resource_type, Operation::Get { id: id.to_owned() })
            .with_preconditions(self.preconditions()?)
            .with_view(place.view());
        match self.perform(request).await? {
            Outcome::Found(resource) => Ok(place.ok(&resource)),
            Outcome::NotModified(resource) => Ok(place.not_modified(&resource)),
            _ => Err(self.unexpected()),
        }
    }

    /// PUT (§3.5.1), which never creates.
    pub(super) async fn replace<B>(
        &self,
        resource_type: &ResourceType,
        id: &str,
        body: B,
    ) -> Result<Response<ScimBody>, ScimError>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.check_content()?;
        // A part would take the place of the whole (RFC 9110 §14.5).
        if self.parts.headers.contains_key(CONTENT_RANGE) {
            let detail = "a resource is replaced as a whole, without Content-Range";
            return Err(ScimError::new(StatusCode::BAD_REQUEST, detail));
        }
        check_accept(&self.parts.headers)?;
        let place = self.place(resource_type)?;
        let content = self.content(body).await?;
        let preconditions = self.preconditions_of_change()?;
        let merges = preconditions.merge_base().is_some();
        let data = parse(&content)?;
        let place = place.showing_written(|| written::by_resource(&data));
        let id = id.to_owned();
        let operation = Operation::Update { id, data };
        let request = self
            .request(resource_type, operation)
            .with_preconditions(preconditions);
        match self.perform(request).await? {
            Outcome::Updated { resource, .. } => {
                let preferred = preferred_return(&self.parts.headers);
                Ok(saying_merged(merges, place.changed(&resource, preferred)))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// DELETE (§3.6). It answers without content, so `Accept` has nothing to say.
    pub(super) async fn delete(
        &self,
        resource_type: &ResourceType,
        id: &str,
    ) -> Result<Response<ScimBody>, ScimError> {
        let request = self
            .request(resource_type, Operation::Delete { id: id.to_owned() })
            .with_preconditions(self.preconditions_of_change()?);
        match self.perform(request).await? {
            Outcome::Deleted => Ok(no_content()),
            _ => Err(self.unexpected()),
        }
    }
}
