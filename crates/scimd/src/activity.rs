use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// What goes on on one connection, for who decides whether it is idle.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    begun: AtomicU64,
    under_way: AtomicUsize,
}

/// A request under way; it ends when this is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct UnderWay(Activity);

impl Activity {
    /// Notes that a request has begun.
    pub(crate) fn begin(&self) -> UnderWay {
        self.0.begun.fetch_add(1, Ordering::Relaxed);
        self.0.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.clone())
    }

    /// How many requests have begun, or `None` while some have not ended. The same number
    /// twice means that nothing was asked in between.
    pub(crate) fn at_rest(&self) -> Option<u64> {
        // Relaxed will do: the counters put nothing else in order, and to see a request a little
        // late only means to look again later.
        let resting = self.0.under_way.load(Ordering::Relaxed) == 0;
        resting.then(|| self.0.begun.load(Ordering::Relaxed))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_rests_between_requests() {
        let activity = Activity::default();
        assert_eq!(activity.at_rest(), Some(0));
        let (first, second) = (activity.begin(), activity.begin());
        assert_eq!(activity.at_rest(), None);
        drop(first);
        assert_eq!(activity.at_rest(), None);
        drop(second);
        assert_eq!(activity.at_rest(), Some(2));
    }
}
