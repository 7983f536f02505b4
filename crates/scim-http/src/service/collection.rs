//! POST to `/{Endpoint}`.

use std::error::Error as StdError;

use http::Response;
use http_body::Body;
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::ResourceType;
use scim_ops::version::Precondition;
use scim_ops::{Operation, Outcome, Preconditions};

use super::call::{Call, parse};
use crate::media::check_accept;
use crate::prefer::preferred_return;
use crate::{ScimBody, ScimError, written};

impl<P: ResourceProvider> Call<'_, P> {
    /// POST (RFC 7644 §3.3).
    pub(super) async fn create<B>(
        &self,
        resource_type: &ResourceType,
        body: B,
    ) -> Result<Response<ScimBody>, ScimError>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.check_content()?;
        check_accept(&self.parts.headers)?;
        let place = self.place(resource_type)?;
        let content = self.content(body).await?;
        // Read whole, so that a malformed one refuses the write; but there is no resource yet
        // that any other than this could speak of.
        let preconditions = match self.preconditions()?.if_none_match() {
            Some(Precondition::Any) => Preconditions::new().with_if_none_match(Precondition::Any),
            Some(Precondition::Tags(_)) | None => Preconditions::new(),
        };
        let data = parse(&content)?;
        let place = place.showing_written(|| written::by_resource(&data));
        let operation = Operation::Create { data };
        let request = self
            .request(resource_type, operation)
            .with_preconditions(preconditions);
        match self.perform(request).await? {
            Outcome::Created(resource) => {
                let preferred = preferred_return(&self.parts.headers);
                Ok(place.created(&resource, preferred))
            }
            _ => Err(self.unexpected()),
        }
    }
}
