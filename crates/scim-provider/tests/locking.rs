//! The lock around providers that can't compare and write in one step.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, mpsc};

use async_trait::async_trait;
use scim_provider::version::ScimVersion;
use scim_provider::{
    ConditionalProvider, ListQuery, LockingProvider, Page, ProviderError, RequestContext, Resource,
    ResourceProvider,
};
use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};

const ID: &str = "1";

/// Keeps documents as they come, `meta` and all, and writes on a thread of its own, which
/// goes on when nobody waits for it any more.
#[derive(Default)]
struct Verbatim {
    rows: Arc<Mutex<HashMap<String, Value>>>,
    /// Until this is answered the first write waits.
    gate: Mutex<Option<mpsc::Receiver<()>>>,
    begun: Notify,
}

impl Verbatim {
    fn find(&self, id: &str) -> Option<Resource> {
        let rows = self
            .rows
            .lock()
            .expect("no test panics while it holds the rows");
        let row = rows.get(id)?.clone();
        Some(Resource::from_json("User", row).expect("checked when it was written"))
    }
}

#[async_trait]
impl ResourceProvider for Verbatim {
    async fn create_resource(
        &self,
        resource_type: &str,
        data: Value,
        context: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        self.update_resource(resource_type, ID, data, context).await
    }

    async fn get_resource(
        &self,
        _: &str,
        id: &str,
        _: &RequestContext,
    ) -> Result<Option<Resource>, ProviderError> {
        Ok(self.find(id))
    }

    async fn update_resource(
        &self,
        _: &str,
        id: &str,
        mut data: Value,
        _: &RequestContext,
    ) -> Result<Resource, ProviderError> {
        data["id"] = json!(id);
        let (rows, id) = (Arc::clone(&self.rows), id.to_owned());
        let gate = self
            .gate
            .lock()
            .expect("nobody panics while it holds the gate")
            .take();
        let (done, written) = oneshot::channel();
        self.begun.notify_one();
        std::thread::spawn(move || {
            if let Some(gate) = gate {
                let _ = gate.recv();
            }
            let mut rows = rows.lock().expect("no test panics while it holds the rows");
            rows.insert(id, data.clone());
            let _ = done.send(data);
        });
        let written = written.await.map_err(ProviderError::internal)?;
        Ok(Resource::from_json("User", written)?)
    }

    async fn delete_resource(
        &self,
        _: &str,
        _: &str,
        _: &RequestContext,
    ) -> Result<(), ProviderError> {
        unreachable!("nothing here deletes")
    }

    async fn list_resources(
        &self,
        _: &str,
        _: &ListQuery,
        _: &RequestContext,
    ) -> Result<Page<Resource>, ProviderError> {
        unreachable!("nothing here lists")
    }
}

fn user(text: &str) -> Value {
    json!({ "userName": "bjensen", "displayName": text })
}

async fn created(provider: &LockingProvider<Verbatim>) -> ScimVersion {
    let context = RequestContext::new("test");
    let created = provider
        .create_versioned_resource("User", user("first"), &context)
        .await;
    let created = created.expect("the first of its name");
    created.version().clone()
}

#[tokio::test]
async fn a_client_that_sends_back_what_it_read_does_not_choose_the_version() {
    let provider = LockingProvider::new(Verbatim::default());
    let context = RequestContext::new("test");
    let version = created(&provider).await;
    let read = provider
        .get_versioned_resource("User", ID, &context)
        .await
        .unwrap()
        .unwrap();

    let mut ours = read.to_json();
    ours["displayName"] = json!("ours");
    let first = provider
        .conditional_update("User", ID, ours, &version, &context)
        .await
        .unwrap();
    assert_ne!(first.into_success().unwrap().version(), &version);

    let mut theirs = read.to_json();
    theirs["displayName"] = json!("theirs");
    let second = provider
        .conditional_update("User", ID, theirs, &version, &context)
        .await
        .unwrap();
    assert!(second.is_version_mismatch());
    let stored = provider.inner().find(ID).unwrap();
    assert_eq!(stored.attribute("displayName"), Some(&json!("ours")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_nobody_waits_for_keeps_its_lock_until_it_is_done() {
    let provider = Arc::new(LockingProvider::new(Verbatim::default()));
    let version = created(&provider).await;
    let (open, gate) = mpsc::channel();
    *provider.inner().gate.lock().unwrap() = Some(gate);
    let write = |text: &'static str| {
        let (provider, version) = (Arc::clone(&provider), version.clone());
        let context = RequestContext::new("test");
        let data = user(text);
        async move {
            provider
                .conditional_update("User", ID, data, &version, &context)
                .await
        }
    };

    // The note that the creation began is still there.
    provider.inner().begun.notified().await;
    let abandoned = tokio::spawn(write("abandoned"));
    provider.inner().begun.notified().await;
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());

    let second = tokio::spawn(write("second"));
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    assert!(!second.is_finished(), "the first write is still under way");
    open.send(()).unwrap();
    assert!(second.await.unwrap().unwrap().is_version_mismatch());
    let stored = provider.inner().find(ID).unwrap();
    assert_eq!(stored.attribute("displayName"), Some(&json!("abandoned")));
}
