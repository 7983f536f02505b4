//! What is derived from other resources can be searched, and is left out for who does not want
//! it.

use scim_provider::{ListQuery, SearchProvider, SortOrder, View};
use serde_json::json;

use crate::support::{Directory, filtered, id, ids};

#[tokio::test]
async fn users_are_found_by_the_groups_that_they_show() {
    let (directory, users, groups) = Directory::filled().await;
    let members = |n: usize| -> Vec<_> {
        users
            .iter()
            .skip(n)
            .step_by(groups.len())
            .cloned()
            .collect()
    };
    let outer = json!({ "displayName": "Outer", "members": [{ "value": groups[3] }] });
    let outer = directory.create("Group", outer).await;
    for (filter, wanted) in [
        (format!("groups eq \"{}\"", groups[3]), members(3)),
        (
            format!("groups[value eq \"{}\" and type eq \"direct\"]", groups[3]),
            members(3),
        ),
        (format!("groups.value eq \"{outer}\""), members(3)),
        (
            format!("groups[value eq \"{outer}\" and type eq \"direct\"]"),
            vec![],
        ),
        ("groups.display eq \"outer\"".into(), members(3)),
        (
            format!("groups eq \"{outer}\" and userName eq \"user3@example.com\""),
            vec![users[3].clone()],
        ),
        (
            format!("not (groups pr) or id eq \"{}\"", users[0]),
            vec![users[0].clone()],
        ),
    ] {
        for view in [View::whole(), View::document()] {
            let query = filtered(&filter).with_view(view);
            let page = directory.list("User", &query).await;
            assert_eq!(ids(&page.items), wanted, "{filter}");
        }
    }
    let by_group =
        ListQuery::new().with_sort("groups.display".parse().unwrap(), SortOrder::Descending);
    let page = directory.list("User", &by_group.with_count(2)).await;
    // Their first group is called "Group 4"; those with "Outer" have it second.
    assert_eq!(ids(&page.items), [users[4].clone(), users[9].clone()]);
}

#[tokio::test]
async fn groups_are_shown_to_who_wants_them_however_a_user_was_found() {
    let (directory, users, groups) = Directory::filled().await;
    let by_name = ListQuery::new().with_sort("userName".parse().unwrap(), SortOrder::Ascending);
    for query in [
        ListQuery::new(),
        filtered("userName eq \"user7@example.com\""),
        filtered("userName co \"user7\""),
        filtered("groups pr"),
        by_name,
    ] {
        let whole = directory.list("User", &query).await;
        for user in &whole.items {
            let at = users.iter().position(|other| *other == id(user)).unwrap();
            let shown = &user.to_json()["groups"];
            assert_eq!(
                shown[0]["value"],
                groups[at % groups.len()].as_str(),
                "{query:?}"
            );
            let read = directory.get("User", &users[at]).await;
            assert!(read == *user, "{query:?}");
        }
    }
    for query in [ListQuery::new(), filtered("userName co \"user7\"")] {
        let page = directory
            .list("User", &query.with_view(View::document()))
            .await;
        assert!(
            page.items
                .iter()
                .all(|user| user.resource().attribute("groups").is_none())
        );
    }
}

#[tokio::test]
async fn a_list_of_several_types_derives_for_each_its_own() {
    let (directory, ..) = Directory::filled().await;
    let by_name = ListQuery::new().with_sort("displayName".parse().unwrap(), SortOrder::Ascending);
    for query in [ListQuery::new(), by_name] {
        let page = directory
            .provider
            .search_resources(&["User", "Group"], &query, &directory.context)
            .await
            .unwrap();
        for item in &page.items {
            let (kind, id) = (item.resource().resource_type(), id(item));
            assert!(directory.get(kind, &id).await == *item, "{kind} {id}");
        }
    }
}
