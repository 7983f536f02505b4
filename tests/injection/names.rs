//! Where no text of a client belongs: ids in paths, names of attributes, endpoints, tags.

use http::Method;
use scim_tests::databases::Store;
use scim_tests::on_every_store;
use serde_json::json;

use crate::scene::{encoded, quoted, same_as_in_memory};
use crate::texts::texts;

on_every_store!(
    ids_in_paths_name_nothing,
    names_of_attributes_are_refused_or_name_nothing,
);

/// What a URL has room for.
fn short() -> impl Iterator<Item = String> {
    texts().into_iter().filter(|text| text.len() < 1_000)
}

fn ids_in_paths_name_nothing(store: Store) {
    same_as_in_memory(&store, |scene| {
        let user = scene.create("/Users", &json!({ "userName": "bystander" }));
        let put = json!({ "userName": "intruder" });
        let patch = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "displayName", "value": "x" }],
        });
        let id = user["id"].as_str().unwrap();
        // Alone, and with an id before or after it.
        let ids =
            short().flat_map(|text| [text.clone(), format!("{id}{text}"), format!("{text}{id}")]);
        for text in ids {
            for endpoint in ["Users", "Groups"] {
                let target = format!("/{endpoint}/{}", encoded(&text));
                for (method, json) in [
                    (Method::GET, None),
                    (Method::PUT, Some(&put)),
                    (Method::PATCH, Some(&patch)),
                    (Method::DELETE, None),
                ] {
                    let answer = scene.ask(method, &target, json);
                    assert!(matches!(answer.status, 400 | 404), "{text:?}: {answer:?}");
                }
            }
            let answer = scene.ask(Method::GET, &format!("/{}", encoded(&text)), None);
            assert!(matches!(answer.status, 400 | 404), "{text:?}: {answer:?}");
        }
        let read = scene.ask(Method::GET, &format!("/Users/{id}"), None);
        assert_eq!(read.json(), user);
    });
}

fn names_of_attributes_are_refused_or_name_nothing(store: Store) {
    same_as_in_memory(&store, |scene| {
        let user = scene.create("/Users", &json!({ "userName": "bystander" }));
        let location = format!("/Users/{}", user["id"].as_str().unwrap());
        for text in short() {
            let mut unknown = json!({ "userName": "bystander" });
            // What is an attribute already stays.
            if text != "userName" {
                unknown[&text] = json!({ &text: [&text] });
            }
            scene.ask(Method::PUT, &location, Some(&unknown));
            for members in [
                json!({ "filter": format!("{text} eq \"x\"") }),
                json!({ "filter": format!("urn:{text}:x eq \"x\"") }),
                json!({ "filter": format!("emails[{text} eq \"x\"]") }),
                json!({ "filter": text }),
                json!({ "filter": format!("userName {text} \"x\"") }),
                json!({ "filter": format!("meta.lastModified gt {}", quoted(&text)) }),
                json!({ "filter": format!("active eq {}", quoted(&text)) }),
                json!({ "attributes": [text] }),
                json!({ "excludedAttributes": [text] }),
            ] {
                scene.search("/Users", &members);
            }
            let attributes = format!("{location}?attributes={}", encoded(&text));
            scene.ask(Method::GET, &attributes, None);
        }
        let read = scene.ask(Method::GET, &location, None).json();
        assert_eq!(read["userName"], "bystander");
        assert_eq!(read["id"], user["id"]);
    });
}
