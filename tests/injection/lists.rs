//! What says in which order a list comes, and where it begins.

use scim_tests::databases::Store;
use scim_tests::on_every_store;
use serde_json::{Value, json};

use crate::scene::{Scene, ids, same_as_in_memory, search};
use crate::texts::texts;

on_every_store!(
    texts_are_sorted_as_in_memory,
    sorts_and_cursors_that_are_none_are_refused_or_nothing,
    pages_have_each_once,
);

fn fill(scene: &mut Scene) {
    for text in texts() {
        let user = json!({ "userName": text, "displayName": text, "title": text });
        scene.create("/Users", &user);
    }
}

fn texts_are_sorted_as_in_memory(store: Store) {
    same_as_in_memory(&store, |scene| {
        fill(scene);
        for attribute in ["userName", "displayName", "title"] {
            for order in ["ascending", "descending"] {
                let sorted = json!({ "sortBy": attribute, "sortOrder": order, "count": 1_000 });
                let list = scene.ask_in_order("/Users/.search", &search(&sorted));
                assert_eq!(list.status, 200, "{list:?}");
                for start in [1, 40, 80] {
                    let page = json!({
                        "sortBy": attribute, "sortOrder": order, "startIndex": start, "count": 7,
                    });
                    scene.ask_in_order("/Users/.search", &search(&page));
                }
            }
        }
    });
}

fn sorts_and_cursors_that_are_none_are_refused_or_nothing(store: Store) {
    same_as_in_memory(&store, |scene| {
        fill(scene);
        for text in texts() {
            for members in [
                json!({ "sortBy": text }),
                json!({ "sortBy": "userName", "sortOrder": text }),
                json!({ "sortBy": format!("userName{text}") }),
                json!({ "startIndex": text }),
                json!({ "count": text }),
                json!({ "cursor": text, "count": 3 }),
            ] {
                // How much a wrong one finds, not which: that is by id.
                let mut members = members;
                members["attributes"] = json!(["schemas"]);
                members["filter"] = json!("userName eq \"plain\"");
                scene.search("/Users", &members);
            }
        }
    });
}

fn pages_have_each_once(store: Store) {
    let mut scene = Scene::new(&store);
    fill(&mut scene);
    let total = texts().len();
    let mut by_index = Vec::new();
    for start in (1..=total).step_by(7) {
        let page = json!({ "startIndex": start, "count": 7 });
        by_index.extend(ids(&scene.search("/Users", &page)));
    }
    let mut by_cursor = Vec::new();
    let mut cursor = Value::from("");
    loop {
        let page = scene.search("/Users", &json!({ "cursor": cursor, "count": 7 }));
        by_cursor.extend(ids(&page));
        match &page.json()["nextCursor"] {
            Value::Null => break,
            next => cursor = next.clone(),
        }
    }
    for mut pages in [by_index, by_cursor] {
        pages.sort();
        pages.dedup();
        assert_eq!(pages.len(), total);
    }
}
