use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For so long after a connection could not be had nobody tries another.
const PAUSE: Duration = Duration::from_millis(500);

/// Remembers for a moment that the database is away, so that not each request waits until it is
/// known once more: one at a time tries, the others are refused at once.
#[derive(Debug)]
pub(crate) struct Outage {
    /// Nobody tries before.
    until: Mutex<Option<Instant>>,
    /// So long a try may take.
    limit: Duration,
}

impl Outage {
    pub(crate) const fn new(limit: Duration) -> Self {
        Self {
            until: Mutex::new(None),
            limit,
        }
    }

    /// Whether the database is believed to be away. If that was to be looked at again, the caller
    /// is the one who looks.
    pub(crate) fn lasts(&self, now: Instant) -> bool {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        match *until {
            None => false,
            Some(time) if now < time => true,
            Some(_) => {
                // Should nothing be heard of him, another one looks after that.
                *until = now.checked_add(self.limit);
                false
            }
        }
    }

    /// The database could not be reached.
    pub(crate) fn begins(&self, now: Instant) {
        self.set(now.checked_add(PAUSE));
    }

    /// The database was reached.
    pub(crate) fn ends(&self) {
        self.set(None);
    }

    fn set(&self, until: Option<Instant>) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(3);

    #[test]
    fn while_an_outage_lasts_one_at_a_time_looks_whether_it_does() {
        let outage = Outage::new(LIMIT);
        let start = Instant::now();
        assert!(!outage.lasts(start));
        outage.begins(start);
        assert!(outage.lasts(start));
        let later = start + PAUSE;
        assert!(!outage.lasts(later), "somebody has to look");
        assert!(outage.lasts(later), "another one need not");
        outage.begins(later);
        assert!(outage.lasts(later));
        outage.ends();
        assert!(!outage.lasts(later));
    }

    #[test]
    fn who_looks_and_is_never_heard_of_again_is_replaced() {
        let outage = Outage::new(LIMIT);
        let start = Instant::now();
        outage.begins(start);
        assert!(!outage.lasts(start + PAUSE));
        assert!(outage.lasts(start + LIMIT));
        assert!(!outage.lasts(start + PAUSE + LIMIT));
    }
}
