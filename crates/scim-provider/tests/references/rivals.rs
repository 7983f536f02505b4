use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use scim_provider::storage::LinkSelection;
use scim_provider::version::ConditionalResult;
use scim_provider::{
    ConditionalProvider, InMemoryProvider, PartialProvider, ProviderError, ProviderErrorKind,
    ResourceErrorKind, ResourceProvider, StandardResourceProvider, UnknownTargets,
    VersionedResource, View,
};
use serde_json::json;

use crate::rival::Rivalled;
use crate::scene::{Scene, context, group, id, member, members, refusal, success};

/// A provider that has rivals, and one on the same store that has none.
fn rivalled() -> (
    StandardResourceProvider<Arc<Rivalled>>,
    Arc<Rivalled>,
    Scene,
) {
    let storage = Arc::new(Rivalled::default());
    let scene = Scene {
        provider: storage.undisturbed(),
    };
    (
        StandardResourceProvider::new(Arc::clone(&storage)),
        storage,
        scene,
    )
}

/// Adds `user` to the group `id`, whatever its version.
async fn add(provider: &InMemoryProvider, group_id: &str, user: &str) {
    let view = View::document();
    let part = provider.get_part("Group", group_id, &view, context());
    let part = part.await.unwrap().unwrap();
    let data = group(json!([member(user)]));
    let links = LinkSelection::None;
    let added = provider.conditional_update_part(
        "Group",
        group_id,
        data,
        &links,
        part.version(),
        context(),
    );
    success(added.await.unwrap());
}

/// Deletes the version of a user that `user` is.
async fn delete_user(
    provider: &impl ConditionalProvider,
    user: &VersionedResource,
) -> Result<ConditionalResult<()>, ProviderError> {
    provider
        .conditional_delete("User", &id(user), user.version(), context())
        .await
}

#[tokio::test]
async fn who_is_added_while_it_is_deleted_is_gone_from_there_too() {
    let (provider, storage, scene) = rivalled();
    let user = scene.user("a").await;
    let (one, two) = (scene.group(json!([])).await, scene.group(json!([])).await);
    for group in [&one, &two] {
        let (group, user) = (id(group), id(&user));
        storage.before_commit(|rival| async move { add(&rival, &group, &user).await });
    }
    let deleted = delete_user(&provider, &user);
    success(deleted.await.unwrap());
    assert_eq!(storage.left(), 0);
    for group in [&one, &two] {
        assert!(scene.members(&id(group)).await.is_empty());
    }
}

#[tokio::test]
async fn a_group_that_changes_or_goes_meanwhile_holds_no_delete_up() {
    let (provider, storage, scene) = rivalled();
    let users = scene.users(&["a", "b"]).await;
    let user = scene.get("User", &users[0]).await.unwrap();
    let (one, two) = (
        id(&scene.group(members(&users[..1])).await),
        id(&scene.group(members(&users[..1])).await),
    );
    let (changed, other) = (one.clone(), users[1].clone());
    storage.before_commit(|rival| async move { add(&rival, &changed, &other).await });
    storage.before_commit(|rival| async move {
        rival
            .delete_resource("Group", &two, context())
            .await
            .unwrap();
    });
    let deleted = delete_user(&provider, &user);
    success(deleted.await.unwrap());
    assert_eq!(scene.members(&one).await, users[1..]);
}

#[tokio::test]
async fn a_rival_at_the_resource_itself_refuses_the_delete_with_all_it_would_do() {
    let (provider, storage, scene) = rivalled();
    let user = scene.user("a").await;
    let whole = scene.group(json!([member(&id(&user))])).await;
    let renamed = id(&user);
    storage.before_commit(|rival| async move {
        let data = json!({ "userName": "b" });
        let renamed = rival.update_resource("User", &renamed, data, context());
        assert!(renamed.await.is_ok());
    });
    let refused = delete_user(&provider, &user);
    let ConditionalResult::VersionMismatch(conflict) = refused.await.unwrap() else {
        panic!("a version that is no longer there was deleted");
    };
    let renamed = scene.get("User", &id(&user)).await.unwrap();
    assert_eq!(&conflict.current, renamed.version());
    assert_eq!(scene.get("Group", &id(&whole)).await.unwrap(), whole);

    let gone = id(&user);
    storage.before_commit(|rival| async move {
        rival
            .delete_resource("User", &gone, context())
            .await
            .unwrap();
    });
    let missing = delete_user(&provider, &renamed);
    assert_eq!(missing.await.unwrap(), ConditionalResult::NotFound);
    assert!(scene.members(&id(&whole)).await.is_empty());
}

#[tokio::test]
async fn a_delete_that_always_meets_rivals_gives_up_and_has_done_nothing() {
    let (provider, storage, scene) = rivalled();
    let user = scene.user("a").await;
    let mut groups = Vec::new();
    for _ in 0..100 {
        let group = id(&scene.group(json!([])).await);
        let (joined, user) = (group.clone(), id(&user));
        storage.before_commit(|rival| async move { add(&rival, &joined, &user).await });
        groups.push(group);
    }
    let busy = delete_user(&provider, &user);
    assert_eq!(busy.await.unwrap_err().kind(), ProviderErrorKind::Busy);
    let taken = 100 - storage.left();
    assert!(taken < 100, "there was no bound");
    let left = scene.get("User", &id(&user)).await.unwrap();
    assert_eq!(left.version(), user.version());
    assert_eq!(scene.linked(&id(&user)).await, taken);
}

#[tokio::test]
async fn a_member_that_is_deleted_while_it_is_added_refuses_the_write() {
    let (provider, storage, scene) = rivalled();
    let users = scene.users(&["a", "b", "c", "d"]).await;
    let whole = scene.group(members(&users[..1])).await;
    let delete = |n: usize| {
        let id = users[n].clone();
        storage.before_commit(|rival| async move {
            rival.delete_resource("User", &id, context()).await.unwrap();
        });
    };
    let expected = (
        "members[1].value".to_owned(),
        ResourceErrorKind::NoSuchResource,
    );
    let data = |n: usize| group(json!([member(&users[0]), member(&users[n])]));

    delete(1);
    let created = provider.create_versioned_resource("Group", data(1), context());
    assert_eq!(refusal(created.await), expected);
    delete(2);
    let (group_id, version) = (id(&whole), whole.version());
    let updated = provider.conditional_update("Group", &group_id, data(2), version, context());
    assert_eq!(refusal(updated.await), expected);
    delete(3);
    let links = LinkSelection::None;
    let part =
        provider.conditional_update_part("Group", &group_id, data(3), &links, version, context());
    assert_eq!(refusal(part.await), expected);
    assert_eq!(scene.get("Group", &id(&whole)).await.unwrap(), whole);
    assert_eq!(scene.total("Group").await, 1);
}

#[tokio::test]
async fn a_member_that_is_deleted_while_it_is_added_is_left_out_if_so_wanted() {
    let (provider, storage, scene) = rivalled();
    let provider = provider.with_unknown_targets(UnknownTargets::LeaveOut);
    let users = scene.users(&["a", "b", "c"]).await;
    for gone in [1, 2] {
        let gone = users[gone].clone();
        storage.before_commit(|rival| async move {
            rival
                .delete_resource("User", &gone, context())
                .await
                .unwrap();
        });
    }
    let created = provider.create_versioned_resource("Group", group(members(&users)), context());
    assert_eq!(
        scene.members(&id(&created.await.unwrap())).await,
        users[..1]
    );
}

const THREADS: usize = 8;

/// Runs `each` on as many threads at once, each with a runtime of its own.
fn on_threads<F: Future<Output = ()>>(each: impl Fn(usize) -> F + Sync) {
    let ready = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for n in 0..THREADS {
            let (ready, each) = (&ready, &each);
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().build();
                ready.fetch_add(1, Ordering::SeqCst);
                while ready.load(Ordering::SeqCst) < THREADS {
                    std::thread::yield_now();
                }
                runtime.unwrap().block_on(each(n));
            });
        }
    });
}

#[tokio::test]
async fn no_member_dangles_and_every_delete_ends_while_others_add_and_remove() {
    for _ in 0..20 {
        let scene = Scene::default();
        let users = scene.users(&["a", "b", "c", "d"]).await;
        let mut groups = Vec::new();
        for _ in 0..3 {
            groups.push(id(&scene.group(json!([])).await));
        }
        on_threads(async |n| {
            if n % 4 == 0 {
                for user in users.iter().skip(n / 4 * 2).take(2) {
                    delete(&scene, user).await;
                }
            } else {
                churn(&scene, &groups, &users, n).await;
            }
        });
        assert_eq!(scene.total("User").await, 0);
        for group in &groups {
            assert_eq!(scene.members(group).await, Vec::<String>::new());
        }
    }
}

/// Deletes a user, in not too many attempts.
async fn delete(scene: &Scene, user: &str) {
    for _ in 0..20 {
        let deleted = scene.provider.delete_resource("User", user, context());
        match deleted.await {
            Ok(()) => return,
            Err(error) => assert_eq!(error.kind(), ProviderErrorKind::Busy, "{error}"),
        }
    }
    panic!("others were always faster");
}

/// Adds and removes users until none of them is left.
async fn churn(scene: &Scene, groups: &[String], users: &[String], seed: usize) {
    for turn in seed.. {
        // Some groups are written by one thread, some by several.
        let (group_id, user) = (&groups[seed % groups.len()], &users[turn % users.len()]);
        let part = scene.part(group_id, &View::document()).await;
        let (data, links) = match turn % 7 {
            0..3 => (group(json!([])), crate::scene::of(&[user])),
            _ => (group(json!([member(user)])), LinkSelection::None),
        };
        let written = scene
            .try_update_part(group_id, data, &links, part.version())
            .await;
        if written.is_err() {
            let refused = refusal(written);
            let expected = ResourceErrorKind::NoSuchResource;
            assert_eq!(refused, ("members[0].value".to_owned(), expected));
            if scene.total("User").await == 0 {
                return;
            }
        }
    }
}
