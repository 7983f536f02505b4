//! `/Me`: the resource that stands for who asks.

use std::sync::Arc;

use async_trait::async_trait;
use http::header::{ALLOW, CONTENT_LOCATION, LOCATION};
use http::request::Parts;
use http::{Method, StatusCode};
use scim_http::provider::{InMemoryProvider, Scope};
use scim_http::{AuthError, Authenticator, Grant, ScimService};
use serde_json::json;

use crate::support::{BASE_URL, OneUser, call, delete, get, put, read, service};

/// Everybody is this resource.
struct Everybody(&'static str, String);

#[async_trait]
impl Authenticator for Everybody {
    async fn authenticate(&self, _: &Parts) -> Result<Grant, AuthError> {
        Ok(Grant::new(Scope::Single).with_me(self.0, self.1.as_str()))
    }
}

/// `one`'s service, to which everybody is its user.
fn of(one: &OneUser) -> ScimService<InMemoryProvider> {
    let id = one.path.strip_prefix("/Users/").unwrap();
    let everybody = Everybody("User", id.to_owned());
    one.service.clone().with_authenticator(Arc::new(everybody))
}

#[tokio::test]
async fn it_is_not_supported_for_those_whom_nothing_stands_for() {
    for method in [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ] {
        let answer = call(method.clone(), "/Me").on(&service()).await;
        assert_eq!(answer.status, StatusCode::NOT_IMPLEMENTED, "{method}");
    }
    get("/Me").on(&service()).await.refusal(501);
    get("/Me/1").on(&service()).await.refusal(404);
}

#[tokio::test]
async fn it_is_read_with_the_location_of_the_resource() {
    let one = OneUser::new().await;
    let location = format!("{BASE_URL}{}", one.path);
    let user = read(&one.service, &one.path).await;
    let me = get("/Me").on(&of(&one)).await;
    assert_eq!((me.status, &me.octets), (StatusCode::OK, &user.octets));
    for name in [LOCATION, CONTENT_LOCATION] {
        assert_eq!(me.header(name), location);
    }
    assert_eq!(me.etag(), one.etag());
    let same = get("/Me").if_none_match(one.etag()).on(&of(&one)).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    assert_eq!(same.header(LOCATION), location);
    let head = call(Method::HEAD, "/Me").on(&of(&one)).await;
    assert_eq!((head.status, head.octets.len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn it_is_written_on_the_same_conditions_as_the_resource() {
    let one = OneUser::new().await;
    let service = of(&one);
    let location = format!("{BASE_URL}{}", one.path);
    let change = || put("/Me", json!({ "userName": "babs" }));
    let refused = change().if_match(&one.stale).on(&service).await;
    refused.refusal(412);
    assert_eq!(refused.header(LOCATION), location);
    one.assert_unchanged().await;

    let replaced = change().if_match(one.etag()).on(&service).await;
    assert_eq!(replaced.status, StatusCode::OK);
    assert_eq!(replaced.header(LOCATION), location);
    assert_eq!(read(&one.service, &one.path).await.octets, replaced.octets);

    let change_part = || {
        let operations = json!([{ "op": "add", "path": "title", "value": "Guide" }]);
        call(Method::PATCH, "/Me").body(json!({ "Operations": operations }).to_string())
    };
    let refused = change_part().if_match(&one.stale).on(&service).await;
    refused.refusal(412);
    let patched = change_part().if_match(replaced.etag()).on(&service).await;
    assert_eq!(
        (patched.status, patched.header(LOCATION)),
        (StatusCode::OK, &*location)
    );
    assert_eq!(read(&one.service, &one.path).await.octets, patched.octets);
    let part = get("/Me?attributes=title").on(&service).await;
    assert_eq!(
        (&part.json()["title"], part.etag()),
        (&json!("Guide"), patched.etag())
    );

    let deleted = delete("/Me").if_match(patched.etag()).on(&service).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(deleted.header(LOCATION), location);
    for request in [get("/Me"), change(), change_part(), delete("/Me")] {
        request.on(&service).await.refusal(404);
    }
}

#[tokio::test]
async fn it_has_the_methods_of_a_resource() {
    let one = OneUser::new().await;
    let allow = "DELETE, GET, HEAD, OPTIONS, PATCH, PUT";
    let described = call(Method::OPTIONS, "/Me").on(&of(&one)).await;
    assert_eq!(described.header(ALLOW), allow);
    let refused = call(Method::POST, "/Me").on(&of(&one)).await;
    refused.refusal(405);
    assert_eq!(refused.header(ALLOW), allow);
}

#[tokio::test]
async fn a_type_that_is_not_served_is_a_fault_of_the_authenticator() {
    let service = service().with_authenticator(Arc::new(Everybody("Robot", "7".into())));
    let (_, detail) = get("/Me").on(&service).await.refusal(500);
    assert!(!detail.contains("Robot"), "{detail}");
    assert_eq!(get("/Users").on(&service).await.status, StatusCode::OK);
}
