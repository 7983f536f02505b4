use std::sync::Arc;
use std::time::Duration;

use scim_ops::provider::RequestContext;
use scim_ops::{ConflictError, RetryPolicy, ScimOperationHandler, ScimOperationRequest};
use serde_json::json;

use crate::rival::{ID, Rival};
use crate::scene::{Time, policy, update, user, with_title};

const ALWAYS: usize = usize::MAX;

#[tokio::test]
async fn there_are_as_many_attempts_as_the_policy_says() {
    for attempts in [1, 2, 7, 32] {
        let provider = user(ALWAYS).await;
        let time = Arc::new(Time::default());
        let retry = RetryPolicy::default().with_attempts(attempts);
        let error = update(&provider, &policy(retry, &time), with_title).await;
        let error = error.unwrap_err();
        let ConflictError::GaveUp {
            attempts: tried,
            late: false,
            ..
        } = error
        else {
            panic!("{error}")
        };
        assert_eq!(tried, attempts);
        assert_eq!(provider.attempts(), usize::try_from(attempts).unwrap());
    }
}

#[tokio::test]
async fn the_last_attempt_may_succeed() {
    let provider = user(4).await;
    let time = Arc::new(Time::default());
    let retry = RetryPolicy::default().with_attempts(5);
    let updated = update(&provider, &policy(retry, &time), with_title).await;
    assert_eq!(updated.unwrap().attempts, 5);
}

#[tokio::test]
async fn no_pause_is_longer_than_the_policy_says_and_together_they_vary() {
    let retry = RetryPolicy::default()
        .with_pauses(Duration::from_millis(10), Duration::from_millis(100))
        .with_attempts(12);
    let time = Arc::new(Time::default());
    let provider = user(ALWAYS).await;
    update(&provider, &policy(retry.clone(), &time), with_title)
        .await
        .unwrap_err();
    let pauses = time.pauses();
    // None after the first loss, and none after the last. A random pause may be none, too.
    assert!((9..=10).contains(&pauses.len()), "{pauses:?}");
    if pauses.len() == 10 {
        for (pause, lost) in pauses.iter().zip(2..) {
            assert!(
                *pause <= retry.longest_pause(lost),
                "{pause:?} after {lost}"
            );
        }
    }
    assert!(pauses.windows(2).any(|pair| pair[0] != pair[1]));
}

/// No attempt begins when the deadline has passed: each takes a tenth of a second here.
#[tokio::test]
async fn no_attempt_begins_after_the_deadline() {
    let time = Arc::new(Time::default());
    let retry = RetryPolicy::default()
        .with_pauses(Duration::ZERO, Duration::ZERO)
        .with_deadline(Duration::from_millis(350));
    let provider = user(ALWAYS).await;
    let policy = policy(retry, &time);
    let error = update(&provider, &policy, |user| {
        time.pass(Duration::from_millis(100));
        with_title(user)
    });
    let error = error.await.unwrap_err();
    let ConflictError::GaveUp {
        attempts: 4,
        late: true,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(provider.attempts(), 4);
}

#[tokio::test]
async fn a_pause_that_would_end_too_late_is_not_begun() {
    let time = Arc::new(Time::default());
    let retry = RetryPolicy::default().with_deadline(Duration::ZERO);
    let provider = user(ALWAYS).await;
    let error = update(&provider, &policy(retry, &time), with_title).await;
    assert!(matches!(
        error,
        Err(ConflictError::GaveUp {
            attempts: 1,
            late: true,
            ..
        })
    ));
    assert!(time.pauses().is_empty());
}

#[tokio::test]
async fn a_handler_goes_by_the_clock_it_is_given() {
    let provider = user(ALWAYS).await;
    let time = Arc::new(Time::default());
    let retry = RetryPolicy::default().with_attempts(3);
    let handler = ScimOperationHandler::new(provider)
        .with_retry_policy(retry)
        .with_time(time.clone(), time.clone());
    let data = json!({ "userName": "bjensen", "title": "Guide" });
    let update = ScimOperationRequest::update("User", ID, data, RequestContext::new("req"));
    let error = handler.handle_operation(update.clone()).await.unwrap_err();
    assert_eq!(error.kind(), scim_ops::ErrorKind::Busy);
    assert_eq!(handler.provider().attempts(), 3);

    let retry = RetryPolicy::default().with_deadline(Duration::ZERO);
    let handler = handler.with_retry_policy(retry);
    let error = handler.handle_operation(update).await.unwrap_err();
    assert_eq!(error.kind(), scim_ops::ErrorKind::Busy);
    assert_eq!(Rival::attempts(handler.provider()), 4);
}
