//! A page whose links are read in a second step is one state all the same.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, RecordPage, ResourceKey, Selection, StorageError,
    Stored,
};
use scim_provider::{
    ConditionalProvider, InMemoryStorage, RequestContext, StandardResourceProvider, Storage,
};
use serde_json::json;

use crate::support::{Directory, filtered};

/// A store in which somebody takes a member out of each group and gives it another name, right
/// before the links of a page are read.
#[derive(Clone)]
struct Disturbed {
    inner: InMemoryStorage,
    /// How many more times.
    times: Arc<AtomicUsize>,
    groups: Arc<Mutex<Vec<String>>>,
    queries: Arc<AtomicUsize>,
}

impl Disturbed {
    async fn disturb(&self) {
        let provider = StandardResourceProvider::new(self.inner.clone());
        let context = RequestContext::new("a rival");
        let groups = self.groups.lock().unwrap().clone();
        for id in groups {
            let group = provider.get_versioned_resource("Group", &id, &context);
            let group = group.await.unwrap().unwrap();
            let mut data = group.to_json();
            let members = data["members"].as_array_mut().unwrap();
            members.pop();
            data["displayName"] = format!("{} members", members.len()).into();
            let changed = provider
                .conditional_update("Group", &id, data, group.version(), &context)
                .await;
            assert!(changed.unwrap().is_success());
        }
    }
}

#[async_trait]
impl Storage for Disturbed {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.inner.get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.queries.fetch_add(1, Ordering::SeqCst);
        let left = |times: usize| times.checked_sub(1);
        if query.resource_type == "Group"
            && matches!(query.selection, Selection::Ids(_))
            && self
                .times
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
                .is_ok()
        {
            self.disturb().await;
        }
        self.inner.query(query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        self.inner.commit(commit).await
    }
}

#[tokio::test]
async fn name_and_members_are_of_one_state_however_often_somebody_writes_between() {
    for times in [0, 1, 2, 3, 10] {
        let store = Disturbed {
            inner: InMemoryStorage::new(),
            times: Arc::default(),
            groups: Arc::default(),
            queries: Arc::default(),
        };
        let directory = Directory::over(StandardResourceProvider::new(store.clone()));
        let (users, _) = directory.fill(20, 0).await;
        let members: Vec<_> = users.iter().map(|id| json!({ "value": id })).collect();
        for _ in 0..3 {
            let group = json!({ "displayName": "20 members", "members": members });
            let id = directory.create("Group", group).await;
            store.groups.lock().unwrap().push(id);
        }
        store.times.store(times, Ordering::SeqCst);
        store.queries.store(0, Ordering::SeqCst);
        let page = directory
            .list("Group", &filtered("displayName co \"members\""))
            .await;
        assert_eq!((page.total, page.items.len()), (3, 3));
        for group in &page.items {
            let group = group.to_json();
            let members = group["members"].as_array().unwrap().len();
            assert_eq!(
                group["displayName"],
                format!("{members} members"),
                "{times}"
            );
        }
        // Nobody waits for ever: after some turns all is read in one step.
        assert!(store.queries.load(Ordering::SeqCst) <= 7);
    }
}
