use std::sync::Arc;

use scim_ops::provider::{InMemoryProvider, RequestContext, TenantId};
use scim_ops::version::{Precondition, ScimVersion};
use scim_ops::{
    BulkAction, BulkOperation, BulkRequest, ConflictMetrics, ConflictStrategy, MergeRules, Patch,
    RetryPolicy, ScimOperationHandler, ScimOperationRequest,
};
use serde_json::{Value, json};

use crate::recorder::Recorded;
use crate::rival::{ID, Rival};
use crate::scene::{Time, by, update, user, with_title};

fn context() -> RequestContext {
    let acme: TenantId = "acme".parse().unwrap();
    RequestContext::new("req").with_tenant(acme)
}

async fn handler(rivals: usize, metrics: &Arc<ConflictMetrics>) -> ScimOperationHandler<Rival> {
    let time = Arc::new(Time::default());
    ScimOperationHandler::new(user(rivals).await)
        .with_retry_policy(RetryPolicy::default().with_attempts(3))
        .with_time(time.clone(), time)
        .with_conflict_metrics(metrics.clone())
}

fn put() -> ScimOperationRequest {
    let data = json!({ "userName": "bjensen", "title": "Guide" });
    ScimOperationRequest::update("User", ID, data, context())
}

fn patch() -> ScimOperationRequest {
    let operation = json!({ "op": "add", "path": "title", "value": "Lead" });
    let patch = Patch::from_json(json!({ "Operations": [operation] })).unwrap();
    ScimOperationRequest::patch("User", ID, patch, context())
}

/// Attempts, conflicts, retries.
fn counted(metrics: &ConflictMetrics) -> [u64; 3] {
    [
        metrics.total_attempts(),
        metrics.version_conflicts(),
        metrics.retries(),
    ]
}

fn version(revision: u64) -> ScimVersion {
    ScimVersion::from_revision(revision)
}

#[tokio::test]
async fn every_kind_of_write_is_counted_as_it_goes() {
    let list = || Precondition::Tags([7, 8].map(|r| version(r).to_etag()).into_iter().collect());
    let delete = || ScimOperationRequest::delete("User", ID, context());
    for (rivals, request, expected) in [
        (0, put(), [1, 0, 0]),
        (2, put(), [3, 2, 2]),
        (9, put(), [3, 3, 2]),
        (0, put().with_expected_version(version(1)), [1, 0, 0]),
        (1, put().with_expected_version(version(1)), [1, 1, 0]),
        (0, put().with_if_match(list()), [1, 1, 0]),
        (0, put().with_if_none_match(Precondition::Any), [1, 1, 0]),
        (1, patch(), [2, 1, 1]),
        (1, delete(), [2, 1, 1]),
        (0, delete().with_expected_version(version(5)), [1, 1, 0]),
        (
            0,
            ScimOperationRequest::get("User", ID, context()),
            [0, 0, 0],
        ),
    ] {
        let metrics = Arc::new(ConflictMetrics::new());
        let told = format!("{rivals} {request:?}");
        let _ = handler(rivals, &metrics)
            .await
            .handle_operation(request)
            .await;
        assert_eq!(counted(&metrics), expected, "{told}");
    }
}

#[tokio::test]
async fn the_resources_in_conflict_are_known() {
    let metrics = Arc::new(ConflictMetrics::new());
    handler(2, &metrics)
        .await
        .handle_operation(put())
        .await
        .unwrap();
    let worst = metrics.most_contended(5);
    assert_eq!(worst.len(), 1);
    assert_eq!((&*worst[0].resource_type, &*worst[0].id), ("User", ID));
    assert_eq!((worst[0].conflicts, worst[0].overcount), (2, 0));
    assert_eq!(&worst[0].scope, context().scope());
    assert_eq!(metrics.conflict_rate(), 2.0 / 3.0);
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_counted() {
    let recorded = Recorded::default();
    let _guard = metrics::set_default_local_recorder(&recorded);
    let handler = ScimOperationHandler::new(user(0).await);
    handler.handle_operation(put()).await.unwrap();
    assert!(handler.conflict_metrics().is_none());
    assert!(recorded.all().is_empty());
}

/// Current-thread: the recorder is that of this thread.
#[tokio::test]
async fn the_recorder_of_metrics_is_told_by_type_and_tenant() {
    let recorded = Recorded::default();
    let _guard = metrics::set_default_local_recorder(&recorded);
    let metrics = Arc::new(ConflictMetrics::new());
    let writes = handler(2, &metrics).await;
    writes.handle_operation(put()).await.unwrap();
    writes.handle_operation(patch()).await.unwrap();
    let stale = patch().with_expected_version(version(1));
    writes.handle_operation(stale).await.unwrap_err();
    let policy = by(ConflictStrategy::Merge(MergeRules::default()));
    let policy = policy.with_conflict_metrics(metrics);
    update(&user(1).await, &policy, with_title).await.unwrap();

    let all = recorded.all();
    let sum = |name: &str, tenant: &str| -> f64 {
        let key = format!("{name}{{resource_type=User,tenant={tenant}}}");
        all.get(&key).map_or(0.0, |steps| steps.iter().sum())
    };
    assert_eq!(sum("scim_writes_total", "acme"), 2.0);
    assert_eq!(sum("scim_conflicts_total", "acme"), 3.0);
    assert_eq!(sum("scim_retries_total", "acme"), 2.0);
    assert_eq!(sum("scim_merges_total", "acme"), 0.0);
    assert_eq!(
        all["scim_retry_depth{resource_type=User,tenant=acme}"],
        [2.0, 0.0]
    );
    assert_eq!(sum("scim_writes_total", ""), 1.0);
    assert_eq!(sum("scim_merges_total", ""), 1.0);
    assert_eq!(all["scim_retry_depth{resource_type=User,tenant=}"], [1.0]);
    assert_eq!(all.len(), 3 + 1 + 5);
}

#[tokio::test]
async fn a_type_that_nobody_knows_makes_no_series_of_its_own() {
    let recorded = Recorded::default();
    let _guard = metrics::set_default_local_recorder(&recorded);
    let metrics = Arc::new(ConflictMetrics::new());
    let handler = handler(0, &metrics).await;
    let data: Value = json!({ "userName": "bjensen" });
    let odd = ScimOperationRequest::update("Odd", ID, data, context());
    handler.handle_operation(odd).await.unwrap();
    assert!(
        recorded
            .all()
            .contains_key("scim_writes_total{resource_type=other,tenant=acme}")
    );
}

#[tokio::test]
async fn what_is_written_all_or_nothing_is_counted_once_it_is_written() {
    let metrics = Arc::new(ConflictMetrics::new());
    let handler = ScimOperationHandler::new(InMemoryProvider::default())
        .with_conflict_metrics(metrics.clone());
    let data = json!({ "userName": "bjensen" });
    let create = ScimOperationRequest::create("User", data.clone(), context());
    let created = handler.handle_operation(create).await.unwrap();
    let id = created.resource().unwrap().resource().id().unwrap();
    let update = |name: &str, version: Option<&ScimVersion>| {
        let (id, data) = (id.to_owned(), json!({ "userName": name }));
        let update = BulkOperation::new("User", BulkAction::Update { id, data });
        match version {
            Some(version) => update.with_if_match(version.clone()),
            None => update,
        }
    };
    let bulk = |operations| BulkRequest::new(operations, context()).unwrap();

    let once = vec![update("a", None), BulkOperation::create("User", "1", data)];
    handler.handle_atomic_bulk(bulk(once)).await.unwrap();
    assert_eq!(counted(&metrics), [1, 0, 0]);

    let stale = vec![update("b", None), update("c", created.current_version())];
    handler.handle_atomic_bulk(bulk(stale)).await.unwrap_err();
    assert_eq!(counted(&metrics), [2, 1, 0]);
}
