use http::Method;
use scim_tests::databases::Store;
use scim_tests::on_every_store;
use serde_json::{Value, json};

use crate::scene::{quoted, same_as_in_memory};
use crate::texts::texts;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

on_every_store!(
    values_come_back_unchanged,
    filters_find_what_has_the_text_and_nothing_else,
    a_name_is_taken_for_itself_only,
);

/// `text` wherever a user can have one.
fn user(text: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": text,
        "externalId": text,
        "displayName": text,
        "nickName": text,
        "title": text,
        "name": { "familyName": text, "formatted": text },
        "emails": [{ "value": text, "type": text, "display": text }],
        "phoneNumbers": [{ "value": text, "type": text }],
        "addresses": [{ "streetAddress": text, "country": text, "type": text }],
        "roles": [{ "value": text }],
        "entitlements": [{ "value": text, "primary": true }],
        ENTERPRISE: { "costCenter": text, "manager": { "value": text } },
    })
}

/// What is shown of `sent`, without what the server adds.
fn sent_part(shown: &Value, sent: &Value) -> Value {
    let members = sent.as_object().unwrap().keys();
    members
        .map(|name| (name.clone(), shown[name].clone()))
        .collect()
}

fn values_come_back_unchanged(store: Store) {
    same_as_in_memory(&store, |scene| {
        for text in texts() {
            let sent = user(&text);
            let created = scene.create("/Users", &sent);
            assert_eq!(sent_part(&created, &sent), sent);
            let location = format!("/Users/{}", created["id"].as_str().unwrap());
            let read = scene.ask(Method::GET, &location, None).json();
            assert_eq!(read, created);

            let sent = user(&format!("{text}{text}.changed"));
            let put = scene.ask(Method::PUT, &location, Some(&sent));
            assert_eq!(put.status, 200, "{put:?}");
            let read = scene.ask(Method::GET, &location, None).json();
            assert_eq!(sent_part(&read, &sent), sent);
            // The text is free again for another one.
            let other = scene.create("/Users", &user(&text));
            let other = format!("/Users/{}", other["id"].as_str().unwrap());
            assert_eq!(scene.ask(Method::DELETE, &other, None).status, 204);
        }
        let all = scene.search("/Users", &json!({ "count": 1_000 }));
        assert_eq!(all.json()["totalResults"], texts().len());
    });
}

fn filters_find_what_has_the_text_and_nothing_else(store: Store) {
    same_as_in_memory(&store, |scene| {
        let ids: Vec<_> = texts()
            .iter()
            .map(|text| {
                scene.create("/Users", &user(text))["id"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        for (text, id) in texts().iter().zip(&ids) {
            let value = quoted(text);
            for attribute in [
                "userName",
                "externalId",
                "displayName",
                "nickName",
                "emails.value",
            ] {
                let found = scene.found("/Users", &format!("{attribute} eq {value}"));
                assert_eq!(found, [id.as_str()], "{attribute} of {text:?}");
            }
            for operator in ["co", "sw", "ew", "gt", "le"] {
                let found = scene.found("/Users", &format!("title {operator} {value}"));
                assert_eq!(found.contains(id), operator != "gt", "{operator} {text:?}");
            }
            let found = scene.found("/Users", &format!("not (userName ne {value})"));
            assert_eq!(found, [id.as_str()]);
            let found = scene.found("/Users", &format!("emails[type eq {value} and value pr]"));
            assert_eq!(found, [id.as_str()]);
            // No id and no version is like that.
            for attribute in ["id", "meta.version"] {
                let found = scene.found("/Users", &format!("{attribute} eq {value}"));
                assert!(found.is_empty(), "{text:?} is found");
            }
        }
    });
}

fn a_name_is_taken_for_itself_only(store: Store) {
    same_as_in_memory(&store, |scene| {
        for text in texts() {
            scene.create("/Users", &json!({ "userName": text }));
        }
        for text in texts() {
            let again = scene.ask(Method::POST, "/Users", Some(&json!({ "userName": text })));
            assert_eq!(again.status, 409, "{text:?}: {again:?}");
            // The same to SCIM, or another name: as in memory.
            let upper = json!({ "userName": text.to_uppercase() });
            scene.ask(Method::POST, "/Users", Some(&upper));
        }
    });
}
