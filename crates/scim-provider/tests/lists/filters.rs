//! However a filter is answered, by an index or by a look at each resource: the answer is the
//! same.

use scim_provider::{ListQuery, ProviderErrorKind, SortOrder};

use serde_json::json;

use crate::support::{Directory, filtered, ids, resource_type};

fn user_filters(id: &str) -> Vec<String> {
    [
        &format!("id eq \"{id}\""),
        "id eq \"x\"",
        "userName eq \"USER7@example.com\"",
        "userName eq \"nobody\"",
        "externalId eq \"X7\"",
        "externalId eq \"x7\"",
        "displayName eq \"name 3\"",
        "emails.value eq \"u7@example.com\"",
        "emails[value eq \"u7@example.com\" and type eq \"home\"]",
        "emails[value eq \"u7@example.com\" and type eq \"work\"]",
        "emails.type eq \"work\"",
        "title pr",
        "title eq \"CLERK\"",
        "active eq true",
        "userName sw \"user1\"",
        "meta.lastModified gt \"2020-01-01T00:00:00Z\"",
        "meta.lastModified lt \"2020-01-01T00:00:00Z\"",
        "meta.resourceType eq \"User\"",
        "meta.resourceType eq \"Group\"",
        "not (emails pr)",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn group_filters(id: &str, member: &str, other: &str) -> Vec<String> {
    vec![
        format!("id eq \"{id}\""),
        "displayName eq \"GROUP 3\"".into(),
        format!("members eq \"{member}\""),
        format!("members.value eq \"{member}\""),
        format!("members[value eq \"{other}\"]"),
        format!("members[value eq \"{other}\" and type eq \"User\"]"),
        format!("members[value eq \"{other}\" and type eq \"Group\"]"),
        "members.type eq \"User\"".into(),
        "members pr".into(),
        "displayName sw \"group\"".into(),
        format!("not (members eq \"{member}\")"),
    ]
}

/// Each of them, and any two with `and` or with `or` between.
fn combined(filters: &[String]) -> Vec<String> {
    let mut all = filters.to_vec();
    for (n, one) in filters.iter().enumerate() {
        for (m, other) in filters[..n].iter().enumerate() {
            let joint = if (n + m) % 4 == 0 { "or" } else { "and" };
            all.push(format!("{one} {joint} {other}"));
        }
    }
    all
}

fn queries() -> [ListQuery; 5] {
    let all = ListQuery::new().with_count(1000);
    let sorted = |path: &str, order| all.clone().with_sort(path.parse().unwrap(), order);
    [
        all.clone(),
        sorted("displayName", SortOrder::Ascending),
        ListQuery::new().with_count(3).with_start_index(2),
        ListQuery::new().with_count(4).with_cursor(None),
        sorted("displayName", SortOrder::Descending)
            .with_count(5)
            .with_start_index(3),
    ]
}

async fn same_as_by_a_look_at_all(directory: &Directory, kind: &str, filters: &[String]) {
    let all = directory.all(kind).await;
    for (n, filter) in combined(filters).iter().enumerate() {
        let queries = queries();
        // Each alone in all ways, and pairs in one way or another.
        let few = [queries[n % queries.len()].clone()];
        let queries = if n < filters.len() {
            &queries[..]
        } else {
            &few
        };
        for query in queries {
            let query = query.clone().with_filter(filter.parse().unwrap());
            let wanted = query.page_of(resource_type(kind), all.iter().cloned());
            let wanted = wanted.unwrap();
            let found = directory.list(kind, &query).await;
            assert_eq!(
                (ids(&found.items), found.total),
                (ids(&wanted.items), wanted.total),
                "{filter} in {query:?}"
            );
            assert!(found == wanted, "{filter} in {query:?}");
        }
    }
}

#[tokio::test]
async fn users_are_found_the_same_by_an_index_and_by_a_look_at_all() {
    let (directory, users, _) = Directory::filled().await;
    let filters = user_filters(&users[7]);
    same_as_by_a_look_at_all(&directory, "User", &filters).await;
}

#[tokio::test]
async fn groups_are_found_the_same_by_their_members_and_by_a_look_at_all() {
    let (directory, users, groups) = Directory::filled().await;
    let filters = group_filters(&groups[4], &users[3], &users[23]);
    same_as_by_a_look_at_all(&directory, "Group", &filters).await;
}

#[tokio::test]
async fn filters_that_mean_nothing_are_refused() {
    let directory = Directory::empty();
    for filter in [
        "shoeSize gt 44",
        "password pr",
        "active gt true",
        "name eq \"x\"",
    ] {
        let refused = directory.refused("User", &filtered(filter)).await;
        assert_eq!(refused, ProviderErrorKind::InvalidFilter, "{filter}");
    }
    for path in ["shoeSize", "password", "name"] {
        let query = ListQuery::new().with_sort(path.parse().unwrap(), SortOrder::Ascending);
        let refused = directory.refused("User", &query).await;
        assert_eq!(refused, ProviderErrorKind::InvalidSort, "{path}");
    }
}

#[tokio::test]
async fn an_id_that_can_not_be_is_found_nowhere() {
    let (directory, ..) = Directory::filled().await;
    for id in ["".to_owned(), "x".repeat(300), "\\u0000".to_owned()] {
        let page = directory
            .list("User", &filtered(&format!("id eq \"{id}\"")))
            .await;
        assert_eq!((page.total, page.items.len()), (0, 0));
    }
}

#[tokio::test]
async fn what_is_written_is_found_and_what_is_gone_is_not() {
    let directory = Directory::empty();
    let found = |filter: &'static str| {
        let directory = &directory;
        async move { directory.list("User", &filtered(filter)).await.total }
    };
    let filters = [
        "userName eq \"a\"",
        "displayName eq \"a\"",
        "emails eq \"a@x\"",
        "title eq \"a\"",
    ];
    let says = |text: &str| {
        json!({
            "userName": text, "displayName": text, "title": text,
            "emails": [{ "value": format!("{text}@x") }],
        })
    };
    let id = directory.create("User", says("a")).await;
    for filter in filters {
        assert_eq!(found(filter).await, 1, "{filter}");
    }
    directory.change("User", &id, says("b")).await;
    for filter in filters {
        assert_eq!(found(filter).await, 0, "{filter}");
    }
    directory.change("User", &id, says("a")).await;
    directory.delete("User", &id).await;
    for filter in filters {
        assert_eq!(found(filter).await, 0, "{filter}");
    }
}
