//! Responses that are no errors.

use std::io::Write as _;

use http::header::{CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use http::{HeaderMap, Response, StatusCode};
use scim_ops::provider::{Page, VersionedResource};

use crate::conditional::{etag_value, not_modified_response};
use crate::location::location;
use crate::media::SCIM_JSON;
use crate::{BaseUrl, ScimBody};

/// A user of an enterprise is about as long; a longer one costs a reallocation.
const RESOURCE_LENGTH: usize = 2048;

/// Where resources are shown: everything that a response needs beside them.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) base_url: BaseUrl,
    pub(crate) endpoint: &'a str,
}

impl Place<'_> {
    /// 200 with the resource.
    pub(crate) fn ok(&self, resource: &VersionedResource) -> Response<ScimBody> {
        self.resource(StatusCode::OK, resource)
    }

    /// 201 with the resource, and `Location` (RFC 7644 §3.3).
    pub(crate) fn created(&self, resource: &VersionedResource) -> Response<ScimBody> {
        let mut response = self.resource(StatusCode::CREATED, resource);
        if let Some(location) = response.headers().get(CONTENT_LOCATION).cloned() {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }

    /// 304 with the headers that tell the client which resource it has.
    pub(crate) fn not_modified(&self, resource: &VersionedResource) -> Response<ScimBody> {
        not_modified_response(resource.version(), self.location(resource))
    }

    /// 200 with a `ListResponse` (RFC 7644 §3.4.2). `Resources` is there unless there are none
    /// on any page. The page ends with the resource that passes `limit` octets.
    pub(crate) fn list(&self, page: &Page<VersionedResource>, limit: usize) -> Response<ScimBody> {
        let mut json = Vec::with_capacity((256 + RESOURCE_LENGTH * page.items.len()).min(limit));
        write!(
            json,
            concat!(
                r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"#,
                r#""totalResults":{},"startIndex":{}"#
            ),
            page.total, page.start_index,
        )
        .expect("writing to memory can't fail");
        let mut shown: usize = 0;
        if page.total > 0 || !page.items.is_empty() {
            json.extend_from_slice(br#","Resources":["#);
            for resource in &page.items {
                if shown > 0 {
                    json.push(b',');
                }
                resource.write_json(&mut json, self.base_url.as_str(), self.endpoint);
                shown += 1;
                if json.len() > limit {
                    break;
                }
            }
            json.push(b']');
        }
        // Last, because only now it is known.
        write!(json, r#","itemsPerPage":{shown}}}"#).expect("writing to memory can't fail");
        json_response(StatusCode::OK, HeaderMap::with_capacity(4), json)
    }

    fn resource(&self, status: StatusCode, resource: &VersionedResource) -> Response<ScimBody> {
        let mut json = Vec::with_capacity(RESOURCE_LENGTH);
        resource.write_json(&mut json, self.base_url.as_str(), self.endpoint);
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(ETAG, etag_value(resource.version()));
        if let Some(location) = self.location(resource) {
            headers.insert(CONTENT_LOCATION, location);
        }
        json_response(status, headers, json)
    }

    /// The URL in the resource's `meta.location`; none if a provider gave it no id.
    fn location(&self, resource: &VersionedResource) -> Option<HeaderValue> {
        resource
            .resource()
            .id()
            .map(|id| location(&self.base_url, self.endpoint, id))
    }
}

/// 204: done, and nothing to show.
pub(crate) fn no_content() -> Response<ScimBody> {
    let mut response = Response::new(ScimBody::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
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
    use scim_ops::provider::Resource;
    use scim_ops::version::ScimVersion;
    use serde_json::{Value, json};

    use super::*;

    fn place() -> Place<'static> {
        Place {
            base_url: BaseUrl::parse("https://example.com/v2").unwrap(),
            endpoint: "Users",
        }
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
            let response = place().created(&user(id));
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
    fn a_list_without_resources_on_any_page_has_no_member_for_them() {
        let list = |items, total| json_of(&place().list(&Page::new(items, total, 1), 1 << 20));
        assert!(list(Vec::new(), 0).get("Resources").is_none());
        let beyond = list(Vec::new(), 2);
        assert_eq!(
            (&beyond["totalResults"], &beyond["Resources"]),
            (&json!(2), &json!([]))
        );
        let whole = list(vec![user("1"), user("2")], 2);
        assert_eq!(whole["itemsPerPage"], 2);
        assert_eq!(whole["Resources"][1]["meta"]["version"], "W/\"1\"");
    }

    #[test]
    fn a_page_ends_with_the_resource_that_passes_the_limit() {
        let page = Page::new(vec![user("1"), user("2"), user("3")], 3, 1);
        let whole = place().list(&page, usize::MAX >> 1);
        let length = whole.body().as_bytes().len();
        for (limit, shown) in [(0, 1), (length / 2, 2), (length, 3)] {
            let list = json_of(&place().list(&page, limit));
            assert_eq!(
                (&list["itemsPerPage"], &list["totalResults"]),
                (&json!(shown), &json!(3)),
                "{limit}"
            );
            assert_eq!(list["Resources"].as_array().unwrap().len(), shown);
        }
    }
}
