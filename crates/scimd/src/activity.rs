use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// What goes on on one connection, for who decides whether it is idle.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activity(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    steps: AtomicU64,
    under_way: AtomicUsize,
    sending: AtomicUsize,
}

/// A request that is not answered yet; it ends when this is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct UnderWay(Activity);

/// An answer whose content is not sent yet; it ends when this is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Sending(Activity);

impl Activity {
    /// Notes that a request has begun.
    pub(crate) fn begin(&self) -> UnderWay {
        self.0.steps.fetch_add(1, Ordering::Relaxed);
        self.0.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.clone())
    }

    /// How many steps there have been, requests begun and parts of answers sent, or `None` while
    /// some requests are not answered. The same number twice means that nothing happened in
    /// between.
    pub(crate) fn at_rest(&self) -> Option<u64> {
        // Relaxed will do: the counters put nothing else in order, and to see a request a little
        // late only means to look again later.
        let resting = self.0.under_way.load(Ordering::Relaxed) == 0;
        resting.then(|| self.0.steps.load(Ordering::Relaxed))
    }

    /// Whether some request is not answered, or some answer not sent.
    pub(crate) fn is_busy(&self) -> bool {
        self.0.under_way.load(Ordering::Acquire) > 0 || self.0.sending.load(Ordering::Relaxed) > 0
    }
}

impl UnderWay {
    /// Notes that the request is answered, with content that is yet to be sent.
    pub(crate) fn answered(self) -> Sending {
        self.0.0.sending.fetch_add(1, Ordering::Relaxed);
        Sending(self.0.clone())
    }
}

impl Sending {
    /// Notes that the client takes in what it is sent.
    pub(crate) fn progress(&self) {
        self.0.0.steps.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        // Who sees this sees also that sending has begun.
        self.0.0.under_way.fetch_sub(1, Ordering::Release);
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.0.sending.fetch_sub(1, Ordering::Relaxed);
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

    #[test]
    fn who_is_sent_an_answer_is_idle_unless_it_is_taken_in() {
        let activity = Activity::default();
        let sending = activity.begin().answered();
        assert_eq!((activity.at_rest(), activity.is_busy()), (Some(1), true));
        sending.progress();
        assert_eq!((activity.at_rest(), activity.is_busy()), (Some(2), true));
        drop(sending);
        assert_eq!((activity.at_rest(), activity.is_busy()), (Some(2), false));
    }
}
