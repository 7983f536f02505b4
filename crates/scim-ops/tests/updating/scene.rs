//! A clock that goes only when it is told to, and a user whom rivals change.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scim_ops::provider::{ConditionalProvider, RequestContext};
use scim_ops::{
    BoxError, Clock, ConflictError, ConflictStrategy, RetryPolicy, Sleep, Sleeper, UpdatePolicy,
    UpdateTarget, Updated, update_with_retry,
};
use serde_json::{Value, json};

use crate::rival::{ID, Rival};

/// Time that passes by sleeping, and by being told to.
#[derive(Debug, Default)]
pub(crate) struct Time {
    micros: AtomicU64,
    pauses: Mutex<Vec<Duration>>,
}

impl Time {
    pub(crate) fn pass(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap();
        self.micros.fetch_add(micros, Ordering::SeqCst);
    }

    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }
}

impl Clock for Time {
    fn now(&self) -> Duration {
        Duration::from_micros(self.micros.load(Ordering::SeqCst))
    }
}

impl Sleeper for Time {
    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        self.pauses.lock().unwrap().push(pause);
        self.pass(pause);
        Box::pin(tokio::task::yield_now())
    }
}

pub(crate) fn policy(retry: RetryPolicy, time: &Arc<Time>) -> UpdatePolicy {
    UpdatePolicy::from(retry).with_time(time.clone(), time.clone())
}

pub(crate) fn by(strategy: ConflictStrategy) -> UpdatePolicy {
    let time = Arc::new(Time::default());
    policy(RetryPolicy::default(), &time).with_strategy(strategy)
}

/// The one user, whom a rival calls "rival n" before each of the first `times` tries.
pub(crate) async fn user(times: usize) -> Rival {
    let provider = Rival::that_comes(times);
    let data = json!({ "userName": "bjensen", "displayName": "Babs" });
    let context = RequestContext::with_generated_id();
    provider
        .create_versioned_resource("User", data, &context)
        .await
        .unwrap();
    provider
}

pub(crate) async fn update(
    provider: &Rival,
    policy: &UpdatePolicy,
    change: impl FnMut(Value) -> Result<Value, BoxError> + Send,
) -> Result<Updated, ConflictError> {
    let mut change = change;
    let context = RequestContext::new("req");
    let target = UpdateTarget::new("User", ID, &context);
    update_with_retry(provider, target, policy, |current| {
        change(current.resource().to_json())
    })
    .await
}

/// Gives the user the title "Guide".
pub(crate) fn with_title(mut user: Value) -> Result<Value, BoxError> {
    user["title"] = json!("Guide");
    Ok(user)
}
