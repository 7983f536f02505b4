use http::Method;
use scim_tests::databases::Store;
use scim_tests::on_every_store;
use serde_json::json;

use crate::scene::{encoded, quoted, same_as_in_memory};
use crate::texts::texts;

on_every_store!(
    groups_and_what_is_said_of_members_come_back,
    members_that_are_none_are_left_out
);

fn groups_and_what_is_said_of_members_come_back(store: Store) {
    same_as_in_memory(&store, |scene| {
        let user = scene.create("/Users", &json!({ "userName": "bjensen" }));
        let id = user["id"].as_str().unwrap();
        for text in texts() {
            let member = json!({ "value": id, "display": text });
            let group = json!({ "displayName": text, "externalId": text, "members": [member] });
            let created = scene.create("/Groups", &group);
            let group = created["id"].as_str().unwrap();
            assert_eq!(created["displayName"], text);
            assert_eq!(created["externalId"], text);
            assert_eq!(created["members"][0]["value"], id);
            for attribute in ["displayName", "externalId"] {
                let found = scene.found("/Groups", &format!("{attribute} eq {}", quoted(&text)));
                assert_eq!(found, [group]);
            }
            scene.found("/Groups", &format!("members.display eq {}", quoted(&text)));
            // The user is shown with the name of the group.
            let read = scene.ask(Method::GET, &format!("/Users/{id}"), None).json();
            let groups = read["groups"].as_array().unwrap();
            assert!(groups.iter().any(|shown| shown["value"] == group), "{read}");
        }
    });
}

fn members_that_are_none_are_left_out(store: Store) {
    same_as_in_memory(&store, |scene| {
        let user = scene.create("/Users", &json!({ "userName": "bjensen" }));
        let id = user["id"].as_str().unwrap();
        let member = json!({ "value": id, "type": "User" });
        let group = scene.create(
            "/Groups",
            &json!({ "displayName": "g", "members": [member] }),
        );
        let location = format!("/Groups/{}", group["id"].as_str().unwrap());
        for text in texts() {
            for member in [
                json!({ "value": text }),
                json!({ "value": text, "type": "User" }),
                json!({ "value": text, "type": text }),
                json!({ "value": text, "$ref": format!("/Users/{}", encoded(&text)) }),
                json!({ "value": format!("{id}{text}"), "type": "User" }),
            ] {
                let message = json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": [{ "op": "add", "path": "members", "value": [member] }],
                });
                scene.ask(Method::PATCH, &location, Some(&message));
            }
            for path in [
                format!("members[value eq {}]", quoted(&text)),
                format!("members[value eq {} and display pr]", quoted(&text)),
            ] {
                let message = json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    "Operations": [{ "op": "remove", "path": path }],
                });
                scene.ask(Method::PATCH, &location, Some(&message));
            }
            let found = scene.found("/Groups", &format!("members.value eq {}", quoted(&text)));
            assert!(found.is_empty(), "{text:?} is found");
            let found = scene.found("/Groups", &format!("members[value eq {}]", quoted(&text)));
            assert!(found.is_empty(), "{text:?} is found");
        }
        let read = scene.ask(Method::GET, &location, None).json();
        assert_eq!(read["members"].as_array().unwrap().len(), 1, "{read}");
        assert_eq!(read["members"][0]["value"], id);
    });
}
