//! Passwords are kept as hashes, and nowhere else.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Waker};

use scim_provider::storage::{LinkSelection, Query, ResourceKey, Storage};
use scim_provider::{
    ConditionalProvider, InMemoryProvider, PasswordHashing, ProviderError, RequestContext,
    ResourceErrorKind, ResourceProvider, Scope, VersionedResource,
};
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::task::{spawn_blocking, yield_now};

const PASSWORD: &str = "t1meMa$heen";

fn provider() -> InMemoryProvider {
    InMemoryProvider::default().with_password_hashing(PasswordHashing::new(8, 1, 1).unwrap())
}

fn context() -> RequestContext {
    RequestContext::with_generated_id()
}

fn user(password: Value) -> Value {
    json!({ "userName": "bjensen", "password": password })
}

async fn create(provider: &InMemoryProvider, data: Value) -> VersionedResource {
    provider
        .create_versioned_resource("User", data, &context())
        .await
        .unwrap()
}

async fn update(
    provider: &InMemoryProvider,
    user: &VersionedResource,
    data: Value,
) -> VersionedResource {
    let id = user.resource().id().unwrap();
    provider
        .conditional_update("User", id, data, user.version(), &context())
        .await
        .unwrap()
        .into_success()
        .expect("nobody else writes")
}

/// What is kept apart of `user`, as text.
async fn hidden(provider: &InMemoryProvider, user: &VersionedResource) -> Option<String> {
    let id = user.resource().id().unwrap();
    let key = ResourceKey::new(Scope::Single, "User", id).unwrap();
    let stored = provider.storage().get(&key, &LinkSelection::All).await;
    let hidden = stored.unwrap().unwrap().hidden?;
    Some(String::from_utf8(hidden.to_vec()).unwrap())
}

#[tokio::test]
async fn a_password_is_kept_as_a_hash_and_in_no_answer() {
    let provider = provider();
    let created = create(&provider, user(PASSWORD.into())).await;
    let id = created.resource().id().unwrap();
    let read = provider
        .get_versioned_resource("User", id, &context())
        .await;
    let list = provider
        .list_versioned_resources("User", &Default::default(), &context())
        .await
        .unwrap();
    for answer in [&created, &read.unwrap().unwrap(), &list.items[0]] {
        let mut rendered = Vec::new();
        answer.write_json(&mut rendered, "https://example.com", "Users");
        let rendered = String::from_utf8(rendered).unwrap();
        for shown in [
            rendered,
            answer.to_json().to_string(),
            format!("{answer:?}"),
        ] {
            assert!(
                !shown.contains(PASSWORD) && !shown.contains("argon2"),
                "{shown}"
            );
            assert!(!shown.contains("password"), "{shown}");
        }
    }
    let hidden = hidden(&provider, &created).await.unwrap();
    assert!(
        hidden.starts_with(r#"{"password":"$argon2id$v=19$"#),
        "{hidden}"
    );
    assert!(!hidden.contains(PASSWORD));
}

#[tokio::test]
async fn what_a_store_gives_back_is_not_shown_by_debug() {
    let provider = provider();
    create(&provider, user(PASSWORD.into())).await;
    let page = provider
        .storage()
        .query(&Query::new(Scope::Single, "User", 10))
        .await
        .unwrap();
    let shown = format!("{page:?} {provider:?}");
    assert!(
        !shown.contains("argon2") && !shown.contains("bjensen"),
        "{shown}"
    );
}

#[tokio::test]
async fn the_same_password_keeps_version_and_hash_and_another_does_not() {
    let provider = provider();
    let created = create(&provider, user(PASSWORD.into())).await;
    let before = hidden(&provider, &created).await;
    let same = update(&provider, &created, user(PASSWORD.into())).await;
    assert_eq!(same, created);
    assert_eq!(hidden(&provider, &created).await, before);

    let other = update(&provider, &created, user("other".into())).await;
    assert_ne!(other.version(), created.version());
    let after = hidden(&provider, &created).await;
    assert_ne!(after, before);
    let back = update(&provider, &other, user(PASSWORD.into())).await;
    assert_ne!(back.version(), created.version());
}

#[tokio::test]
async fn a_write_without_a_password_keeps_it_and_null_removes_it() {
    let provider = provider();
    let created = create(&provider, user(PASSWORD.into())).await;
    let before = hidden(&provider, &created).await;
    let renamed = json!({ "userName": "bjensen", "displayName": "Babs" });
    let updated = update(&provider, &created, renamed.clone()).await;
    assert_ne!(updated.version(), created.version());
    assert_eq!(hidden(&provider, &created).await, before);

    let removed = json!({ "userName": "bjensen", "displayName": "Babs", "PASSWORD": null });
    let removed = update(&provider, &updated, removed).await;
    assert_ne!(removed.version(), updated.version());
    assert_eq!(hidden(&provider, &created).await, None);
    assert_eq!(update(&provider, &removed, renamed).await, removed);
}

#[tokio::test]
async fn a_password_changes_also_without_a_version() {
    let provider = provider();
    let created = create(&provider, user(PASSWORD.into())).await;
    let id = created.resource().id().unwrap();
    let before = hidden(&provider, &created).await;
    let data = user("other".into());
    provider
        .update_resource("User", id, data, &context())
        .await
        .unwrap();
    assert_ne!(hidden(&provider, &created).await, before);
}

#[tokio::test]
async fn a_password_has_a_length() {
    let provider = provider();
    let longest = "x".repeat(1024);
    create(&provider, user(longest.as_str().into())).await;
    for (password, kind) in [
        (
            json!(""),
            ResourceErrorKind::Malformed {
                expected: "a password: it is empty",
            },
        ),
        (
            json!(longest + "x"),
            ResourceErrorKind::TooLong { octets: 1024 },
        ),
        (
            json!([PASSWORD]),
            ResourceErrorKind::WrongType {
                expected: "a string",
                found: "an array",
            },
        ),
    ] {
        let data = json!({ "userName": "other", "password": password });
        let refused = provider.create_resource("User", data, &context()).await;
        let Err(ProviderError::Invalid(error)) = refused else {
            panic!("not refused");
        };
        assert_eq!((error.attribute(), error.kind()), ("password", &kind));
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("xxx") && !shown.contains(PASSWORD),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_stale_write_is_a_mismatch_whatever_its_password() {
    let provider = provider();
    let created = create(&provider, user(PASSWORD.into())).await;
    let id = created.resource().id().unwrap();
    update(&provider, &created, user("other".into())).await;
    let before = hidden(&provider, &created).await;
    for password in [json!("third"), json!("")] {
        let stale = provider
            .conditional_update("User", id, user(password), created.version(), &context())
            .await;
        assert!(stale.unwrap().is_version_mismatch());
    }
    assert_eq!(hidden(&provider, &created).await, before);
}

#[test]
fn a_write_that_nobody_waits_for_any_longer_writes_nothing() {
    // One thread makes hashes, when it is let.
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let provider = provider();
        let created = create(&provider, json!({ "userName": "bjensen" })).await;
        let id = created.resource().id().unwrap();
        let (let_go, held) = mpsc::channel::<()>();
        let holder = spawn_blocking(move || held.recv());
        let request = context();
        {
            let data = user(PASSWORD.into());
            let mut write =
                pin!(provider.conditional_update("User", id, data, created.version(), &request));
            let polled = write.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending(), "the hash is made elsewhere");
        }
        drop(let_go);
        assert!(holder.await.unwrap().is_err());
        // What comes now, comes after the hash; and whoever waited for that has had its turns.
        for _ in 0..10 {
            spawn_blocking(|| ()).await.unwrap();
            yield_now().await;
        }
        let read = provider
            .get_versioned_resource("User", id, &context())
            .await;
        assert_eq!(read.unwrap().unwrap(), created);
        assert_eq!(hidden(&provider, &created).await, None);
    });
}

#[test]
fn no_runtime_is_needed() {
    let provider = provider();
    let request = context();
    let mut write = pin!(provider.create_resource("User", user(PASSWORD.into()), &request));
    let polled = write.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, std::task::Poll::Ready(Ok(_))));
}
