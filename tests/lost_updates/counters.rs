//! Eight threads add to one counter, through each layer.

use http::Method;
use scim_ops::{OpError, ScimOperationHandler, ScimOperationRequest};
use scim_provider::version::ScimVersion;
use scim_provider::{ConditionalProvider, InMemoryProvider, RequestContext, VersionedResource};
use scim_tests::{Answer, Client, Server, race};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const THREADS: usize = 8;
const INCREMENTS: u64 = 500;

fn document(count: u64) -> Value {
    json!({ "userName": "counter", "displayName": count.to_string() })
}

fn counted(user: &Value) -> u64 {
    user["displayName"].as_str().unwrap().parse().unwrap()
}

/// Each thread reads the counter, adds one, and writes that on the version it read, again until
/// it was acknowledged [`INCREMENTS`] times; then the counter is read.
fn count<V, S>(
    session: impl Fn() -> S + Sync,
    read: impl Fn(&S) -> (u64, V) + Sync,
    write: impl Fn(&S, u64, V) -> bool + Sync,
) {
    let acknowledged = race(THREADS, |_| {
        let session = session();
        let mut acknowledged = 0;
        while acknowledged < INCREMENTS {
            let (count, version) = read(&session);
            acknowledged += u64::from(write(&session, count + 1, version));
        }
        acknowledged
    });
    let (counted, _) = read(&session());
    assert_eq!(acknowledged.iter().sum::<u64>(), 4_000);
    assert_eq!(counted, 4_000);
}

#[test]
fn through_the_provider() {
    let runtime = Runtime::new().unwrap();
    let provider = InMemoryProvider::default();
    let context = RequestContext::with_generated_id();
    let create = provider.create_versioned_resource("User", document(0), &context);
    let created = runtime.block_on(create).unwrap();
    let id = created.resource().id().unwrap();
    let read = |(): &()| {
        let read = provider.get_versioned_resource("User", id, &context);
        let read = runtime.block_on(read).unwrap().unwrap();
        (counted(&read.to_json()), read.version().clone())
    };
    let write = |(): &(), count, version: ScimVersion| {
        let write = provider.conditional_update("User", id, document(count), &version, &context);
        runtime.block_on(write).unwrap().is_success()
    };
    count(|| (), read, write);
}

#[test]
fn through_the_handler() {
    let runtime = Runtime::new().unwrap();
    let handler = ScimOperationHandler::new(InMemoryProvider::default());
    let context = RequestContext::with_generated_id();
    let handle = |request| runtime.block_on(handler.handle_operation(request));
    let create = ScimOperationRequest::create("User", document(0), context.clone());
    let created = handle(create).unwrap();
    let id = created.resource().unwrap().resource().id().unwrap();
    let read = |(): &()| {
        let read = handle(ScimOperationRequest::get("User", id, context.clone())).unwrap();
        let user: &VersionedResource = read.resource().unwrap();
        (counted(&user.to_json()), user.version().clone())
    };
    let write = |(): &(), count, version: ScimVersion| {
        let update = ScimOperationRequest::update("User", id, document(count), context.clone());
        match handle(update.with_expected_version(version)) {
            Ok(_) => true,
            Err(OpError::VersionMismatch(_)) => false,
            Err(error) => panic!("{error}"),
        }
    };
    count(|| (), read, write);
}

#[test]
fn through_http() {
    let server = Server::start();
    let created = server
        .client()
        .send_json(Method::POST, "/Users", &[], &document(0));
    let location = created.header("location").unwrap();
    let read = |client: &Client| {
        let read = client.get(location);
        (counted(&read.json()), read)
    };
    let write = |client: &Client, count, read: Answer| {
        let headers = [("If-Match", read.etag())];
        let answer = client.send_json(Method::PUT, location, &headers, &document(count));
        assert!(matches!(answer.status, 200 | 412), "{answer:?}");
        answer.status == 200
    };
    count(|| server.client(), read, write);
}
