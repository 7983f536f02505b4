//! Refusals that take a server of a certain kind.

use async_trait::async_trait;
use http::Method;
use scim_http::ScimService;
use scim_ops::{RetryPolicy, ScimOperationHandler};
use scim_provider::storage::{
    Change, Commit, CommitOutcome, LinkSelection, Query, RecordPage, ResourceKey, Stamp,
    StorageError, Stored, Write, WriteOp,
};
use scim_provider::version::ScimVersion;
use scim_provider::{InMemoryStorage, StandardResourceProvider, Storage};
use scim_tests::Server;
use serde_json::{Value, json};

use crate::scene::{Scene, WRITES, change, changed};

#[test]
fn where_a_version_is_required_a_write_without_one_is_refused() {
    let scene = Scene::of(Server::with_args(&["--require-version"]));
    for method in WRITES {
        scene.refused(&scene.send(method.clone(), &[]), 428, None);
        // This says of which version it must not be, which is less.
        let headers = [("If-None-Match", scene.stale.as_str())];
        scene.refused(&scene.send(method.clone(), &headers), 428, None);
        scene.failed(&scene.send(method, &[("If-Match", &scene.stale)]));
    }
    // A message that can't be read does not hide that.
    let headers = [];
    let unread = json!({ "Operations": [] });
    let unread = scene
        .client
        .send_json(Method::PATCH, &scene.location, &headers, &unread);
    scene.refused(&unread, 428, None);
    for method in WRITES {
        scene.refused(&scene.send_to("/Users/x", method, &[]), 404, None);
    }
    for (method, tag, status) in [
        (Method::PATCH, scene.current.as_str(), 200),
        (Method::PUT, "*", 200),
        (Method::DELETE, "*", 204),
    ] {
        assert_eq!(scene.send(method, &[("If-Match", tag)]).status, status);
    }
}

/// A store with a rival that is faster than every write, and never says anything new.
#[derive(Default)]
struct Rival(InMemoryStorage);

impl Rival {
    async fn write(&self, key: &ResourceKey) -> Result<(), StorageError> {
        if let Some(Stored { stamp, .. }) = self.0.get(key, &LinkSelection::None).await? {
            let version = ScimVersion::from_content(stamp.version.as_str());
            let last_modified = stamp.last_modified.after(stamp.last_modified);
            let change = Change::new(Stamp::new(version, stamp.created, last_modified));
            let commit = Commit::of(Write::update(key.clone(), stamp.version, change));
            assert_eq!(self.0.commit(commit).await?, CommitOutcome::Applied);
        }
        Ok(())
    }
}

#[async_trait]
impl Storage for Rival {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.0.get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.0.query(query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        for write in &commit.writes {
            if !matches!(write.op, WriteOp::Create(_)) {
                self.write(&write.key).await?;
            }
        }
        self.0.commit(commit).await
    }
}

#[test]
fn a_race_that_is_lost_as_often_as_it_is_run_is_busy() {
    let provider = StandardResourceProvider::new(Rival::default());
    let handler = ScimOperationHandler::new(provider)
        .with_retry_policy(RetryPolicy::default().with_attempts(3));
    let server = Server::of_service(ScimService::new(handler));
    let client = server.client();
    let data = json!({ "userName": "bjensen", "displayName": "Babs" });
    let created = client.send_json(Method::POST, "/Users", &[], &data);
    let location = created.header("location").unwrap();

    let without_meta = |mut user: Value| {
        user["meta"] = Value::Null;
        user
    };
    let put = |headers: &[_]| client.send_json(Method::PUT, location, headers, &changed());
    let patch = |headers: &[_]| client.send_json(Method::PATCH, location, headers, &change());
    let delete = |headers: &[_]| client.send(Method::DELETE, location, headers);
    // Whatever allows the rival's version too is tried again; it ends all the same.
    for headers in [
        vec![],
        vec![("If-Match", "*")],
        vec![("If-None-Match", "\"other\"")],
    ] {
        for answer in [put(&headers), patch(&headers), delete(&headers)] {
            assert_eq!(answer.status, 503, "{answer:?}");
            let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!(seconds > 0);
            assert_eq!(answer.json()["status"], "503");
            // Nothing of ours was written; the tag is the rival's.
            let now = client.get(location);
            assert_eq!(without_meta(now.json()), without_meta(created.json()));
        }
    }
    // Whoever named a version is told of the rival's at once.
    for method in WRITES {
        let read = client.get(location);
        let headers = [("If-Match", read.etag())];
        let answer = match method {
            Method::PUT => client.send_json(method, location, &headers, &changed()),
            Method::PATCH => client.send_json(method, location, &headers, &change()),
            _ => client.send(method, location, &headers),
        };
        assert_eq!(answer.status, 412);
        assert_eq!(answer.etag(), client.get(location).etag());
    }
}
