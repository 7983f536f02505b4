//! What the service says about itself.

use std::sync::Arc;

use async_trait::async_trait;
use http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, ETAG, HOST, HeaderValue};
use http::request::Parts;
use http::{Method, StatusCode};
use scim_http::ops::AuthenticationScheme;
use scim_http::provider::{InMemoryProvider, Scope};
use scim_http::{AuthError, Authenticator, Grant, Limits, ScimService};
use serde_json::{Value, json};

use crate::support::{BASE_URL, call, get, post, service};

const PATHS: [&str; 5] = [
    "/ServiceProviderConfig",
    "/ResourceTypes",
    "/ResourceTypes/Group",
    "/Schemas",
    "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
];

async fn read(path: &str) -> Value {
    let answer = get(path).on(&service()).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert_eq!(answer.header(CONTENT_TYPE), "application/scim+json");
    assert!(!answer.headers.contains_key(ETAG));
    answer.json()
}

#[tokio::test]
async fn each_document_is_at_its_location() {
    for path in PATHS {
        if let Some(location) = read(path).await["meta"]["location"].as_str() {
            assert_eq!(location, format!("{BASE_URL}{path}"));
        }
    }
    for list in ["/ResourceTypes", "/Schemas"] {
        let page = read(list).await;
        let documents = page["Resources"].as_array().unwrap();
        assert_eq!(page["totalResults"], documents.len());
        assert_eq!(page["itemsPerPage"], documents.len());
        assert_eq!(page["startIndex"], 1);
        for document in documents {
            let location = document["meta"]["location"].as_str().unwrap();
            let path = location.strip_prefix(BASE_URL).unwrap();
            assert_eq!(path, format!("{list}/{}", document["id"].as_str().unwrap()));
            assert_eq!(&read(path).await, document);
        }
    }
}

#[tokio::test]
async fn the_schemas_of_all_types_are_there() {
    let schemas = read("/Schemas").await;
    let ids: Vec<&Value> = schemas["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|schema| &schema["id"])
        .collect();
    for resource_type in read("/ResourceTypes").await["Resources"]
        .as_array()
        .unwrap()
    {
        assert!(ids.contains(&&resource_type["schema"]));
        for extension in resource_type["schemaExtensions"]
            .as_array()
            .into_iter()
            .flatten()
        {
            assert!(ids.contains(&&extension["schema"]));
        }
    }
}

#[tokio::test]
async fn a_uri_may_be_escaped_and_in_any_case() {
    let schema = read("/Schemas/urn%3aietf:params:scim:schemas:core:2.0:USER").await;
    assert_eq!(schema["id"], "urn:ietf:params:scim:schemas:core:2.0:User");
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    for path in [
        "/ResourceTypes/user",
        "/ResourceTypes/Users",
        "/Schemas/urn:x",
        "/Schemas/User",
        "/ServiceProviderConfig/1",
    ] {
        get(path).on(&service()).await.refusal(404);
    }
}

#[tokio::test]
async fn the_configuration_is_what_is_enforced() {
    let config = read("/ServiceProviderConfig").await;
    assert_eq!(
        config["schemas"],
        json!(["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"])
    );
    assert_eq!(config["etag"], json!({ "supported": true }));
    assert_eq!(config["pagination"]["index"], true);
    assert_eq!(config["authenticationSchemes"], json!([]));
    assert!(config.get("documentationUri").is_none());

    let limits = Limits::default().with_default_page(1).with_max_page(2);
    let service = service()
        .with_limits(limits)
        .with_documentation_uri("https://example.com/help")
        .with_authentication_scheme(AuthenticationScheme::bearer_token());
    let config = get("/ServiceProviderConfig").on(&service).await.json();
    assert_eq!(config["documentationUri"], "https://example.com/help");
    assert_eq!(
        config["authenticationSchemes"][0]["type"],
        "oauthbearertoken"
    );
    assert_eq!(
        (
            &config["pagination"]["defaultPageSize"],
            &config["pagination"]["maxPageSize"]
        ),
        (&json!(1), &json!(2))
    );
    for name in ["a", "b", "c"] {
        post("/Users", json!({ "userName": name }))
            .on(&service)
            .await;
    }
    for (query, shown) in [("", 1), ("?count=3", 2), ("?count=1000000", 2)] {
        let page = get(format!("/Users{query}")).on(&service).await.json();
        assert_eq!(page["itemsPerPage"], shown, "{query}");
        assert_eq!(page["totalResults"], 3);
    }
}

#[tokio::test]
async fn changing_the_configuration_changes_the_document() {
    let first = service();
    get("/ServiceProviderConfig").on(&first).await;
    let second = first
        .clone()
        .with_documentation_uri("https://example.com/help");
    let shown = |service: ScimService<InMemoryProvider>| async move {
        let config = get("/ServiceProviderConfig").on(&service).await.json();
        config.get("documentationUri").is_some()
    };
    assert!(shown(second).await);
    assert!(!shown(first).await);
}

#[tokio::test]
async fn parameters_and_preconditions_are_ignored_but_a_filter_is_refused() {
    for path in PATHS {
        let plain = read(path).await;
        let odd = format!("{path}?startIndex=9&count=0&sortBy=x&attributes=y&cursor=z&count=a");
        assert_eq!(read(&odd).await, plain);
        for tag in ["*", "junk"] {
            let answer = get(path)
                .if_match(tag)
                .if_none_match(tag)
                .on(&service())
                .await;
            assert_eq!(
                (answer.status, answer.json()),
                (StatusCode::OK, plain.clone())
            );
        }
        for filter in ["filter=id%20pr", "FILTER=", "count=1&filter"] {
            let refused = get(format!("{path}?{filter}")).on(&service()).await;
            assert_eq!(refused.refusal(403).0, None);
        }
        get(path)
            .header(ACCEPT, "text/html")
            .on(&service())
            .await
            .refusal(406);
    }
}

#[tokio::test]
async fn only_reads_are_allowed() {
    for path in PATHS {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let refused = call(method, path)
                .header(CONTENT_TYPE, "text/plain")
                .on(&service())
                .await;
            refused.refusal(405);
            assert_eq!(refused.header(ALLOW), "GET, HEAD, OPTIONS");
        }
        let described = call(Method::OPTIONS, path).on(&service()).await;
        assert_eq!(described.status, StatusCode::NO_CONTENT);
        assert_eq!(described.header(ALLOW), "GET, HEAD, OPTIONS");
        let whole = get(path).on(&service()).await;
        let head = call(Method::HEAD, path).on(&service()).await;
        assert_eq!((head.status, head.octets.len()), (StatusCode::OK, 0));
        assert_eq!(
            head.header(http::header::CONTENT_LENGTH),
            whole.octets.len().to_string()
        );
    }
}

/// Knows one token.
struct Guard;

#[async_trait]
impl Authenticator for Guard {
    async fn authenticate(&self, request: &Parts) -> Result<Grant, AuthError> {
        match request.headers.get(AUTHORIZATION) {
            Some(token) if token == "known" => Ok(Grant::new(Scope::Single)),
            _ => Err(AuthError::Unauthorized {
                challenge: HeaderValue::from_static("Bearer"),
            }),
        }
    }
}

#[tokio::test]
async fn it_takes_a_token_unless_it_is_open() {
    let closed = service().with_authenticator(Arc::new(Guard));
    let open = closed.clone().with_open_discovery(true);
    for path in PATHS {
        get(path).on(&closed).await.refusal(401);
        let known = get(path).header(AUTHORIZATION, "known").on(&closed).await;
        assert_eq!(known.status, StatusCode::OK);
        for request in [get(path), get(path).header(AUTHORIZATION, "other")] {
            let answer = request.on(&open).await;
            assert_eq!(
                (answer.status, answer.json()),
                (StatusCode::OK, known.json())
            );
        }
        call(Method::POST, path).on(&open).await.refusal(401);
        call(Method::OPTIONS, path).on(&closed).await.refusal(401);
    }
}

#[tokio::test]
async fn nothing_else_is_open() {
    let open = service()
        .with_authenticator(Arc::new(Guard))
        .with_open_discovery(true);
    for path in [
        "/",
        "/Users",
        "/Users/Schemas",
        "/Me",
        "/none",
        "/Schemas/a/b",
        "/.search",
    ] {
        get(path)
            .header(HOST, "Schemas")
            .on(&open)
            .await
            .refusal(401);
    }
}
