//! Providers that fail, and how much of that is shown.

use async_trait::async_trait;
use http::StatusCode;
use http::header::{CONTENT_LOCATION, RETRY_AFTER};
use scim_http::provider::storage::{StorageError, StorageErrorKind};
use scim_http::provider::{
    ListQuery, Page, ProviderError, RequestContext, Resource, ResourceProvider,
};
use serde_json::{Value, json};

use crate::support::{get, over, put};

/// Fails in the way that the id names; has one resource with a strange id.
struct Failing;

fn fail(id: &str) -> ProviderError {
    let kind = match id {
        "away" => StorageErrorKind::Unavailable,
        "unknown" => StorageErrorKind::OutcomeUnknown,
        "broken" => StorageErrorKind::Internal,
        "bug" => return ProviderError::internal("select * from secret"),
        _ => return ProviderError::not_found("User", id),
    };
    StorageError::with_source(kind, "password authentication failed for dbhost").into()
}

#[async_trait]
impl ResourceProvider for Failing {
    async fn create_resource(
        &self,
        _: &str,
        _: Value,
        _: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        Err(fail("bug"))
    }

    async fn get_resource(
        &self,
        resource_type: &str,
        id: &str,
        _: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        if id != "a/b é" {
            return Err(fail(id));
        }
        Ok(Some(Resource::from_json(
            resource_type.to_owned(),
            json!({ "id": id }),
        )?))
    }

    async fn update_resource(
        &self,
        _: &str,
        id: &str,
        _: Value,
        _: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        Err(fail(id))
    }

    async fn delete_resource(
        &self,
        _: &str,
        id: &str,
        _: &RequestContext,
    ) -> Result<(), ProviderError> {
        Err(fail(id))
    }

    async fn list_resources(
        &self,
        _: &str,
        _: &ListQuery,
        _: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        Err(fail("broken"))
    }
}

#[tokio::test]
async fn causes_of_faults_are_not_shown() {
    let service = over(Failing);
    for (id, status, retry_after) in [
        ("away", 503, "5"),
        ("unknown", 503, ""),
        ("broken", 500, ""),
        ("bug", 500, ""),
    ] {
        let path = format!("/Users/{id}");
        for request in [get(&path), put(&path, json!({}))] {
            let answer = request.on(&service).await;
            let (scim_type, detail) = answer.refusal(status);
            assert_eq!(scim_type, None);
            assert_eq!(answer.header(RETRY_AFTER), retry_after, "{id}");
            for secret in ["password", "dbhost", "select"] {
                assert!(!detail.contains(secret), "{detail}");
            }
        }
    }
}

#[tokio::test]
async fn an_internal_error_names_the_request_to_look_for() {
    let request = get("/Users").header("x-request-id".parse().unwrap(), "req-7");
    let (_, detail) = request.on(&over(Failing)).await.refusal(500);
    assert!(detail.contains("req-7"), "{detail}");
}

#[tokio::test]
async fn ids_are_one_escaped_segment() {
    let found = get("/Users/a%2Fb%20%c3%a9").on(&over(Failing)).await;
    assert_eq!(found.status, StatusCode::OK);
    assert_eq!(found.json()["id"], "a/b é");
    let location = "https://example.com/scim/v2/Users/a%2Fb%20%C3%A9";
    assert_eq!(found.header(CONTENT_LOCATION), location);
    assert_eq!(found.json()["meta"]["location"], location);
}
