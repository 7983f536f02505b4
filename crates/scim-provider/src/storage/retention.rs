use std::time::Duration;

use super::Stored;
use crate::Timestamp;

/// How much is kept of versions that have been replaced.
///
/// A client that worked on an old version names it, and what it changed can be merged with what has
/// come between, as long as that version is kept.
///
/// ```
/// use std::time::Duration;
/// use scim_provider::storage::Retention;
///
/// // The last 16 versions of each resource, no older than an hour, in 64 MiB for each tenant.
/// let retention = Retention::new(16, 64 << 20).with_age(Duration::from_secs(3600));
/// assert_eq!(retention.versions(), 16);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    versions: u32,
    octets: u64,
    age: Option<Duration>,
}

impl Retention {
    /// So many versions of each record, and so many octets of all of a scope.
    pub const fn new(versions: u32, octets: u64) -> Self {
        Self {
            versions,
            octets,
            age: None,
        }
    }

    /// None that was replaced longer ago than this.
    #[must_use]
    pub const fn with_age(mut self, age: Duration) -> Self {
        self.age = Some(age);
        self
    }

    /// How many former versions of each record are kept.
    pub const fn versions(&self) -> u32 {
        self.versions
    }

    /// How many octets former versions may take in a scope: their documents and links, and as much
    /// as the store needs for each beside that.
    pub const fn octets(&self) -> u64 {
        self.octets
    }

    /// How long ago a version may have been replaced.
    pub const fn age(&self) -> Option<Duration> {
        self.age
    }

    /// Whether one that was replaced at `replaced` is too old at `now`.
    pub fn is_over(&self, replaced: Timestamp, now: Timestamp) -> bool {
        self.age.is_some_and(|age| {
            let age = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
            now.as_micros().saturating_sub(replaced.as_micros()) > age
        })
    }
}

/// A version of a record that has been replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Former {
    /// The record as it was, with all its links and nothing hidden.
    pub stored: Stored,
    /// [`Stamp::last_modified`](super::Stamp::last_modified) of the version after it.
    pub replaced: Timestamp,
}

impl Former {
    /// `stored` as it was until `replaced`.
    pub const fn new(stored: Stored, replaced: Timestamp) -> Self {
        Self { stored, replaced }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_over_when_it_is_older_than_it_may_be() {
        let at = |micros| Timestamp::from_micros(micros).unwrap();
        let retention = Retention::new(1, 1);
        assert!(!retention.is_over(at(0), at(i64::MAX / 100_000)));
        let retention = retention.with_age(Duration::from_micros(10));
        assert!(!retention.is_over(at(5), at(15)));
        assert!(retention.is_over(at(5), at(16)));
        assert!(!retention.is_over(at(5), at(0)), "clocks may go back");
    }
}
