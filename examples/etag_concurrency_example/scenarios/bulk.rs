use scim_ops::provider::{InMemoryProvider, RequestContext, VersionedResource};
use scim_ops::version::ScimVersion;
use scim_ops::{
    BulkAction, BulkOperation, BulkOutcome, BulkRequest, BulkResult, OpError, ScimOperationHandler,
    ScimOperationRequest,
};
use serde_json::json;

use super::{id, with};
use crate::Error;
use crate::journal::Journal;

type Handler = ScimOperationHandler<InMemoryProvider>;

/// Several changes in one request, one of which names a version that has been replaced.
pub(crate) async fn run(journal: &mut Journal<'_>) -> Result<(), Error> {
    journal.scene("Bulk")?;
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let users = [
        create(&handler, "bjensen").await?,
        create(&handler, "jsmith").await?,
    ];
    let [v1, v2] = [&users[0], &users[1]].map(|user| journal.label(user.version()));
    journal.say(format_args!("bjensen is {v1}, jsmith is {v2}"))?;

    // Somebody else is faster with the second one.
    let rival = with(&users[1], "title", "Guide");
    let rival = ScimOperationRequest::update("User", id(&users[1]), rival, context());
    let rival = handler.handle_operation(rival).await?;
    let newer = rival
        .current_version()
        .ok_or("an update leaves a version")?;
    let v3 = journal.label(newer);
    journal.say(format_args!("a rival replaces {v2} by {v3}"))?;

    // Each for itself: the stale one is refused, the other one is done.
    let both = |nick: &str, versions: [&ScimVersion; 2]| {
        let changes = users.iter().zip(versions).map(|(user, version)| {
            let (id, data) = (id(user).to_owned(), with(user, "nickName", nick));
            BulkOperation::new("User", BulkAction::Update { id, data }).with_if_match(version)
        });
        BulkRequest::new(changes.collect(), context())
    };
    let results = handler
        .handle_bulk(both("B", [users[0].version(), users[1].version()])?)
        .await;
    let (done, conflict) = outcomes(&results)?;
    let v4 = journal.label(done);
    let current = journal.label(conflict);
    journal.say(format_args!(
        "a bulk of two: {v1} becomes {v4}; {v2} is stale, current is {current}"
    ))?;

    // All or nothing: the stale one refuses both.
    let refused = handler
        .handle_atomic_bulk(both("C", [done, users[1].version()])?)
        .await;
    if refused.is_ok() {
        return Err("a stale version did not refuse the whole".into());
    }
    let now = version(&handler, &users[0]).await?;
    let kept = journal.label(&now);
    journal.say(format_args!(
        "all or nothing with {v4} and {v2}: refused, {kept} is still current"
    ))?;

    let results = handler
        .handle_atomic_bulk(both("C", [done, newer])?)
        .await?;
    let [first, second] = results.as_slice() else {
        return Err("each operation has a result".into());
    };
    let [v5, v6] = [first, second].map(|result| {
        let left = result.outcome.resource().map(VersionedResource::version);
        left.map_or_else(String::new, |version| journal.label(version))
    });
    journal.say(format_args!(
        "all or nothing with {v4} and {v3}: they become {v5} and {v6} in one step"
    ))?;
    Ok(())
}

/// The version that the first operation left, and the current one that the second met.
fn outcomes(results: &[BulkResult]) -> Result<(&ScimVersion, &ScimVersion), Error> {
    match results {
        [
            BulkResult {
                outcome: first @ BulkOutcome::Done(_),
                ..
            },
            BulkResult {
                outcome: BulkOutcome::Failed(OpError::VersionMismatch(conflict)),
                ..
            },
        ] => {
            let done = first.resource().ok_or("an update leaves a resource")?;
            Ok((done.version(), &conflict.current))
        }
        _ => Err(format!("not one done and one refused: {results:?}").into()),
    }
}

async fn create(handler: &Handler, name: &str) -> Result<VersionedResource, Error> {
    let request = ScimOperationRequest::create("User", json!({ "userName": name }), context());
    let response = handler.handle_operation(request).await?;
    Ok(response
        .resource()
        .ok_or("a create answers with it")?
        .clone())
}

async fn version(handler: &Handler, user: &VersionedResource) -> Result<ScimVersion, Error> {
    let request = ScimOperationRequest::get("User", id(user), context());
    let response = handler.handle_operation(request).await?;
    Ok(response.current_version().ok_or("it is there")?.clone())
}

fn context() -> RequestContext {
    RequestContext::with_generated_id()
}
