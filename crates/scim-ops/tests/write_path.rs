//! The one write path: what happens to a write that meets a rival.

mod rival;

use std::time::Duration;

use rival::{ID, Rival};
use scim_ops::provider::RequestContext;
use scim_ops::version::{Precondition, ScimVersion};
use scim_ops::{
    ErrorKind, OpError, Outcome, RetryPolicy, ScimOperationHandler, ScimOperationRequest,
};
use serde_json::{Value, json};

fn handler(rivals: usize) -> ScimOperationHandler<Rival> {
    let policy = RetryPolicy::default()
        .with_attempts(3)
        .with_pauses(Duration::ZERO, Duration::ZERO);
    ScimOperationHandler::new(Rival::that_comes(rivals)).with_retry_policy(policy)
}

fn context() -> RequestContext {
    RequestContext::new("test")
}

fn user(text: &str) -> Value {
    json!({ "userName": "bjensen", "displayName": text })
}

async fn created(handler: &ScimOperationHandler<Rival>) -> ScimVersion {
    let request = ScimOperationRequest::create("User", user("first"), context());
    let response = handler
        .handle_operation(request)
        .await
        .expect("it succeeds");
    response.current_version().expect("it was created").clone()
}

async fn text(handler: &ScimOperationHandler<Rival>) -> Value {
    let request = ScimOperationRequest::get("User", ID, context());
    let response = handler
        .handle_operation(request)
        .await
        .expect("it succeeds");
    response
        .resource()
        .expect("it is there")
        .resource()
        .attribute("displayName")
        .expect("it is there")
        .clone()
}

fn update(id: &str) -> ScimOperationRequest {
    ScimOperationRequest::update("User", id, user("ours"), context())
}

fn weak(revisions: &[&ScimVersion]) -> Precondition {
    Precondition::Tags(revisions.iter().map(|version| version.to_etag()).collect())
}

#[tokio::test]
async fn a_write_that_names_nothing_is_applied_after_its_rivals() {
    let handler = handler(2);
    created(&handler).await;
    handler.handle_operation(update(ID)).await.unwrap();
    assert_eq!(text(&handler).await, "ours");
    assert_eq!(handler.provider().attempts(), 3);
}

#[tokio::test]
async fn a_write_that_allows_any_version_is_applied_after_its_rivals() {
    let handler = handler(2);
    created(&handler).await;
    let request = update(ID).with_if_match(Precondition::Any);
    handler.handle_operation(request).await.unwrap();
    assert_eq!(text(&handler).await, "ours");
}

#[tokio::test]
async fn a_write_that_loses_every_race_is_busy_and_writes_nothing() {
    let handler = handler(usize::MAX);
    created(&handler).await;
    let error = handler.handle_operation(update(ID)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert_eq!(handler.provider().attempts(), 3);
    assert_eq!(text(&handler).await, "rival 3");
}

#[tokio::test]
async fn a_write_that_names_a_version_is_never_tried_with_another() {
    let handler = handler(1);
    let version = created(&handler).await;
    let request = update(ID).with_expected_version(version.clone());
    let error = handler.handle_operation(request).await.unwrap_err();
    let conflict = error.version_conflict().unwrap();
    assert_eq!(conflict.expected, Precondition::from(&version));
    assert_eq!(Some(&conflict.current), error.current_version());
    assert_ne!(conflict.current, version);
    assert_eq!(handler.provider().attempts(), 1);
    assert_eq!(text(&handler).await, "rival 1");
}

#[tokio::test]
async fn a_list_without_the_rivals_version_is_refused_as_the_client_named_it() {
    let handler = handler(1);
    let version = created(&handler).await;
    let other = ScimVersion::from_revision(7);
    let request = update(ID).with_if_match(weak(&[&other, &version]));
    let error = handler.handle_operation(request).await.unwrap_err();
    let conflict = error.version_conflict().unwrap();
    assert_eq!(conflict.expected, weak(&[&other, &version]));
    assert_eq!(text(&handler).await, "rival 1");
}

#[tokio::test]
async fn a_list_with_the_rivals_version_goes_round_again() {
    let handler = handler(1);
    let version = created(&handler).await;
    let rivals = ScimVersion::from_revision(2);
    let request = update(ID).with_if_match(weak(&[&version, &rivals]));
    handler.handle_operation(request).await.unwrap();
    assert_eq!(text(&handler).await, "ours");
}

#[tokio::test]
async fn if_none_match_is_judged_again_after_a_rival() {
    let handler = handler(1);
    created(&handler).await;
    let rivals = ScimVersion::from_revision(2);
    let request = update(ID).with_if_none_match(weak(&[&rivals]));
    let error = handler.handle_operation(request).await.unwrap_err();
    assert!(matches!(&error, OpError::AlreadyExists { current, .. } if *current == Some(rivals)));
    assert_eq!(text(&handler).await, "rival 1");
}

#[tokio::test]
async fn a_delete_takes_the_same_path() {
    let handler = handler(1);
    let version = created(&handler).await;
    let named = ScimOperationRequest::delete("User", ID, context()).with_expected_version(version);
    let error = handler.handle_operation(named).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionMismatch);
    let request = ScimOperationRequest::delete("User", ID, context());
    let response = handler.handle_operation(request).await.unwrap();
    assert_eq!(response.outcome(), &Outcome::Deleted);
}

#[tokio::test]
async fn a_stale_version_is_told_before_the_data_is_looked_at() {
    let handler = handler(0);
    created(&handler).await;
    let request = ScimOperationRequest::update("User", ID, json!({ "userName": 7 }), context());
    let stale = request
        .clone()
        .with_expected_version(ScimVersion::from_revision(7));
    let error = handler.handle_operation(stale).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionMismatch);
    let error = handler.handle_operation(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn a_missing_resource_is_not_found_whatever_the_preconditions_are() {
    let handler = handler(0).with_version_required(true);
    for request in [
        update("missing"),
        update("missing").with_if_match(Precondition::Any),
        update("missing").with_expected_version(ScimVersion::from_revision(1)),
        update("missing").with_if_none_match(Precondition::Any),
        ScimOperationRequest::delete("User", "missing", context()),
        ScimOperationRequest::get("User", "missing", context()).with_if_match(Precondition::Any),
    ] {
        let error = handler.handle_operation(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn a_required_version_refuses_only_writes_that_name_none() {
    let handler = handler(0).with_version_required(true);
    let version = created(&handler).await;
    let error = handler.handle_operation(update(ID)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionRequired);
    let delete = ScimOperationRequest::delete("User", ID, context());
    let error = handler.handle_operation(delete).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionRequired);
    handler
        .handle_operation(update(ID).with_expected_version(version))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_update_that_says_the_same_has_changed_nothing() {
    let handler = handler(0);
    let version = created(&handler).await;
    let same = ScimOperationRequest::update("User", ID, user("first"), context());
    for request in [same.clone(), same.with_expected_version(version.clone())] {
        let response = handler.handle_operation(request).await.unwrap();
        assert!(matches!(
            response.outcome(),
            Outcome::Updated { changed: false, .. }
        ));
        assert_eq!(response.current_version(), Some(&version));
    }
    let response = handler.handle_operation(update(ID)).await.unwrap();
    assert!(matches!(
        response.outcome(),
        Outcome::Updated { changed: true, .. }
    ));
}
