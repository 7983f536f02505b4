//! What an operation touches does not grow with what is stored.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use scim_version::ScimVersion;

use super::InMemoryStorage;
use super::visits::count;
use crate::storage::{
    Change, Commit, CommitOutcome, Content, IndexEntry, Link, LinkKey, LinkSelection,
    ModifiedRange, Query, Record, RecordPage, Requirement, ResourceKey, Selection, Stamp, Start,
    Storage, UniqueKey, Write,
};
use crate::{Scope, Timestamp};

const SIZES: [u64; 3] = [1, 1_000, 100_000];

/// The futures of this store are ready at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a future of the in-memory store waited"),
    }
}

fn stamp(revision: u64) -> Stamp {
    stamp_at(revision, at(0))
}

fn stamp_at(revision: u64, modified: Timestamp) -> Stamp {
    Stamp::new(ScimVersion::from_revision(revision), at(0), modified)
}

fn at(micros: u64) -> Timestamp {
    Timestamp::from_micros(micros.try_into().unwrap()).unwrap()
}

fn key(kind: &str, id: &str) -> ResourceKey {
    ResourceKey::new(Scope::Single, kind, id).unwrap()
}

fn user(n: u64) -> ResourceKey {
    key("User", &format!("user-{n:09}"))
}

fn content(n: u64, title: &str) -> Content {
    Content::new(
        *b"{}",
        vec![UniqueKey::new("User:userName", format!("name {n}"))],
        vec![
            IndexEntry::new("userName", format!("name {n}")),
            IndexEntry::new("displayName", format!("Name {n}")),
            IndexEntry::new("title", title),
        ],
    )
}

fn commit(storage: &InMemoryStorage, commit: Commit) -> usize {
    let (visits, outcome) = count(|| now(storage.commit(commit)).unwrap());
    assert_eq!(outcome, CommitOutcome::Applied);
    visits
}

fn create_user(storage: &InMemoryStorage, n: u64) -> usize {
    let record = Record::new(stamp_at(1, at(n)), content(n, "clerk"), Vec::new());
    commit(storage, Commit::of(Write::create(user(n), record)))
}

fn page(storage: &InMemoryStorage, query: &Query) -> (usize, RecordPage) {
    count(|| now(storage.query(query)).unwrap())
}

fn first_page() -> Query {
    Query::new(Scope::Single, "User", 100)
}

#[test]
fn an_operation_touches_as_many_rows_at_100_000_records_as_at_one() {
    let costs = SIZES.map(|size| {
        let storage = InMemoryStorage::new();
        for n in 0..size {
            create_user(&storage, n);
        }
        let last = size - 1;
        let (get, found) = count(|| now(storage.get(&user(last), &LinkSelection::All)).unwrap());
        assert!(found.is_some());
        let update = Change::new(stamp(2)).with_content(content(last, "manager"));
        let update = commit(
            &storage,
            Commit::of(Write::update(user(last), stamp(1).version, update)),
        );
        let by_name = Query::new(Scope::Single, "User", 100).selecting(Selection::Unique(
            UniqueKey::new("User:userName", format!("name {last}")),
        ));
        let (by_name, found) = page(&storage, &by_name);
        assert_eq!(found.total, 1);
        let create = create_user(&storage, size);
        let delete = commit(
            &storage,
            Commit::of(Write::delete(user(size), stamp(1).version)),
        );
        [get, update, by_name, create, delete]
    });
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[1], costs[2]);
    // Neither does it grow behind the counter's back with what a record has.
    assert!(
        costs[2].iter().all(|visits| *visits <= 16),
        "{:?}",
        costs[2]
    );
}

#[test]
fn a_page_touches_its_records_and_those_that_its_offset_passes_over() {
    let [one, thousand, hundred_thousand] = SIZES.map(|size| {
        let storage = InMemoryStorage::new();
        for n in 0..size {
            create_user(&storage, n);
        }
        let (first, found) = page(&storage, &first_page());
        assert_eq!(found.total, size);
        let total_only = Query::new(Scope::Single, "User", 0);
        let (total_only, found) = page(&storage, &total_only);
        assert_eq!(found.total, size);
        let cursor = first_page().starting(Start::After(user(size / 2).id().clone()));
        let (cursor, _) = page(&storage, &cursor);
        let (past_the_end, _) = page(&storage, &first_page().starting(Start::Offset(size)));
        let (offset, _) = page(&storage, &first_page().starting(Start::Offset(size / 2)));
        (first, total_only, cursor, past_the_end, offset)
    });
    assert_eq!(one, (1, 0, 0, 0, 1));
    assert_eq!(thousand, (100, 0, 100, 0, 600));
    assert_eq!(hundred_thousand, (100, 0, 100, 0, 50_100));
}

#[test]
fn a_selection_touches_the_rows_that_it_selects() {
    let costs = SIZES.map(|size| {
        let storage = InMemoryStorage::new();
        for n in 0..size {
            create_user(&storage, n);
        }
        for n in 0..size.min(1_000) {
            let link =
                |n: u64| Link::new(LinkKey::new("members", user(n).id().as_str()), None, *b"{}");
            let content = Content::new(*b"{}", Vec::new(), Vec::new());
            let record = Record::new(stamp(1), content, vec![link(0), link(n + 1)]);
            let group = key("Group", &format!("group-{n}"));
            commit(&storage, Commit::of(Write::create(group, record)));
        }
        let last = size - 1;
        let ids = ["x", user(last).id().as_str(), "y"].map(|id| id.parse().unwrap());
        let linked = |targets: &[&str]| {
            let keys = targets
                .iter()
                .map(|target| LinkKey::new("members", *target));
            Selection::Linked(keys.collect())
        };
        [
            ("User", Selection::Ids(ids.to_vec())),
            (
                "User",
                Selection::Modified(ModifiedRange::new(Some(at(last)), Some(at(last)))),
            ),
            (
                "User",
                Selection::Modified(ModifiedRange::new(Some(at(last)), None)),
            ),
            (
                "User",
                Selection::Indexed(IndexEntry::new("userName", format!("name {last}"))),
            ),
            ("Group", linked(&[user(1).id().as_str()])),
            ("Group", linked(&["x", user(1).id().as_str(), "y"])),
        ]
        .map(|(kind, selection)| {
            let query = Query::new(Scope::Single, kind, 100).selecting(selection);
            let (visits, found) = page(&storage, &query);
            assert_eq!(found.total, 1, "{query:?}");
            visits
        })
    });
    assert_eq!(costs[1], costs[2]);
    // The row after those of a prefix is looked at, too; of one record there is none.
    assert!(costs[1].iter().all(|visits| *visits <= 8), "{:?}", costs[1]);
    assert!(
        costs[0]
            .iter()
            .zip(&costs[1])
            .all(|(one, many)| one <= many)
    );
}

#[test]
fn the_first_links_touch_no_more_than_so_many() {
    let costs = SIZES.map(|size| {
        let storage = InMemoryStorage::new();
        let link = |n: u64| Link::new(LinkKey::new("members", format!("{n:09}")), None, *b"{}");
        let content = Content::new(*b"{}", Vec::new(), Vec::new());
        let record = Record::new(stamp(1), content, (0..size).map(link).collect());
        let group = key("Group", "everybody");
        commit(&storage, Commit::of(Write::create(group.clone(), record)));
        let (visits, found) =
            count(|| now(storage.get(&group, &LinkSelection::AtMost(1))).unwrap());
        assert_eq!(found.map(|group| group.links.len()), Some(1));
        visits
    });
    assert_eq!(costs, [2, 2, 2]);
}

#[test]
fn one_member_more_touches_as_many_rows_in_a_group_of_100_000_as_of_one() {
    let costs = SIZES.map(|size| {
        let storage = InMemoryStorage::new();
        let member = |n: u64| LinkKey::new("members", user(n).id().as_str());
        let link = |n: u64| Link::new(member(n), None, *b"{}");
        let group = key("Group", "everybody");
        let content = Content::new(*b"{}", Vec::new(), Vec::new());
        let record = Record::new(stamp(1), content, (0..size).map(link).collect());
        commit(&storage, Commit::of(Write::create(group.clone(), record)));
        create_user(&storage, size);

        let change = Change::new(stamp(2)).with_links(Vec::new(), vec![link(size)]);
        let add = Commit::of(Write::update(group.clone(), stamp(1).version, change))
            .requiring(Requirement::Exists(user(size)));
        let add = commit(&storage, add);
        let one = LinkSelection::Of(vec![member(size)]);
        let (get_one, found) = count(|| now(storage.get(&group, &one)).unwrap());
        assert_eq!(found.map(|group| group.links.len()), Some(1));
        let (get_none, _) = count(|| now(storage.get(&group, &LinkSelection::None)).unwrap());
        let change = Change::new(stamp(3)).with_links(vec![member(size)], Vec::new());
        let remove = Commit::of(Write::update(group, stamp(2).version, change))
            .and(Write::delete(user(size), stamp(1).version))
            .requiring(Requirement::Unreferenced {
                key: user(size),
                reference: "Users/u".into(),
            });
        [add, get_one, get_none, commit(&storage, remove)]
    });
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[1], costs[2]);
    assert!(
        costs[2].iter().all(|visits| *visits <= 24),
        "{:?}",
        costs[2]
    );
}
