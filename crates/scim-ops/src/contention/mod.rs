//! How often writers get in each other's way, and where.

mod hottest;
mod tally;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::hottest::ContendedResource;
pub(crate) use self::tally::Tally;

use self::hottest::Hottest;

/// How often writers get in each other's way, and at which resources most.
///
/// A handler counts if it is [given](crate::ScimOperationHandler::with_conflict_metrics) one, and
/// so does [`update_with_retry`](crate::update_with_retry); one may be shared by many. Counting
/// takes a few atomic additions for each write, and a lock for each conflict.
///
/// ```
/// use scim_ops::ConflictMetrics;
///
/// let metrics = ConflictMetrics::new();
/// metrics.record_attempt();
/// metrics.record_attempt();
/// metrics.record_conflict();
/// assert_eq!(metrics.conflict_rate(), 0.5);
/// ```
///
/// # For Prometheus and others
///
/// What is counted on the way of a write is also given to the recorder of the [`metrics`] crate, if
/// one is installed, with the labels `resource_type` (`other` for one that is not known) and
/// `tenant` (empty where there are none):
///
/// | metric | counts |
/// |---|---|
/// | `scim_writes_total` | writes that were carried out |
/// | `scim_conflicts_total` | times that a write met another version than it was made for |
/// | `scim_retries_total` | times that one was tried again after that |
/// | `scim_merges_total` | writes that were merged with what had come between |
/// | `scim_retry_depth` | histogram: how often each write that was carried out had been tried again |
///
/// Writes are updates, patches and deletions of resources that are there.
pub struct ConflictMetrics {
    total_attempts: AtomicU64,
    version_conflicts: AtomicU64,
    retries: AtomicU64,
    merges: AtomicU64,
    hottest: Mutex<Hottest>,
}

impl ConflictMetrics {
    /// Nothing counted yet; keeps the 128 resources that are most in conflict.
    pub fn new() -> Self {
        Self::with_resources(128)
    }

    /// The same, but keeps so many resources: memory is bounded by that. 0 counts as 1.
    pub fn with_resources(most: usize) -> Self {
        Self {
            total_attempts: AtomicU64::new(0),
            version_conflicts: AtomicU64::new(0),
            retries: AtomicU64::new(0),
            merges: AtomicU64::new(0),
            hottest: Mutex::new(Hottest::new(most)),
        }
    }

    /// A write was compared with the version that is there: for loops of an application's own.
    pub fn record_attempt(&self) {
        self.total_attempts.fetch_add(1, Ordering::Relaxed);
    }

    /// It was another version: for loops of an application's own.
    pub fn record_conflict(&self) {
        self.version_conflicts.fetch_add(1, Ordering::Relaxed);
    }

    /// How often a write was compared with the version that is there.
    pub fn total_attempts(&self) -> u64 {
        self.total_attempts.load(Ordering::Relaxed)
    }

    /// How often it was another version, whether the write was tried again or refused.
    pub fn version_conflicts(&self) -> u64 {
        self.version_conflicts.load(Ordering::Relaxed)
    }

    /// How often a write was tried again after a conflict.
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// How often a write was merged with what had come between.
    pub fn merges(&self) -> u64 {
        self.merges.load(Ordering::Relaxed)
    }

    /// Which part of all attempts met another version: from 0 to 1, and 0 if there was none.
    pub fn conflict_rate(&self) -> f64 {
        let attempts = self.total_attempts();
        if attempts == 0 {
            return 0.0;
        }
        self.version_conflicts() as f64 / attempts as f64
    }

    /// The resources that were most often in conflict, `most` at most, the worst first.
    ///
    /// Since only some are kept, their numbers are upper bounds, see
    /// [`ContendedResource::overcount`]. A resource that had more than its share of all conflicts
    /// (one part in as many as are kept) is among them.
    pub fn most_contended(&self, most: usize) -> Vec<ContendedResource> {
        self.hottest().top(most)
    }

    fn hottest(&self) -> MutexGuard<'_, Hottest> {
        // Nothing in there can be left half done.
        self.hottest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ConflictMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ConflictMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConflictMetrics")
            .field("total_attempts", &self.total_attempts())
            .field("version_conflicts", &self.version_conflicts())
            .field("retries", &self.retries())
            .field("merges", &self.merges())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_conflict_where_there_is_no_attempt() {
        let metrics = ConflictMetrics::default();
        assert_eq!(metrics.conflict_rate(), 0.0);
        assert!(metrics.most_contended(10).is_empty());
    }
}
