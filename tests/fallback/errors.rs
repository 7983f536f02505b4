//! What a provider says reaches every layer as it was said.

use std::error::Error;
use std::fmt;

use async_trait::async_trait;
use http::{Method, Request};
use scim_http::ScimService;
use scim_ops::{ErrorKind, OpError, ScimOperationHandler, ScimOperationRequest};
use scim_provider::storage::{StorageError, StorageErrorKind};
use scim_provider::version::ScimVersion;
use scim_provider::{
    ListQuery, LockingProvider, Page, ProviderError, RequestContext, Resource, ResourceError,
    ResourceErrorKind, ResourceProvider,
};
use serde_json::{Value, json};

/// The cause at the end of a chain, which has to be found again above.
#[derive(Debug, PartialEq)]
struct Cause(u32);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cause {}", self.0)
    }
}

impl Error for Cause {}

/// A provider that answers everything with one error.
struct Failing(fn() -> ProviderError);

#[async_trait]
impl ResourceProvider for Failing {
    async fn create_resource(
        &self,
        _resource_type: &str,
        _data: Value,
        _context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        Err(self.0())
    }

    async fn get_resource(
        &self,
        _resource_type: &str,
        _id: &str,
        _context: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        Err(self.0())
    }

    async fn update_resource(
        &self,
        _resource_type: &str,
        _id: &str,
        _data: Value,
        _context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        Err(self.0())
    }

    async fn delete_resource(
        &self,
        _resource_type: &str,
        _id: &str,
        _context: &RequestContext,
    ) -> Result<(), ProviderError> {
        Err(self.0())
    }

    async fn list_resources(
        &self,
        _resource_type: &str,
        _query: &ListQuery,
        _context: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        Err(self.0())
    }
}

struct Case {
    error: fn() -> ProviderError,
    kind: ErrorKind,
    status: u16,
    scim_type: Option<&'static str>,
    cause: Option<Cause>,
}

fn storage(kind: StorageErrorKind, cause: u32) -> ProviderError {
    StorageError::with_source(kind, Cause(cause)).into()
}

/// Every variant, and every kind of the store's.
fn cases() -> Vec<Case> {
    let case = |error, kind, status, scim_type, cause: Option<u32>| Case {
        error,
        kind,
        status,
        scim_type,
        cause: cause.map(Cause),
    };
    vec![
        case(
            || ProviderError::UnknownResourceType {
                resource_type: "User".into(),
            },
            ErrorKind::UnknownResourceType,
            404,
            None,
            None,
        ),
        case(
            || ProviderError::not_found("User", "1"),
            ErrorKind::NotFound,
            404,
            None,
            None,
        ),
        case(
            || ResourceError::new("userName", ResourceErrorKind::Missing).into(),
            ErrorKind::Invalid,
            400,
            Some("invalidValue"),
            None,
        ),
        case(
            || ResourceError::new("id", ResourceErrorKind::Immutable).into(),
            ErrorKind::Invalid,
            400,
            Some("mutability"),
            None,
        ),
        case(
            || ProviderError::Duplicate {
                resource_type: "User".into(),
                attribute: "userName".into(),
                holder: Some("2".into()),
            },
            ErrorKind::Duplicate,
            409,
            Some("uniqueness"),
            None,
        ),
        case(
            || ProviderError::Busy {
                resource_type: "User".into(),
                id: "1".into(),
            },
            ErrorKind::Busy,
            503,
            None,
            None,
        ),
        case(
            || storage(StorageErrorKind::Unavailable, 1),
            ErrorKind::Unavailable,
            503,
            None,
            Some(1),
        ),
        case(
            || storage(StorageErrorKind::OutcomeUnknown, 2),
            ErrorKind::OutcomeUnknown,
            503,
            None,
            Some(2),
        ),
        case(
            || storage(StorageErrorKind::Unsupported, 3),
            ErrorKind::Internal,
            500,
            None,
            Some(3),
        ),
        case(
            || storage(StorageErrorKind::Internal, 4),
            ErrorKind::Internal,
            500,
            None,
            Some(4),
        ),
        case(
            || ProviderError::internal(Cause(5)),
            ErrorKind::Internal,
            500,
            None,
            Some(5),
        ),
    ]
}

fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root
}

#[tokio::test]
async fn the_wrapper_passes_errors_on() {
    for case in cases() {
        let provider = LockingProvider::new(Failing(case.error));
        let context = RequestContext::with_generated_id();
        let version = ScimVersion::from_revision(1);
        let created = provider
            .create_resource("User", json!({}), &context)
            .await
            .unwrap_err();
        let updated = provider
            .try_conditional_update("User", "1", json!({}), &version, &context)
            .await
            .unwrap_err();
        let deleted = provider
            .try_conditional_delete("User", "1", &version, &context)
            .await
            .unwrap_err();
        let said = (case.error)();
        for error in [created, updated, deleted] {
            assert_eq!(error.kind(), said.kind());
            assert_eq!(error.to_string(), said.to_string());
            assert_eq!(root(&error).downcast_ref(), case.cause.as_ref());
        }
    }
}

#[tokio::test]
async fn the_handler_passes_errors_on() {
    for case in cases() {
        let handler = ScimOperationHandler::new(Failing(case.error));
        let context = RequestContext::with_generated_id;
        let version = ScimVersion::from_revision(1);
        for request in [
            ScimOperationRequest::create("User", json!({}), context()),
            ScimOperationRequest::get("User", "1", context()),
            ScimOperationRequest::update("User", "1", json!({}), context()),
            ScimOperationRequest::update("User", "1", json!({}), context())
                .with_expected_version(version.clone()),
            ScimOperationRequest::delete("User", "1", context()),
            ScimOperationRequest::delete("User", "1", context()).with_expected_version(version),
            ScimOperationRequest::list("User", ListQuery::new(), context()),
            ScimOperationRequest::exists("User", "1", context()),
        ] {
            let error = handler.handle_operation(request).await.unwrap_err();
            assert_eq!(error.kind(), case.kind, "{error}");
            assert_eq!(root(&error).downcast_ref(), case.cause.as_ref(), "{error}");
            let OpError::Provider(error) = error else {
                panic!("{error} came of a provider's")
            };
            let said = (case.error)();
            assert_eq!(error.kind(), said.kind());
            assert_eq!(error.to_string(), said.to_string());
        }
    }
}

#[tokio::test]
async fn the_service_tells_clients_what_they_can_act_on() {
    for case in cases() {
        let service = ScimService::new(ScimOperationHandler::new(Failing(case.error)));
        for (method, path) in [
            (Method::POST, "/Users"),
            (Method::GET, "/Users"),
            (Method::GET, "/Users/1"),
            (Method::PUT, "/Users/1"),
            (Method::DELETE, "/Users/1"),
        ] {
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("http://localhost{path}"))
                .body("{}".to_string())
                .unwrap();
            let response = service.handle(request).await;
            let shown = format!("{method} {path}: {}", (case.error)());
            assert_eq!(response.status().as_u16(), case.status, "{shown}");
            // What may have happened is not to be repeated unread.
            let repeatable = matches!(case.kind, ErrorKind::Busy | ErrorKind::Unavailable);
            let retry_after = response.headers().contains_key("retry-after");
            assert_eq!(retry_after, repeatable, "{shown}");
            let body: Value = serde_json::from_slice(response.body().as_bytes()).unwrap();
            assert_eq!(body["status"], case.status.to_string(), "{shown}");
            assert_eq!(
                body.get("scimType").and_then(Value::as_str),
                case.scim_type,
                "{shown}"
            );
            assert!(
                !body.to_string().contains("cause"),
                "a cause is for logs: {body}"
            );
        }
    }
}
