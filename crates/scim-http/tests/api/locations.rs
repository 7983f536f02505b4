//! Under which addresses resources are shown.

use http::StatusCode;
use http::header::{CONTENT_LOCATION, HOST, LOCATION};
use http::uri::Scheme;
use scim_http::ops::ScimOperationHandler;
use scim_http::provider::InMemoryProvider;
use scim_http::{BasePath, BaseUrl, ScimService};
use serde_json::json;

use crate::support::{Call, get, post};

fn bare() -> ScimService<InMemoryProvider> {
    ScimService::new(ScimOperationHandler::new(InMemoryProvider::default()))
        .with_base_path(BasePath::parse("/scim/v2").unwrap())
}

fn create() -> Call {
    post("/scim/v2/Users", json!({ "userName": "a" }))
}

#[tokio::test]
async fn without_a_base_url_the_host_of_the_request_is_shown() {
    let service = bare();
    let created = create()
        .header(HOST, "scim.example:8443")
        .on(&service)
        .await;
    assert_eq!(created.status, StatusCode::CREATED);
    let location = created.header(LOCATION).to_owned();
    assert!(
        location.starts_with("http://scim.example:8443/scim/v2/Users/"),
        "{location}"
    );
    assert_eq!(created.json()["meta"]["location"], location);
    let read = get(&location).on(&service).await;
    assert_eq!(read.header(CONTENT_LOCATION), location);
}

#[tokio::test]
async fn extensions_say_what_a_trusted_proxy_forwarded() {
    let service = bare().with_base_url(BaseUrl::parse("https://configured.example").unwrap());
    let mut request = create().request();
    request
        .extensions_mut()
        .insert(BaseUrl::parse("https://public.example/v2").unwrap());
    let created = service.handle(request).await;
    assert!(
        created.headers()[LOCATION]
            .as_bytes()
            .starts_with(b"https://public.example/v2/Users/")
    );

    let mut request = get("/scim/v2/Users").header(HOST, "a.example").request();
    request.extensions_mut().insert(Scheme::HTTPS);
    let list = bare().handle(request).await;
    assert_eq!(list.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_host_that_is_none_is_refused_before_anything_is_written() {
    let service = bare();
    for host in ["", "a/b", "a\"b", "user@a", "a b", "a,b", "[::1"] {
        create().header(HOST, host).on(&service).await.refusal(400);
    }
    create().on(&service).await.refusal(400);
    create()
        .header(HOST, "a")
        .header(HOST, "b")
        .on(&service)
        .await
        .refusal(400);
    let list = get("/scim/v2/Users").header(HOST, "a").on(&service).await;
    assert_eq!(list.json()["totalResults"], 0);
}

#[tokio::test]
async fn outside_the_base_path_there_is_nothing() {
    let service = bare();
    for path in ["/Users", "/scim", "/scim/v2x/Users", "/SCIM/v2/Users"] {
        get(path).header(HOST, "a").on(&service).await.refusal(404);
    }
}
