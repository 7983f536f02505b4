use scim_mcp::Limits;
use serde_json::{Value, json};

use crate::support::{Agent, server, text};

async fn with_users(agent: &Agent, count: usize) {
    for number in 0..count {
        agent.user(&format!("user{number:02}")).await;
    }
}

fn names(page: &Value) -> Vec<String> {
    let resources = page["resources"].as_array().expect("resources");
    let names = resources.iter();
    names
        .map(|item| text(&item["resource"]["userName"]))
        .collect()
}

#[tokio::test]
async fn a_list_is_filtered_sorted_and_shows_versions() {
    let agent = Agent::of(&server()).await;
    with_users(&agent, 5).await;
    let query = json!({
        "filter": "userName gt \"user01\"", "sort_by": "userName", "sort_order": "descending",
    });
    let page = agent.done("list_users", query).await;
    assert_eq!(page["total"], 3);
    assert_eq!(names(&page), ["user04", "user03", "user02"]);
    let first = &page["resources"][0];
    let read = agent.done("get_user", json!({ "id": first["id"] })).await;
    assert_eq!(first["version"], read["version"]);
    assert!(page.get("next_start_index").is_none());
}

#[tokio::test]
async fn pages_by_number_and_by_cursor_show_everything_once() {
    let agent = Agent::of(&server()).await;
    with_users(&agent, 7).await;
    for (argument, next, first) in [
        ("start_index", "next_start_index", json!(1)),
        ("cursor", "next_cursor", json!("")),
    ] {
        let mut query = json!({ "count": 3, "sort_by": "userName" });
        query[argument] = first;
        let mut seen = Vec::new();
        loop {
            let page = agent.done("list_users", query.clone()).await;
            assert_eq!(page["total"], 7);
            seen.extend(names(&page));
            match page.get(next) {
                Some(next) => query[argument] = next.clone(),
                None => break,
            }
        }
        let all: Vec<String> = (0..7).map(|number| format!("user{number:02}")).collect();
        assert_eq!(seen, all, "{argument}");
    }
}

#[tokio::test]
async fn a_page_is_bounded_in_number_and_length_and_none_is_left_out() {
    let limits = Limits::default().with_max_page(4).with_list(500);
    let agent = Agent::of(&server().with_limits(limits)).await;
    with_users(&agent, 6).await;
    for argument in ["start_index", "cursor"] {
        let mut query = json!({ "count": 1000, "sort_by": "userName" });
        query[argument] = if argument == "cursor" {
            json!("")
        } else {
            json!(1)
        };
        let mut seen = Vec::new();
        loop {
            let page = agent.done("list_users", query.clone()).await;
            let shown = names(&page);
            assert!(!shown.is_empty() && shown.len() < 4, "{shown:?}");
            seen.extend(shown);
            match page.get(format!("next_{argument}")) {
                Some(next) => query[argument] = next.clone(),
                None => break,
            }
        }
        assert_eq!(seen.len(), 6, "{argument}");
    }
}

#[tokio::test]
async fn a_search_goes_over_the_types_that_are_wanted() {
    let agent = Agent::of(&server()).await;
    let data = json!({ "userName": "a", "displayName": "Guides" });
    agent.done("create_user", json!({ "data": data })).await;
    agent.group("Guides").await;
    let filter = "displayName eq \"guides\"";
    let all = agent
        .done("search_resources", json!({ "filter": filter }))
        .await;
    assert_eq!(all["total"], 2);
    let types: Vec<&Value> = all["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["resource_type"])
        .collect();
    assert_eq!(types, ["User", "Group"]);
    let some = json!({ "filter": filter, "resource_types": ["Group"] });
    assert_eq!(agent.done("search_resources", some).await["total"], 1);
    for (wrong, argument) in [
        (json!([]), "resource_types"),
        (json!(["Robot"]), "resource_types[0]"),
        (json!(["User", "User"]), "resource_types[1]"),
        (json!("User"), "resource_types"),
    ] {
        let wrong = json!({ "resource_types": wrong });
        let error = agent.refused("search_resources", wrong).await;
        assert_eq!(error["argument"], argument);
    }
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused_and_shows_no_value() {
    let agent = Agent::of(&server()).await;
    with_users(&agent, 1).await;
    for (query, kind) in [
        (json!({ "filter": "userName eq" }), "invalid_filter"),
        (
            json!({ "filter": "shoeSize eq \"secret\"" }),
            "invalid_filter",
        ),
        (
            json!({ "filter": "password sw \"secret\"" }),
            "invalid_filter",
        ),
        (
            json!({ "filter": format!("userName eq \"{}\"", "secret".repeat(5_000)) }),
            "invalid_filter",
        ),
        (json!({ "filter": 1 }), "invalid_arguments"),
        (json!({ "sort_by": "password" }), "invalid_sort"),
        (json!({ "sort_by": "a b" }), "invalid_arguments"),
        (json!({ "sort_order": "ascending" }), "invalid_arguments"),
        (
            json!({ "sort_by": "id", "sort_order": "up" }),
            "invalid_arguments",
        ),
        (json!({ "start_index": 0 }), "invalid_arguments"),
        (json!({ "start_index": "1" }), "invalid_arguments"),
        (json!({ "count": -1 }), "invalid_arguments"),
        (json!({ "cursor": "garbled" }), "invalid_cursor"),
        (json!({ "cursor": "a b" }), "invalid_arguments"),
        (
            json!({ "cursor": "", "start_index": 1 }),
            "invalid_arguments",
        ),
        (json!({ "attributes": "userName" }), "invalid_arguments"),
        (json!({ "startIndex": 1 }), "invalid_arguments"),
    ] {
        let error = agent.refused("list_users", query.clone()).await;
        assert_eq!(error["kind"], kind, "{query}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
