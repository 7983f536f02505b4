use scim_ops::provider::{ConditionalProvider, ProviderErrorKind, RequestContext};
use scim_ops::{
    ConflictError, ConflictErrorKind, ConflictStrategy, MergeConflict, MergeRule, MergeRules,
    Resolution, UpdateTarget, update_with_retry,
};
use serde_json::{Value, json};

use crate::rival::{ID, Rival};
use crate::scene::{by, update, user, with_title};

/// What the user says now of `displayName` and `title`.
async fn said(provider: &Rival) -> (Value, Value) {
    let context = RequestContext::new("read");
    let user = provider.get_versioned_resource("User", ID, &context).await;
    let user = user.unwrap().unwrap();
    let said = |name| user.resource().attribute(name).cloned().unwrap_or_default();
    (said("displayName"), said("title"))
}

fn renamed(mut user: Value) -> Result<Value, scim_ops::BoxError> {
    user["displayName"] = json!("Barbara");
    Ok(user)
}

#[tokio::test]
async fn fail_writes_nothing_and_tells_both_versions() {
    let provider = user(1).await;
    let error = update(&provider, &by(ConflictStrategy::Fail), with_title)
        .await
        .unwrap_err();
    let ConflictError::VersionMismatch {
        expected,
        current,
        resource_id,
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(
        (expected.to_string(), current.to_string()),
        ("W/\"1\"".into(), "W/\"2\"".into())
    );
    assert_eq!(resource_id, ID);
    assert_eq!(
        error.to_string(),
        "version conflict on 1: expected W/\"1\", current W/\"2\""
    );
    assert_eq!(said(&provider).await, (json!("rival 1"), Value::Null));
    assert_eq!(provider.attempts(), 1);
}

#[tokio::test]
async fn reapply_makes_the_change_to_what_the_rival_left() {
    let provider = user(2).await;
    let mut seen = Vec::new();
    let updated = update(&provider, &by(ConflictStrategy::Reapply), |user| {
        seen.push(user["displayName"].clone());
        with_title(user)
    })
    .await
    .unwrap();
    assert_eq!(seen, ["Babs", "rival 1", "rival 2"]);
    assert_eq!((updated.attempts, updated.merged), (3, false));
    assert_eq!(said(&provider).await, (json!("rival 2"), json!("Guide")));
}

#[tokio::test]
async fn the_last_writer_wins_over_what_the_rival_wrote() {
    let provider = user(1).await;
    let mut calls = 0;
    let updated = update(&provider, &by(ConflictStrategy::LastWriterWins), |user| {
        calls += 1;
        with_title(user)
    })
    .await
    .unwrap();
    assert_eq!((calls, updated.attempts), (1, 2));
    assert_eq!(said(&provider).await, (json!("Babs"), json!("Guide")));
}

#[tokio::test]
async fn merge_keeps_what_both_have_changed() {
    let provider = user(3).await;
    let strategy = ConflictStrategy::Merge(MergeRules::default());
    let mut calls = 0;
    let updated = update(&provider, &by(strategy), |user| {
        calls += 1;
        with_title(user)
    })
    .await
    .unwrap();
    assert_eq!((calls, updated.attempts, updated.merged), (1, 4, true));
    assert_eq!(said(&provider).await, (json!("rival 3"), json!("Guide")));
}

#[tokio::test]
async fn changes_of_one_attribute_are_told_with_both_values() {
    let provider = user(1).await;
    let strategy = ConflictStrategy::Merge(MergeRules::default());
    let error = update(&provider, &by(strategy), renamed).await.unwrap_err();
    assert_eq!(error.conflicts().unwrap().count(), 1);
    assert_eq!(
        error.to_string(),
        "merge conflict: both sides changed displayName"
    );
    assert!(!format!("{error:?}").contains("Barbara"));
    let ConflictError::MergeConflict {
        field,
        local_value,
        remote_value,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(field, "displayName");
    assert_eq!(
        (local_value, remote_value),
        (json!("Barbara"), json!("rival 1"))
    );
    assert_eq!(provider.attempts(), 1);
}

#[tokio::test]
async fn the_application_resolves_what_can_not_be_merged() {
    let provider = user(2).await;
    let both = MergeRule::ask(|conflict: &MergeConflict| {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("-").to_owned();
        let both = format!("{} or {}", text(conflict.local()), text(conflict.remote()));
        Resolution::Value(both.into())
    });
    let strategy = ConflictStrategy::Merge(MergeRules::new(both));
    update(&provider, &by(strategy), renamed).await.unwrap();
    assert_eq!(said(&provider).await.0, json!("Barbara or rival 2"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let provider = user(0).await;
    let context = RequestContext::new("req");
    let target = UpdateTarget::new("User", "2", &context);
    let policy = by(ConflictStrategy::Reapply);
    let result = update_with_retry(&provider, target, &policy, |_| unreachable!("not there")).await;
    assert_eq!(
        result.unwrap_err().kind(),
        ConflictErrorKind::ResourceNotFound
    );
}

#[tokio::test]
async fn a_change_that_can_not_be_made_writes_nothing() {
    let provider = user(0).await;
    let error = update(&provider, &by(ConflictStrategy::Reapply), |_| {
        Err("no".into())
    })
    .await
    .unwrap_err();
    assert_eq!(error.kind(), ConflictErrorKind::Change);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "no");
    assert_eq!(provider.attempts(), 0);
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_as_it_said_it() {
    let provider = user(0).await;
    let error = update(&provider, &by(ConflictStrategy::Reapply), |_| Ok(json!({})))
        .await
        .unwrap_err();
    let invalid = ConflictErrorKind::Provider(ProviderErrorKind::Invalid);
    assert_eq!(error.kind(), invalid);
}
