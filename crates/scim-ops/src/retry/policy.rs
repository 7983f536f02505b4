use std::time::Duration;

/// How often, and after which pauses, a write that may meet its rivals again does so: one
/// that named no version, or an [update](crate::update_with_retry) that an application has retried.
///
/// Each lost race means that a rival got through, so retries always end in progress for
/// somebody; the bound is for the one who waits. After the first loss there is no pause;
/// then come random times up to `base`, 2 × `base`, 4 × `base` and so on, at most `longest`
/// ("full jitter"), so that rivals spread out instead of meeting again.
///
/// ```
/// use std::time::Duration;
/// use scim_ops::RetryPolicy;
///
/// let policy = RetryPolicy::default().with_attempts(5);
/// assert_eq!(policy.attempts(), 5);
/// assert!(policy.longest_pause(3) <= Duration::from_millis(50));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    longest: Duration,
    deadline: Option<Duration>,
}

impl Default for RetryPolicy {
    /// 32 attempts, pauses from 1 ms up to 50 ms, no deadline: within about a second.
    fn default() -> Self {
        Self {
            attempts: 32,
            base: Duration::from_millis(1),
            longest: Duration::from_millis(50),
            deadline: None,
        }
    }
}

impl RetryPolicy {
    /// At most so many attempts, the first included; 0 counts as 1.
    #[must_use]
    pub const fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Pauses that start at `base` and end at `longest`.
    #[must_use]
    pub const fn with_pauses(mut self, base: Duration, longest: Duration) -> Self {
        self.base = base;
        self.longest = longest;
        self
    }

    /// No attempt begins when this time has passed since the first began. One that has begun is
    /// carried out.
    #[must_use]
    pub const fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How long after the first attempt others may begin, if there is a limit.
    pub const fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// The most attempts, the first included.
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The longest that the pause after the `lost`-th lost race (from 1) can be. There
    /// is none after the first: most rivals are done by then.
    pub fn longest_pause(&self, lost: u32) -> Duration {
        match lost {
            0 | 1 => Duration::ZERO,
            _ => {
                let factor = 2u32.saturating_pow(lost - 2);
                self.base.saturating_mul(factor).min(self.longest)
            }
        }
    }

    /// A pause after the `lost`-th lost race.
    pub(super) fn pause(&self, lost: u32) -> Duration {
        let longest = self.longest_pause(lost).as_micros();
        let longest = u64::try_from(longest).unwrap_or(u64::MAX);
        Duration::from_micros(fastrand::u64(0..=longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = RetryPolicy::default();
        let millis: Vec<u128> = (1..10)
            .map(|n| policy.longest_pause(n).as_millis())
            .collect();
        assert_eq!(millis, [0, 1, 2, 4, 8, 16, 32, 50, 50]);
        assert_eq!(policy.longest_pause(u32::MAX).as_millis(), 50);
    }

    #[test]
    fn there_is_always_a_first_attempt() {
        assert_eq!(RetryPolicy::default().with_attempts(0).attempts(), 1);
    }
}
