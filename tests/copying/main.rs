//! Everything from one kind of database to the next: every version is the same at the end.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::process::{Command, Output};
use std::sync::Arc;

use scim_provider::storage::{Query, Start};
use scim_provider::{RequestContext, ResourceProvider, Scope, StandardResourceProvider, Storage};
use scim_sql::{Options, SqlStorage};
use scim_tests::databases::{MariaDb, Postgres, Store, or_left_out};
use scim_version::ScimVersion;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const SCIMD: &str = env!("CARGO_BIN_EXE_scimd-under-test");

/// Resources made at once, so that they share a sync of the disk.
const TOGETHER: usize = 64;

async fn store(url: &str) -> SqlStorage {
    let store = SqlStorage::connect(url, &Options::default()).unwrap();
    store.migrate().await.unwrap();
    store
}

fn user(number: usize) -> Value {
    json!({
        "userName": format!("Käthe-{number}@example.com"),
        "externalId": number.to_string(),
        "emails": [{ "value": format!("{number}@example.org"), "type": "work" }],
    })
}

/// `users` users, and `groups` groups with ten members each.
async fn fill(url: &str, users: usize, groups: usize) {
    let provider = Arc::new(StandardResourceProvider::new(store(url).await));
    let mut ids = Vec::with_capacity(users);
    for first in (0..users).step_by(TOGETHER) {
        let numbers = first..users.min(first + TOGETHER);
        ids.extend(create(&provider, "User", numbers.map(user)).await);
    }
    for first in (0..groups).step_by(TOGETHER) {
        let numbers = first..groups.min(first + TOGETHER);
        let group = |number: usize| {
            let members = (0..10).map(|n| json!({ "value": ids[(number * 7 + n) % ids.len()] }));
            let members: Vec<_> = members.collect();
            json!({ "displayName": format!("Group {number}"), "members": members })
        };
        create(&provider, "Group", numbers.map(group)).await;
    }
}

async fn create(
    provider: &Arc<StandardResourceProvider<SqlStorage>>,
    resource_type: &'static str,
    documents: impl Iterator<Item = Value>,
) -> Vec<String> {
    let mut tasks = JoinSet::new();
    for document in documents {
        let provider = Arc::clone(provider);
        tasks.spawn(async move {
            let context = RequestContext::with_generated_id();
            let created = provider.create_resource(resource_type, document, &context);
            created.await.unwrap().id().unwrap().to_owned()
        });
    }
    tasks.join_all().await
}

/// Every resource's type, id, version and number of links, in order.
async fn inventory(url: &str) -> Vec<(&'static str, String, ScimVersion, usize)> {
    let store = store(url).await;
    let mut all = Vec::new();
    for resource_type in ["User", "Group"] {
        let mut query = Query::new(Scope::Single, resource_type, 1_000);
        loop {
            let page = store.query(&query).await.unwrap().records;
            let Some(last) = page.last() else { break };
            query.start = Start::After(last.key.id().clone());
            all.extend(page.into_iter().map(|stored| {
                let id = stored.key.id().to_string();
                (resource_type, id, stored.stamp.version, stored.links.len())
            }));
        }
    }
    all
}

/// All the memory that a copy may take, in KiB, stacks included: a fraction of what 100,000 users are.
const MEMORY: &str = "65536";

fn scimd_copy(from: &str, to: &str, more: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", "ulimit -d \"$0\" && exec \"$@\"", MEMORY, SCIMD])
        .args(["copy", "--from", from, "--to", to])
        .args(more)
        .output()
        .unwrap()
}

fn copied(from: &str, to: &str) {
    let output = scimd_copy(from, to, &[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    println!("{said}");
}

/// SQLite → PostgreSQL → MariaDB → SQLite.
fn around(users: usize, groups: usize) {
    let Some(postgres) = or_left_out(Postgres::shared()) else {
        return;
    };
    let Some(mariadb) = or_left_out(MariaDb::shared()) else {
        return;
    };
    let (first, last) = (Store::sqlite(), Store::sqlite());
    let (postgres, mariadb) = (postgres.database(), mariadb.database());
    let runtime = Runtime::new().unwrap();
    runtime.block_on(fill(first.url(), users, groups));
    copied(first.url(), &postgres);
    copied(&postgres, &mariadb);
    copied(&mariadb, last.url());
    let (before, after) =
        runtime.block_on(async { (inventory(first.url()).await, inventory(last.url()).await) });
    assert_eq!(before.len(), users + groups);
    assert!(
        before == after,
        "a resource or its version changed on the way"
    );
}

#[test]
fn versions_are_the_same_after_a_way_through_every_database() {
    around(700, 20);
}

#[test]
#[ignore = "takes minutes: run it for itself, in a release build"]
fn versions_of_100_000_users_are_the_same_after_a_way_through_every_database() {
    around(100_000, 1_000);
}

#[test]
fn only_an_empty_database_is_copied_to_unless_a_copy_is_resumed() {
    let (from, to) = (Store::sqlite(), Store::sqlite());
    let runtime = Runtime::new().unwrap();
    runtime.block_on(fill(from.url(), 30, 3));
    copied(from.url(), to.url());
    let refused = scimd_copy(from.url(), to.url(), &[]);
    assert!(!refused.status.success());
    // What was added since is brought over by a copy that goes on, if it comes last.
    runtime.block_on(async {
        let provider = Arc::new(StandardResourceProvider::new(store(from.url()).await));
        create(&provider, "User", [user(99)].into_iter()).await;
    });
    let differs = scimd_copy(from.url(), to.url(), &["--resume"]);
    let said = String::from_utf8(differs.stderr).unwrap();
    // Its keys stand in the middle of their tables, which a copy that goes on does not look at.
    assert!(said.contains("differs"), "{said}");
    assert!(!differs.status.success());
}

#[test]
fn a_copy_that_was_cut_off_goes_on() {
    let (from, to) = (Store::sqlite(), Store::sqlite());
    let runtime = Runtime::new().unwrap();
    runtime.block_on(fill(from.url(), 1_200, 5));
    runtime.block_on(async {
        let (from, to) = (store(from.url()).await, store(to.url()).await);
        let mut calls = 0;
        let copy = scim_sql::copy(&from, &to, false, |_| calls += 1);
        let mut copy = Box::pin(copy);
        // Dropped on its way.
        for _ in 0..40 {
            let step = tokio::time::timeout(std::time::Duration::ZERO, &mut copy).await;
            assert!(step.is_err(), "it was too quick to be cut off");
        }
        drop(copy);
    });
    let output = scimd_copy(from.url(), to.url(), &["--resume"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let (before, after) =
        runtime.block_on(async { (inventory(from.url()).await, inventory(to.url()).await) });
    assert!(
        before == after,
        "a resource or its version changed on the way"
    );
}
