//! Pages by cursor, while others write.

use std::collections::BTreeSet;

use scim_provider::{
    Cursor, ListQuery, ListStart, Page, ProviderErrorKind, SortOrder, VersionedResource,
};
use serde_json::json;

use crate::support::{Directory, filtered, id, ids, user};

fn sorted(path: &str, order: SortOrder) -> ListQuery {
    ListQuery::new().with_sort(path.parse().unwrap(), order)
}

fn lists() -> Vec<ListQuery> {
    vec![
        ListQuery::new(),
        filtered("active eq true"),
        filtered("externalId eq \"X7\""),
        sorted("displayName", SortOrder::Ascending),
        sorted("title", SortOrder::Descending),
        sorted("userName", SortOrder::Ascending).with_filter("title pr".parse().unwrap()),
    ]
}

#[tokio::test]
async fn pages_of_any_length_have_every_resource_once_and_in_order() {
    let (directory, ..) = Directory::filled().await;
    for query in lists() {
        let whole = directory.list("User", &query).await;
        for count in [1, 7, 100, 1000] {
            if count == 1 && whole.total > 10 {
                continue;
            }
            let paged = directory
                .by_cursor("User", &query.clone().with_count(count))
                .await;
            assert_eq!(ids(&paged), ids(&whole.items), "{count} of {query:?}");
        }
    }
}

#[tokio::test]
async fn the_last_page_has_no_cursor_and_all_others_have_one() {
    let directory = Directory::empty();
    directory.fill(10, 0).await;
    for (count, left, next) in [(10, 10, false), (11, 10, false), (9, 9, true), (0, 0, true)] {
        let query = ListQuery::new().with_count(count).with_cursor(None);
        for query in [
            query.clone(),
            query.with_filter("userName pr".parse().unwrap()),
        ] {
            let page = directory.list("User", &query).await;
            assert_eq!(
                (
                    page.items.len(),
                    page.total,
                    page.start_index,
                    page.next_cursor.is_some()
                ),
                (left, 10, None, next),
                "{query:?}"
            );
            assert_eq!(page.previous_cursor, None);
        }
    }
    let none = directory
        .list("Group", &ListQuery::new().with_cursor(None))
        .await;
    assert_eq!((none.total, none.next_cursor), (0, None));
    // Who goes by numbers gets none.
    let page = directory
        .list("User", &ListQuery::new().with_count(1))
        .await;
    assert_eq!((page.start_index, page.next_cursor), (Some(1), None));
}

/// The ids of each page, with `write` between any two of them.
async fn paged(
    directory: &Directory,
    query: &ListQuery,
    mut write: impl AsyncFnMut(&Page<VersionedResource>),
) -> Vec<String> {
    let (mut seen, mut next) = (Vec::new(), None);
    loop {
        let page = directory
            .list("User", &query.clone().with_count(10).with_cursor(next))
            .await;
        seen.extend(ids(&page.items));
        write(&page).await;
        next = page.next_cursor;
        if next.is_none() {
            return seen;
        }
    }
}

#[tokio::test]
async fn what_keeps_its_place_is_shown_once_whatever_others_write() {
    for query in lists() {
        let (directory, users, _) = Directory::filled().await;
        let all = directory.list("User", &query).await;
        let mut moved = BTreeSet::new();
        let (mut turn, mut last_seen) = (0, BTreeSet::new());
        let seen = paged(
            &directory,
            &query,
            async |page: &Page<VersionedResource>| {
                last_seen.extend(ids(&page.items));
                turn += 1;
                // The very resource that the cursor stands behind goes, as do others before and
                // after; some come.
                let last = page.items.last().map(id);
                for gone in last.into_iter().chain([users[turn * 5].clone()]) {
                    if moved.insert(gone.clone()) {
                        directory.delete("User", &gone).await;
                    }
                }
                moved.insert(directory.create("User", user(1000 + turn)).await);
                // And some move.
                let moving = &users[users.len() - turn * 7];
                if moved.insert(moving.clone()) {
                    directory.change("User", moving, user(2000 + turn)).await;
                }
            },
        )
        .await;
        let unmoved: Vec<_> = ids(&all.items)
            .into_iter()
            .filter(|id| !moved.contains(id))
            .collect();
        let shown: Vec<_> = seen
            .iter()
            .filter(|id| !moved.contains(*id))
            .cloned()
            .collect();
        assert_eq!(shown, unmoved, "{query:?}");
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let (directory, ..) = Directory::filled().await;
    let mut cursors = Vec::new();
    for query in lists() {
        let page = directory
            .list("User", &query.clone().with_count(3).with_cursor(None))
            .await;
        cursors.push((query, page.next_cursor.unwrap()));
    }
    for (n, (query, _)) in cursors.iter().enumerate() {
        for (m, (_, cursor)) in cursors.iter().enumerate() {
            let query = query.clone().with_cursor(Some(cursor.clone()));
            if n == m {
                // Its length may change, and what is shown.
                let longer = query
                    .clone()
                    .with_count(7)
                    .with_view(scim_provider::View::document());
                directory.list("User", &longer).await;
            } else {
                let refused = directory.refused("User", &query).await;
                assert_eq!(refused, ProviderErrorKind::InvalidCursor, "{n}, {m}");
            }
            let refused = directory.refused("Group", &query).await;
            assert_ne!(refused, ProviderErrorKind::Internal);
        }
    }
    for garbled in ["x", "VZUTiyhEQJ94IR", "~~~"] {
        let cursor: Cursor = garbled.parse().unwrap();
        let query = ListQuery::new().with_cursor(Some(cursor.clone()));
        assert_eq!(query.start(), &ListStart::Cursor(Some(cursor)));
        let refused = directory.refused("User", &query).await;
        assert_eq!(refused, ProviderErrorKind::InvalidCursor);
    }
}

#[tokio::test]
async fn a_cursor_outlives_whatever_it_stands_behind() {
    let directory = Directory::empty();
    let long = "é\"\\".repeat(500);
    for n in 0..3 {
        let user = json!({ "userName": n.to_string(), "displayName": format!("{long}{n}") });
        directory.create("User", user).await;
    }
    let query = sorted("displayName", SortOrder::Ascending).with_count(1);
    let first = directory
        .list("User", &query.clone().with_cursor(None))
        .await;
    directory.delete("User", &id(&first.items[0])).await;
    let second = directory
        .list("User", &query.with_cursor(first.next_cursor))
        .await;
    assert_eq!(second.total, 2);
    assert_ne!(ids(&second.items), ids(&first.items));
    assert!(second.next_cursor.is_some());
}
