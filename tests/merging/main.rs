//! `Prefer: merge` over HTTP, against `scimd` processes: what clients change at the same time, each on
//! the version that it has seen last, is all there at the end, on every store.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod disputes;
mod edits;

use scim_tests::databases::Store;
use scim_tests::{Answer, Client, Scimd, on_every_store};
use serde_json::json;

/// How many change one user at the same time.
const CLIENTS: usize = 8;
/// How often each does; over MariaDB, whose locks are those of the others, fewer times.
const EDITS: usize = 200;
const FEWER_EDITS: usize = 50;

/// The processes that keep one user.
struct Scene {
    scimds: Vec<Scimd>,
    location: String,
}

impl Scene {
    /// Two processes over `store`, but one that keeps it in memory, each of which keeps `versions`.
    fn new(store: &Store, versions: usize) -> Self {
        let processes = if store.url() == "memory" { 1 } else { 2 };
        let keep = format!("--keep-versions={versions}");
        let args = ["--store", store.url(), &keep, "--log-filter", "warn"];
        let program = env!("CARGO_BIN_EXE_scimd-under-test");
        let start = |_| Scimd::start(program, &args);
        let scimds: Vec<_> = (0..processes).map(start).collect();
        let user = json!({ "userName": "bjensen", "name": { "formatted": "Babs" } });
        let created = scimds[0]
            .client()
            .send_json(http::Method::POST, "/Users", &[], &user);
        assert_eq!(created.status, 201, "{created:?}");
        let id = created.json()["id"].as_str().unwrap().to_owned();
        Self {
            scimds,
            location: format!("/Users/{id}"),
        }
    }

    /// The `n`-th client, each of whose neighbours asks another process.
    fn client(&self, n: usize) -> Client {
        self.scimds[n % self.scimds.len()].client()
    }
}

/// The preference of who has changed what was `seen`.
fn preference(seen: &Answer) -> String {
    let tag = seen.etag();
    let version = tag.strip_prefix("W/").unwrap_or(tag);
    format!("merge={version}")
}

/// Nobody can be further behind than all edits of all others.
fn edits_of_different_attributes_are_all_there_at_the_end(store: Store) {
    let edits = if store.url().starts_with("mysql") {
        FEWER_EDITS
    } else {
        EDITS
    };
    let scene = Scene::new(&store, CLIENTS * edits);
    edits::all_are_there(&scene, edits);
}

fn of_edits_of_one_attribute_each_that_is_refused_tells_both_values(store: Store) {
    let scene = Scene::new(&store, CLIENTS);
    disputes::each_is_told(&scene);
}

on_every_store!(
    edits_of_different_attributes_are_all_there_at_the_end,
    of_edits_of_one_attribute_each_that_is_refused_tells_both_values,
);
