use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

/// A number of octets as an option gives it: `65536`, `64KiB`, `1MiB`, `2GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(usize);

impl Size {
    /// This many times 1,024 octets.
    pub(crate) const fn kib(number: usize) -> Self {
        Self(number * 1024)
    }

    /// This many times 1,048,576 octets.
    pub(crate) const fn mib(number: usize) -> Self {
        Self(number * 1024 * 1024)
    }

    /// The number of octets.
    pub(crate) const fn octets(self) -> usize {
        self.0
    }
}

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let (number, unit) = split_unit(text);
        let factor = match unit {
            "" | "B" => 1,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            "GiB" => 1024 * 1024 * 1024,
            _ => return Err(SizeError),
        };
        let number: usize = number.parse().map_err(|_| SizeError)?;
        number.checked_mul(factor).map(Self).ok_or(SizeError)
    }
}

/// A length of time as an option gives it: `10s`, `500ms`, `2m`, `1h`, `7d`, or a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(Duration);

impl Span {
    /// This many seconds.
    pub(crate) const fn seconds(number: u64) -> Self {
        Self(Duration::from_secs(number))
    }

    /// The same as a duration.
    pub(crate) const fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let (number, unit) = split_unit(text);
        let number: u32 = number.parse().map_err(|_| SpanError)?;
        let number = u64::from(number);
        match unit {
            "ms" => Ok(Self(Duration::from_millis(number))),
            "" | "s" => Ok(Self::seconds(number)),
            "m" => Ok(Self::seconds(number * 60)),
            "h" => Ok(Self::seconds(number * 60 * 60)),
            "d" => Ok(Self::seconds(number * 24 * 60 * 60)),
            _ => Err(SpanError),
        }
    }
}

/// Why a text is no [`Size`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a size such as 65536, 64KiB, 1MiB or 2GiB")]
pub(crate) struct SizeError;

/// Why a text is no [`Span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a time such as 10s, 500ms, 2m, 1h or 7d")]
pub(crate) struct SpanError;

fn split_unit(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_carry_binary_units() {
        for (text, octets) in [
            ("7", 7),
            ("7B", 7),
            ("64KiB", 65_536),
            ("1MiB", 1_048_576),
            ("1GiB", 1 << 30),
        ] {
            assert_eq!(text.parse::<Size>().unwrap().octets(), octets, "{text}");
        }
        for text in [
            "",
            "KiB",
            "-1",
            "+1",
            "1kb",
            "1 KiB",
            "99999999999999999999",
            "18446744073709551615MiB",
        ] {
            assert_eq!(text.parse::<Size>(), Err(SizeError), "{text}");
        }
    }

    #[test]
    fn times_without_a_unit_are_seconds() {
        for (text, milliseconds) in [
            ("10", 10_000),
            ("10s", 10_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("2d", 172_800_000),
            ("0", 0),
        ] {
            assert_eq!(
                text.parse::<Span>().unwrap().duration(),
                Duration::from_millis(milliseconds),
                "{text}"
            );
        }
        for text in ["", "s", "1.5s", "-1s", "1w", "5000000000"] {
            assert_eq!(text.parse::<Span>(), Err(SpanError), "{text}");
        }
    }
}
