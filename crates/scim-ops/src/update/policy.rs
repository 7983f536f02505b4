use std::sync::Arc;

use crate::contention::ConflictMetrics;
use crate::merge::MergeRules;
use crate::retry::{Clock, RetryPolicy, Sleeper, Time};

/// What becomes of an update when somebody else was faster.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum ConflictStrategy {
    /// It fails: who wants to write should look at what there is now.
    Fail,
    /// The change is made again, to what there is now. Right for changes that can be said of any
    /// state: to add a member, to count up.
    #[default]
    Reapply,
    /// What was to be written is written, whatever there is now: **the other's update is lost**.
    /// Right only for who is the one source of truth.
    LastWriterWins,
    /// The change is merged with what the other has changed; only changes of the same attribute
    /// that differ fail, or are resolved by the rules. Right for changes that were made once and
    /// can't be made again, such as those of a person.
    Merge(MergeRules),
}

/// How [`update_with_retry`](crate::update_with_retry) goes about it.
///
/// ```
/// use std::time::Duration;
/// use scim_ops::{ConflictStrategy, MergeRules, RetryPolicy, UpdatePolicy};
///
/// let retry = RetryPolicy::default().with_deadline(Duration::from_secs(2));
/// let policy = UpdatePolicy::from(retry)
///     .with_strategy(ConflictStrategy::Merge(MergeRules::default()));
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, Default)]
pub struct UpdatePolicy {
    retry: RetryPolicy,
    strategy: ConflictStrategy,
    time: Time,
    metrics: Option<Arc<ConflictMetrics>>,
}

impl UpdatePolicy {
    /// The same policy with another strategy.
    #[must_use]
    pub fn with_strategy(self, strategy: ConflictStrategy) -> Self {
        Self { strategy, ..self }
    }

    /// The same policy by another clock than tokio's.
    #[must_use]
    pub fn with_time(self, clock: Arc<dyn Clock>, sleeper: Arc<dyn Sleeper>) -> Self {
        let time = Time::new(clock, sleeper);
        Self { time, ..self }
    }

    /// The same policy, which counts conflicts in `metrics`.
    #[must_use]
    pub fn with_conflict_metrics(self, metrics: Arc<ConflictMetrics>) -> Self {
        let metrics = Some(metrics);
        Self { metrics, ..self }
    }

    /// How often it is tried, and when.
    pub const fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    /// What becomes of an update when somebody else was faster.
    pub const fn strategy(&self) -> &ConflictStrategy {
        &self.strategy
    }

    pub(super) const fn time(&self) -> &Time {
        &self.time
    }

    pub(super) fn metrics(&self) -> Option<&ConflictMetrics> {
        self.metrics.as_deref()
    }
}

impl From<RetryPolicy> for UpdatePolicy {
    /// Changes are made again.
    fn from(retry: RetryPolicy) -> Self {
        Self {
            retry,
            ..Self::default()
        }
    }
}

impl From<ConflictStrategy> for UpdatePolicy {
    /// Tried as often as is usual.
    fn from(strategy: ConflictStrategy) -> Self {
        Self::default().with_strategy(strategy)
    }
}
