use http::{Method, StatusCode};
use scim_ops::Outcome;
use scim_ops::provider::VersionedResource;
use scim_ops::provider::schema::ResourceType;
use serde::Serialize;

use crate::location::location;
use crate::{BaseUrl, ScimError};

/// What is said of one operation (RFC 7644 §3.7).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bulk_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    status: String,
    /// Of an error; what went well is not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ScimError>,
}

impl Answer {
    /// An operation that went well, or not.
    pub(crate) fn of(
        method: Option<&Method>,
        bulk_id: Option<String>,
        location: Option<String>,
        result: Result<&Outcome, ScimError>,
    ) -> Self {
        let mut answer = Self {
            location,
            method: method.map(|method| method.as_str().to_owned()),
            bulk_id,
            version: None,
            status: String::new(),
            response: None,
        };
        let status = match result {
            Ok(outcome) => {
                let resource = outcome.resource().map(VersionedResource::version);
                answer.version = resource.map(|version| version.to_http_header());
                match outcome {
                    Outcome::Created(_) => StatusCode::CREATED,
                    Outcome::Deleted => StatusCode::NO_CONTENT,
                    _ => StatusCode::OK,
                }
            }
            Err(error) => {
                let status = error.status();
                answer.response = Some(error);
                status
            }
        };
        answer.status = status.as_str().to_owned();
        answer
    }

    /// The URL of the resource `id`.
    pub(crate) fn location(base_url: &BaseUrl, resource_type: &ResourceType, id: &str) -> String {
        let location = location(base_url, resource_type.endpoint(), id);
        String::from_utf8_lossy(location.as_bytes()).into_owned()
    }
}
