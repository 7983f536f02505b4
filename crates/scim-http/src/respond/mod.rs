//! Responses that are no errors.

mod list;
mod places;

use http::header::{CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use http::{HeaderMap, Response, StatusCode};
use scim_ops::Document;
use scim_ops::provider::filter::{AttributePath, Projection, Projector};
use scim_ops::provider::schema::ResourceType;
use scim_ops::provider::{VersionedResource, View};

pub(crate) use self::list::{ListResponse, Pagination};
pub(crate) use self::places::Places;
use crate::conditional::{etag_value, not_modified_response};
use crate::location::location;
use crate::media::SCIM_JSON;
use crate::prefer::{PREFERENCE_APPLIED, Return};
use crate::{BaseUrl, ScimBody};

/// A user of an enterprise is about as long; a longer one costs a reallocation.
const RESOURCE_LENGTH: usize = 2048;

/// `ETag`, `Content-Location`, `Location`, `Content-Type`, `Content-Length` and the request's name.
/// It is also the most for which a map takes a small allocation.
const RESOURCE_HEADERS: usize = 6;

/// Where resources are shown: everything that a response needs beside them.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    base_url: &'a BaseUrl,
    projector: Projector<'a>,
    /// The client wants all that there is by default, so that it may also do without.
    default: bool,
}

impl<'a> Place<'a> {
    /// Resources of this type under this URL, as much of them as `projection` leaves.
    pub(crate) fn new(
        base_url: &'a BaseUrl,
        resource_type: &'a ResourceType,
        projection: &Projection,
    ) -> Self {
        Self {
            base_url,
            projector: resource_type.projector(projection),
            default: projection.is_default(),
        }
    }

    /// The same for a client that has written these attributes.
    pub(crate) fn showing_written(self, written: impl FnOnce() -> Vec<AttributePath>) -> Self {
        if !self.default || self.projector.shows_all() {
            return self;
        }
        let projection = Projection::written(written());
        Self::new(self.base_url, self.projector.resource_type(), &projection)
    }

    /// Whether the client leaves it to the service what is shown.
    pub(crate) const fn is_default(&self) -> bool {
        self.default
    }

    /// As much of a resource as is needed to show it.
    pub(crate) fn view(&self) -> View {
        self.projector.view()
    }

    /// 200 with the resource.
    pub(crate) fn ok(&self, resource: &VersionedResource) -> Response<ScimBody> {
        self.resource(StatusCode::OK, resource)
    }

    /// The answer to a change: 200 with the resource, or 204 for who prefers that
    /// (RFC 7240 §4.2).
    pub(crate) fn changed(
        &self,
        resource: &VersionedResource,
        preferred: Option<Return>,
    ) -> Response<ScimBody> {
        let preferred = self.applicable(preferred);
        let response = match preferred {
            Some(Return::Minimal) => self.empty(StatusCode::NO_CONTENT, resource),
            Some(Return::Representation) | None => self.resource(StatusCode::OK, resource),
        };
        applying(preferred, response)
    }

    /// The answer to a creation: 201 with `Location` (RFC 7644 §3.3) and, unless the client
    /// prefers to do without, the resource.
    pub(crate) fn created(
        &self,
        resource: &VersionedResource,
        preferred: Option<Return>,
    ) -> Response<ScimBody> {
        let preferred = self.applicable(preferred);
        let mut response = match preferred {
            Some(Return::Minimal) => self.empty(StatusCode::CREATED, resource),
            Some(Return::Representation) | None => self.resource(StatusCode::CREATED, resource),
        };
        if let Some(location) = response.headers().get(CONTENT_LOCATION).cloned() {
            response.headers_mut().insert(LOCATION, location);
        }
        applying(preferred, response)
    }

    /// The answer to a change that shows nothing of the resource.
    pub(crate) fn unshown(&self, resource: &VersionedResource) -> Response<ScimBody> {
        self.empty(StatusCode::NO_CONTENT, resource)
    }

    /// What is followed of a preference: whoever names the attributes to show wants to see them,
    /// whatever else is said.
    pub(crate) fn applicable(&self, preferred: Option<Return>) -> Option<Return> {
        preferred.filter(|preferred| self.default || *preferred == Return::Representation)
    }

    /// 304 with the headers that tell the client which resource it has.
    pub(crate) fn not_modified(&self, resource: &VersionedResource) -> Response<ScimBody> {
        not_modified_response(resource.version(), self.location(resource))
    }

    fn resource(&self, status: StatusCode, resource: &VersionedResource) -> Response<ScimBody> {
        let mut json = Vec::with_capacity(RESOURCE_LENGTH);
        self.write(resource, &mut json);
        json_response(status, self.headers(resource), json)
    }

    fn write(&self, resource: &VersionedResource, json: &mut Vec<u8>) {
        resource.write_projected(json, self.base_url.as_str(), &self.projector);
    }

    fn empty(&self, status: StatusCode, resource: &VersionedResource) -> Response<ScimBody> {
        let mut response = Response::new(ScimBody::empty());
        *response.status_mut() = status;
        *response.headers_mut() = self.headers(resource);
        response
    }

    /// Which resource it is, and in which version.
    fn headers(&self, resource: &VersionedResource) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(RESOURCE_HEADERS);
        headers.insert(ETAG, etag_value(resource.version()));
        if let Some(location) = self.location(resource) {
            headers.insert(CONTENT_LOCATION, location);
        }
        headers
    }

    /// The URL in the resource's `meta.location`; none if a provider gave it no id.
    fn location(&self, resource: &VersionedResource) -> Option<HeaderValue> {
        resource
            .resource()
            .id()
            .map(|id| location(self.base_url, self.projector.resource_type().endpoint(), id))
    }
}

/// 200 with a document of discovery.
pub(crate) fn document(document: &Document, base_url: &BaseUrl) -> Response<ScimBody> {
    let json = document.to_json(base_url.as_str());
    json_response(StatusCode::OK, HeaderMap::with_capacity(4), json)
}

/// 200 with all of these documents, on one page (RFC 7644 §4).
pub(crate) fn documents(documents: &[Document], base_url: &BaseUrl) -> Response<ScimBody> {
    let total = u64::try_from(documents.len()).expect("memory holds fewer than 2^64 documents");
    let mut list = ListResponse::new(total, 0);
    for document in documents {
        list.push(|json| document.write_json(json, base_url.as_str()));
    }
    list.finish(&Pagination {
        start_index: Some(1),
        ..Pagination::default()
    })
}

/// 200 with a message that is about no one resource.
pub(crate) fn json_ok(message: &serde_json::Value) -> Response<ScimBody> {
    let json = serde_json::to_vec(message).expect("JSON prints into memory");
    json_response(StatusCode::OK, HeaderMap::with_capacity(4), json)
}

/// 204: done, and nothing to show.
pub(crate) fn no_content() -> Response<ScimBody> {
    let mut response = Response::new(ScimBody::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// `response`, which says that it follows the preference.
fn applying(preferred: Option<Return>, mut response: Response<ScimBody>) -> Response<ScimBody> {
    if let Some(preferred) = preferred {
        response
            .headers_mut()
            .insert(PREFERENCE_APPLIED, preferred.applied());
    }
    response
}

fn json_response(status: StatusCode, headers: HeaderMap, json: Vec<u8>) -> Response<ScimBody> {
    let length = json.len();
    let mut response = Response::new(ScimBody::from(json));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    // Also for HEAD, whose body is taken away later, so that both say the same.
    response.headers_mut().insert(CONTENT_TYPE, SCIM_JSON);
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use scim_ops::provider::Resource;
    use scim_ops::provider::schema::ResourceTypes;
    use scim_ops::version::ScimVersion;
    use serde_json::{Value, json};

    use super::*;

    static BASE_URL: LazyLock<BaseUrl> =
        LazyLock::new(|| BaseUrl::parse("https://example.com/v2").unwrap());

    static TYPES: LazyLock<ResourceTypes> = LazyLock::new(ResourceTypes::default);

    fn place() -> Place<'static> {
        showing(&Projection::default())
    }

    fn showing(projection: &Projection) -> Place<'static> {
        Place::new(&BASE_URL, TYPES.get("User").unwrap(), projection)
    }

    fn user(id: &str) -> VersionedResource {
        let user = Resource::from_json("User", json!({ "id": id, "userName": "b" })).unwrap();
        VersionedResource::with_version(user, ScimVersion::from_revision(1))
    }

    fn json_of(response: &Response<ScimBody>) -> Value {
        assert_eq!(
            response.headers()[CONTENT_LENGTH],
            response.body().as_bytes().len().to_string()
        );
        serde_json::from_slice(response.body().as_bytes()).unwrap()
    }

    #[test]
    fn headers_and_meta_say_the_same_whatever_the_id() {
        for id in ["2819c223", "a/b?c é%\"\r\n", "..", "\u{202e}"] {
            let response = place().created(&user(id), None);
            let meta = json_of(&response)["meta"].clone();
            assert_eq!(
                meta["location"],
                response.headers()[CONTENT_LOCATION].to_str().unwrap()
            );
            assert_eq!(meta["version"], response.headers()[ETAG].to_str().unwrap());
            assert_eq!(
                response.headers()[LOCATION],
                response.headers()[CONTENT_LOCATION]
            );
        }
    }

    #[test]
    fn who_prefers_less_is_told_which_resource_it_was_all_the_same() {
        let user = user("1");
        for (response, status) in [
            (place().changed(&user, Some(Return::Minimal)), 204),
            (place().created(&user, Some(Return::Minimal)), 201),
        ] {
            assert_eq!(response.status().as_u16(), status);
            assert!(response.body().as_bytes().is_empty());
            let headers = response.headers();
            assert_eq!(headers[ETAG], "W/\"1\"");
            assert_eq!(headers[CONTENT_LOCATION], "https://example.com/v2/Users/1");
            assert_eq!(headers[PREFERENCE_APPLIED], "return=minimal");
            assert!(!headers.contains_key(CONTENT_TYPE));
        }
        let some = showing(&Projection::parse_include("id").unwrap());
        for response in [
            some.changed(&user, Some(Return::Minimal)),
            some.created(&user, Some(Return::Minimal)),
        ] {
            assert_eq!(json_of(&response), json!({ "id": "1" }));
            assert!(!response.headers().contains_key(PREFERENCE_APPLIED));
        }
        let whole = place().changed(&user, Some(Return::Representation));
        assert_eq!(whole.headers()[PREFERENCE_APPLIED], "return=representation");
        assert_eq!(json_of(&whole), json_of(&place().ok(&user)));
        assert!(
            !place()
                .changed(&user, None)
                .headers()
                .contains_key(PREFERENCE_APPLIED)
        );
    }
}
