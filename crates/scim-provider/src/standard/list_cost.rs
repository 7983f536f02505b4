//! What a list touches in the store does not grow with what it does not show.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use scim_version::ScimVersion;
use serde_json::{Map, Value, json};

use super::InMemoryProvider;
use crate::memory::count_visits;
use crate::storage::{
    Commit, Content, Link, LinkKey, LinkSelection, Record, ResourceKey, Stamp, Storage, Write,
};
use crate::{
    ConditionalProvider, ListQuery, RequestContext, Scope, SearchProvider, Timestamp, View,
};

const SIZES: [u64; 3] = [1, 1_000, 100_000];

/// The futures of the provider in memory are ready at once, as long as they don't give way.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a list that an index answers gave way to others"),
    }
}

fn put(
    provider: &InMemoryProvider,
    kind: &str,
    n: u64,
    attributes: &Map<String, Value>,
    links: Vec<Link>,
) {
    let at = Timestamp::from_micros(i64::try_from(n).unwrap()).unwrap();
    let resource_type = provider.resource_types().get(kind).unwrap();
    let content = Content::new(
        serde_json::to_vec(attributes).unwrap(),
        resource_type.unique_keys(attributes),
        resource_type.index_entries(attributes),
    );
    let key = ResourceKey::new(Scope::Single, kind, &id(n)).unwrap();
    let stamp = Stamp::new(ScimVersion::from_revision(1), at, at);
    let record = Record::new(stamp, content, links);
    let _ = now(provider
        .storage()
        .commit(Commit::of(Write::create(key, record))))
    .unwrap();
}

fn id(n: u64) -> String {
    format!("{n:09}")
}

fn users(size: u64) -> InMemoryProvider {
    let provider = InMemoryProvider::default();
    for n in 0..size {
        let user = json!({
            "userName": format!("user{n}"), "externalId": format!("X{n}"),
            "displayName": format!("User {n}"),
            "emails": [{ "value": format!("{n}@example.com"), "type": "work" }],
        });
        put(&provider, "User", n, user.as_object().unwrap(), Vec::new());
    }
    provider
}

/// How many rows the only match costs.
fn cost(provider: &InMemoryProvider, kind: &str, query: &ListQuery) -> usize {
    let context = RequestContext::with_generated_id();
    let list = provider.list_versioned_resources(kind, query, &context);
    let (visits, page) = count_visits(|| now(list).unwrap());
    assert_eq!((page.total, page.items.len()), (1, 1), "{query:?}");
    visits
}

fn filtered(filter: &str) -> ListQuery {
    ListQuery::new().with_filter(filter.parse().unwrap())
}

#[test]
fn what_an_index_finds_touches_as_many_rows_among_100_000_users_as_of_one() {
    let costs = SIZES.map(|size| {
        let provider = users(size);
        let n = size - 1;
        let filters = [
            format!("id eq \"{}\"", id(n)),
            format!("userName eq \"USER{n}\""),
            format!("externalId eq \"X{n}\""),
            format!("displayName eq \"user {n}\""),
            format!("emails.value eq \"{n}@EXAMPLE.com\""),
            format!("emails[type eq \"work\" and value eq \"{n}@example.com\"]"),
            format!("userName eq \"user{n}\" and emails co \"example\""),
            format!(
                "meta.lastModified ge \"{}\"",
                Timestamp::from_micros(i64::try_from(n).unwrap()).unwrap()
            ),
        ];
        let mut costs: Vec<_> = filters
            .iter()
            .map(|filter| cost(&provider, "User", &filtered(filter)))
            .collect();
        // The same behind a cursor, and as a query over all types.
        let query = filtered(&filters[1]);
        costs.push(cost(&provider, "User", &query.clone().with_cursor(None)));
        let context = RequestContext::with_generated_id();
        let search = provider.search_resources(&["Group", "User"], &query, &context);
        costs.push(count_visits(|| now(search).unwrap()).0);
        costs
    });
    // Beside the rows of an index that match there may be one that ends the walk.
    for (one, many) in costs[0].iter().zip(&costs[1]) {
        assert!(*one <= *many && *many <= one + 2, "{costs:?}");
    }
    assert_eq!(costs[1], costs[2]);
    assert!(costs[2].iter().all(|visits| *visits <= 8), "{costs:?}");
}

#[test]
fn a_page_by_cursor_touches_its_own_rows() {
    let costs = SIZES.map(|size| {
        let provider = users(size);
        let context = RequestContext::with_generated_id();
        let list = |query: ListQuery| {
            count_visits(|| {
                now(provider.list_versioned_resources("User", &query, &context)).unwrap()
            })
        };
        let query = ListQuery::new().with_count(10);
        let (first, page) = list(query.clone().with_cursor(None));
        let next = page
            .next_cursor
            .map(|next| list(query.clone().with_cursor(Some(next))).0);
        [Some(first), next]
    });
    assert_eq!(
        costs,
        [[Some(1), None], [Some(11), Some(11)], [Some(11), Some(11)]]
    );
}

#[test]
fn the_members_of_a_group_are_read_for_who_wants_them() {
    let costs = SIZES.map(|size| {
        let provider = InMemoryProvider::default();
        let link = |n: u64| Link::new(LinkKey::new("members", id(n)), None, *b"{}");
        let group = json!({ "displayName": "Everybody" });
        let members = (0..size).map(link).collect();
        put(&provider, "Group", 0, group.as_object().unwrap(), members);
        let group = json!({ "displayName": "Nobody" });
        put(
            &provider,
            "Group",
            1,
            group.as_object().unwrap(),
            Vec::new(),
        );

        let member = format!("members eq \"{}\"", id(size - 1));
        let document = |filter: &str| filtered(filter).with_view(View::document());
        let both = format!("id eq \"{}\" and {member}", id(0));
        let first = LinkSelection::AtMost(1);
        [
            cost(&provider, "Group", &document(&member)),
            cost(&provider, "Group", &document(&both)),
            cost(
                &provider,
                "Group",
                &document(&format!("{member} and displayName sw \"e\"")),
            ),
            cost(
                &provider,
                "Group",
                &document("displayName eq \"everybody\""),
            ),
            cost(&provider, "Group", &document("displayName sw \"e\"")),
            cost(&provider, "Group", &filtered("displayName sw \"n\"")),
            cost(
                &provider,
                "Group",
                &filtered("displayName sw \"e\"").with_view(View::document().with_links(first)),
            ),
        ]
    });
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[1], costs[2]);
    assert!(costs[2].iter().all(|visits| *visits <= 8), "{costs:?}");
}
