//! What a write of the provider touches in its store does not grow with what is stored.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use scim_version::{ConditionalResult, ScimVersion};
use serde_json::{Value, json};

use super::InMemoryProvider;
use crate::memory::count_visits;
use crate::storage::{
    Commit, Content, Link, LinkKey, LinkSelection, Record, ResourceKey, Stamp, Storage, Write,
};
use crate::{
    ConditionalProvider, ListQuery, PartialProvider, RequestContext, Scope, Timestamp,
    VersionedResource, View,
};

const SIZES: [u64; 3] = [10, 1_000, 100_000];

/// The futures of the provider in memory are ready at once, as long as nobody interferes.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a future of the provider in memory waited"),
    }
}

fn put(provider: &InMemoryProvider, kind: &str, id: &str, document: &str, links: Vec<Link>) {
    let at = Timestamp::from_micros(0).unwrap();
    let stamp = Stamp::new(ScimVersion::from_revision(1), at, at);
    let key = ResourceKey::new(Scope::Single, kind, id).unwrap();
    let content = Content::new(document.as_bytes(), Vec::new(), Vec::new());
    let create = Commit::of(Write::create(key, Record::new(stamp, content, links)));
    let _ = now(provider.storage().commit(create)).unwrap();
}

fn user(n: u64) -> String {
    format!("user-{n:09}")
}

/// A group with `size` members, and as many users and two more.
fn group_of(size: u64) -> InMemoryProvider {
    let provider = InMemoryProvider::default();
    for n in 0..size + 2 {
        put(&provider, "User", &user(n), "{}", Vec::new());
    }
    let link = |n: u64| {
        let reference = format!("Users/{}", user(n)).into();
        let key = LinkKey::new("members", user(n));
        Link::new(key, Some(reference), *br#"{"type":"User"}"#)
    };
    let members = (0..size).map(link).collect();
    put(&provider, "Group", "g", r#"{"displayName":"g"}"#, members);
    provider
}

fn success<T>(result: ConditionalResult<T>) -> T {
    match result {
        ConditionalResult::Success(value) => value,
        other => panic!("{:?}", other.map(drop)),
    }
}

#[test]
fn one_member_more_or_less_touches_as_many_rows_in_a_group_of_100_000_as_of_ten() {
    let costs = SIZES.map(|size| {
        let provider = group_of(size);
        let context = RequestContext::new("test");
        let mut version = ScimVersion::from_revision(1);
        let mut write = |data: Value, links: LinkSelection| {
            let written =
                provider.conditional_update_part("Group", "g", data, &links, &version, &context);
            let (visits, written) = count_visits(|| now(written).unwrap());
            version = success(written).version().clone();
            visits
        };
        let group = |members: Value| json!({ "displayName": "g", "members": members });
        let of = |n: u64| LinkSelection::Of(vec![LinkKey::new("members", user(n))]);
        let typed = json!([{ "value": user(size), "type": "User" }]);
        let untyped = json!([{ "value": user(size + 1) }]);
        let costs = [
            write(group(typed.clone()), LinkSelection::None),
            write(group(untyped), of(size + 1)),
            write(group(json!([])), of(size / 2)),
            // Nothing new.
            write(group(typed), of(size)),
            write(json!({ "displayName": "h" }), LinkSelection::None),
        ];
        let view = View::document().with_links(of(0));
        let part = provider.get_part("Group", "g", &view, &context);
        let (read, part) = count_visits(|| now(part).unwrap());
        assert_eq!(
            part.as_ref().map(VersionedResource::version),
            Some(&version)
        );
        let whole = provider.get_versioned_resource("Group", "g", &context);
        let whole = now(whole).unwrap().unwrap();
        let members = whole.resource().attribute("members").unwrap();
        assert_eq!(
            members.as_array().map(Vec::len),
            usize::try_from(size + 1).ok()
        );
        // Deleting a member takes it out of its group.
        let (first, member) = (ScimVersion::from_revision(1), user(0));
        let delete = provider.conditional_delete("User", &member, &first, &context);
        let (delete, deleted) = count_visits(|| now(delete).unwrap());
        success(deleted);
        [&costs[..], &[read, delete]].concat()
    });
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[1], costs[2]);
    assert!(
        costs[2].iter().all(|visits| *visits <= 24),
        "{:?}",
        costs[2]
    );
}

#[test]
fn a_page_of_users_touches_a_few_rows_for_each_membership() {
    for size in [10, 100, 1_000] {
        let provider = InMemoryProvider::default();
        for n in 0..size {
            put(&provider, "User", &user(n), "{}", Vec::new());
            let link = Link::new(LinkKey::new("members", user(n)), None, *b"{}");
            put(&provider, "Group", &format!("g-{n}"), "{}", vec![link]);
        }
        let context = RequestContext::new("test");
        let query = ListQuery::new();
        let page = provider.list_versioned_resources("User", &query, &context);
        let (visits, page) = count_visits(|| now(page).unwrap());
        let shown = page.items.iter().filter(|user| {
            let groups = user.resource().attribute("groups");
            groups
                .and_then(Value::as_array)
                .is_some_and(|groups| groups.len() == 1)
        });
        assert_eq!(shown.count(), page.items.len());
        let each = visits / usize::try_from(size).unwrap();
        assert!(each <= 16, "{visits} for {size}");
    }
}
