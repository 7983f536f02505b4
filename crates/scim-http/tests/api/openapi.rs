//! The service described in OpenAPI 3.1.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http::{Method, StatusCode};
use scim_http::ops::{AuthenticationScheme, ScimOperationHandler};
use scim_http::provider::schema::{ResourceType, ResourceTypes};
use scim_http::provider::storage::Retention;
use scim_http::provider::{InMemoryProvider, ResourceProvider, Scope};
use scim_http::{AuthError, Authenticator, BasePath, Grant, Limits, OpenApiError, ScimService};
use serde_json::{Value, json};

use crate::support::{Answer, call, over, service};

/// Users, groups, and a type of an application's own.
fn types() -> ResourceTypes {
    let badge = json!({
        "id": "urn:example:badge",
        "name": "Badge",
        "attributes": [
            { "name": "number", "type": "integer", "required": true },
            { "name": "pin", "mutability": "writeOnly" },
        ],
    });
    let badge = ResourceType::new("Badge", "Badges", serde_json::from_value(badge).unwrap());
    ResourceTypes::default().with(badge.unwrap()).unwrap()
}

fn with_badges() -> ScimService<InMemoryProvider> {
    over(InMemoryProvider::default().with_resource_types(types()))
}

struct Everybody;

#[async_trait]
impl Authenticator for Everybody {
    async fn authenticate(&self, _: &Parts) -> Result<Grant, AuthError> {
        Ok(Grant::new(Scope::Single))
    }
}

const METHODS: [&str; 7] = ["get", "head", "post", "put", "patch", "delete", "options"];

/// The operations of `document`, each with its path and method.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let operations = METHODS
            .iter()
            .filter_map(|method| Some((*method, item.get(method)?)));
        operations.map(|(method, operation)| (path.as_str(), method, operation))
    });
    operations.collect()
}

/// All texts of members called `$ref`.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// What `operation` says of `answer`.
fn response<'a>(document: &'a Value, operation: &'a Value, status: StatusCode) -> &'a Value {
    let response = &operation["responses"][status.as_str()];
    match response.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => response,
    }
}

/// Sends the example of this operation to where `path` leads.
async fn send_example<P: ResourceProvider>(
    service: &ScimService<P>,
    document: &Value,
    (method, template, path): (&str, &str, &str),
) -> Answer {
    let operation = &document["paths"][template][method];
    let example = &operation["requestBody"]["content"]["application/scim+json"]["example"];
    assert!(example.is_object(), "{method} {template}");
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let answer = call(method, path)
        .body(example.to_string())
        .on(service)
        .await;
    let described = response(document, operation, answer.status);
    assert!(described.is_object(), "{template}: {answer:?}");
    for (name, header) in described["headers"].as_object().unwrap() {
        let header = document
            .pointer(&header["$ref"].as_str().unwrap()[1..])
            .unwrap();
        if header["required"] == true {
            assert!(answer.headers.contains_key(name), "{template}: {name}");
        }
    }
    answer
}

#[test]
fn every_reference_leads_somewhere_and_no_operation_is_named_twice() {
    let described = with_badges().openapi();
    for document in [
        described.document(),
        described.with_prefix("Scim").unwrap().document(),
    ] {
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 100);
        for reference in found {
            let target = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(target).is_some(), "{reference}");
        }
        let mut names = HashSet::new();
        for (path, method, operation) in operations(&document) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(names.insert(id), "{method} {path}: {id}");
        }
    }
}

#[tokio::test]
async fn resource_types_of_an_application_are_there_and_examples_work() {
    let service = with_badges();
    let document = service.openapi().document();
    for endpoint in ["Users", "Groups", "Badges"] {
        let collection = format!("/{endpoint}");
        let created = send_example(&service, &document, ("post", &collection, &collection)).await;
        created.is(StatusCode::CREATED);
        let path = format!("{collection}/{}", created.json()["id"].as_str().unwrap());
        let template = format!("{collection}/{{id}}");
        for method in ["put", "patch"] {
            let changed = send_example(&service, &document, (method, &template, &path)).await;
            changed.is(StatusCode::OK);
        }
        let search = format!("{collection}/.search");
        let found = send_example(&service, &document, ("post", &search, &search)).await;
        found.is(StatusCode::OK);
        call(Method::DELETE, &path)
            .on(&service)
            .await
            .is(StatusCode::NO_CONTENT);
    }
    let found = send_example(&service, &document, ("post", "/.search", "/.search")).await;
    found.is(StatusCode::OK);
    let done = send_example(&service, &document, ("post", "/Bulk", "/Bulk")).await;
    assert_eq!(done.json()["Operations"][0]["status"], "201");
}

#[tokio::test]
async fn what_is_shown_of_a_resource_is_what_its_schema_has() {
    let service = with_badges();
    let document = service.openapi().document();
    let badge = json!({ "number": 7, "pin": "1234", "externalId": "e" });
    let created = call(Method::POST, "/Badges")
        .body(badge.to_string())
        .on(&service)
        .await;
    let properties = &document["components"]["schemas"]["Badge"]["properties"];
    for name in created.json().as_object().unwrap().keys() {
        assert!(properties.get(name).is_some(), "{name}");
    }
    assert!(properties.get("pin").is_none());
    let written = &document["components"]["schemas"]["BadgeRequest"];
    assert_eq!(written["properties"]["pin"]["writeOnly"], true);
    assert_eq!(written["required"], json!(["number"]));
}

#[tokio::test]
async fn refusals_are_described() {
    let service = service().with_limits(Limits::default().with_body(64).with_precondition(16));
    let document = service.openapi().document();
    let long = "x".repeat(80);
    let tag = format!("\"{long}\"");
    let (none, text) = (http::header::CONTENT_TYPE, "text/plain");
    for (method, template, path, answer) in [
        (
            "get",
            "/Users/{id}",
            "/Users/1",
            call(Method::GET, "/Users/1"),
        ),
        (
            "get",
            "/Users/{id}",
            "/Users/.search",
            call(Method::GET, "/Users/.search"),
        ),
        (
            "delete",
            "/Users/{id}",
            "/Users/1",
            call(Method::DELETE, "/Users/1").header(IF_MATCH, &tag),
        ),
        (
            "post",
            "/Users",
            "/Users",
            call(Method::POST, "/Users").header(IF_NONE_MATCH, "junk"),
        ),
        (
            "post",
            "/Users",
            "/Users",
            call(Method::POST, "/Users").body(json!({ "userName": long }).to_string()),
        ),
        (
            "post",
            "/Users",
            "/Users",
            call(Method::POST, "/Users").header(none, text),
        ),
        (
            "get",
            "/Users",
            "/Users",
            call(Method::GET, "/Users").header(http::header::ACCEPT, text),
        ),
        (
            "get",
            "/Users",
            "/Users",
            call(Method::GET, "/Users?filter=x"),
        ),
        (
            "get",
            "/Schemas",
            "/Schemas",
            call(Method::GET, "/Schemas?filter=id%20pr"),
        ),
        (
            "get",
            "/Schemas/{uri}",
            "/Schemas/x",
            call(Method::GET, "/Schemas/x"),
        ),
        ("options", "/Bulk", "/Bulk", call(Method::OPTIONS, "/Bulk")),
        ("head", "/", "/", call(Method::HEAD, "/?count=x")),
    ] {
        let status = answer.on(&service).await.status;
        let operation = &document["paths"][template][method];
        assert!(
            response(&document, operation, status).is_object(),
            "{method} {path}: {status}"
        );
    }
}

#[test]
fn it_follows_the_configuration() {
    let plain = service().openapi().document();
    let patch = &plain["paths"]["/Users/{id}"]["patch"];
    for status in ["401", "403", "428"] {
        assert!(patch["responses"].get(status).is_none(), "{status}");
    }
    assert_eq!(patch["security"], json!([]));
    assert!(
        !plain["components"]["parameters"]["Prefer"]
            .to_string()
            .contains("merge")
    );

    let handler =
        ScimOperationHandler::new(InMemoryProvider::default()).with_version_required(true);
    let strict = ScimService::new(handler)
        .with_authenticator(Arc::new(Everybody))
        .with_authentication_scheme(AuthenticationScheme::bearer_token())
        .with_open_discovery(true)
        .openapi()
        .document();
    let patch = &strict["paths"]["/Users/{id}"]["patch"];
    for status in ["401", "403", "428"] {
        assert!(patch["responses"].get(status).is_some(), "{status}");
    }
    assert_eq!(patch["security"], json!([{ "bearer": [] }]));
    let if_match = json!({ "$ref": "#/components/parameters/IfMatchRequired" });
    assert!(patch["parameters"].as_array().unwrap().contains(&if_match));
    assert_eq!(
        strict["components"]["securitySchemes"]["bearer"]["scheme"],
        "bearer"
    );
    let schemas = &strict["paths"]["/Schemas"]["get"];
    assert_eq!(schemas["security"], json!([]));
    assert!(schemas["responses"].get("401").is_none());

    let retaining = InMemoryProvider::default().with_retention(Retention::new(3, 1 << 20));
    let retaining = over(retaining).openapi().document();
    assert!(
        retaining["components"]["parameters"]["Prefer"]
            .to_string()
            .contains("merge")
    );
}

#[test]
fn a_document_says_where_the_service_is() {
    let document = service().openapi().document();
    assert_eq!(
        document["servers"],
        json!([{ "url": "https://example.com/scim/v2" }])
    );
    let handler = || ScimOperationHandler::new(InMemoryProvider::default());
    let at_root = ScimService::new(handler());
    assert!(at_root.openapi().document().get("servers").is_none());
    let below = at_root.with_base_path(BasePath::parse("/scim").unwrap());
    assert_eq!(
        below.openapi().document()["servers"],
        json!([{ "url": "/scim" }])
    );
}

#[test]
fn a_fragment_has_names_of_its_own() {
    let service = with_badges().with_base_path(BasePath::parse("/scim").unwrap());
    let described = service.openapi().with_prefix("Scim").unwrap();
    let fragment = described.fragment();
    assert!(
        fragment["paths"]
            .as_object()
            .unwrap()
            .keys()
            .all(|path| path.starts_with("/scim/"))
    );
    for (kind, components) in fragment["components"].as_object().unwrap() {
        for name in components.as_object().unwrap().keys() {
            assert!(name.starts_with("Scim"), "{kind}: {name}");
        }
    }
    for prefix in ["", "1", "a-b", "ü"] {
        let error = service.openapi().with_prefix(prefix).unwrap_err();
        assert_eq!(error, OpenApiError::Prefix, "{prefix}");
    }
}

#[test]
fn me_is_there_for_those_who_say_what_it_is() {
    let described = service().openapi();
    assert!(described.document()["paths"].get("/Me").is_none());
    let document = described.clone().with_me("User").unwrap().document();
    let me = &document["paths"]["/Me"];
    assert_eq!(me["get"]["operationId"], "readMe");
    assert!(me["put"]["responses"].get("501").is_some());
    let error = described.with_me("Robot").unwrap_err();
    assert_eq!(
        error,
        OpenApiError::UnknownResourceType {
            name: "Robot".into()
        }
    );
}
