//! Changes of a version that has been replaced, merged by the handler.

use std::sync::Arc;

use scim_ops::provider::storage::Retention;
use scim_ops::provider::{InMemoryProvider, RequestContext, VersionedResource};
use scim_ops::version::ScimVersion;
use scim_ops::{
    ConflictMetrics, ErrorKind, MergeRule, MergeRules, OpError, Outcome, Patch,
    ScimOperationHandler, ScimOperationRequest,
};
use serde_json::{Value, json};

struct Scene {
    handler: ScimOperationHandler<InMemoryProvider>,
    metrics: Arc<ConflictMetrics>,
    first: VersionedResource,
}

impl Scene {
    /// A user whose title was "Guide" and is "Lead".
    async fn new() -> Self {
        let provider = InMemoryProvider::default().with_retention(Retention::new(4, 1 << 20));
        let metrics = Arc::new(ConflictMetrics::new());
        let handler = ScimOperationHandler::new(provider).with_conflict_metrics(metrics.clone());
        let data = json!({ "userName": "bjensen", "title": "Guide" });
        let create = ScimOperationRequest::create("User", data, context());
        let created = handler.handle_operation(create).await.unwrap();
        let first = created.resource().unwrap().clone();
        let scene = Self {
            handler,
            metrics,
            first,
        };
        let lead = scene.put(json!({ "userName": "bjensen", "title": "Lead" }));
        scene.does(lead).await.unwrap();
        scene
    }

    fn id(&self) -> &str {
        self.first.resource().id().unwrap()
    }

    fn put(&self, data: Value) -> ScimOperationRequest {
        ScimOperationRequest::update("User", self.id(), data, context())
    }

    fn patch(&self, operation: Value) -> ScimOperationRequest {
        let patch = Patch::from_json(json!({ "Operations": [operation] })).unwrap();
        ScimOperationRequest::patch("User", self.id(), patch, context())
    }

    async fn does(&self, request: ScimOperationRequest) -> Result<Outcome, OpError> {
        let response = self.handler.handle_operation(request).await?;
        Ok(response.into_outcome())
    }

    /// The same on the first version.
    async fn merges(&self, request: ScimOperationRequest) -> Result<Value, OpError> {
        let request = request.with_merge_base(self.first.version().clone());
        let outcome = self.does(request).await?;
        Ok(outcome.resource().unwrap().resource().to_json())
    }
}

fn context() -> RequestContext {
    RequestContext::with_generated_id()
}

#[tokio::test]
async fn a_replacement_and_a_patch_are_merged_with_what_came_between() {
    let scene = Scene::new().await;
    let put = scene.put(json!({ "userName": "bjensen", "title": "Guide", "locale": "en" }));
    assert_eq!(scene.merges(put).await.unwrap()["title"], "Lead");
    let patch = scene.patch(json!({ "op": "add", "path": "nickName", "value": "Babs" }));
    let merged = scene.merges(patch).await.unwrap();
    assert_eq!(
        (&merged["title"], &merged["locale"]),
        (&json!("Lead"), &json!("en"))
    );
    assert_eq!(merged["nickName"], "Babs");
    assert_eq!(
        (scene.metrics.merges(), scene.metrics.version_conflicts()),
        (2, 0)
    );
}

#[tokio::test]
async fn what_does_not_go_together_is_told_and_counted() {
    let scene = Scene::new().await;
    let before = scene.metrics.version_conflicts();
    let put = scene.put(json!({ "userName": "bjensen", "title": "Driver" }));
    let error = scene.merges(put).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MergeConflict);
    let conflict = error.merge_conflicts().unwrap().first();
    assert_eq!(
        (conflict.path(), conflict.base()),
        ("title", Some(&json!("Guide")))
    );
    assert_eq!(conflict.local(), Some(&json!("Driver")));
    assert_eq!(conflict.remote(), Some(&json!("Lead")));
    assert!(error.current_version().is_some() && error.version_conflict().is_some());
    assert!(!format!("{error} {error:?}").contains("Driver"));
    assert_eq!(scene.metrics.version_conflicts(), before + 1);
}

#[tokio::test]
async fn rules_settle_what_does_not_go_together() {
    let mut scene = Scene::new().await;
    let rules = MergeRules::new(MergeRule::LocalWins);
    scene.handler = scene.handler.with_merge_rules(rules);
    let put = scene.put(json!({ "userName": "bjensen", "title": "Driver" }));
    assert_eq!(scene.merges(put).await.unwrap()["title"], "Driver");
}

#[tokio::test]
async fn a_version_that_is_not_kept_any_more_is_stale() {
    let scene = Scene::new().await;
    for n in 0..4 {
        let data = json!({ "userName": "bjensen", "title": format!("Lead {n}") });
        scene.does(scene.put(data)).await.unwrap();
    }
    let put = scene.put(json!({ "userName": "bjensen", "title": "Guide", "locale": "en" }));
    let error = scene.merges(put).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionMismatch);
}

#[tokio::test]
async fn who_names_a_base_names_a_version() {
    let mut scene = Scene::new().await;
    scene.handler = scene.handler.with_version_required(true);
    let locale = || scene.patch(json!({ "op": "add", "path": "locale", "value": "en" }));
    let error = scene.does(locale()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionRequired);
    assert_eq!(scene.merges(locale()).await.unwrap()["locale"], "en");
    let strict = locale().with_expected_version(ScimVersion::from_revision(7));
    let error = scene.merges(strict).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VersionMismatch);
}

#[tokio::test]
async fn a_password_is_merged_and_told_to_nobody() {
    let scene = Scene::new().await;
    let put = scene.put(json!({
        "userName": "bjensen", "title": "Driver", "password": "correct horse",
    }));
    let error = scene.merges(put).await.unwrap_err();
    assert_eq!(error.merge_conflicts().unwrap().count(), 1);
    let put = scene.put(json!({
        "userName": "bjensen", "title": "Guide", "password": "correct horse",
    }));
    let merged = scene.merges(put).await.unwrap();
    assert!(merged["title"] == "Lead" && merged.get("password").is_none());
}
