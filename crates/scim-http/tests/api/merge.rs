//! `Prefer: merge`: a change of a version that has been replaced.

use http::header::{ETAG, HeaderName};
use http::{Method, StatusCode};
use scim_http::provider::InMemoryProvider;
use scim_http::provider::storage::Retention;
use serde_json::{Value, json};

use crate::support::{Answer, Call, OneUser, call, delete, get, post, put};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

fn provider() -> InMemoryProvider {
    InMemoryProvider::default().with_retention(Retention::new(16, 1 << 20))
}

/// The version in an entity tag.
fn version(tag: &str) -> &str {
    tag.strip_prefix("W/\"")
        .and_then(|tag| tag.strip_suffix('"'))
        .unwrap()
}

fn merging(change: Call, tag: &str) -> Call {
    change.header(PREFER, format!("merge={}", version(tag)))
}

fn patch(path: &str, operation: Value) -> Call {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation],
    });
    call(Method::PATCH, path).body(body.to_string())
}

/// What a client has read and changed, as it sends it back.
fn edited(read: &Answer, attribute: &str, value: Value) -> Value {
    let mut user = read.json();
    user[attribute] = value;
    user
}

#[tokio::test]
async fn edits_of_different_attributes_both_survive() {
    let one = OneUser::over(provider()).await;
    let read = one.send(get(&one.path)).await;
    let first = put(&one.path, edited(&read, "title", json!("Guide")));
    one.send(merging(first, &read.etag()))
        .await
        .is(StatusCode::OK);
    let second = put(&one.path, edited(&read, "nickName", json!("Babs")));
    let merged = one.send(merging(second, &read.etag())).await;
    merged.is(StatusCode::OK);
    assert_eq!(merged.header(PREFERENCE_APPLIED), "merge");
    let third = patch(
        &one.path,
        json!({ "op": "add", "path": "locale", "value": "en" }),
    );
    let third = merging(third, &read.etag()).header(PREFER, "return=representation");
    let merged = one.send(third).await;
    let applied: Vec<_> = merged.headers.get_all(PREFERENCE_APPLIED).iter().collect();
    assert_eq!(applied, ["return=representation", "merge"]);
    for (name, value) in [("title", "Guide"), ("nickName", "Babs"), ("locale", "en")] {
        assert_eq!(merged.json()[name], value);
    }
}

#[tokio::test]
async fn edits_of_one_attribute_are_told_with_their_values() {
    let one = OneUser::over(provider()).await;
    let read = one.send(get(&one.path)).await;
    let first = put(&one.path, edited(&read, "title", json!("Guide")));
    let first = one.send(merging(first, &read.etag())).await;
    for change in [
        put(&one.path, edited(&read, "title", json!("Lead"))),
        patch(
            &one.path,
            json!({ "op": "add", "path": "title", "value": "Lead" }),
        ),
    ] {
        let refused = one.send(merging(change, &read.etag())).await;
        refused.is(StatusCode::PRECONDITION_FAILED);
        assert_eq!(refused.header(ETAG), first.etag());
        let error = refused.json();
        let urn = "urn:x-scim:versioned:2.0:MergeConflict";
        assert_eq!(error["schemas"][1], urn);
        assert_eq!(
            error[urn],
            json!({ "conflicts": [{ "path": "title", "local": "Lead", "remote": "Guide" }] })
        );
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.ends_with("both sides changed title"), "{detail}");
    }
    assert_eq!(one.send(get(&one.path)).await.etag(), first.etag());
}

#[tokio::test]
async fn if_match_is_as_strict_as_ever() {
    let one = OneUser::over(provider()).await;
    let read = one.send(get(&one.path)).await;
    let first = put(&one.path, edited(&read, "title", json!("Guide")));
    one.send(first).await.is(StatusCode::OK);
    let second = put(&one.path, edited(&read, "nickName", json!("Babs")));
    let second = merging(second, &read.etag()).if_match(read.etag());
    one.send(second).await.refusal(412);
    let current = one.send(get(&one.path)).await;
    let third = put(&one.path, edited(&current, "nickName", json!("Babs")));
    let third = one
        .send(merging(third, &read.etag()).if_match(current.etag()))
        .await;
    third.is(StatusCode::OK);
    assert_eq!(third.header(PREFERENCE_APPLIED), "");
}

#[tokio::test]
async fn a_version_that_is_not_kept_is_a_stale_one() {
    for one in [OneUser::new().await, OneUser::over(provider()).await] {
        let read = one.send(get(&one.path)).await;
        let current = put(&one.path, edited(&read, "title", json!("Guide")));
        let current = merging(current, &read.etag());
        // The current version needs no keeping.
        one.send(current).await.is(StatusCode::OK);
        let stale = put(&one.path, edited(&read, "nickName", json!("Babs")));
        let stale = merging(stale, "W/\"never-was\"");
        let (_, detail) = one.send(stale).await.refusal(412);
        assert!(detail.contains("never-was"), "{detail}");
    }
}

#[tokio::test]
async fn a_base_that_can_not_be_read_writes_nothing() {
    let one = OneUser::over(provider()).await;
    for preference in [
        "merge",
        "merge=",
        "merge=\"a b\"",
        "return=minimal, merge=\"\"",
    ] {
        let change = put(&one.path, json!({ "userName": "x" })).header(PREFER, preference);
        let (scim_type, _) = one.send(change).await.refusal(400);
        assert_eq!(scim_type.as_deref(), Some("invalidSyntax"));
        let gone = delete(&one.path).header(PREFER, preference);
        one.send(gone).await.refusal(400);
    }
    one.assert_unchanged().await;
}

#[tokio::test]
async fn a_delete_is_not_merged() {
    let one = OneUser::over(provider()).await;
    let read = one.send(get(&one.path)).await;
    let first = put(&one.path, edited(&read, "title", json!("Guide")));
    let first = one.send(first).await;
    one.send(merging(delete(&one.path), &read.etag()))
        .await
        .refusal(412);
    let gone = one.send(merging(delete(&one.path), &first.etag())).await;
    gone.is(StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn members_that_are_sent_back_as_they_were_shown_are_not_changed() {
    let one = OneUser::over(provider()).await;
    let id = |answer: &Answer| answer.json()["id"].as_str().unwrap().to_owned();
    let other = id(&one
        .send(post("/Users", json!({ "userName": "other" })))
        .await);
    let user = one.path.strip_prefix("/Users/").unwrap().to_owned();
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Guides",
        "members": [{ "value": user }],
    });
    let group = id(&one.send(post("/Groups", group)).await);
    let path = format!("/Groups/{group}");
    let read = one.send(get(&path)).await;
    assert!(
        read.json()["members"][0]["$ref"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );

    // One removes the member, the other renames the group and adds one.
    let remove = patch(&path, json!({ "op": "remove", "path": "members" }));
    one.send(merging(remove, &read.etag()))
        .await
        .is(StatusCode::OK);
    let mut renamed = edited(&read, "displayName", json!("Tour Guides"));
    renamed["members"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "value": other }));
    let merged = one.send(merging(put(&path, renamed), &read.etag())).await;
    merged.is(StatusCode::OK);
    let merged = merged.json();
    assert_eq!(merged["displayName"], "Tour Guides");
    let members = merged["members"].as_array().unwrap();
    assert_eq!((members.len(), &members[0]["value"]), (1, &json!(other)));
}

#[tokio::test]
async fn what_is_deleted_has_no_past_and_what_is_invalid_is_told_first() {
    let one = OneUser::over(provider()).await;
    let read = one.send(get(&one.path)).await;
    let first = put(&one.path, edited(&read, "title", json!("Guide")));
    one.send(first).await.is(StatusCode::OK);
    let invalid = put(&one.path, edited(&read, "active", json!("maybe")));
    one.send(merging(invalid, &read.etag())).await.refusal(400);
    one.send(delete(&one.path)).await.is(StatusCode::NO_CONTENT);
    let late = put(&one.path, edited(&read, "title", json!("Lead")));
    one.send(merging(late, &read.etag())).await.refusal(404);
}

/// Eight clients, each of which edits an attribute of its own 200 times, always on the version that
/// it has seen last.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn edits_of_many_clients_all_survive() {
    const EDITS: u32 = 200;
    const ATTRIBUTES: [&str; 8] = [
        "title",
        "nickName",
        "displayName",
        "locale",
        "timezone",
        "userType",
        "preferredLanguage",
        "externalId",
    ];
    // A client that is slow must not find its version gone.
    let retention = Retention::new(2 * 8 * EDITS, 1 << 30);
    let one = OneUser::over(InMemoryProvider::default().with_retention(retention)).await;
    let one = std::sync::Arc::new(one);
    let clients = ATTRIBUTES.map(|attribute| {
        let one = one.clone();
        tokio::spawn(async move {
            let mut seen = one.send(get(&one.path)).await;
            for edit in 1..=EDITS {
                let change = edited(&seen, attribute, json!(edit.to_string()));
                let change = merging(put(&one.path, change), &seen.etag());
                seen = one.send(change).await;
                seen.is(StatusCode::OK);
                assert_eq!(seen.json()[attribute], edit.to_string());
            }
        })
    });
    for client in clients {
        client.await.unwrap();
    }
    let end = one.send(get(&one.path)).await.json();
    for attribute in ATTRIBUTES {
        assert_eq!(end[attribute], EDITS.to_string(), "{attribute}");
    }
}
