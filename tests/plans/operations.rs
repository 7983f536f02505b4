use std::sync::Arc;
use std::time::Duration;

use scim_provider::storage::{
    Change, Commit, CommitOutcome, Content, IndexEntry, Link, LinkKey, LinkSelection,
    ModifiedRange, Query, Record, Requirement, ResourceKey, Retention, Selection, Stamp, UniqueKey,
    Write,
};
use scim_provider::{Scope, Storage, Timestamp};
use scim_sql::SqlStorage;
use scim_version::ScimVersion;

/// What is done with the store.
pub(crate) const NAMES: [&str; 19] = [
    "get a user",
    "get a member of a group",
    "get some members of a group",
    "find by a unique key",
    "find by an index entry",
    "find who links",
    "find who links to one of several",
    "find by ids",
    "find by time",
    "find a former version",
    "find no former version",
    "replace a document",
    "replace a document and its keys",
    "replace and keep a document",
    "keep a member and drop the oldest",
    "create",
    "add a member",
    "remove a member",
    "delete",
];

fn key(resource_type: &str, id: &str) -> ResourceKey {
    ResourceKey::new(Scope::Single, resource_type, id).unwrap()
}

fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

/// A stamp that no other turn has.
fn stamp(what: &str) -> Stamp {
    let version = ScimVersion::from_content(what);
    Stamp::new(version, time(0), time(1_000_000))
}

fn content(name: &str) -> Content {
    Content::new(
        *b"{}",
        vec![UniqueKey::new("User:userName", name)],
        vec![IndexEntry::new("externalId", name)],
    )
}

fn member(id: &str) -> LinkKey {
    LinkKey::new("members", id)
}

async fn version_of(store: &SqlStorage, key: &ResourceKey) -> ScimVersion {
    let stored = store.get(key, &LinkSelection::None).await.unwrap().unwrap();
    stored.stamp.version
}

async fn applied(store: &SqlStorage, commit: Commit) {
    assert_eq!(store.commit(commit).await.unwrap(), CommitOutcome::Applied);
}

async fn one_is_found(store: &SqlStorage, resource_type: &str, selection: Selection) {
    let query = Query::new(Scope::Single, resource_type, 100)
        .selecting(selection)
        .with_links(LinkSelection::None);
    let page = store.query(&query).await.unwrap();
    assert!(page.total > 0 && page.total < 10, "{}", page.total);
}

/// Does what `name` says, for the `turn`-th time.
pub(crate) async fn run(store: &SqlStorage, name: &str, turn: usize) {
    let number = 5_000 + turn * 10_007;
    let id = format!("user-{number}");
    let user = key("User", &id);
    let group = key("Group", "group-7");
    let own = |links: Vec<LinkKey>| LinkSelection::Of(links);
    let linked = |links: Vec<LinkKey>| one_is_found(store, "Group", Selection::Linked(links));
    let users = |selection| one_is_found(store, "User", selection);
    match name {
        "get a user" => {
            let found = store.get(&user, &LinkSelection::All).await.unwrap();
            assert!(found.is_some());
        }
        "get a member of a group" => {
            let links = own(vec![member("user-107")]);
            let found = store.get(&group, &links).await.unwrap().unwrap();
            assert_eq!(found.links.len(), 1);
        }
        "get some members of a group" => {
            let links = LinkSelection::AtMost(5);
            let found = store.get(&group, &links).await.unwrap().unwrap();
            assert_eq!(found.links.len(), 5);
        }
        "find by a unique key" => {
            let value = format!("u{number}");
            users(Selection::Unique(UniqueKey::new("User:userName", value))).await;
        }
        "find by an index entry" => {
            let value = format!("x{number}");
            users(Selection::Indexed(IndexEntry::new("emails.value", value))).await;
        }
        "find who links" => linked(vec![member(&id)]).await,
        "find who links to one of several" => {
            linked(vec![member(&id), member("user-1"), member("user-2")]).await;
        }
        "find by ids" => {
            let ids = ["user-3", &id].map(|id| id.parse().unwrap());
            users(Selection::Ids(ids.to_vec())).await;
        }
        "find by time" => {
            let at = i64::try_from(number).unwrap();
            let range = ModifiedRange::new(Some(time(at)), Some(time(at + 1)));
            users(Selection::Modified(range)).await;
        }
        "find a former version" => {
            let version = ScimVersion::from_hash(format!("f{number}")).unwrap();
            let former = store.former(&user, &version).await.unwrap().unwrap();
            assert_eq!(former.replaced, time(i64::try_from(number).unwrap()));
        }
        "find no former version" => {
            let version = ScimVersion::from_hash("f").unwrap();
            assert!(store.former(&group, &version).await.unwrap().is_none());
        }
        "replace and keep a document" => {
            let expected = version_of(store, &user).await;
            let change = Change::new(stamp(&format!("kept {id}")));
            let change = change.with_content(content(&format!("kept-{number}")));
            let commit = Commit::of(Write::update(user, expected, change));
            applied(store, commit.keeping(Some(Retention::new(2, 1 << 40)))).await;
        }
        "keep a member and drop the oldest" => {
            let expected = version_of(store, &group).await;
            let gone = vec![member("user-107"), member("user-207")];
            let change = Change::new(stamp(&format!("kept with {id}"))).with_links(gone, vec![]);
            let commit = Commit::of(Write::update(group, expected, change));
            // Users were replaced in the order of their numbers, a microsecond after each other.
            let dropped = 3 * u64::try_from(turn + 1).unwrap();
            let age = Duration::from_micros(1_000_000 - dropped);
            let retention = Retention::new(2, 1 << 40).with_age(age);
            applied(store, commit.keeping(Some(retention))).await;
        }
        "replace a document" => {
            // Twice, so that the second leaves the keys what the first has made them.
            for half in ["first", "second"] {
                let expected = version_of(store, &user).await;
                let change = Change::new(stamp(&format!("{half} {id}")));
                let change = change.with_content(content(&format!("u{number}")));
                applied(
                    store,
                    Commit::of(Write::update(user.clone(), expected, change)),
                )
                .await;
            }
        }
        "replace a document and its keys" => {
            let expected = version_of(store, &user).await;
            let change = Change::new(stamp(&format!("renamed {id}")));
            let change = change.with_content(content(&format!("renamed-{number}")));
            applied(store, Commit::of(Write::update(user, expected, change))).await;
        }
        "create" => {
            let id = format!("new-{number}");
            let record = Record::new(stamp(&id), content(&id), Vec::new());
            applied(store, Commit::of(Write::create(key("User", &id), record))).await;
        }
        "add a member" => {
            let expected = version_of(store, &group).await;
            let reference: Arc<str> = format!("Users/{id}").into();
            let link = Link::new(member(&id), Some(reference), *b"{}");
            let change = Change::new(stamp(&format!("with {id}"))).with_links(vec![], vec![link]);
            let commit = Commit::of(Write::update(group, expected, change));
            applied(store, commit.requiring(Requirement::Exists(user))).await;
        }
        "remove a member" => {
            let expected = version_of(store, &group).await;
            let gone = vec![member(&id)];
            let change = Change::new(stamp(&format!("without {id}"))).with_links(gone, vec![]);
            applied(store, Commit::of(Write::update(group, expected, change))).await;
        }
        "delete" => {
            let id = format!("new-{number}");
            let user = key("User", &id);
            let expected = version_of(store, &user).await;
            let reference = format!("Users/{id}").into();
            let commit = Commit::of(Write::delete(user.clone(), expected));
            let unreferenced = Requirement::Unreferenced {
                key: user,
                reference,
            };
            applied(store, commit.requiring(unreferenced)).await;
        }
        _ => panic!("{name} is no operation"),
    }
}
