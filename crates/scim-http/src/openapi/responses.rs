//! What requests are answered with.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::example;
use super::messages::error_example;
use super::names::Names;
use crate::{ScimType, X_REQUEST_ID};

/// The media type of every answer.
pub(super) const SCIM_JSON: &str = "application/scim+json";
/// What requests may be besides.
pub(super) const JSON: &str = "application/json";

/// All headers that responses refer to.
pub(super) fn headers(names: &Names) -> Map<String, Value> {
    let always = |description: &str, example: Value| {
        json!({
            "description": description, "required": true,
            "schema": { "type": "string" }, "example": example,
        })
    };
    let sometimes = |description: &str, example: Value| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    let url = format!("https://example.com/scim/v2/Users/{}", example::ID);
    let headers = [
        (
            "RequestId",
            always("What the request is called in logs.", "req-7".into()),
        ),
        (
            "ETag",
            always("The version, as in `meta.version`.", example::TAG.into()),
        ),
        (
            "CurrentETag",
            sometimes("The version that there is.", example::TAG.into()),
        ),
        (
            "ContentLocation",
            always("The URL of the resource.", url.clone().into()),
        ),
        ("Location", always("The URL of the resource.", url.into())),
        (
            "PreferenceApplied",
            sometimes(
                "What of `Prefer` was followed (RFC 7240 §3).",
                "return=minimal".into(),
            ),
        ),
        (
            "RetryAfter",
            json!({
                "description": "After how many seconds it may be tried again. Without it the change may \
                                have been made: read before trying again.",
                "schema": { "type": "integer", "minimum": 0 },
                "example": 5,
            }),
        ),
        (
            "WWWAuthenticate",
            always("How to authenticate.", "Bearer realm=\"scim\"".into()),
        ),
        (
            "Allow",
            always("The methods that there are.", "GET, HEAD, OPTIONS".into()),
        ),
        (
            "Accept",
            sometimes(
                "The media types that are read.",
                format!("{SCIM_JSON}, {JSON}").into(),
            ),
        ),
    ];
    let headers = headers.into_iter();
    headers
        .map(|(name, header)| (names.component(name), header))
        .collect()
}

/// A response without content.
pub(super) fn empty(names: &Names, description: &str, headers: &[(&str, &str)]) -> Value {
    let mut shown = Map::new();
    for (field, component) in headers {
        shown.insert((*field).to_owned(), names.reference("headers", component));
    }
    let request_id = names.reference("headers", "RequestId");
    shown.insert(X_REQUEST_ID.as_str().to_owned(), request_id);
    json!({ "description": description, "headers": shown })
}

/// A response with content.
pub(super) fn with_content(
    names: &Names,
    description: &str,
    headers: &[(&str, &str)],
    schema: &Value,
    example: Option<Value>,
) -> Value {
    let mut response = empty(names, description, headers);
    let mut content = json!({ "schema": schema });
    if let Some(example) = example {
        content["example"] = example;
    }
    response["content"] = json!({ SCIM_JSON: content });
    response
}

/// The headers of an answer that is about a resource.
pub(super) const OF_RESOURCE: [(&str, &str); 2] =
    [("ETag", "ETag"), ("Content-Location", "ContentLocation")];

/// The component for a refusal with `status`.
pub(super) fn refusal(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("Refusal");
    reason.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What the service refuses requests with, and when.
const REFUSALS: [(StatusCode, &str); 16] = [
    (
        StatusCode::BAD_REQUEST,
        "The request is malformed, or its content is not what the schemas say; nothing was changed.",
    ),
    (StatusCode::UNAUTHORIZED, "It is not known who asks."),
    (
        StatusCode::FORBIDDEN,
        "Whoever asks may not do this; or discovery is asked for a filter.",
    ),
    (StatusCode::NOT_FOUND, "There is no such resource."),
    (
        StatusCode::METHOD_NOT_ALLOWED,
        "The path means something else, which has not this method.",
    ),
    (
        StatusCode::NOT_ACCEPTABLE,
        "`Accept` excludes every type that there is.",
    ),
    (
        StatusCode::CONFLICT,
        "Another resource has the same unique value.",
    ),
    (
        StatusCode::PRECONDITION_FAILED,
        "The resource is not in a version that the request is for; nothing was changed.",
    ),
    (StatusCode::PAYLOAD_TOO_LARGE, "The content is too large."),
    (StatusCode::URI_TOO_LONG, "Path and query are too long."),
    (
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "The content is of a type that is not read.",
    ),
    (
        StatusCode::PRECONDITION_REQUIRED,
        "Changes have to name a version here: send it in `If-Match`.",
    ),
    (
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The header is too large.",
    ),
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "A fault of the service, which is logged under the request's id.",
    ),
    (StatusCode::NOT_IMPLEMENTED, "The service can't do this."),
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "The store is away, or rivals were faster each time.",
    ),
];

/// The components for all that requests are refused with, `more` of it by whoever serves the service.
pub(super) fn refusals(names: &Names, more: &[(StatusCode, String)]) -> Map<String, Value> {
    let own = REFUSALS.iter().copied();
    let more = more.iter().map(|(status, words)| (*status, words.as_str()));
    let mut components = Map::new();
    for (status, words) in own.chain(more) {
        let name = names.component(&refusal(status));
        components
            .entry(name)
            .or_insert_with(|| refusal_response(names, status, words));
    }
    components
}

/// What a refusal says besides its error, and that as an example.
fn refusal_response(names: &Names, status: StatusCode, description: &str) -> Value {
    let headers: &[(&str, &str)] = match status {
        StatusCode::UNAUTHORIZED => &[("WWW-Authenticate", "WWWAuthenticate")],
        StatusCode::METHOD_NOT_ALLOWED => &[("Allow", "Allow")],
        StatusCode::PRECONDITION_FAILED => &[("ETag", "CurrentETag")],
        StatusCode::UNSUPPORTED_MEDIA_TYPE => &[("Accept", "Accept")],
        StatusCode::SERVICE_UNAVAILABLE => &[("Retry-After", "RetryAfter")],
        _ => &[],
    };
    let (scim_type, detail) = match status {
        StatusCode::BAD_REQUEST => (
            Some(ScimType::InvalidValue),
            "userName: required, but missing".to_owned(),
        ),
        StatusCode::UNAUTHORIZED => (None, "not authenticated".to_owned()),
        StatusCode::FORBIDDEN => (None, "not allowed to write".to_owned()),
        StatusCode::NOT_FOUND => (None, format!("no User {}", example::ID)),
        StatusCode::CONFLICT => (
            Some(ScimType::Uniqueness),
            "another User has the same userName".to_owned(),
        ),
        StatusCode::PRECONDITION_FAILED => (
            None,
            format!(
                "version conflict on User {}: expected W/\"f250dd84f0671c3\", current {}",
                example::ID,
                example::TAG
            ),
        ),
        _ => (None, lowered(description)),
    };
    let example = error_example(status.as_u16(), scim_type, &detail);
    let schema = names.schema("Error");
    with_content(names, description, headers, &schema, Some(example))
}

/// A description as the detail of an error: without capital and full stop.
fn lowered(description: &str) -> String {
    let description = description.trim_end_matches('.');
    let mut rest = description.chars();
    match rest.next() {
        Some(first) => first.to_lowercase().chain(rest).collect(),
        None => String::new(),
    }
}
