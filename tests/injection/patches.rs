use http::Method;
use scim_tests::databases::Store;
use scim_tests::on_every_store;
use serde_json::{Value, json};

use crate::scene::{Scene, quoted, same_as_in_memory};
use crate::texts::texts;

on_every_store!(
    values_in_paths_select_what_has_them,
    paths_that_are_none_change_nothing,
);

fn patch(scene: &mut Scene, location: &str, operations: &Value) -> scim_tests::Answer {
    let message = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    scene.ask(Method::PATCH, location, Some(&message))
}

fn values_in_paths_select_what_has_them(store: Store) {
    same_as_in_memory(&store, |scene| {
        let user = scene.create("/Users", &json!({ "userName": "bjensen" }));
        let location = format!("/Users/{}", user["id"].as_str().unwrap());
        for text in texts() {
            let value = quoted(&text);
            let added = patch(
                scene,
                &location,
                &json!([
                    { "op": "add", "path": "emails", "value": [{ "value": text, "type": text }] },
                    { "op": "add", "path": "emails", "value": [{ "value": "other", "type": "other" }] },
                    { "op": "replace", "path": "title", "value": text },
                    { "op": "add", "value": { "nickName": text } },
                ]),
            );
            assert_eq!(added.status, 200, "{added:?}");
            let changed = patch(
                scene,
                &location,
                &json!([
                    { "op": "replace", "path": format!("emails[type eq {value}].display"), "value": text },
                ]),
            );
            assert_eq!(changed.status, 200, "{changed:?}");
            let read = scene.ask(Method::GET, &location, None).json();
            assert_eq!(
                (&read["title"], &read["nickName"]),
                (&json!(text), &json!(text))
            );
            let emails = read["emails"].as_array().unwrap();
            assert!(
                emails.contains(&json!({ "value": text, "type": text, "display": text })),
                "{read}"
            );
            assert!(
                emails.contains(&json!({ "value": "other", "type": "other" })),
                "{read}"
            );

            let path = format!("emails[value eq {value}]");
            let removed = patch(scene, &location, &json!([{ "op": "remove", "path": path }]));
            assert_eq!(
                removed.json()["emails"].as_array().unwrap().len(),
                1,
                "{removed:?}"
            );
        }
    });
}

fn paths_that_are_none_change_nothing(store: Store) {
    same_as_in_memory(&store, |scene| {
        let user = scene.create("/Users", &json!({ "userName": "bjensen", "title": "same" }));
        let location = format!("/Users/{}", user["id"].as_str().unwrap());
        for text in texts() {
            // A name of an attribute is a path.
            if matches!(
                text.as_str(),
                "userName" | "urn:ietf:params:scim:schemas:core:2.0:User"
            ) {
                continue;
            }
            for path in [
                text.clone(),
                format!("title{text}"),
                format!("emails[{text}]"),
                format!("emails[type eq {text}].value"),
                format!("{text}[type eq \"x\"].value"),
            ] {
                for op in ["add", "remove", "replace"] {
                    let operation = json!([{ "op": op, "path": path, "value": text }]);
                    patch(scene, &location, &operation);
                }
            }
            let operation = json!([{ "op": text, "path": "title", "value": text }]);
            assert_eq!(patch(scene, &location, &operation).status, 400);
        }
        let read = scene.ask(Method::GET, &location, None).json();
        assert_eq!(read["userName"], "bjensen");
    });
}
