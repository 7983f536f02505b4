//! Errors as SCIM shows them.

use std::borrow::Cow;
use std::fmt;

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use scim_ops::MergeConflicts;
use scim_ops::version::ScimVersion;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::ScimType;
use crate::conditional::etag_value;
use crate::media::SCIM_JSON;
use crate::merge_conflicts::{Conflicts, MERGE_CONFLICT};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// An error as a SCIM response has it (RFC 7644 §3.12): status, `scimType`, detail, and the
/// headers that go with them.
///
/// [`OpError`](scim_ops::OpError) and [`HeaderError`](crate::HeaderError) turn into one; it
/// turns into a response of any framework whose body can be made of octets.
///
/// ```
/// use http::{Response, StatusCode, header};
/// use scim_http::{ScimError, ScimType};
///
/// let error = ScimError::new(StatusCode::BAD_REQUEST, "userName: required, but missing")
///     .with_scim_type(ScimType::InvalidValue);
/// let response: Response<Vec<u8>> = error.into_response();
/// assert_eq!(response.status(), StatusCode::BAD_REQUEST);
/// assert_eq!(response.headers()[header::CONTENT_TYPE], "application/scim+json");
/// assert_eq!(
///     serde_json::from_slice::<serde_json::Value>(response.body())?,
///     serde_json::json!({
///         "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
///         "scimType": "invalidValue",
///         "detail": "userName: required, but missing",
///         "status": "400",
///     })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimError {
    status: StatusCode,
    scim_type: Option<ScimType>,
    detail: Cow<'static, str>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// On the heap, since it is rarely there.
    conflicts: Option<Box<Conflicts>>,
}

impl ScimError {
    /// An error with this status and a text for people. The text must not hold anything
    /// that the client may not see.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
            headers: Vec::new(),
            conflicts: None,
        }
    }

    /// The same error, telling what did not go together in a merge.
    pub(crate) fn with_merge_conflicts(mut self, conflicts: &MergeConflicts) -> Self {
        self.conflicts = Some(Box::new(Conflicts::of(conflicts)));
        self
    }

    /// The same error with a keyword for programs.
    #[must_use]
    pub const fn with_scim_type(mut self, scim_type: ScimType) -> Self {
        self.scim_type = Some(scim_type);
        self
    }

    /// The same error with another text.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same error with one more header, in the place of any of that name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    /// The same error with the `ETag` of the resource as it is: what a 412 shows.
    #[must_use]
    pub fn with_etag(self, version: &ScimVersion) -> Self {
        self.with_header(ETAG, etag_value(version))
    }

    /// The status code.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The keyword, if there is one.
    pub const fn scim_type(&self) -> Option<ScimType> {
        self.scim_type
    }

    /// The text for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The header `name` that the response will have, beside those of its content.
    pub fn header(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The response: status, headers and body.
    pub fn into_response<B: From<Vec<u8>>>(self) -> Response<B> {
        let json = serde_json::to_vec(&self).expect("strings print into memory");
        let length = json.len();
        let mut response = Response::new(B::from(json));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, SCIM_JSON);
        headers.insert(CONTENT_LENGTH, length.into());
        headers.extend(self.headers);
        response
    }
}

impl fmt::Display for ScimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status.as_u16(), self.detail)
    }
}

impl std::error::Error for ScimError {}

impl Serialize for ScimError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = 3 + usize::from(self.scim_type.is_some());
        let members = members + usize::from(self.conflicts.is_some());
        let mut error = serializer.serialize_struct("Error", members)?;
        match &self.conflicts {
            Some(_) => error.serialize_field("schemas", &[SCHEMA, MERGE_CONFLICT])?,
            None => error.serialize_field("schemas", &[SCHEMA])?,
        }
        if let Some(scim_type) = self.scim_type {
            error.serialize_field("scimType", &scim_type)?;
        }
        error.serialize_field("detail", &*self.detail)?;
        // A string, not a number (RFC 7644 §3.12).
        error.serialize_field("status", self.status.as_str())?;
        if let Some(conflicts) = &self.conflicts {
            error.serialize_field(MERGE_CONFLICT, conflicts)?;
        }
        error.end()
    }
}

#[cfg(test)]
mod tests {
    use http::header::RETRY_AFTER;

    use super::*;

    #[test]
    fn without_a_keyword_there_is_no_scim_type() {
        let json =
            serde_json::to_string(&ScimError::new(StatusCode::NOT_FOUND, "no User 1")).unwrap();
        assert_eq!(
            json,
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"no User 1","status":"404"}"#
        );
    }

    #[test]
    fn headers_replace_those_of_the_same_name() {
        let error = ScimError::new(StatusCode::SERVICE_UNAVAILABLE, "busy")
            .with_header(RETRY_AFTER, 1.into())
            .with_header(RETRY_AFTER, 2.into());
        assert_eq!(error.header(&RETRY_AFTER), Some(&HeaderValue::from(2)));
        let response: Response<Vec<u8>> = error.into_response();
        assert_eq!(response.headers().get_all(RETRY_AFTER).iter().count(), 1);
    }
}
