//! RFC 9865: pages by cursor.

use serde_json::{Value, json};

use crate::scene::Scene;

fn scene(users: usize) -> Scene {
    let scene = Scene::new();
    for number in 0..users {
        scene.create(
            "/Users",
            &json!({ "userName": format!("J{number:03}") }).to_string(),
        );
    }
    scene.create("/Users", r#"{ "userName": "bjensen" }"#);
    scene
}

/// Printed without the quotes around the `J`.
#[test]
fn rfc_9865_section_2_the_first_ten_of_a_hundred_users_and_the_rest() {
    let scene = scene(100);
    let first = scene.ask(
        "
GET /Users?filter=userName sw \"J\"&cursor&count=10
Host: example.com
Accept: application/scim+json
",
    );
    assert_eq!(first.status, 200, "{first:?}");
    let mut page = first.json();
    scene.is_shape(
        &without_resources(&page),
        r#"{
           "totalResults":100,
           "itemsPerPage":10,
           "nextCursor":"VZUTiyhEQJ94IR",
           "schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        }"#,
    );
    let mut seen = ids(&page);
    for _ in 1..10 {
        let cursor = page["nextCursor"]
            .as_str()
            .expect("all pages but the last have one");
        assert!(
            cursor
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c)),
            "{cursor}"
        );
        let answer = scene.ask(&format!(
            "GET /Users?filter=userName sw \"J\"&cursor={cursor}&count=10\nHost: example.com\n"
        ));
        assert_eq!(answer.status, 200, "{answer:?}");
        page = answer.json();
        assert_eq!(
            (&page["totalResults"], &page["itemsPerPage"]),
            (&json!(100), &json!(10))
        );
        seen.extend(ids(&page));
    }
    assert_eq!(page.get("nextCursor"), None, "the last page has none");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 100);
}

#[test]
fn rfc_9865_section_2_the_first_page_has_no_previous_one() {
    let scene = scene(3);
    for query in ["cursor&count=2", "cursor=&count=2"] {
        let page = scene.read(&format!("/Users?{query}"));
        assert!(
            page.get("nextCursor").is_some() && page.get("previousCursor").is_none(),
            "{page}"
        );
    }
    let none = scene.read("/Users?cursor&count=-1");
    assert_eq!((&none["totalResults"], ids(&none).len()), (&json!(4), 0));
}

#[test]
fn rfc_9865_section_2_1_what_is_no_cursor_is_400_invalid_cursor() {
    let scene = scene(3);
    let page = scene.read("/Users?cursor&count=2");
    let cursor = page["nextCursor"].as_str().unwrap();
    let shortened = &cursor[..cursor.len() - 1];
    for cursor in ["nonsense", "%FF", "J001", shortened] {
        let answer = scene.ask(&format!(
            "GET /Users?cursor={cursor}&count=2\nHost: example.com\n"
        ));
        assert_eq!(
            (answer.status, &answer.json()["scimType"]),
            (400, &json!("invalidCursor")),
            "{cursor}: {answer:?}"
        );
    }
    for count in ["many", "1.5"] {
        let answer = scene.ask(&format!(
            "GET /Users?cursor&count={count}\nHost: example.com\n"
        ));
        assert_eq!(answer.status, 400, "{answer:?}");
    }
}

/// "the client MUST query the same service provider endpoint with all query parameters and values
/// being identical": a cursor of another query is none of this one's.
#[test]
fn rfc_9865_section_2_a_cursor_is_of_one_query() {
    let scene = scene(5);
    let page = scene.read("/Users?cursor&count=2&filter=userName%20sw%20%22J%22");
    let cursor = page["nextCursor"].as_str().unwrap();
    for query in [
        format!("/Users?cursor={cursor}&count=2"),
        format!("/Users?cursor={cursor}&count=2&filter=userName%20pr"),
        format!("/Groups?cursor={cursor}&count=2&filter=displayName%20sw%20%22J%22"),
    ] {
        let answer = scene.ask(&format!("GET {query}\nHost: example.com\n"));
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
        assert_eq!(answer.json()["scimType"], "invalidCursor");
    }
}

#[test]
fn rfc_9865_section_2_2_pages_are_sorted() {
    let scene = scene(4);
    let query = "sortBy=userName&sortOrder=descending&count=2";
    let first = scene.read(&format!("/Users?{query}&cursor"));
    let second = scene.read(&format!(
        "/Users?{query}&cursor={}",
        first["nextCursor"].as_str().unwrap()
    ));
    let names: Vec<&Value> = [&first, &second]
        .into_iter()
        .flat_map(|page| page["Resources"].as_array().unwrap())
        .map(|user| &user["userName"])
        .collect();
    assert_eq!(names, ["J003", "J002", "J001", "J000"]);
}

/// The default method is the index, as §2.4 advises.
#[test]
fn rfc_9865_section_2_4_without_a_cursor_pages_are_by_index() {
    let scene = scene(3);
    let page = scene.read("/Users?count=2");
    assert_eq!(
        (&page["startIndex"], page.get("nextCursor")),
        (&json!(1), None)
    );
    let pagination = &scene.read("/ServiceProviderConfig")["pagination"];
    assert_eq!(
        (&pagination["cursor"], &pagination["index"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(pagination["defaultPaginationMethod"], "index");
}

/// Printed for `/User/.search`.
#[test]
fn rfc_9865_section_3_cursors_in_a_search() {
    let scene = Scene::new();
    for number in 0..12 {
        let user = json!({ "userName": format!("u{number}"), "displayName": "Smith" });
        scene.create("/Users", &user.to_string());
    }
    let request = r#"
POST /Users/.search
Host: example.com
Accept: application/scim+json

{
   "schemas": [
     "urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
   "attributes": ["displayName", "userName"],
   "filter": "displayName sw \"smith\"",
   "cursor": "",
   "count": 10
}
"#;
    let first = scene.ask(request).json();
    scene.is_shape(
        &without_resources(&first),
        r#"{
           "totalResults": 12,
           "itemsPerPage": 10,
           "nextCursor": "VZUTiyhEQJ94IR",
           "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        }"#,
    );
    let cursor = first["nextCursor"].to_string();
    let second = scene.ask(&request.replace("\"cursor\": \"\"", &format!("\"cursor\": {cursor}")));
    let second = second.json();
    assert_eq!((ids(&second).len(), second.get("nextCursor")), (2, None));
    let mut all = [ids(&first), ids(&second)].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 12);
}

/// A cursor grants nothing: another tenant that has got hold of it sees nothing of the first.
#[test]
fn rfc_9865_section_5_2_a_cursor_shows_no_other_tenants_resources() {
    let (first, second) = ("a".repeat(32), "b".repeat(32));
    let scene = Scene::with_args(&[
        "--tenant",
        &format!("first={first}"),
        "--tenant",
        &format!("second={second}"),
    ]);
    for number in 0..4 {
        let created = scene.ask(&format!(
            "POST /Users\nHost: example.com\nAuthorization: Bearer {first}\n\n{{ \"userName\": \"u{number}\" }}"
        ));
        assert_eq!(created.status, 201);
    }
    let page = scene.ask(&format!(
        "GET /Users?cursor&count=2\nHost: example.com\nAuthorization: Bearer {first}\n"
    ));
    let cursor = page.json()["nextCursor"].as_str().unwrap().to_owned();
    let stolen = scene.ask(&format!(
        "GET /Users?cursor={cursor}&count=2\nHost: example.com\nAuthorization: Bearer {second}\n"
    ));
    if stolen.status == 200 {
        let list = stolen.json();
        assert_eq!((&list["totalResults"], ids(&list).len()), (&json!(0), 0));
    } else {
        assert_eq!(
            (stolen.status, &stolen.json()["scimType"]),
            (400, &json!("invalidCursor"))
        );
    }
    assert!(!stolen.body.contains("u0") && !stolen.body.contains("u2"));
}

fn ids(list: &Value) -> Vec<String> {
    let resources = list["Resources"].as_array().into_iter().flatten();
    resources
        .map(|resource| resource["id"].as_str().unwrap().to_owned())
        .collect()
}

fn without_resources(list: &Value) -> Value {
    let mut list = list.as_object().unwrap().clone();
    list.remove("Resources");
    Value::Object(list)
}
