//! RFC 7644 §3.4.2 but for filters, and §3.4.3.

use serde_json::Value;

use crate::scene::Scene;

/// The resources of an answer may not be without `schemas` (RFC 7643 §3), as those printed are, and
/// `startIndex` and `itemsPerPage` are always shown.
#[test]
fn section_3_4_2_the_user_names_of_all_users() {
    let mut scene = Scene::new();
    let (first, second) = (
        "2819c223-7f76-453a-919d-413861904646",
        "c75ad752-64ae-4823-840d-ffa80929976c",
    );
    for (id, name) in [(first, "bjensen"), (second, "jsmith")] {
        scene.exists(id, "/Users", &format!("{{ \"userName\": \"{name}\" }}"));
    }
    let answer = scene.ask(
        "
GET /Users?attributes=userName
Host: example.com
Accept: application/scim+json
Authorization: Bearer h480djs93hd8
",
    );
    scene.is_answer(
        &answer,
        r#"
HTTP/1.1 200 OK
Content-Type: application/scim+json

{
  "schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  "totalResults":2,
  "startIndex":1,
  "itemsPerPage":2,
  "Resources":[
    {
      "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
      "id":"2819c223-7f76-453a-919d-413861904646",
      "userName":"bjensen"
    },
    {
      "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
      "id":"c75ad752-64ae-4823-840d-ffa80929976c",
      "userName":"jsmith"
    }
  ]
}
"#,
    );
}

#[test]
fn section_3_4_2_a_query_without_matches_succeeds_with_none() {
    let scene = Scene::new();
    let answer = scene.ask("GET /Users?filter=userName eq \"nobody\"\nHost: example.com\n");
    assert_eq!(
        (answer.status, &answer.json()["totalResults"]),
        (200, &0.into())
    );
}

#[test]
fn section_3_4_2_parameters_that_nobody_knows_are_ignored() {
    let scene = Scene::new();
    scene.create("/Users", r#"{ "userName": "bjensen" }"#);
    let answer = scene.ask("GET /Users?colour=blue&count=1\nHost: example.com\n");
    assert_eq!(
        (answer.status, &answer.json()["totalResults"]),
        (200, &1.into())
    );
}

/// Printed without the quotes around the types' names.
#[test]
fn section_3_4_2_1_a_query_of_the_root_is_one_of_all_resources() {
    let scene = Scene::new();
    scene.create("/Users", r#"{ "userName": "bjensen" }"#);
    scene.create("/Groups", r#"{ "displayName": "Guides" }"#);
    for (query, total) in [
        ("", 2),
        (
            "?filter=(meta.resourceType eq \"User\") or (meta.resourceType eq \"Group\")",
            2,
        ),
        ("?filter=meta.resourceType eq \"Group\"", 1),
        // Attributes that one of the types does not have, have no value there.
        ("?filter=userName pr", 1),
        ("?filter=displayName eq \"Guides\"", 1),
    ] {
        for root in ["", "/"] {
            let answer = scene.ask(&format!("GET /v2{root}{query}\nHost: example.com\n"));
            assert_eq!(answer.status, 200, "{root}{query}: {answer:?}");
            let list = answer.json();
            assert_eq!(list["totalResults"], total, "{root}{query}: {list}");
        }
    }
}

#[test]
fn section_3_4_2_3_resources_come_in_the_order_that_is_asked_for() {
    let scene = Scene::new();
    for (name, given) in [("b", "Zoe"), ("a", "adam"), ("c", "Bert")] {
        let user =
            format!("{{ \"userName\": \"{name}\", \"name\": {{ \"givenName\": \"{given}\" }} }}");
        scene.create("/Users", &user);
    }
    scene.create("/Users", r#"{ "userName": "d" }"#);
    // Without a value last if ascending, first if descending; letters in either case alike.
    for (query, names) in [
        ("sortBy=name.givenName", ["a", "c", "b", "d"]),
        (
            "sortBy=name.givenName&sortOrder=ascending",
            ["a", "c", "b", "d"],
        ),
        (
            "sortBy=name.givenName&sortOrder=descending",
            ["d", "b", "c", "a"],
        ),
        ("sortBy=userName&sortOrder=descending", ["d", "c", "b", "a"]),
    ] {
        let list = scene
            .ask(&format!("GET /Users?{query}\nHost: example.com\n"))
            .json();
        assert_eq!(user_names(&list), names, "{query}");
    }
}

#[test]
fn section_3_4_2_4_the_first_ten_of_a_hundred_users() {
    let scene = Scene::new();
    for number in 0..100 {
        let user = format!("{{ \"userName\": \"user{number}\" }}");
        scene.create("/Users", &user);
    }
    let answer = scene.ask(
        "
GET /Users?startIndex=1&count=10
Host: example.com
Accept: application/scim+json
Authorization: Bearer h480djs93hd8
",
    );
    let first = answer.json();
    let mut seen = user_names(&first);
    assert_eq!(seen.len(), 10);
    let list = Value::Object(
        first
            .as_object()
            .unwrap()
            .clone()
            .into_iter()
            .filter(|(name, _)| name != "Resources")
            .collect(),
    );
    scene.is_shape(
        &list,
        r#"
{
  "totalResults":100,
  "itemsPerPage":10,
  "startIndex":1,
  "schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
}
"#,
    );
    for page in 1..10 {
        let start = page * 10 + 1;
        let request = format!("GET /Users?startIndex={start}&count=10\nHost: example.com\n");
        let list = scene.ask(&request).json();
        assert_eq!(
            (&list["startIndex"], &list["itemsPerPage"]),
            (&start.into(), &10.into())
        );
        seen.extend(user_names(&list));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 100);
}

#[test]
fn section_3_4_2_4_odd_numbers_mean_what_table_6_says() {
    let scene = Scene::new();
    for name in ["a", "b", "c"] {
        scene.create("/Users", &format!("{{ \"userName\": \"{name}\" }}"));
    }
    for (query, resources) in [
        ("startIndex=0", 3),
        ("startIndex=-5&count=2", 2),
        ("count=0", 0),
        ("count=-1", 0),
        ("startIndex=3", 1),
        ("startIndex=4", 0),
    ] {
        let list = scene
            .ask(&format!("GET /Users?{query}\nHost: example.com\n"))
            .json();
        assert_eq!(list["totalResults"], 3, "{query}");
        assert_eq!(list["itemsPerPage"], resources, "{query}");
        let shown = list["Resources"].as_array().map_or(0, Vec::len);
        assert_eq!(shown, resources, "{query}");
    }
}

/// Two of the hundred are printed, and ids that are none. `Location` is not sent: a list is at no
/// URL that can be read.
#[test]
fn section_3_4_3_searching_with_post() {
    let scene = Scene::new();
    for number in 0..6 {
        let user = format!(
            "{{ \"userName\": \"jsmith{number}\", \"displayName\": \"Smith, James\", \"title\": \"x\" }}"
        );
        scene.create("/Users", &user);
        let group = "{ \"displayName\": \"Smith Family\", \"externalId\": \"x\" }";
        scene.create("/Groups", group);
    }
    scene.create(
        "/Users",
        r#"{ "userName": "bjensen", "displayName": "Babs" }"#,
    );
    let answer = scene.ask(
        r#"
POST /.search
Host: example.com
Accept: application/scim+json
Content-Type: application/scim+json
Authorization: Bearer h480djs93hd8
Content-Length: ...

{
  "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
  "attributes": ["displayName", "userName"],
  "filter":
    "displayName sw \"smith\"",
  "startIndex": 1,
  "count": 10
}
"#,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/scim+json"));
    let list = answer.json();
    assert_eq!(
        list["schemas"],
        serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
    );
    assert_eq!(
        (
            &list["totalResults"],
            &list["itemsPerPage"],
            &list["startIndex"]
        ),
        (&12.into(), &10.into(), &1.into())
    );
    let resources = list["Resources"].as_array().unwrap();
    assert_eq!(resources.len(), 10);
    for resource in resources {
        if resource["displayName"] == "Smith Family" {
            scene.is_shape(
                resource,
                r#"{
                  "schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],
                  "id":"c8596b90-7539-4f20968d1908",
                  "displayName":"Smith Family"
                }"#,
            );
        } else {
            let user_name = resource["userName"].as_str().unwrap();
            scene.is_shape(
                resource,
                &r#"{
                  "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
                  "id":"2819c223-7f76-413861904646",
                  "userName":"jsmith",
                  "displayName":"Smith, James"
                }"#
                .replace("\"jsmith\"", &format!("\"{user_name}\"")),
            );
        }
    }
}

#[test]
fn section_3_4_3_a_search_below_an_endpoint_is_one_of_its_resources() {
    let scene = Scene::new();
    scene.create(
        "/Users",
        r#"{ "userName": "jsmith", "displayName": "Smith, James" }"#,
    );
    scene.create("/Groups", r#"{ "displayName": "Smith Family" }"#);
    for (endpoint, total) in [("/Users", 1), ("/Groups", 1), ("", 2)] {
        let answer = scene.ask(&format!(
            "POST {endpoint}/.search\nHost: example.com\n\n\
             {{ \"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:SearchRequest\"],
                \"filter\": \"displayName sw \\\"smith\\\"\",
                \"sortBy\": \"displayName\", \"sortOrder\": \"descending\",
                \"excludedAttributes\": [\"meta\"] }}"
        ));
        assert_eq!(answer.status, 200, "{endpoint}: {answer:?}");
        let list = answer.json();
        assert_eq!(list["totalResults"], total, "{endpoint}: {list}");
        let resources = list["Resources"].as_array().unwrap();
        assert!(
            resources
                .iter()
                .all(|resource| resource.get("meta").is_none())
        );
    }
}

fn user_names(list: &Value) -> Vec<String> {
    let resources = list["Resources"].as_array();
    let names = resources
        .into_iter()
        .flatten()
        .map(|user| &user["userName"]);
    names
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}
