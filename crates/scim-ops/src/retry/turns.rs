use std::time::Duration;

use super::RetryPolicy;
use super::time::Time;

/// The attempts of one write.
#[derive(Debug)]
pub(crate) struct Turns<'a> {
    policy: &'a RetryPolicy,
    time: &'a Time,
    /// When no attempt begins any more.
    end: Option<Duration>,
    lost: u32,
}

/// A write has used up what its policy grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GaveUp {
    /// How often it was tried.
    pub(crate) attempts: u32,
    /// Whether it was for the time.
    pub(crate) late: bool,
}

impl<'a> Turns<'a> {
    /// The first attempt begins now.
    pub(crate) fn new(policy: &'a RetryPolicy, time: &'a Time) -> Self {
        let end = policy
            .deadline()
            .map(|deadline| time.now().saturating_add(deadline));
        Self {
            policy,
            time,
            end,
            lost: 0,
        }
    }

    /// How many races were lost so far.
    pub(crate) const fn lost(&self) -> u32 {
        self.lost
    }

    /// One more race is lost: waits until the next attempt, if there may be one. A pause that would
    /// end after the deadline is not begun.
    pub(crate) async fn lose(&mut self) -> Result<(), GaveUp> {
        self.lost = self.lost.saturating_add(1);
        let gave_up = |late| GaveUp {
            attempts: self.lost,
            late,
        };
        if self.lost >= self.policy.attempts() {
            return Err(gave_up(false));
        }
        let pause = self.policy.pause(self.lost);
        if let Some(end) = self.end
            && self.time.now().saturating_add(pause) >= end
        {
            return Err(gave_up(true));
        }
        if !pause.is_zero() {
            self.time.sleep(pause).await;
        }
        Ok(())
    }
}
