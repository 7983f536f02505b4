use std::sync::Arc;

use scim_ops::provider::{InMemoryProvider, RequestContext, VersionedResource};
use scim_ops::version::ScimVersion;
use scim_ops::{ErrorKind, OpError, ScimOperationHandler, ScimOperationRequest};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::{id, with};
use crate::Error;
use crate::journal::Journal;

type Handler = Arc<ScimOperationHandler<InMemoryProvider>>;

/// Creates, reads, updates and deletes that meet.
pub(crate) async fn run(journal: &mut Journal<'_>) -> Result<(), Error> {
    journal.scene("Mixed operations")?;
    let handler = Arc::new(ScimOperationHandler::new(InMemoryProvider::default()));
    let user = create_meets_create(&handler, journal).await?;
    let user = read_meets_update(&handler, user, journal).await?;
    update_meets_delete(&handler, user, journal).await
}

/// Eight clients create the same user.
async fn create_meets_create(
    handler: &Handler,
    journal: &mut Journal<'_>,
) -> Result<VersionedResource, Error> {
    const RACERS: usize = 8;
    let gate = Arc::new(Barrier::new(RACERS));
    let racers = [(); RACERS].map(|()| {
        let (handler, gate) = (handler.clone(), gate.clone());
        tokio::spawn(async move {
            gate.wait().await;
            let user = json!({ "userName": "bjensen" });
            let request = ScimOperationRequest::create("User", user, context());
            handler.handle_operation(request).await
        })
    });
    let (mut created, mut refused) = (Vec::new(), 0);
    for racer in racers {
        match racer.await? {
            Ok(response) => created.extend(response.resource().cloned()),
            Err(error) if error.kind() == ErrorKind::Duplicate => refused += 1,
            Err(error) => return Err(error.into()),
        }
    }
    let [user] = created.as_slice() else {
        return Err(format!("{} creates of one userName succeeded", created.len()).into());
    };
    let v1 = journal.label(user.version());
    journal.say(format_args!(
        "{RACERS} clients create bjensen: one gets {v1}, {refused} are told of the duplicate"
    ))?;
    Ok(user.clone())
}

/// One client changes the user twenty times while another one reads it.
async fn read_meets_update(
    handler: &Handler,
    user: VersionedResource,
    journal: &mut Journal<'_>,
) -> Result<VersionedResource, Error> {
    const UPDATES: u64 = 20;
    let id = id(&user).to_owned();
    let writer = tokio::spawn({
        let handler = handler.clone();
        async move {
            let mut states = vec![user];
            for n in 1..=UPDATES {
                let last = &states[states.len() - 1];
                let data = with(last, "title", format!("title {n}"));
                states.push(update(&handler, last, data).await?);
                tokio::task::yield_now().await;
            }
            Ok::<_, Error>(states)
        }
    });
    let reader = tokio::spawn({
        let handler = handler.clone();
        async move {
            let mut seen = Vec::new();
            let last = Some(json!(format!("title {UPDATES}")));
            while seen.last().and_then(title) != last {
                let request = ScimOperationRequest::get("User", &id, context());
                let response = handler.handle_operation(request).await?;
                seen.extend(response.resource().cloned());
                tokio::task::yield_now().await;
            }
            Ok::<_, Error>(seen)
        }
    });
    let (states, seen) = (writer.await??, reader.await??);
    // Content and version belong together, and time does not run backwards.
    let order = seen
        .iter()
        .map(|read| states.iter().position(|state| state == read))
        .collect::<Option<Vec<_>>>()
        .ok_or("a read saw what nobody wrote")?;
    if !order.is_sorted() {
        return Err("a read saw less than one before".into());
    }
    for state in &states {
        journal.label(state.version());
    }
    let last = states.last().ok_or("at least the first")?;
    let label = journal.label(last.version());
    journal.say(format_args!(
        "{UPDATES} updates lead to {label}; each read meanwhile shows one state whole, none older \
         than the read before"
    ))?;
    Ok(last.clone())
}

/// One client updates the user, another one deletes it; both name the same version.
async fn update_meets_delete(
    handler: &Handler,
    user: VersionedResource,
    journal: &mut Journal<'_>,
) -> Result<(), Error> {
    let id = id(&user);
    let named = journal.label(user.version());
    journal.say(format_args!("an update and a delete both name {named}"))?;
    let gate = Arc::new(Barrier::new(2));
    let updating = tokio::spawn({
        let (handler, gate, user) = (handler.clone(), gate.clone(), user.clone());
        async move {
            gate.wait().await;
            update(&handler, &user, with(&user, "title", "Manager")).await
        }
    });
    let deleting = tokio::spawn({
        let (handler, id, version) = (handler.clone(), id.to_owned(), user.version().clone());
        async move {
            gate.wait().await;
            delete(&handler, &id, version).await
        }
    });
    match (updating.await?, deleting.await?) {
        (Ok(updated), Err(error)) if error.kind() == ErrorKind::VersionMismatch => {
            let now = journal.label(updated.version());
            journal.say(format_args!(
                "the update came first: {now}; the delete is refused"
            ))?;
            delete(handler, id, updated.version().clone()).await?;
            journal.say(format_args!(
                "the delete, decided on again, names {now}: gone"
            ))?;
        }
        (Err(error), Ok(())) if error.kind() == ErrorKind::NotFound => {
            journal.say("the delete came first: gone; the update finds nothing")?;
        }
        both => return Err(format!("not one winner: {both:?}").into()),
    }

    // Nothing comes back from the dead.
    match update(handler, &user, with(&user, "title", "Ghost")).await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            journal.say(format_args!("a late update that names {named}: not found"))?;
        }
        other => return Err(format!("update of a deleted user: {other:?}").into()),
    }
    Ok(())
}

async fn update(
    handler: &Handler,
    read: &VersionedResource,
    data: Value,
) -> Result<VersionedResource, OpError> {
    let request = ScimOperationRequest::update("User", id(read), data, context())
        .with_expected_version(read.version().clone());
    let response = handler.handle_operation(request).await?;
    Ok(response.resource().unwrap_or(read).clone())
}

async fn delete(handler: &Handler, id: &str, version: ScimVersion) -> Result<(), OpError> {
    let request =
        ScimOperationRequest::delete("User", id, context()).with_expected_version(version);
    handler.handle_operation(request).await.map(drop)
}

fn title(user: &VersionedResource) -> Option<Value> {
    user.resource().attribute("title").cloned()
}

fn context() -> RequestContext {
    RequestContext::with_generated_id()
}
