//! Bulk jobs over the standard provider, through the public interface.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::sync::Arc;

use scim_ops::provider::{InMemoryProvider, ListQuery, RequestContext, VersionedResource};
use scim_ops::version::ScimVersion;
use scim_ops::{
    AtomicBulkError, BulkAction, BulkOperation, BulkOutcome, BulkRequest, BulkResult, ErrorKind,
    Outcome, PatchErrorKind, ScimOperationHandler, ScimOperationRequest,
};
use serde_json::{Value, json};

type Handler = ScimOperationHandler<InMemoryProvider>;

fn handler() -> Handler {
    ScimOperationHandler::new(InMemoryProvider::default())
}

fn context() -> RequestContext {
    RequestContext::new("test")
}

fn job(operations: Vec<BulkOperation>) -> BulkRequest {
    BulkRequest::new(operations, context()).unwrap()
}

fn user(bulk_id: &str, name: &str) -> BulkOperation {
    BulkOperation::create("User", bulk_id, json!({ "userName": name }))
}

fn group(bulk_id: &str, members: &[&str]) -> BulkOperation {
    let members: Vec<_> = members
        .iter()
        .map(|member| json!({ "value": format!("bulkId:{member}") }))
        .collect();
    let data = json!({ "displayName": bulk_id, "members": members });
    BulkOperation::create("Group", bulk_id, data)
}

fn update(id: &str, name: &str) -> BulkOperation {
    let (id, data) = (id.to_owned(), json!({ "userName": name }));
    BulkOperation::new("User", BulkAction::Update { id, data })
}

fn created(result: &BulkResult) -> &VersionedResource {
    match &result.outcome {
        BulkOutcome::Done(Outcome::Created(created)) => created,
        other => panic!("{other:?}"),
    }
}

fn id(result: &BulkResult) -> String {
    created(result).resource().id().unwrap().to_owned()
}

fn kinds(results: &[BulkResult]) -> Vec<(usize, Option<ErrorKind>)> {
    let kind = |outcome: &BulkOutcome| match outcome {
        BulkOutcome::Done(_) => None,
        BulkOutcome::Failed(error) => Some(error.kind()),
        BulkOutcome::Malformed => Some(ErrorKind::Invalid),
    };
    results
        .iter()
        .map(|result| (result.index, kind(&result.outcome)))
        .collect()
}

async fn total(handler: &Handler, kind: &str) -> u64 {
    let list = ScimOperationRequest::list(kind, ListQuery::new(), context());
    match handler.handle_operation(list).await.unwrap().into_outcome() {
        Outcome::Listed(page) => page.total,
        other => panic!("{other:?}"),
    }
}

async fn members(handler: &Handler, group: &str) -> Vec<Value> {
    let found = handler
        .handle_operation(ScimOperationRequest::get("Group", group, context()))
        .await
        .unwrap();
    let group = found.resource().unwrap().resource().to_json();
    let members = group.get("members").and_then(Value::as_array);
    let members = members.into_iter().flatten();
    members.map(|member| member["value"].clone()).collect()
}

#[tokio::test]
async fn a_reference_to_what_a_later_operation_creates_is_resolved() {
    let handler = handler();
    let results = handler
        .handle_bulk(job(vec![group("g", &["u"]), user("u", "a")]))
        .await;
    assert_eq!(kinds(&results), [(0, None), (1, None)]);
    assert_eq!(
        members(&handler, &id(&results[0])).await,
        [json!(id(&results[1]))]
    );
}

#[tokio::test]
async fn creations_that_name_each_other_end_whole() {
    let handler = handler();
    let circle = vec![
        group("a", &["b"]),
        group("b", &["c", "b"]),
        group("c", &["a"]),
    ];
    let results = handler.handle_bulk(job(circle)).await;
    assert_eq!(kinds(&results), [(0, None), (1, None), (2, None)]);
    let ids: Vec<_> = results.iter().map(id).collect();
    assert_eq!(members(&handler, &ids[0]).await, [json!(ids[1])]);
    assert_eq!(members(&handler, &ids[2]).await, [json!(ids[0])]);
    assert_eq!(members(&handler, &ids[1]).await.len(), 2);
    // What a result shows is what there is in the end.
    for (id, result) in ids.iter().zip(&results) {
        let get = ScimOperationRequest::get("Group", id, context());
        let now = handler.handle_operation(get).await.unwrap();
        assert_eq!(now.current_version(), Some(created(result).version()));
    }
}

#[tokio::test]
async fn a_creation_whose_references_failed_leaves_nothing_behind() {
    let handler = handler();
    let unnamed = BulkOperation::create(
        "Group",
        "b",
        json!({ "members": [{ "value": "bulkId:a" }] }),
    );
    let results = handler
        .handle_bulk(job(vec![group("a", &["b"]), unnamed, user("u", "u")]))
        .await;
    assert_eq!(
        kinds(&results),
        [
            (0, Some(ErrorKind::UnresolvedBulkId)),
            (1, Some(ErrorKind::Invalid)),
            (2, None)
        ]
    );
    assert_eq!(total(&handler, "Group").await, 0);
}

#[tokio::test]
async fn an_unknown_name_is_an_error_of_its_operation() {
    let handler = handler();
    let stray = update("bulkId:nobody", "x");
    let results = handler
        .handle_bulk(job(vec![group("g", &["nobody"]), stray, user("u", "a")]))
        .await;
    let unknown = Some(ErrorKind::UnknownBulkId);
    assert_eq!(kinds(&results), [(0, unknown), (1, unknown), (2, None)]);
    assert_eq!(total(&handler, "Group").await, 0);
}

#[tokio::test]
async fn ids_may_name_what_the_job_creates() {
    let handler = handler();
    let delete = BulkAction::Delete {
        id: "bulkId:v".into(),
    };
    let operations = vec![
        user("u", "a"),
        update("bulkId:u", "b"),
        BulkOperation::new("User", delete),
        user("v", "v"),
    ];
    let results = handler.handle_bulk(job(operations)).await;
    assert_eq!(
        kinds(&results),
        [(0, None), (1, None), (2, None), (3, None)]
    );
    assert_eq!(total(&handler, "User").await, 1);
}

#[tokio::test]
async fn errors_leave_the_others_alone_until_there_are_too_many() {
    let handler = handler();
    let operations = || {
        vec![
            user("a", "a"),
            user("b", "A"),
            BulkOperation::malformed(),
            user("c", "c"),
        ]
    };
    let duplicate = Some(ErrorKind::Duplicate);
    let stopped = job(operations()).with_fail_on_errors(1);
    assert_eq!(
        kinds(&handler.handle_bulk(stopped).await),
        [(0, None), (1, duplicate)]
    );
    assert_eq!(
        kinds(&handler.handle_bulk(job(operations())).await),
        [
            (0, duplicate),
            (1, duplicate),
            (2, Some(ErrorKind::Invalid)),
            (3, None)
        ]
    );
}

#[tokio::test]
async fn a_stale_version_is_a_conflict_of_its_operation() {
    let handler = handler();
    let stale = |id: &str| update(id, "b").with_if_match(ScimVersion::from_revision(1));
    let results = handler.handle_bulk(job(vec![user("u", "a")])).await;
    let (id, version) = (id(&results[0]), created(&results[0]).version().clone());
    let current = update(&id, "c").with_if_match(version.clone());
    let results = handler.handle_bulk(job(vec![stale(&id), current])).await;
    assert_eq!(
        kinds(&results),
        [(0, Some(ErrorKind::VersionMismatch)), (1, None)]
    );
    let BulkOutcome::Failed(error) = &results[0].outcome else {
        panic!("{results:?}");
    };
    assert_eq!(error.current_version(), Some(&version));
}

#[tokio::test]
async fn two_creations_with_one_name_are_no_job() {
    let twice = BulkRequest::new(vec![user("u", "a"), user("u", "b")], context());
    assert_eq!(
        twice.unwrap_err().to_string(),
        "operations 0 and 1 have the same bulkId"
    );
}

#[tokio::test]
async fn all_of_an_atomic_job_happens_or_nothing() {
    let handler = handler();
    let refused = vec![user("u", "a"), group("g", &["u"]), user("v", "A")];
    match handler.handle_atomic_bulk(job(refused)).await.unwrap_err() {
        AtomicBulkError::Operation { index, source } => {
            assert_eq!((index, source.kind()), (2, ErrorKind::Duplicate));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        (
            total(&handler, "User").await,
            total(&handler, "Group").await
        ),
        (0, 0)
    );

    let circle = vec![user("u", "a"), group("a", &["b", "u"]), group("b", &["a"])];
    let results = handler.handle_atomic_bulk(job(circle)).await.unwrap();
    assert_eq!(kinds(&results), [(0, None), (1, None), (2, None)]);
    for result in &results {
        let shown = created(result);
        let get =
            ScimOperationRequest::get(shown.resource().resource_type(), id(result), context());
        let now = handler.handle_operation(get).await.unwrap();
        assert_eq!(now.current_version(), Some(shown.version()));
    }
}

#[tokio::test]
async fn an_atomic_job_is_refused_over_a_provider_that_can_t() {
    /// The same provider, which hides what it can.
    struct Plain(InMemoryProvider);
    #[async_trait::async_trait]
    impl scim_ops::provider::ResourceProvider for Plain {
        async fn create_resource(
            &self,
            kind: &str,
            data: Value,
            context: &RequestContext,
        ) -> Result<scim_ops::provider::Resource, scim_ops::provider::ProviderError> {
            self.0.create_resource(kind, data, context).await
        }
        async fn get_resource(
            &self,
            kind: &str,
            id: &str,
            context: &RequestContext,
        ) -> Result<Option<scim_ops::provider::Resource>, scim_ops::provider::ProviderError>
        {
            self.0.get_resource(kind, id, context).await
        }
        async fn update_resource(
            &self,
            kind: &str,
            id: &str,
            data: Value,
            context: &RequestContext,
        ) -> Result<scim_ops::provider::Resource, scim_ops::provider::ProviderError> {
            self.0.update_resource(kind, id, data, context).await
        }
        async fn delete_resource(
            &self,
            kind: &str,
            id: &str,
            context: &RequestContext,
        ) -> Result<(), scim_ops::provider::ProviderError> {
            self.0.delete_resource(kind, id, context).await
        }
        async fn list_resources(
            &self,
            kind: &str,
            query: &ListQuery,
            context: &RequestContext,
        ) -> Result<
            scim_ops::provider::Page<scim_ops::provider::Resource>,
            scim_ops::provider::ProviderError,
        > {
            self.0.list_resources(kind, query, context).await
        }
    }
    let handler = ScimOperationHandler::new(Plain(InMemoryProvider::default()));
    match handler.handle_atomic_bulk(job(vec![user("u", "a")])).await {
        Err(AtomicBulkError::Job(error)) => assert_eq!(error.kind(), ErrorKind::Unsupported),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn atomic_jobs_that_meet_lose_nothing_and_are_never_seen_by_half() {
    const WRITERS: usize = 6;
    const ROUNDS: usize = 20;
    let handler = Arc::new(handler());
    let pair = vec![user("a", "a 0"), user("b", "b 0")];
    let results = handler.handle_atomic_bulk(job(pair)).await.unwrap();
    let ids = [id(&results[0]), id(&results[1])];
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (handler, ids) = (Arc::clone(&handler), ids.clone());
        writers.spawn(async move {
            for round in 0..ROUNDS {
                // Both users are given one number, in one job.
                let number = writer * ROUNDS + round + 1;
                let both = vec![
                    update(&ids[0], &format!("a {number}")),
                    update(&ids[1], &format!("b {number}")),
                    user("new", &format!("new {number}")),
                ];
                handler.handle_atomic_bulk(job(both)).await.unwrap();
                let list = ScimOperationRequest::list("User", ListQuery::new(), context());
                let Outcome::Listed(page) =
                    handler.handle_operation(list).await.unwrap().into_outcome()
                else {
                    panic!("a list lists");
                };
                let number_of = |id: &str| {
                    let found = page
                        .items
                        .iter()
                        .find(|user| user.resource().id() == Some(id));
                    let name = found.unwrap().resource().attribute("userName").unwrap();
                    name.as_str().unwrap()[2..].to_owned()
                };
                assert_eq!(number_of(&ids[0]), number_of(&ids[1]));
            }
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer.unwrap();
    }
    let created = u64::try_from(WRITERS * ROUNDS).unwrap();
    assert_eq!(total(&handler, "User").await, 2 + created);
}

fn add_member(group: &str, member: &str) -> BulkOperation {
    let (id, message) = (
        group.to_owned(),
        json!({ "Operations": [
            { "op": "add", "path": "members", "value": [{ "value": member }] },
        ] }),
    );
    BulkOperation::new("Group", BulkAction::Patch { id, message })
}

#[tokio::test]
async fn a_patch_may_name_what_the_job_creates() {
    let handler = handler();
    let job = job(vec![
        add_member("bulkId:g", "bulkId:u"),
        user("u", "a"),
        group("g", &[]),
    ]);
    let results = handler.handle_bulk(job).await;
    assert_eq!(kinds(&results), [(0, None), (1, None), (2, None)]);
    let expected = [json!(id(&results[1]))];
    assert_eq!(members(&handler, &id(&results[2])).await, expected);
}

#[tokio::test]
async fn a_patch_that_can_t_be_read_fails_alone() {
    let handler = handler();
    let (id, message) = ("1".to_owned(), json!({ "Operations": [] }));
    let broken = BulkOperation::new("Group", BulkAction::Patch { id, message });
    let results = handler.handle_bulk(job(vec![broken, user("u", "a")])).await;
    let syntax = ErrorKind::Patch(PatchErrorKind::InvalidSyntax);
    assert_eq!(kinds(&results), [(0, Some(syntax)), (1, None)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn no_member_is_lost_among_jobs_that_patch_one_group() {
    const JOBS: usize = 8;
    let handler = Arc::new(handler());
    let names: Vec<String> = (0..2 * JOBS).map(|n| n.to_string()).collect();
    let users = names.iter().map(|name| user(name, name)).collect();
    let users = handler.handle_bulk(job(users)).await;
    let users: Vec<String> = users.iter().map(id).collect();
    for _ in 0..30 {
        let results = handler.handle_bulk(job(vec![group("g", &[])])).await;
        let group = id(&results[0]);
        let start = Arc::new(tokio::sync::Barrier::new(JOBS));
        let jobs: Vec<_> = users
            .chunks(2)
            .map(|users| {
                let members = users.iter().map(|user| add_member(&group, user)).collect();
                let (handler, start) = (handler.clone(), start.clone());
                tokio::spawn(async move {
                    start.wait().await;
                    let results = handler.handle_bulk(job(members)).await;
                    assert_eq!(kinds(&results), [(0, None), (1, None)]);
                })
            })
            .collect();
        for job in jobs {
            job.await.unwrap();
        }
        assert_eq!(members(&handler, &group).await.len(), 2 * JOBS);
    }
}
