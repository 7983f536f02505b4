use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use thiserror::Error;

use crate::rfc3339;

/// An instant in UTC, in microseconds: what `meta.created` and
/// `meta.lastModified` hold.
///
/// Printed as an RFC 3339 date-time (which is an `xsd:dateTime`, RFC 7643
/// §2.3.5) with six digits, so that text sorts like time.
///
/// ```
/// use scim_provider::Timestamp;
///
/// let at: Timestamp = "2011-05-13T06:42:34.5+02:00".parse()?;
/// assert_eq!(at.to_string(), "2011-05-13T04:42:34.500000Z");
/// # Ok::<(), scim_provider::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// If that is outside the years -9999 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self, TimestampError> {
        match jiff::Timestamp::from_microsecond(micros) {
            Ok(_) => Ok(Self(micros)),
            Err(_) => Err(TimestampError(())),
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// `self`, or the next microsecond after `previous` if the clock has not
    /// passed that yet.
    ///
    /// Every change of a resource is stamped this way, so that no two of its
    /// states share a `lastModified`, whatever the clock does.
    #[must_use]
    pub fn after(self, previous: Timestamp) -> Self {
        let next = Self::from_micros(previous.0.saturating_add(1)).unwrap_or(previous);
        self.max(next)
    }

    /// Appends what [`Display`](fmt::Display) prints.
    pub(crate) fn print(self, out: &mut Vec<u8>) {
        match rfc3339::text(self.0) {
            Some(text) => out.extend_from_slice(&text),
            None => out.extend_from_slice(self.to_string().as_bytes()),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = rfc3339::text(self.0) {
            let text = str::from_utf8(&text).expect("digits and signs are ASCII");
            return f.write_str(text);
        }
        let instant =
            jiff::Timestamp::from_microsecond(self.0).expect("checked when the timestamp was made");
        write!(f, "{instant:.6}")
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        text.parse::<jiff::Timestamp>()
            .map(|instant| Self(instant.as_microsecond()))
            .map_err(|_| TimestampError(()))
    }
}

/// A string that is no RFC 3339 date-time, or an instant out of range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an RFC 3339 date-time between the years -9999 and 9999")]
pub struct TimestampError(());

/// Where a provider reads the time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now. It may stand still or go back: stamps never do.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The clock of the operating system.
    pub const fn new() -> Self {
        Self
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that moves only when told to, for tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `now`.
    pub const fn new(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_round() {
        let text = "2026-11-21T23:00:39.000001Z";
        assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
    }

    #[test]
    fn years_before_the_first_have_a_sign_and_six_digits() {
        let at: Timestamp = "-000001-12-31T23:00:39.5Z".parse().unwrap();
        let mut printed = Vec::new();
        at.print(&mut printed);
        assert_eq!(printed, b"-000001-12-31T23:00:39.500000Z");
        assert_eq!(at.to_string().as_bytes(), printed);
    }

    #[test]
    fn a_stamp_is_later_than_the_one_before_when_the_clock_stands_or_goes_back() {
        let before: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let back: Timestamp = "2025-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(before.after(before).as_micros(), before.as_micros() + 1);
        assert_eq!(back.after(before).as_micros(), before.as_micros() + 1);
        assert_eq!(before.after(back), before);
    }

    #[test]
    fn instants_out_of_range_are_refused() {
        assert!(Timestamp::from_micros(i64::MAX).is_err());
        assert!("10000-01-01T00:00:00Z".parse::<Timestamp>().is_err());
    }
}
