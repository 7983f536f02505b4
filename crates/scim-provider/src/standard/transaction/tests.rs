use std::collections::BTreeSet;

use proptest::prelude::*;
use scim_version::{ConditionalResult, ScimVersion};
use serde_json::{Value, json};

use super::super::InMemoryProvider;
use super::*;
use crate::storage::{
    Change, Commit, Content, IndexEntry, Link, LinkKey, LinkSelection, Query, Record, RecordPage,
    Requirement, ResourceId, ResourceKey, Selection, Stamp, Start, UniqueKey, Write,
};
use crate::{InMemoryStorage, ListQuery, ResourceProvider, Scope, Timestamp, VersionedResource};

fn context() -> RequestContext {
    RequestContext::new("test")
}

async fn create(provider: &dyn ConditionalProvider, kind: &str, data: Value) -> VersionedResource {
    provider
        .create_versioned_resource(kind, data, &context())
        .await
        .unwrap()
}

fn id(resource: &VersionedResource) -> String {
    resource.resource().id().unwrap().to_owned()
}

async fn total(provider: &dyn ConditionalProvider) -> u64 {
    provider
        .list_versioned_resources("User", &ListQuery::new(), &context())
        .await
        .unwrap()
        .total
}

#[tokio::test]
async fn what_was_written_is_seen_within_before_it_is_seen_outside() {
    let provider = InMemoryProvider::default();
    let transaction = provider.begin(&context());
    let user = create(&*transaction.provider(), "User", json!({ "userName": "a" })).await;
    let seen = |provider: Arc<dyn ConditionalProvider>| {
        let id = id(&user);
        async move {
            provider
                .get_versioned_resource("User", &id, &context())
                .await
                .unwrap()
        }
    };
    assert_eq!(seen(transaction.provider()).await.as_ref(), Some(&user));
    assert_eq!(seen(Arc::new(provider.clone())).await, None);
    assert!(transaction.commit().await.unwrap().is_success());
    // The version that it gave out is the one that is stored.
    assert_eq!(seen(Arc::new(provider)).await, Some(user));
}

#[tokio::test]
async fn a_transaction_that_is_dropped_has_changed_nothing() {
    let provider = InMemoryProvider::default();
    let transaction = provider.begin(&context());
    create(&*transaction.provider(), "User", json!({ "userName": "a" })).await;
    drop(transaction);
    assert_eq!(total(&provider).await, 0);
}

#[tokio::test]
async fn a_rival_between_first_read_and_commit_refuses_all_of_it() {
    let provider = InMemoryProvider::default();
    let old = create(&provider, "User", json!({ "userName": "a" })).await;
    let transaction = provider.begin(&context());
    let within = transaction.provider();
    create(&*within, "User", json!({ "userName": "b" })).await;
    let data = json!({ "userName": "a", "title": "x" });
    let updated = within
        .conditional_update("User", &id(&old), data, old.version(), &context())
        .await
        .unwrap();
    assert!(updated.is_success());
    let rival = json!({ "userName": "a", "title": "rival" });
    let rival = provider
        .update_resource("User", &id(&old), rival, &context())
        .await
        .unwrap();
    let rival = VersionedResource::new(rival);

    match transaction.commit().await.unwrap() {
        ConditionalResult::VersionMismatch(conflict) => {
            assert_eq!(&conflict.current, rival.version());
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(total(&provider).await, 1);
}

#[tokio::test]
async fn a_unique_value_is_taken_within_the_transaction_too() {
    let provider = InMemoryProvider::default();
    let taken = create(&provider, "User", json!({ "userName": "a" })).await;
    let transaction = provider.begin(&context());
    let within = transaction.provider();
    let again = |name: &str| {
        let data = json!({ "userName": name });
        let within = Arc::clone(&within);
        async move {
            within
                .create_versioned_resource("User", data, &context())
                .await
        }
    };
    assert!(again("b").await.is_ok());
    for name in ["A", "B"] {
        let refused = again(name).await.unwrap_err();
        assert!(matches!(refused, ProviderError::Duplicate { .. }), "{name}");
    }
    // Whoever gives a value away frees it for what comes after.
    let gone = within
        .conditional_delete("User", &id(&taken), taken.version(), &context())
        .await
        .unwrap();
    assert!(gone.is_success());
    assert!(again("a").await.is_ok());
    assert!(transaction.commit().await.unwrap().is_success());
    assert_eq!(total(&provider).await, 2);
}

#[tokio::test]
async fn a_unique_value_that_a_rival_took_meanwhile_refuses_all_of_it() {
    let provider = InMemoryProvider::default();
    let transaction = provider.begin(&context());
    create(&*transaction.provider(), "User", json!({ "userName": "a" })).await;
    create(&provider, "User", json!({ "userName": "a" })).await;
    let refused = transaction.commit().await.unwrap_err();
    assert!(matches!(refused, ProviderError::Duplicate { .. }));
    assert_eq!(total(&provider).await, 1);
}

// What a store behind a transaction ends with, and what each commit is told, is what it would
// be without the transaction between.

const IDS: [&str; 3] = ["1", "2", "3"];

fn key(kind: &str, id: &str) -> ResourceKey {
    ResourceKey::new(Scope::Single, kind, id).unwrap()
}

fn link_key(target: &str) -> LinkKey {
    LinkKey::new("members", target)
}

#[derive(Debug, Clone)]
struct Step {
    group: bool,
    id: &'static str,
    kind: u8,
    /// The version named is the current one.
    current: bool,
    name: Option<u8>,
    remove: Vec<&'static str>,
    add: Vec<&'static str>,
    exists: Option<&'static str>,
}

prop_compose! {
    fn step()(
        group: bool,
        id in prop::sample::select(&IDS[..]),
        kind in 0..3_u8,
        current in prop::bool::weighted(0.9),
        name in prop::option::of(0..3_u8),
        remove in prop::sample::subsequence(&IDS[..], 0..=2),
        add in prop::sample::subsequence(&IDS[..], 0..=2),
        exists in prop::option::weighted(0.2, prop::sample::select(&IDS[..])),
    ) -> Step {
        Step { group, id, kind, current, name, remove, add, exists }
    }
}

/// Rules are named after types, as those of the standard provider are.
fn content(kind: &str, name: Option<u8>) -> Content {
    let name = name.map(|name| name.to_string());
    let unique = name.iter().map(|name| UniqueKey::new(kind, name.as_str()));
    let index = name
        .iter()
        .map(|name| IndexEntry::new("name", name.as_str()));
    Content::new(
        format!("{name:?}").into_bytes(),
        unique.collect(),
        index.collect(),
    )
    .with_hidden(name.as_ref().map(|name| name.as_bytes().into()))
}

fn links(targets: &[&str]) -> Vec<Link> {
    targets
        .iter()
        .map(|target| Link::new(link_key(target), None, *b"{}"))
        .collect()
}

impl Step {
    async fn commit(&self, n: u64, store: &dyn Storage) -> Commit {
        let kind = if self.group { "Group" } else { "User" };
        let key = key(kind, self.id);
        let at = Timestamp::from_micros(n.try_into().unwrap()).unwrap();
        let stamp = Stamp::new(ScimVersion::from_revision(n), at, at);
        let found = store.get(&key, &LinkSelection::None).await.unwrap();
        let expected = found
            .filter(|_| self.current)
            .map_or(ScimVersion::from_revision(0), |found| found.stamp.version);
        let write = match self.kind {
            0 => Write::create(
                key,
                Record::new(stamp, content(kind, self.name), links(&self.add)),
            ),
            1 => {
                let remove = self.remove.iter().map(|target| link_key(target)).collect();
                let mut change = Change::new(stamp).with_links(remove, links(&self.add));
                if self.name.is_some() {
                    change = change.with_content(content(kind, self.name));
                }
                Write::update(key, expected, change)
            }
            _ => Write::delete(key, expected),
        };
        let commit = Commit::of(write);
        match self.exists {
            Some(id) => commit.requiring(Requirement::Exists(self::key("User", id))),
            None => commit,
        }
    }
}

fn selections() -> Vec<Selection> {
    let mut selections = vec![
        Selection::All,
        Selection::Linked(vec![link_key("1"), link_key("2")]),
        Selection::Ids(
            ["3", "1"]
                .map(|id| id.parse::<ResourceId>().unwrap())
                .into(),
        ),
        Selection::Linked(vec![link_key("3")]),
    ];
    for name in ["0", "1", "2"] {
        selections.push(Selection::Unique(UniqueKey::new("User", name)));
        selections.push(Selection::Unique(UniqueKey::new("Group", name)));
        selections.push(Selection::Indexed(IndexEntry::new("name", name)));
    }
    selections
}

async fn all_there_is(store: &dyn Storage) -> Vec<RecordPage> {
    let mut pages = Vec::new();
    for kind in ["User", "Group"] {
        for selection in selections() {
            for links in [
                LinkSelection::All,
                LinkSelection::AtMost(1),
                LinkSelection::Of(vec![link_key("2")]),
            ] {
                let query = Query::new(Scope::Single, kind, 2)
                    .selecting(selection.clone())
                    .with_links(links);
                let after = Start::After("1".parse().unwrap());
                pages.push(store.query(&query).await.unwrap());
                pages.push(store.query(&query.starting(after)).await.unwrap());
            }
        }
    }
    pages
}

proptest! {
    #[test]
    fn a_transaction_ends_where_its_commits_one_by_one_would(
        before in prop::collection::vec(step(), 0..6),
        within in prop::collection::vec(step(), 1..10),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (direct, base) = (InMemoryStorage::new(), Arc::new(InMemoryStorage::new()));
            let mut n = 0;
            for step in &before {
                n += 1;
                let commit = step.commit(n, &direct).await;
                let _ = direct.commit(commit.clone()).await.unwrap();
                let _ = base.commit(commit).await.unwrap();
            }
            let staged = Staged::new(base.clone(), Scope::Single);
            let mut deleted = BTreeSet::new();
            for step in &within {
                n += 1;
                match step.kind {
                    0 if deleted.contains(&(step.group, step.id)) => continue,
                    2 => drop(deleted.insert((step.group, step.id))),
                    _ => {}
                }
                let commit = step.commit(n, &direct).await;
                let outcome = direct.commit(commit.clone()).await.unwrap();
                assert_eq!(staged.commit(commit).await.unwrap(), outcome);
                assert_eq!(all_there_is(&staged).await, all_there_is(&direct).await);
            }
            let commit = staged.take_commit();
            assert_eq!(base.commit(commit).await.unwrap(), CommitOutcome::Applied);
            assert_eq!(all_there_is(&*base).await, all_there_is(&direct).await);
        });
    }
}
