//! A request whose client goes away, at every await it has, through each layer.

use std::future::Future;

use http::Request;
use scim_http::ScimService;
use scim_ops::{ScimOperationHandler, ScimOperationRequest};
use scim_provider::{
    ConditionalProvider, InMemoryStorage, ListQuery, RequestContext, StandardResourceProvider,
    VersionedResource,
};
use scim_tests::{Suspending, dropped_after};
use serde_json::{Value, json};

type Provider = StandardResourceProvider<Suspending<InMemoryStorage>>;

/// One way in to write: each method says whether the write was acknowledged.
trait Layer: Sync {
    fn provider(&self) -> &Provider;
    fn create(&self, data: Value) -> impl Future<Output = bool> + Send;
    fn update(&self, user: &VersionedResource, data: Value) -> impl Future<Output = bool> + Send;
    fn delete(&self, user: &VersionedResource) -> impl Future<Output = bool> + Send;
}

fn provider() -> Provider {
    StandardResourceProvider::new(Suspending::new(InMemoryStorage::new()))
}

fn context() -> RequestContext {
    RequestContext::new("dropped")
}

fn id(user: &VersionedResource) -> &str {
    user.resource().id().unwrap()
}

impl Layer for Provider {
    fn provider(&self) -> &Provider {
        self
    }

    async fn create(&self, data: Value) -> bool {
        self.create_versioned_resource("User", data, &context())
            .await
            .is_ok()
    }

    async fn update(&self, user: &VersionedResource, data: Value) -> bool {
        let version = user.version();
        let updated = self
            .conditional_update("User", id(user), data, version, &context())
            .await;
        updated.unwrap().is_success()
    }

    async fn delete(&self, user: &VersionedResource) -> bool {
        let version = user.version();
        let deleted = self
            .conditional_delete("User", id(user), version, &context())
            .await;
        deleted.unwrap().is_success()
    }
}

/// The handler, with or without the version named.
struct Handler {
    handler: ScimOperationHandler<Provider>,
    names_version: bool,
}

impl Handler {
    async fn write(&self, request: ScimOperationRequest, user: &VersionedResource) -> bool {
        let request = match self.names_version {
            true => request.with_expected_version(user.version().clone()),
            false => request,
        };
        self.handler.handle_operation(request).await.is_ok()
    }
}

impl Layer for Handler {
    fn provider(&self) -> &Provider {
        self.handler.provider()
    }

    async fn create(&self, data: Value) -> bool {
        let request = ScimOperationRequest::create("User", data, context());
        self.handler.handle_operation(request).await.is_ok()
    }

    async fn update(&self, user: &VersionedResource, data: Value) -> bool {
        self.write(
            ScimOperationRequest::update("User", id(user), data, context()),
            user,
        )
        .await
    }

    async fn delete(&self, user: &VersionedResource) -> bool {
        self.write(
            ScimOperationRequest::delete("User", id(user), context()),
            user,
        )
        .await
    }
}

impl Layer for ScimService<Provider> {
    fn provider(&self) -> &Provider {
        self.handler().provider()
    }

    async fn create(&self, data: Value) -> bool {
        let request = Request::post("http://localhost/Users")
            .body(data.to_string())
            .unwrap();
        self.handle(request).await.status() == 201
    }

    async fn update(&self, user: &VersionedResource, data: Value) -> bool {
        let request = Request::put(format!("http://localhost/Users/{}", id(user)))
            .header("If-Match", user.version().to_http_header())
            .body(data.to_string())
            .unwrap();
        self.handle(request).await.status() == 200
    }

    async fn delete(&self, user: &VersionedResource) -> bool {
        let request = Request::delete(format!("http://localhost/Users/{}", id(user)))
            .header("If-Match", user.version().to_http_header())
            .body(String::new())
            .unwrap();
        self.handle(request).await.status() == 204
    }
}

fn document(polls: usize, text: &str) -> Value {
    json!({ "userName": format!("user{polls}"), "displayName": text })
}

async fn user(provider: &Provider, polls: usize) -> VersionedResource {
    let data = document(polls, "before");
    provider
        .create_versioned_resource("User", data, &context())
        .await
        .unwrap()
}

async fn read(provider: &Provider, user: &VersionedResource) -> Option<VersionedResource> {
    provider
        .get_versioned_resource("User", id(user), &context())
        .await
        .unwrap()
}

async fn updates_are_whole_or_absent(layer: &impl Layer) {
    for polls in 0.. {
        let before = user(layer.provider(), polls).await;
        let update = layer.update(&before, document(polls, "after"));
        let finished = dropped_after(polls, update).await;
        let now = read(layer.provider(), &before)
            .await
            .expect("nobody deletes it");
        match now
            .resource()
            .attribute("displayName")
            .and_then(Value::as_str)
        {
            Some("before") => assert_eq!((&now, finished), (&before, None)),
            Some("after") => assert_ne!(now.version(), before.version()),
            half => panic!("{half:?} after {polls} polls"),
        }
        // Nothing stands in the way of the next write.
        assert!(layer.update(&now, document(polls, "next")).await);
        if finished == Some(true) {
            // Two calls to the store, each with two suspensions.
            assert!(
                polls > 4,
                "only {polls} polls, so there was too little to drop"
            );
            return;
        }
    }
}

async fn deletes_are_whole_or_absent(layer: &impl Layer) {
    for polls in 0.. {
        let before = user(layer.provider(), polls).await;
        let finished = dropped_after(polls, layer.delete(&before)).await;
        let now = read(layer.provider(), &before).await;
        if let Some(now) = &now {
            assert_eq!((now, finished), (&before, None));
            assert!(layer.delete(now).await);
        }
        // Its name is free again, whichever of the two deleted it.
        assert!(layer.create(document(polls, "next")).await);
        if finished == Some(true) {
            assert_eq!(now, None);
            assert!(
                polls > 2,
                "only {polls} polls, so there was too little to drop"
            );
            return;
        }
    }
}

async fn creates_are_whole_or_absent(layer: &impl Layer) {
    for polls in 0.. {
        let before = listed(layer.provider()).await.len();
        let finished = dropped_after(polls, layer.create(document(polls, "whole"))).await;
        let now = listed(layer.provider()).await;
        let created = now.len() > before;
        if created {
            let last = now
                .last()
                .map(VersionedResource::to_json)
                .unwrap_or_default();
            assert_eq!(last["userName"], format!("user{polls}"));
            assert_eq!(last["displayName"], "whole");
        } else {
            assert_eq!((now.len(), finished), (before, None));
        }
        // The name is taken exactly if the resource is there.
        assert_eq!(layer.create(document(polls, "again")).await, !created);
        if finished == Some(true) {
            assert!(
                polls > 2,
                "only {polls} polls, so there was too little to drop"
            );
            return;
        }
    }
}

async fn listed(provider: &Provider) -> Vec<VersionedResource> {
    let page = provider
        .list_versioned_resources("User", &ListQuery::new(), &context())
        .await;
    page.unwrap().items
}

#[tokio::test]
async fn at_the_provider() {
    updates_are_whole_or_absent(&provider()).await;
    deletes_are_whole_or_absent(&provider()).await;
    creates_are_whole_or_absent(&provider()).await;
}

#[tokio::test]
async fn at_the_handler() {
    for names_version in [true, false] {
        let layer = || Handler {
            handler: ScimOperationHandler::new(provider()),
            names_version,
        };
        updates_are_whole_or_absent(&layer()).await;
        deletes_are_whole_or_absent(&layer()).await;
        creates_are_whole_or_absent(&layer()).await;
    }
}

#[tokio::test]
async fn at_the_service() {
    let layer = || ScimService::new(ScimOperationHandler::new(provider()));
    updates_are_whole_or_absent(&layer()).await;
    deletes_are_whole_or_absent(&layer()).await;
    creates_are_whole_or_absent(&layer()).await;
}
