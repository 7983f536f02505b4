//! Many writers at once, of whom one may win.

use scim_provider::version::ConditionalResult;
use scim_provider::{
    ConditionalProvider, InMemoryProvider, ListQuery, ProviderErrorKind, RequestContext,
    VersionedResource,
};
use scim_tests::rounds;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const ROUNDS: usize = 2_000;
const WRITERS: usize = 32;

fn document(round: usize, text: &str) -> Value {
    json!({ "userName": format!("user{round}"), "displayName": text })
}

struct Scene {
    runtime: Runtime,
    provider: InMemoryProvider,
    context: RequestContext,
}

impl Scene {
    fn new() -> Self {
        Self {
            runtime: Runtime::new().unwrap(),
            provider: InMemoryProvider::default(),
            context: RequestContext::with_generated_id(),
        }
    }

    /// A user for each round.
    fn users(&self, rounds: usize) -> Vec<VersionedResource> {
        let create = |round| {
            let data = document(round, "start");
            let create = self
                .provider
                .create_versioned_resource("User", data, &self.context);
            self.runtime.block_on(create).unwrap()
        };
        (0..rounds).map(create).collect()
    }

    fn update(
        &self,
        user: &VersionedResource,
        data: Value,
    ) -> ConditionalResult<VersionedResource> {
        let id = user.resource().id().unwrap();
        let update =
            self.provider
                .conditional_update("User", id, data, user.version(), &self.context);
        self.runtime.block_on(update).unwrap()
    }

    fn delete(&self, user: &VersionedResource) -> ConditionalResult<()> {
        let id = user.resource().id().unwrap();
        let delete = self
            .provider
            .conditional_delete("User", id, user.version(), &self.context);
        self.runtime.block_on(delete).unwrap()
    }

    fn get(&self, user: &VersionedResource) -> Option<VersionedResource> {
        let id = user.resource().id().unwrap();
        let get = self
            .provider
            .get_versioned_resource("User", id, &self.context);
        self.runtime.block_on(get).unwrap()
    }
}

#[test]
fn of_writers_of_one_version_exactly_one_wins() {
    let scene = Scene::new();
    let users = scene.users(ROUNDS);
    let results = rounds(ROUNDS, WRITERS, |round, n| {
        scene.update(&users[round], document(round, &format!("writer {n}")))
    });
    for (user, results) in users.iter().zip(results) {
        let mismatches = results
            .iter()
            .filter(|result| result.is_version_mismatch())
            .count();
        assert_eq!(mismatches, WRITERS - 1);
        let winner = results
            .into_iter()
            .find_map(ConditionalResult::into_success);
        assert!(winner.is_some());
        assert_eq!(
            scene.get(user),
            winner,
            "what is stored is what the winner wrote"
        );
    }
}

#[test]
fn of_creates_of_one_user_name_exactly_one_wins() {
    let scene = Scene::new();
    let results = rounds(ROUNDS, WRITERS, |round, n| {
        // The same name, but for its case.
        let mut data = document(round, &format!("writer {n}"));
        if n % 2 == 1 {
            data["userName"] = format!("USER{round}").into();
        }
        let create = scene
            .provider
            .create_versioned_resource("User", data, &scene.context);
        scene.runtime.block_on(create)
    });
    for results in results {
        let (created, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        assert_eq!(created.len(), 1);
        for error in refused.into_iter().filter_map(Result::err) {
            assert_eq!(error.kind(), ProviderErrorKind::Duplicate, "{error}");
        }
    }
    let query = ListQuery::new().with_count(0);
    let list = scene
        .provider
        .list_versioned_resources("User", &query, &scene.context);
    assert_eq!(scene.runtime.block_on(list).unwrap().total, 2_000);
}

#[test]
fn of_an_update_and_a_delete_of_one_version_exactly_one_wins() {
    let scene = Scene::new();
    let users = scene.users(ROUNDS);
    let results = rounds(ROUNDS, 2, |round, n| {
        // Either goes first by turns, where there is only one core.
        if (round + n) % 2 == 0 {
            (true, scene.delete(&users[round]).is_success())
        } else {
            let updated = scene.update(&users[round], document(round, "changed"));
            (false, updated.is_success())
        }
    });
    for (round, (user, results)) in users.iter().zip(results).enumerate() {
        let won: Vec<_> = results.iter().filter(|(_, won)| *won).collect();
        let [(deleted, _)] = won.as_slice() else {
            panic!("{} of two won", won.len())
        };
        let found = scene.get(user);
        assert_eq!(found.is_none(), *deleted);
        if *deleted {
            let back = scene.update(user, document(round, "back"));
            assert_eq!(back, ConditionalResult::NotFound);
            assert_eq!(scene.delete(user), ConditionalResult::NotFound);
            assert_eq!(scene.get(user), None);
        }
    }
}

#[test]
fn what_is_deleted_among_updates_does_not_come_back() {
    let scene = Scene::new();
    let users = scene.users(200);
    rounds(users.len(), 8, |round, n| {
        let mut turns = 0;
        while let Some(current) = scene.get(&users[round]) {
            if n == 0 {
                let _ = scene.delete(&current);
            } else {
                turns += 1;
                let _ = scene.update(&current, document(round, &format!("{n}.{turns}")));
            }
        }
    });
    assert!(users.iter().all(|user| scene.get(user).is_none()));
    let query = ListQuery::new();
    let list = scene
        .provider
        .list_versioned_resources("User", &query, &scene.context);
    assert_eq!(scene.runtime.block_on(list).unwrap().total, 0);
}
