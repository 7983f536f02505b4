use std::num::NonZeroUsize;
use std::time::Duration;

use thiserror::Error;

/// How hard a suite tries.
///
/// The default takes a few seconds over a store in memory. A store across a
/// network may want fewer increments, a last test before a release more rounds.
///
/// ```
/// use scim_provider::testkit::Config;
///
/// let thorough = Config::default().with_rounds(2_000);
/// assert_eq!(thorough.rounds(), 2_000);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    rounds: u32,
    racers: NonZeroUsize,
    increments: u32,
    patience: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            rounds: 40,
            racers: const { NonZeroUsize::new(8).expect("eight is not zero") },
            increments: 300,
            patience: Duration::from_secs(30),
        }
    }
}

impl Config {
    /// The same with so many rounds of each race; 0 means 1, since a race that is not
    /// run finds nothing.
    #[must_use]
    pub const fn with_rounds(mut self, rounds: u32) -> Self {
        self.rounds = at_least_one(rounds);
        self
    }

    /// The same with so many threads in each race; at least two take part,
    /// whatever is said here.
    #[must_use]
    pub const fn with_racers(mut self, racers: NonZeroUsize) -> Self {
        self.racers = racers;
        self
    }

    /// The same with so many increments by each thread of the counter race; 0 means 1.
    #[must_use]
    pub const fn with_increments(mut self, increments: u32) -> Self {
        self.increments = at_least_one(increments);
        self
    }

    /// The same with so much time for a store to answer after another request
    /// was cancelled, before it counts as blocked.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Rounds of each race.
    pub const fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Threads in each race.
    pub const fn racers(&self) -> usize {
        let racers = self.racers.get();
        if racers < 2 { 2 } else { racers }
    }

    /// Increments by each thread of the counter race.
    pub const fn increments(&self) -> u32 {
        self.increments
    }

    /// How long a store may take to answer after a cancelled request.
    pub const fn patience(&self) -> Duration {
        self.patience
    }
}

const fn at_least_one(count: u32) -> u32 {
    if count == 0 { 1 } else { count }
}

/// What a store did that it must not, and which check found it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{check}: {detail}")]
pub struct Failure {
    check: &'static str,
    detail: String,
}

impl Failure {
    pub(super) fn new(check: &'static str, detail: impl Into<String>) -> Self {
        Self {
            check,
            detail: detail.into(),
        }
    }

    /// The name of the check's function; `runtime` if the suite could not run, and
    /// `capability` if a provider does not say that it is conditional.
    pub const fn check(&self) -> &'static str {
        self.check
    }

    /// What was seen and what should have been, for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_configuration_runs_nothing() {
        let config = Config::default().with_rounds(0).with_increments(0);
        assert_eq!((config.rounds(), config.increments()), (1, 1));
        let config = config.with_racers(NonZeroUsize::MIN);
        assert_eq!(config.racers(), 2);
    }
}
