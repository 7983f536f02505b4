//! What a list may cost.

use scim_provider::{InMemoryProvider, ListQuery, ProviderErrorKind, SortOrder};

use crate::support::{Directory, filtered};

#[tokio::test]
async fn a_list_looks_at_no_more_resources_than_it_may() {
    let directory = Directory::over(InMemoryProvider::default().with_max_scan(20));
    directory.fill(20, 0).await;
    let by_name = || ListQuery::new().with_sort("userName".parse().unwrap(), SortOrder::Ascending);
    let searches = || {
        [
            filtered("title pr"),
            filtered("userName sw \"user\""),
            by_name(),
        ]
    };
    for query in searches() {
        assert!(directory.list("User", &query).await.total > 0);
    }
    directory.fill_more(1).await;
    for query in searches() {
        let refused = directory
            .refused("User", &query.clone().with_count(1))
            .await;
        assert_eq!(refused, ProviderErrorKind::TooMany, "{query:?}");
        let refused = directory.refused("User", &query.with_cursor(None)).await;
        assert_eq!(refused, ProviderErrorKind::TooMany);
    }
    // What an index answers is no search, nor is a plain page; and what an index narrows down
    // is a small one.
    for query in [
        ListQuery::new(),
        ListQuery::new().with_cursor(None),
        filtered("userName eq \"user7@example.com\""),
        filtered("displayName eq \"name 1\" and title pr"),
    ] {
        assert!(directory.list("User", &query).await.total > 0, "{query:?}");
    }
}

#[tokio::test]
async fn pages_are_as_long_as_the_provider_makes_them() {
    let directory = Directory::over(InMemoryProvider::default().with_max_page(4));
    directory.fill(10, 0).await;
    for query in [ListQuery::new(), filtered("userName pr")] {
        for (count, length) in [(None, 4), (Some(3), 3), (Some(9), 4), (Some(0), 0)] {
            let query = count.map_or(query.clone(), |count| query.clone().with_count(count));
            let page = directory.list("User", &query).await;
            assert_eq!((page.items.len(), page.total), (length, 10), "{query:?}");
        }
        let all = directory.by_cursor("User", &query).await;
        assert_eq!(all.len(), 10);
    }
}
