//! PATCH of `/{Endpoint}/{id}`.

use std::error::Error as StdError;

use http::{Response, StatusCode};
use http_body::Body;
use scim_ops::provider::schema::ResourceType;
use scim_ops::provider::storage::LinkSelection;
use scim_ops::provider::{ResourceProvider, VersionedResource};
use scim_ops::{Operation, Outcome, Patch};

use super::call::{Call, parse};
use crate::media::check_accept;
use crate::prefer::{Return, preferred_return, saying_merged};
use crate::respond::Place;
use crate::{ScimBody, ScimError, written};

impl<P: ResourceProvider> Call<'_, P> {
    /// PATCH (RFC 7644 §3.5.2).
    ///
    /// It is answered with the whole resource, also if only a part of it was at hand for the
    /// change; with 204 for who prefers that, and if the resource is too large to be
    /// shown to somebody who did not ask for it.
    pub(super) async fn modify<B>(
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
        check_accept(&self.parts.headers)?;
        let place = self.place(resource_type)?;
        let content = self.content(body).await?;
        let preconditions = self.preconditions_of_change()?;
        let merges = preconditions.merge_base().is_some();
        let message = parse(&content)?;
        let place = place.showing_written(|| written::by_patch(&message));
        let patch = match Patch::from_json(message) {
            Ok(patch) => patch,
            Err(error) => {
                // What is wrong with the content comes after what is wrong with the version.
                let name = resource_type.name();
                let checked = self
                    .handler
                    .check_preconditions(name, id, &preconditions, self.context)
                    .await;
                let error = checked.err().unwrap_or_else(|| error.into());
                return Err(self.refuse(&error, name));
            }
        };
        let id = id.to_owned();
        let request = self
            .request(resource_type, Operation::Patch { id, patch })
            .with_preconditions(preconditions);
        match self.perform(request).await? {
            Outcome::Patched {
                resource, whole, ..
            } => {
                let shown = self.show(&place, resource_type, &resource, whole).await?;
                Ok(saying_merged(merges, shown))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The answer to a change that has left `written`, which may be a part of the resource.
    async fn show(
        &self,
        place: &Place<'_>,
        resource_type: &ResourceType,
        written: &VersionedResource,
        whole: bool,
    ) -> Result<Response<ScimBody>, ScimError> {
        let preferred = preferred_return(&self.parts.headers);
        let view = place.view();
        let is_enough = whole || (*view.links() == LinkSelection::None && !view.derived());
        if is_enough || place.applicable(preferred) == Some(Return::Minimal) {
            return Ok(self.bounded(place, written, written, preferred));
        }
        // Without an id a provider could not have found it.
        let Some(id) = written.resource().id() else {
            return Err(self.unexpected());
        };
        let most = usize::try_from(self.limits().answer_links()).unwrap_or(usize::MAX);
        let view = match view.links() {
            LinkSelection::All if place.is_default() => {
                // One more tells whether there are more.
                let links = LinkSelection::AtMost(self.limits().answer_links().saturating_add(1));
                view.with_links(links)
            }
            _ => view,
        };
        let request = self
            .request(resource_type, Operation::Get { id: id.to_owned() })
            .with_view(view);
        match self.perform(request).await {
            Ok(Outcome::Found(found))
                if place.is_default() && found.resource().link_count() > most =>
            {
                Ok(place.unshown(written))
            }
            // Perhaps a later version, which is shown with its own tag.
            Ok(Outcome::Found(found)) => Ok(self.bounded(place, &found, written, preferred)),
            Ok(_) => Err(self.unexpected()),
            // Deleted meanwhile, or out of reach. The change has been made all the same.
            Err(_) => Ok(place.unshown(written)),
        }
    }

    /// The answer that shows `resource`, unless that is longer than an answer nobody asked for
    /// may be.
    fn bounded(
        &self,
        place: &Place<'_>,
        resource: &VersionedResource,
        written: &VersionedResource,
        preferred: Option<Return>,
    ) -> Response<ScimBody> {
        let response = place.changed(resource, preferred);
        let is_too_long = response.body().as_bytes().len() > self.limits().answer();
        if response.status() == StatusCode::OK && place.is_default() && is_too_long {
            place.unshown(written)
        } else {
            response
        }
    }
}
