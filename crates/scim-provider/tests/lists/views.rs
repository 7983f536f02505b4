//! Of resources whose links are many, no more is read than is needed.

use scim_provider::storage::{LinkKey, LinkSelection};
use scim_provider::{ListQuery, SortOrder, View};
use serde_json::Value;

use crate::support::{Directory, GROUPS, filtered, ids};

fn members(group: &Value) -> usize {
    group["members"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_page_has_the_links_that_are_wanted_whatever_the_filter_reads() {
    let (directory, users, _) = Directory::filled().await;
    let member = |n: usize| LinkKey::new("members", users[n].as_str());
    let each = users.len() / GROUPS;
    let by_name =
        |query: ListQuery| query.with_sort("displayName".parse().unwrap(), SortOrder::Ascending);
    let member_of_3 = format!("members eq \"{}\"", users[3]);
    let queries = [
        ListQuery::new(),
        filtered("displayName pr"),
        filtered("displayName eq \"group 3\""),
        filtered("members.type eq \"User\""),
        filtered(&member_of_3),
        filtered(&format!("{member_of_3} and displayName pr")),
        filtered(&format!("not ({member_of_3})")),
        by_name(ListQuery::new()),
        by_name(filtered(&member_of_3)),
        ListQuery::new().with_sort("members".parse().unwrap(), SortOrder::Descending),
    ];
    for query in queries {
        let whole = directory.list("Group", &query).await;
        assert!(whole.total > 0, "{query:?}");
        for (links, most) in [
            (LinkSelection::None, 0),
            (LinkSelection::AtMost(2), 2),
            (LinkSelection::Of(vec![member(3), member(23), member(4)]), 2),
            (LinkSelection::All, each),
        ] {
            let view = View::document().with_links(links.clone());
            let page = directory
                .list("Group", &query.clone().with_view(view))
                .await;
            assert_eq!(
                ids(&page.items),
                ids(&whole.items),
                "{links:?} of {query:?}"
            );
            for (part, whole) in page.items.iter().zip(&whole.items) {
                // The version is that of the whole.
                assert_eq!(part.version(), whole.version());
                assert_eq!(members(&whole.to_json()), each);
                let selected = match &links {
                    LinkSelection::Of(keys) => {
                        let all = whole.to_json();
                        let all = all["members"].as_array().unwrap();
                        let named =
                            |key: &&LinkKey| all.iter().any(|it| it["value"] == *key.target);
                        keys.iter().filter(named).count()
                    }
                    _ => most,
                };
                assert_eq!(members(&part.to_json()), selected, "{links:?} of {query:?}");
                let (mut part, mut whole) = (part.to_json(), whole.to_json());
                for group in [&mut part, &mut whole] {
                    group.as_object_mut().unwrap().remove("members");
                }
                assert_eq!(part, whole);
            }
        }
    }
}
