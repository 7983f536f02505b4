//! `/`, `/.search` and `/{Endpoint}/.search`, and what they have in common with
//! `/{Endpoint}`.

use std::error::Error as StdError;

use http::Response;
use http_body::Body;
use scim_ops::provider::schema::ResourceType;
use scim_ops::provider::{ListQuery, Page, ResourceProvider, VersionedResource};
use scim_ops::{Operation, Outcome};

use super::call::{Call, parse};
use crate::media::check_accept;
use crate::parameters::Parameters;
use crate::respond::{Pagination, Places};
use crate::{ScimBody, ScimError};

impl<P: ResourceProvider> Call<'_, P> {
    /// GET and HEAD of a list (RFC 7644 §3.4.2): of resources of one type, or of all if none
    /// is named. A page has no version, so preconditions are not looked at.
    pub(super) async fn list(
        &self,
        resource_type: Option<&ResourceType>,
    ) -> Result<Response<ScimBody>, ScimError> {
        check_accept(&self.parts.headers)?;
        self.page(resource_type, self.parameters()).await
    }

    /// POST to `/.search` (§3.4.3): the same with parameters in the content, where they may be
    /// longer and stand in no log.
    pub(super) async fn search<B>(
        &self,
        resource_type: Option<&ResourceType>,
        body: B,
    ) -> Result<Response<ScimBody>, ScimError>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.check_content()?;
        check_accept(&self.parts.headers)?;
        let content = parse(&self.content(body).await?)?;
        self.page(resource_type, Parameters::of_content(&content)?)
            .await
    }

    async fn page(
        &self,
        resource_type: Option<&ResourceType>,
        parameters: Parameters<'_>,
    ) -> Result<Response<ScimBody>, ScimError> {
        let projection = parameters.projection()?;
        let mut query = parameters.list_query(self.limits())?;
        let places = match resource_type {
            Some(resource_type) => Places::new(&self.base_url, [resource_type], &projection),
            None => Places::new(&self.base_url, self.types(), &projection),
        };
        query = query.with_view(places.view());
        loop {
            let page = self.read_page(resource_type, query.clone()).await?;
            let Some(list) = places.list(&page, self.limits().list()) else {
                return Err(self.unexpected());
            };
            // The next cursor stands behind the last resource of the page as it was read. One
            // that ends early has to be read as short as it is shown, which makes it no longer.
            let shown = u32::try_from(list.shown()).unwrap_or(u32::MAX);
            if list.shown() < page.items.len() && page.start_index.is_none() {
                query = query.with_count(shown);
                continue;
            }
            return Ok(list.finish(&Pagination {
                start_index: page.start_index,
                next_cursor: page.next_cursor.as_ref(),
                previous_cursor: page.previous_cursor.as_ref(),
            }));
        }
    }

    async fn read_page(
        &self,
        resource_type: Option<&ResourceType>,
        query: ListQuery,
    ) -> Result<Page<VersionedResource>, ScimError> {
        let Some(resource_type) = resource_type else {
            let names: Vec<&str> = self.types().iter().map(ResourceType::name).collect();
            let found = self.handler.search(&names, &query, self.context).await;
            return found.map_err(|error| self.refuse(&error, "any"));
        };
        let request = self.request(resource_type, Operation::List { query });
        match self.perform(request).await? {
            Outcome::Listed(page) => Ok(page),
            _ => Err(self.unexpected()),
        }
    }
}
