//! A counter that threads add to, over a provider without versions.

use std::future::Future;

use scim_ops::{ErrorKind, OpError, ScimOperationHandler, ScimOperationRequest};
use scim_provider::{
    ConditionalProvider, LockingProvider, RequestContext, ResourceProvider, VersionedResource,
};
use scim_tests::{PlainProvider, dropped_after, race};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const THREADS: usize = 8;
const INCREMENTS: usize = 100;

fn counted(resource: &VersionedResource) -> usize {
    let text = resource
        .resource()
        .attribute("displayName")
        .and_then(Value::as_str);
    text.unwrap().parse().unwrap()
}

fn document(count: usize) -> Value {
    json!({ "userName": "counter", "displayName": count.to_string() })
}

/// Runs `increment` on all threads, each until it was acknowledged so many times.
fn on_threads<F: Future<Output = bool>>(runtime: &Runtime, increment: impl Fn() -> F + Sync) {
    race(THREADS, |_| {
        let mut acknowledged = 0;
        while acknowledged < INCREMENTS {
            acknowledged += usize::from(runtime.block_on(increment()));
        }
    });
}

#[test]
fn the_wrapper_loses_no_increment() {
    let runtime = Runtime::new().unwrap();
    let provider = LockingProvider::new(PlainProvider::new());
    let context = RequestContext::with_generated_id();
    let create = provider.create_versioned_resource("User", document(0), &context);
    let created = runtime.block_on(create).unwrap();
    let id = created.resource().id().unwrap();
    on_threads(&runtime, || async {
        let read = provider
            .get_versioned_resource("User", id, &context)
            .await
            .unwrap()
            .unwrap();
        let data = document(counted(&read) + 1);
        let result = provider.try_conditional_update("User", id, data, read.version(), &context);
        result.await.unwrap().is_success()
    });
    let read = provider.get_versioned_resource("User", id, &context);
    assert_eq!(
        counted(&runtime.block_on(read).unwrap().unwrap()),
        THREADS * INCREMENTS
    );
}

#[test]
fn the_handler_loses_no_increment() {
    let runtime = Runtime::new().unwrap();
    let handler = ScimOperationHandler::new(PlainProvider::new());
    let context = RequestContext::with_generated_id();
    let handle = |request| handler.handle_operation(request);
    let create = ScimOperationRequest::create("User", document(0), context.clone());
    let created = runtime.block_on(handle(create)).unwrap();
    let id = created.resource().unwrap().resource().id().unwrap();
    let get = || ScimOperationRequest::get("User", id, context.clone());
    on_threads(&runtime, || async {
        let read = handle(get()).await.unwrap();
        let read = read.resource().unwrap();
        let data = document(counted(read) + 1);
        let update = ScimOperationRequest::update("User", id, data, context.clone())
            .with_expected_version(read.version().clone());
        match handle(update).await {
            Ok(_) => true,
            Err(OpError::VersionMismatch(_)) => false,
            Err(error) => panic!("{error}"),
        }
    });
    let read = runtime.block_on(handle(get())).unwrap();
    assert_eq!(counted(read.resource().unwrap()), THREADS * INCREMENTS);
}

/// A rival of a write that was dropped at any of its awaits gets the lock. The write may have got
/// through, and even do so now: then it is whole, and the rival meets it.
#[tokio::test]
async fn a_dropped_write_leaves_the_lock_free() {
    let provider = LockingProvider::new(PlainProvider::new());
    let context = RequestContext::with_generated_id();
    let create = provider.create_versioned_resource("User", document(0), &context);
    let created = create.await.unwrap();
    let id = created.resource().id().unwrap();
    let read = async || {
        let read = provider.get_versioned_resource("User", id, &context).await;
        read.unwrap().unwrap()
    };
    let add = async |number: usize| {
        let current = read().await;
        let data = document(counted(&current) + number);
        let update = provider.try_conditional_update("User", id, data, current.version(), &context);
        update.await.unwrap().is_success()
    };
    let mut without = 0;
    for polls in 0.. {
        let finished = dropped_after(polls, add(1)).await;
        while !add(10).await {}
        let with = counted(&read().await);
        assert!(
            [without + 10, without + 11].contains(&with),
            "{without}, then {with}"
        );
        without = with;
        if finished == Some(true) {
            assert!(
                polls > 2,
                "only {polls} polls, so there was too little to drop"
            );
            return;
        }
    }
}

/// Also for writes that name no version: the handler reads, and writes on what it read.
#[test]
fn unconditional_updates_of_the_handler_all_get_through() {
    let runtime = Runtime::new().unwrap();
    let handler = ScimOperationHandler::new(PlainProvider::new());
    let context = RequestContext::with_generated_id();
    let create = ScimOperationRequest::create("User", document(0), context.clone());
    let created = runtime.block_on(handler.handle_operation(create)).unwrap();
    let id = created.resource().unwrap().resource().id().unwrap();
    let results = race(THREADS, |n| {
        let update = ScimOperationRequest::update("User", id, document(n + 1), context.clone());
        runtime
            .block_on(handler.handle_operation(update))
            .map_err(|error| error.kind())
    });
    let busy = results
        .iter()
        .filter(|result| result.as_ref().err() == Some(&ErrorKind::Busy));
    assert_eq!(busy.count(), 0);
    assert!(results.into_iter().all(|result| result.is_ok()));
    let plain = handler.provider();
    assert!(
        runtime
            .block_on(plain.get_resource("User", id, &context))
            .unwrap()
            .is_some()
    );
}
