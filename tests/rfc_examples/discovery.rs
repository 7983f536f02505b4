//! RFC 7644 §4, RFC 7643 §8.5 and §8.6.

use serde_json::Value;

use crate::scene::Scene;
use crate::shape::type_differences;

const USER_TYPE: &str = r#"
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  "id": "User",
  "name": "User",
  "endpoint": "/Users",
  "description": "User Account",
  "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
  "schemaExtensions": [
    {
      "schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
      "required": false
    }
  ],
  "meta": {
    "location": "https://example.com/v2/ResourceTypes/User",
    "resourceType": "ResourceType"
  }
}
"#;

const GROUP_TYPE: &str = r#"
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  "id": "Group",
  "name": "Group",
  "endpoint": "/Groups",
  "description": "Group",
  "schema": "urn:ietf:params:scim:schemas:core:2.0:Group",
  "meta": {
    "location": "https://example.com/v2/ResourceTypes/Group",
    "resourceType": "ResourceType"
  }
}
"#;

/// The enterprise extension is required in print, which would refuse the user of §3.3.
#[test]
fn section_4_the_resource_types() {
    let scene = Scene::new();
    let answer = scene.ask("GET /ResourceTypes\nHost: example.com\n");
    scene.is_answer(
        &answer,
        &format!(
            r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json

{{
  "totalResults":2,
  "itemsPerPage":2,
  "startIndex":1,
  "schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  "Resources":[{USER_TYPE}, {GROUP_TYPE}]
}}
"#
        ),
    );
}

#[test]
fn rfc_7643_section_8_6_the_resource_types_by_id() {
    let scene = Scene::new();
    for (id, printed) in [("User", USER_TYPE), ("Group", GROUP_TYPE)] {
        scene.is_shape(&scene.read(&format!("/ResourceTypes/{id}")), printed);
    }
}

/// Compared by types: the values are the server's own. `etag`, which the text of §5 requires, is
/// printed; `pagination` is RFC 9865's.
#[test]
fn rfc_7643_section_8_5_the_service_provider_configuration() {
    let scene = Scene::with_args(&["--token", &"t".repeat(32)]);
    let answer = scene.ask(&format!(
        "GET /ServiceProviderConfig\nHost: example.com\nAuthorization: Bearer {}\n",
        "t".repeat(32)
    ));
    assert_eq!(answer.status, 200, "{answer:?}");
    let printed: Value = serde_json::from_str(
        r#"
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  "documentationUri?": "http://example.com/help/scim.html",
  "patch": { "supported":true },
  "bulk": {
    "supported":true,
    "maxOperations":1000,
    "maxPayloadSize":1048576
  },
  "filter": {
    "supported":true,
    "maxResults": 200
  },
  "changePassword": { "supported":true },
  "sort": { "supported":true },
  "etag": { "supported":true },
  "pagination?": {
    "cursor": true,
    "index": true,
    "defaultPaginationMethod?": "index",
    "defaultPageSize?": 100,
    "maxPageSize?": 250,
    "cursorTimeout?": 3600
  },
  "authenticationSchemes": [
    {
      "name": "OAuth Bearer Token",
      "description": "Authentication scheme using the OAuth Bearer Token Standard",
      "specUri?": "http://www.rfc-editor.org/info/rfc6750",
      "documentationUri?": "http://example.com/help/oauth.html",
      "type": "oauthbearertoken",
      "primary?": true
    }
  ],
  "meta": {
    "location": "https://example.com/v2/ServiceProviderConfig",
    "resourceType": "ServiceProviderConfig",
    "created?": "2010-01-23T04:56:22Z",
    "lastModified?": "2011-05-13T04:42:34Z",
    "version?": "W\/\"3694e05e9dff594\""
  }
}
"#,
    )
    .unwrap();
    let config = answer.json();
    let differences = type_differences(&printed, &config);
    assert!(differences.is_empty(), "{differences:#?} in {config:#}");
    for name in ["schemas", "patch", "sort", "etag"] {
        assert_eq!(config[name], printed[name], "{name}");
    }
    assert_eq!(config["meta"]["location"], printed["meta"]["location"]);
    let schemes = config["authenticationSchemes"].as_array().unwrap();
    assert!(
        schemes
            .iter()
            .any(|scheme| scheme["type"] == "oauthbearertoken")
    );
}

#[test]
fn section_4_a_schema_by_its_uri() {
    let scene = Scene::new();
    let uri = "urn:ietf:params:scim:schemas:core:2.0:User";
    let schema = scene.read(&format!("/Schemas/{uri}"));
    assert_eq!(schema["id"], uri);
    assert_eq!(schema["meta"]["resourceType"], "Schema");
    let location = format!("https://example.com/v2/Schemas/{uri}");
    assert_eq!(schema["meta"]["location"], location);
}

/// "If a "filter" is provided, the service provider SHOULD respond with HTTP status code 403"; other
/// parameters "SHALL be ignored".
#[test]
fn section_4_discovery_refuses_filters_and_ignores_other_parameters() {
    let scene = Scene::new();
    for endpoint in ["/Schemas", "/ResourceTypes"] {
        let filtered = scene.ask(&format!("GET {endpoint}?filter=id pr\nHost: example.com\n"));
        assert_eq!(filtered.status, 403, "{endpoint}: {filtered:?}");
        assert_eq!(filtered.json()["status"], "403");
        let all = scene.read(endpoint);
        let paged = scene.read(&format!("{endpoint}?startIndex=2&count=1&sortBy=id"));
        assert_eq!(paged, all, "{endpoint}");
    }
}

#[test]
fn section_4_discovery_is_read_only() {
    let scene = Scene::new();
    for endpoint in ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = scene.ask(&format!("{method} {endpoint}\nHost: example.com\n"));
            assert_eq!(answer.status, 405, "{method} {endpoint}: {answer:?}");
            assert_eq!(answer.json()["status"], "405");
        }
    }
}
