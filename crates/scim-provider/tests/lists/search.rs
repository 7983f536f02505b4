//! Lists of several types as one.

use scim_provider::{
    ListQuery, Page, ProviderErrorKind, ResourceProvider, SearchProvider, SortOrder,
    VersionedResource,
};

use crate::support::{Directory, GROUPS, USERS, filtered, ids};

async fn search(directory: &Directory, query: &ListQuery) -> Page<VersionedResource> {
    let provider = directory.provider.as_search().unwrap();
    let page = provider.search_resources(&["User", "Group"], query, &directory.context);
    page.await
        .unwrap_or_else(|error| panic!("{query:?}: {error}"))
}

fn count(count: usize) -> u64 {
    count.try_into().unwrap()
}

#[tokio::test]
async fn types_follow_each_other_and_the_total_counts_all() {
    let (directory, users, groups) = Directory::filled().await;
    let mut all = users.clone();
    all.extend(groups.clone());
    let whole = search(&directory, &ListQuery::new()).await;
    assert_eq!(ids(&whole.items), all);
    assert_eq!(whole.total, count(USERS + GROUPS));
    for start in [
        1,
        5,
        USERS - 1,
        USERS,
        USERS + 1,
        USERS + 2,
        USERS + GROUPS,
        USERS + GROUPS + 1,
    ] {
        for length in [0, 1, 3, 100] {
            let query = ListQuery::new()
                .with_start_index(count(start))
                .with_count(length);
            let page = search(&directory, &query).await;
            let end = (start - 1 + usize::try_from(length).unwrap()).min(all.len());
            assert_eq!(
                ids(&page.items),
                all[start - 1..end],
                "{length} from {start}"
            );
            assert_eq!(
                (page.total, page.start_index),
                (whole.total, Some(count(start)))
            );
        }
    }
    for types in [&["Group"][..], &["Group", "User"], &[]] {
        let page = directory
            .provider
            .search_resources(types, &ListQuery::new(), &directory.context)
            .await
            .unwrap();
        let first = page
            .items
            .first()
            .map(|item| item.resource().resource_type());
        assert_eq!(first, types.first().copied());
    }
}

fn lists() -> Vec<ListQuery> {
    let by = |path: &str, order| ListQuery::new().with_sort(path.parse().unwrap(), order);
    vec![
        ListQuery::new(),
        filtered("displayName sw \"n\" or displayName sw \"g\""),
        filtered("displayName eq \"group 3\" or userName sw \"user1\""),
        by("displayName", SortOrder::Ascending),
        by("displayName", SortOrder::Descending),
        by("userName", SortOrder::Ascending),
        by("userName", SortOrder::Descending),
        by("meta.created", SortOrder::Ascending)
            .with_filter("displayName co \" 1\"".parse().unwrap()),
    ]
}

#[tokio::test]
async fn pages_by_cursor_and_by_index_are_the_whole_across_types() {
    let (directory, ..) = Directory::filled().await;
    for query in lists() {
        let whole = search(&directory, &query).await;
        let whole_ids = ids(&whole.items);
        for length in [29_u32, 1000] {
            let (mut by_cursor, mut next) = (Vec::new(), None);
            loop {
                let query = query.clone().with_count(length).with_cursor(next);
                let page = search(&directory, &query).await;
                assert_eq!(page.total, whole.total);
                by_cursor.extend(ids(&page.items));
                next = page.next_cursor;
                if next.is_none() {
                    break;
                }
            }
            assert_eq!(by_cursor, whole_ids, "{length} of {query:?}");
            let mut by_index = Vec::new();
            while by_index.len() < whole_ids.len() {
                let start = count(by_index.len() + 1);
                let query = query.clone().with_count(length).with_start_index(start);
                by_index.extend(ids(&search(&directory, &query).await.items));
            }
            assert_eq!(by_index, whole_ids, "{length} of {query:?}");
        }
    }
}

#[tokio::test]
async fn a_sorted_list_mixes_the_types() {
    let (directory, ..) = Directory::filled().await;
    let by = |path: &str, order| ListQuery::new().with_sort(path.parse().unwrap(), order);
    let name = |item: &VersionedResource| {
        let name = item.resource().attribute("displayName").unwrap();
        name.as_str().unwrap().to_lowercase()
    };
    let up = search(&directory, &by("displayName", SortOrder::Ascending)).await;
    assert!(up.items.is_sorted_by_key(name));
    let down = search(&directory, &by("displayName", SortOrder::Descending)).await;
    assert!(down.items.is_sorted_by(|a, b| name(a) >= name(b)));
    // Groups have no userName, and come last or first.
    let kinds = |page: &Page<VersionedResource>, at: usize| {
        page.items[at].resource().resource_type().to_owned()
    };
    let up = search(&directory, &by("userName", SortOrder::Ascending)).await;
    assert_eq!(
        (kinds(&up, 0), kinds(&up, USERS)),
        ("User".into(), "Group".into())
    );
    let down = search(&directory, &by("userName", SortOrder::Descending)).await;
    assert_eq!(
        (kinds(&down, 0), kinds(&down, GROUPS)),
        ("Group".into(), "User".into())
    );
}

#[tokio::test]
async fn an_attribute_that_a_type_does_not_have_finds_nothing_there() {
    let (directory, ..) = Directory::filled().await;
    for (filter, total) in [
        ("userName eq \"user7@example.com\"", 1),
        ("userName pr", USERS),
        ("members pr", GROUPS),
        ("userName pr or members pr", USERS + GROUPS),
        ("userName pr and members pr", 0),
        ("meta.resourceType eq \"Group\"", GROUPS),
        ("meta.resourceType eq \"user\"", 0),
        ("shoeSize pr", 0),
        ("not (shoeSize pr)", USERS + GROUPS),
    ] {
        assert_eq!(
            search(&directory, &filtered(filter)).await.total,
            count(total),
            "{filter}"
        );
    }
}

#[tokio::test]
async fn what_makes_no_sense_anywhere_is_refused() {
    let (directory, ..) = Directory::filled().await;
    let provider = &directory.provider;
    let refused = |types: &'static [&'static str], query: ListQuery| {
        let context = &directory.context;
        async move {
            let page = provider.search_resources(types, &query, context).await;
            page.unwrap_err().kind()
        }
    };
    let all = ListQuery::new;
    assert_eq!(
        refused(&["User", "Door"], all()).await,
        ProviderErrorKind::UnknownResourceType
    );
    assert_eq!(
        refused(&["User"], filtered("password pr")).await,
        ProviderErrorKind::InvalidFilter
    );
    let query = all().with_sort("name".parse().unwrap(), SortOrder::Ascending);
    assert_eq!(
        refused(&["User"], query).await,
        ProviderErrorKind::InvalidSort
    );
    let cursor = search(&directory, &all().with_count(1).with_cursor(None))
        .await
        .next_cursor;
    let query = || all().with_cursor(cursor.clone());
    assert_eq!(
        refused(&["User"], query()).await,
        ProviderErrorKind::InvalidCursor
    );
    assert_eq!(
        refused(&["Group", "User"], query()).await,
        ProviderErrorKind::InvalidCursor
    );
    assert_eq!(
        directory.refused("User", &query()).await,
        ProviderErrorKind::InvalidCursor
    );
}
