//! A PATCH that meets a rival is applied again to what the rival left.

#[path = "../rival/mod.rs"]
mod rival;

use rival::{ID, Rival};
use scim_ops::provider::RequestContext;
use scim_ops::version::{Precondition, ScimVersion};
use scim_ops::{
    ErrorKind, OpError, Patch, PatchErrorKind, ScimOperationHandler, ScimOperationRequest,
};
use serde_json::{Value, json};

fn context() -> RequestContext {
    RequestContext::new("test")
}

async fn handler(rivals: usize) -> ScimOperationHandler<Rival> {
    let handler = ScimOperationHandler::new(Rival::that_comes(rivals));
    let user = json!({ "userName": "bjensen", "displayName": "first" });
    let request = ScimOperationRequest::create("User", user, context());
    handler.handle_operation(request).await.unwrap();
    handler
}

fn patch(operations: Value) -> ScimOperationRequest {
    let patch = Patch::from_json(json!({ "Operations": operations })).unwrap();
    ScimOperationRequest::patch("User", ID, patch, context())
}

fn title() -> Value {
    json!([{ "op": "add", "path": "title", "value": "ours" }])
}

async fn stored(handler: &ScimOperationHandler<Rival>) -> Value {
    let request = ScimOperationRequest::get("User", ID, context());
    let found = handler.handle_operation(request).await.unwrap();
    found.resource().unwrap().resource().to_json()
}

#[tokio::test]
async fn both_the_patch_and_its_rival_survive() {
    let handler = handler(2).await;
    handler.handle_operation(patch(title())).await.unwrap();
    let stored = stored(&handler).await;
    assert_eq!(
        (&stored["title"], &stored["displayName"]),
        (&json!("ours"), &json!("rival 2"))
    );
    assert_eq!(handler.provider().attempts(), 3);
}

#[tokio::test]
async fn a_patch_that_names_a_version_meets_no_other() {
    let handler = handler(1).await;
    let named = patch(title()).with_expected_version(ScimVersion::from_revision(1));
    let error = handler.handle_operation(named).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionMismatch);
    assert_eq!(
        error.current_version(),
        Some(&ScimVersion::from_revision(2))
    );
    assert_eq!(stored(&handler).await.get("title"), None);
}

#[tokio::test]
async fn a_stale_patch_writes_nothing_whatever_it_says() {
    let handler = handler(0).await;
    for operations in [
        title(),
        json!([{ "op": "add", "path": "shoeSize", "value": 1 }]),
    ] {
        let stale = patch(operations).with_expected_version(ScimVersion::from_revision(7));
        let error = handler.handle_operation(stale).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::VersionMismatch);
    }
    assert_eq!(handler.provider().attempts(), 0);
}

#[tokio::test]
async fn preconditions_are_judged_again_on_what_the_rival_left() {
    let handler = handler(1).await;
    let not_the_rivals =
        patch(title()).with_if_none_match(Precondition::from(ScimVersion::from_revision(2)));
    let error = handler.handle_operation(not_the_rivals).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(stored(&handler).await.get("title"), None);
}

#[tokio::test]
async fn a_patch_that_has_to_name_a_version_and_does_not_is_refused() {
    let handler = handler(0).await.with_version_required(true);
    let error = handler.handle_operation(patch(title())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionRequired);
}

#[tokio::test]
async fn what_can_t_be_applied_is_said_as_it_is() {
    let handler = handler(0).await;
    let nowhere =
        patch(json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "x" }]));
    let error = handler.handle_operation(nowhere).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Patch(PatchErrorKind::NoTarget));
    assert!(matches!(&error, OpError::Patch(patch) if patch.operation() == Some(0)));
    let missing = Patch::from_json(json!({ "Operations": title() })).unwrap();
    let missing = ScimOperationRequest::patch("User", "missing", missing, context());
    let error = handler.handle_operation(missing).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let unknown = Patch::from_json(json!({ "Operations": title() })).unwrap();
    let unknown = ScimOperationRequest::patch("Robot", ID, unknown, context());
    let error = handler.handle_operation(unknown).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownResourceType);
}
