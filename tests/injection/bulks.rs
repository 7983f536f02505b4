use scim_tests::databases::Store;
use scim_tests::on_every_store;
use serde_json::json;

use crate::scene::same_as_in_memory;
use crate::texts::texts;

on_every_store!(bulk_ids_name_what_they_were_given_to);

fn bulk_ids_name_what_they_were_given_to(store: Store) {
    same_as_in_memory(&store, |scene| {
        for text in texts() {
            for schema in ["", "urn:x-scim:versioned:2.0:AtomicBulk"] {
                let mut schemas = vec!["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
                schemas.extend((!schema.is_empty()).then_some(schema));
                let name = format!("{text}{schema}");
                let member = json!({ "value": format!("bulkId:{text}") });
                let bulk = json!({
                    "schemas": schemas,
                    "Operations": [
                        {
                            "method": "POST", "path": "/Users", "bulkId": text,
                            "data": { "userName": name },
                        },
                        {
                            "method": "POST", "path": "/Groups", "bulkId": format!("{text} group"),
                            "data": { "displayName": name, "members": [member] },
                        },
                        { "method": "DELETE", "path": format!("/Users/{text}") },
                    ],
                });
                let answer = scene.ask_in_bulk(&bulk);
                if schema.is_empty() {
                    let operations = &answer.json()["Operations"];
                    let statuses = [0, 1].map(|n| operations[n]["status"].clone());
                    assert_eq!(statuses, ["201", "201"], "{text:?}: {answer:?}");
                }
            }
        }
    });
}
