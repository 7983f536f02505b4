//! HTTP in the three documents: headers, 304, conditional requests, and a handler of axum.

use std::sync::Arc;

use ::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use scim_http::ops::{ScimOperationHandler, ScimOperationRequest};
use scim_http::{
    Decision, HeaderError, ScimError, add_etag_to_response, extract_etag_from_headers,
    extract_if_match, extract_if_none_match, handle_conditional_request, not_modified_response,
};
use scim_provider::version::{Precondition, ScimVersion};
use scim_provider::{InMemoryProvider, RequestContext, ResourceProvider};
use scim_tests::PlainProvider;
use serde_json::{Value, json};

fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
    values
        .iter()
        .map(|value| (name.parse().unwrap(), HeaderValue::from_static(value)))
        .collect()
}

/// "Concurrency Overview" and "Implementation": request headers.
#[test]
fn request_headers_are_absent_present_or_malformed() {
    let version = ScimVersion::from_hash("abc123def").unwrap();
    type Extract = fn(&HeaderMap) -> Result<Option<Precondition>, HeaderError>;
    let helpers: [(&str, Extract); 3] = [
        ("if-match", extract_if_match),
        ("if-match", extract_etag_from_headers),
        ("if-none-match", extract_if_none_match),
    ];
    for (name, extract) in helpers {
        assert_eq!(extract(&HeaderMap::new()), Ok(None));
        let named = extract(&headers(name, &["W/\"abc123def\""])).unwrap();
        assert_eq!(named, Some(Precondition::from(&version)));
        // The documents' functions gave `None` for these: an unconditional write.
        for malformed in [&["abc123def"][..], &["\"abc123def"], &["*", "\"a\""]] {
            let error = extract(&headers(name, malformed)).unwrap_err();
            assert_eq!(error.header().as_str(), name);
        }
    }
}

/// "Concurrency Overview" and "Implementation": response headers.
#[test]
fn response_headers_carry_the_version() {
    let version = ScimVersion::from_hash("abc123def").unwrap();
    let mut response = Response::new(());
    add_etag_to_response(&mut response, &version);
    assert_eq!(response.headers()["etag"], version.to_http_header());

    let response: Response<String> = not_modified_response(&version, None);
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(response.headers()["etag"], version.to_http_header());
    assert!(response.body().is_empty());
}

/// The progress notes: "conditional request logic".
#[test]
fn conditional_requests_are_decided() {
    let (old, current) = (ScimVersion::from_revision(1), ScimVersion::from_revision(2));
    let [stale, named] = [&old, &current].map(Precondition::from);
    let decide = |method, if_match, if_none_match| {
        handle_conditional_request(&method, if_match, if_none_match, Some(&current))
    };
    assert_eq!(decide(Method::PUT, Some(&named), None), Decision::Proceed);
    assert_eq!(decide(Method::PUT, Some(&stale), None), Decision::Failed);
    assert_eq!(
        decide(Method::GET, None, Some(&named)),
        Decision::NotModified
    );
    assert_eq!(decide(Method::PUT, None, Some(&named)), Decision::Failed);
    assert_eq!(decide(Method::GET, None, Some(&stale)), Decision::Proceed);
}

/// The progress notes: "Example Axum integration".
async fn update_user_with_etag<P: ResourceProvider>(
    State(handler): State<Arc<ScimOperationHandler<P>>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(data): Json<Value>,
) -> Result<Response, ScimError> {
    let context = RequestContext::with_generated_id();
    let mut request = ScimOperationRequest::update("User", id, data, context);
    if let Some(expected) = extract_etag_from_headers(&headers)? {
        request = request.with_if_match(expected);
    }
    // Return 412 Precondition Failed with details, 404, or whatever else it is
    let response = handler.handle_operation(request).await?;
    let versioned = response
        .resource()
        .expect("an update answers with the resource");
    let mut response = Json(versioned.to_json()).into_response();
    // Add ETag header with new version
    add_etag_to_response(&mut response, versioned.version());
    Ok(response)
}

async fn updates_by_version<P: ResourceProvider + Default>() {
    let handler = Arc::new(ScimOperationHandler::new(P::default()));
    let context = RequestContext::with_generated_id();
    let john = json!({ "userName": "john.doe" });
    let create = ScimOperationRequest::create("User", john, context);
    let created = handler.handle_operation(create).await.unwrap();
    let created = created.resource().unwrap();
    let id = created.resource().id().unwrap();
    let put = |id: &str, if_match: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("if-match", if_match.parse().unwrap());
        let data = json!({ "userName": "john.doe", "displayName": if_match });
        update_user_with_etag(
            State(handler.clone()),
            Path(id.to_owned()),
            headers,
            Json(data),
        )
    };
    let tag = created.version().to_http_header();
    let updated = put(id, &tag).await.unwrap();
    assert_eq!(updated.status(), StatusCode::OK);

    let refused = put(id, &tag).await.unwrap_err();
    assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(
        refused.header(&::http::header::ETAG),
        updated.headers().get("etag")
    );

    assert_eq!(
        put(id, "junk").await.unwrap_err().status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        put("123", &tag).await.unwrap_err().status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_handler_of_axum_updates_by_version_over_any_provider() {
    updates_by_version::<InMemoryProvider>().await;
    updates_by_version::<PlainProvider>().await;
}
