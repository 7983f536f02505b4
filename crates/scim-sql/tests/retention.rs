//! What is kept of a resource that is written again and again stays within its bounds, in memory and
//! on the disk.
//!
//! `cargo test --release -p scim-sql --test retention -- --ignored` writes it 100,000 times.

#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::VecDeque;
use std::fs;
use std::path::Path;

use scim_provider::storage::{Retention, Storage};
use scim_provider::version::{ConditionalResult, ScimVersion};
use scim_provider::{
    ConditionalProvider, InMemoryStorage, RequestContext, RetainingProvider,
    StandardResourceProvider,
};
use scim_sql::{Durability, Options, SqliteStorage};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// After so many writes there is as much as there ever may be.
const FILLED: usize = 300;
/// How much more there may be after all of them, for whatever is not what is kept: what is kept of a
/// few hundred writes without bounds would be more.
const SLACK: u64 = 8 << 20;

const BY_NUMBER: Retention = Retention::new(16, 1 << 40);
const BY_OCTETS: Retention = Retention::new(u32::MAX, 256 << 10);

/// A document of 10 kB.
fn document(turn: usize) -> Value {
    json!({ "userName": "bjensen", "title": format!("{turn:010000}") })
}

/// Writes one user so many times, and looks at how much there is when the bounds are reached and at
/// the end.
async fn is_bounded<S: Storage>(
    storage: S,
    retention: Retention,
    writes: usize,
    taken: impl Fn() -> u64,
) {
    let provider = StandardResourceProvider::new(storage).with_retention(retention);
    let context = RequestContext::new("req");
    let created = provider
        .create_versioned_resource("User", document(0), &context)
        .await
        .unwrap();
    let id = created.resource().id().unwrap().to_owned();
    let mut version = created.version().clone();
    let mut replaced: VecDeque<ScimVersion> = VecDeque::new();
    let mut filled = 0;
    for turn in 1..=writes {
        let updated = provider
            .conditional_update("User", &id, document(turn), &version, &context)
            .await
            .unwrap();
        let ConditionalResult::Success(updated) = updated else {
            panic!("nobody else writes");
        };
        replaced.push_front(version);
        replaced.truncate(100);
        version = updated.version().clone();
        if turn == FILLED {
            filled = taken();
        }
    }
    let more = taken().saturating_sub(filled);
    println!("{retention:?}: {filled} octets after {FILLED} writes, {more} more after {writes}");
    assert!(more < SLACK, "{more} octets more after {writes} writes");

    let mut kept = 0;
    for (back, version) in replaced.iter().enumerate() {
        let former = provider.former_version("User", &id, version, &context);
        if former.await.unwrap().is_some() {
            assert_eq!(kept, back, "there is a gap");
            kept += 1;
        }
    }
    let fit = usize::try_from(retention.octets() / 10_000).unwrap_or(usize::MAX);
    let most = usize::try_from(retention.versions()).unwrap().min(fit);
    assert!(kept <= most && kept + 2 >= most.min(16), "{kept} are kept");
}

fn is_bounded_in_memory(retention: Retention, writes: usize) {
    let storage = InMemoryStorage::new();
    let bounded = is_bounded(storage, retention, writes, resident);
    Runtime::new().unwrap().block_on(bounded);
}

fn is_bounded_on_disk(retention: Retention, writes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::default();
    options.durability = Durability::Relaxed;
    Runtime::new().unwrap().block_on(async {
        let storage = SqliteStorage::open(folder.path().join("scim.db"), &options).unwrap();
        storage.migrate().await.unwrap();
        is_bounded(storage, retention, writes, || on_disk(folder.path())).await;
    });
}

/// Resident memory of this process.
fn resident() -> u64 {
    let rollup = fs::read_to_string("/proc/self/smaps_rollup").unwrap();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Rss:"));
    let kib: u64 = line
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|number| number.trim().parse().ok())
        .unwrap();
    kib << 10
}

/// The files of the database.
fn on_disk(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).unwrap();
    let sizes = files.map(|file| file.unwrap().metadata().unwrap().len());
    sizes.sum()
}

// One test of memory at a time: they share what is looked at.

#[test]
fn thousands_of_writes_leave_no_more_than_is_kept() {
    for retention in [BY_NUMBER, BY_OCTETS] {
        is_bounded_in_memory(retention, 1_600);
        is_bounded_on_disk(retention, 1_600);
    }
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn a_hundred_thousand_writes_leave_no_more_in_memory_than_is_kept() {
    for retention in [BY_NUMBER, BY_OCTETS] {
        is_bounded_in_memory(retention, 100_000);
    }
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_writes_leave_no_more_on_the_disk_than_a_number() {
    is_bounded_on_disk(BY_NUMBER, 100_000);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_writes_leave_no_more_on_the_disk_than_octets() {
    is_bounded_on_disk(BY_OCTETS, 100_000);
}
