//! Who asks: authenticators, tenants, request ids.

use std::sync::Arc;

use async_trait::async_trait;
use http::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::request::Parts;
use http::{Method, StatusCode};
use scim_http::provider::{InMemoryProvider, Scope, TenantId};
use scim_http::{AuthError, Authenticator, Grant, ScimService};
use serde_json::json;

use crate::support::{Call, call, create, delete, get, post, put, read, service};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The token is the name of a tenant, or of a condition.
struct ByName;

#[async_trait]
impl Authenticator for ByName {
    async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError> {
        let token = request
            .headers
            .get(AUTHORIZATION)
            .and_then(|token| token.to_str().ok());
        match token {
            Some("reader") => Ok(Grant::new(tenant("acme")).read_only()),
            Some("banned") => Err(AuthError::Forbidden),
            Some("outage") => Err(AuthError::Unavailable {
                source: "ldap down".into(),
            }),
            Some(name) => Ok(Grant::new(tenant(name)).with_subject(name)),
            None => Err(AuthError::Unauthorized {
                challenge: HeaderValue::from_static("Bearer realm=\"scim\""),
            }),
        }
    }
}

fn tenant(name: &str) -> Scope {
    name.parse::<TenantId>().unwrap().into()
}

fn guarded() -> ScimService<InMemoryProvider> {
    service().with_authenticator(Arc::new(ByName))
}

fn by(name: &str, call: Call) -> Call {
    call.header(AUTHORIZATION, name)
}

#[tokio::test]
async fn who_is_not_known_learns_nothing_of_what_is_there() {
    let service = guarded();
    for target in ["/Users", "/Users/1", "/none"] {
        for method in [Method::GET, Method::PUT, Method::OPTIONS, Method::TRACE] {
            let refused = call(method, target)
                .header(CONTENT_TYPE, "text/plain")
                .on(&service)
                .await;
            refused.refusal(401);
            assert_eq!(refused.header(WWW_AUTHENTICATE), "Bearer realm=\"scim\"");
        }
    }
}

#[tokio::test]
async fn who_may_not_is_403() {
    let service = guarded();
    by("banned", get("/Users")).on(&service).await.refusal(403);
}

#[tokio::test]
async fn a_reader_reads_and_changes_nothing() {
    let service = guarded();
    let created = by("acme", post("/Users", json!({ "userName": "a" })))
        .on(&service)
        .await;
    let path = format!("/Users/{}", created.json()["id"].as_str().unwrap());
    for write in [
        post("/Users", json!({ "userName": "b" })),
        put(&path, json!({ "userName": "b" })),
        delete(&path),
        call(Method::PATCH, &path),
        delete("/none"),
    ] {
        by("reader", write).on(&service).await.refusal(403);
    }
    let read = by("reader", get(&path)).on(&service).await;
    assert_eq!((read.status, read.octets), (StatusCode::OK, created.octets));
    assert_eq!(
        by("reader", call(Method::OPTIONS, &path))
            .on(&service)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn an_outage_is_503_without_its_cause() {
    let refused = by("outage", get("/Users")).on(&guarded()).await;
    let (_, detail) = refused.refusal(503);
    assert!(!detail.contains("ldap"));
    assert_eq!(refused.header(RETRY_AFTER), "5");
}

#[tokio::test]
async fn tenants_do_not_touch() {
    let service = guarded();
    let user = json!({ "userName": "bjensen" });
    let created = by("acme", post("/Users", user.clone())).on(&service).await;
    let path = format!("/Users/{}", created.json()["id"].as_str().unwrap());
    for request in [
        get(&path),
        put(&path, user.clone()).if_match("*"),
        delete(&path),
    ] {
        by("umbrella", request).on(&service).await.refusal(404);
    }
    assert_eq!(
        by("umbrella", get("/Users")).on(&service).await.json()["totalResults"],
        0
    );
    let same_name = by("umbrella", post("/Users", user).if_none_match("*"))
        .on(&service)
        .await;
    assert_eq!(same_name.status, StatusCode::CREATED);
    assert_eq!(
        by("acme", get(&path)).on(&service).await.octets,
        created.octets
    );
}

#[tokio::test]
async fn the_request_id_comes_back() {
    let service = service();
    let (path, _) = create(&service, "a").await;
    let named = get(&path).header(X_REQUEST_ID, "req-7").on(&service).await;
    assert_eq!(named.header(X_REQUEST_ID), "req-7");
    let unfit = get("/none")
        .header(X_REQUEST_ID, "a b\"")
        .on(&service)
        .await;
    assert_eq!(unfit.header(X_REQUEST_ID).len(), 36);
    assert_ne!(
        unfit.header(X_REQUEST_ID),
        read(&service, &path).await.header(X_REQUEST_ID)
    );
}
