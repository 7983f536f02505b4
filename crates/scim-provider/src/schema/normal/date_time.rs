use jiff::SignedDuration;
use jiff::civil::DateTime;

/// The `xsd:dateTime` in `text` (RFC 7643 §2.3.5) as an RFC 3339 date-time in UTC with
/// as many digits of a second as it takes.
///
/// A time without a zone is taken as UTC. `None` if the text is no `xsd:dateTime`, if it
/// is finer than nanoseconds, or if it is outside the years 0 to 9999 in UTC, the last
/// second of which clients use for "never" and is in range.
pub(super) fn normalise(text: &str) -> Option<String> {
    parse(text).map(|utc| format!("{utc}Z"))
}

/// The same instant, in UTC.
///
/// By hand, because the parser of jiff reads much that is no `xsd:dateTime`.
pub(crate) fn parse(text: &str) -> Option<DateTime> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.digits(4)?;
    rest.octet(b'-')?;
    let month = rest.two_digits()?;
    rest.octet(b'-')?;
    let day = rest.two_digits()?;
    rest.octet(b'T')?;
    let hour = rest.two_digits()?;
    rest.octet(b':')?;
    let minute = rest.two_digits()?;
    rest.octet(b':')?;
    let second = rest.two_digits()?;
    let nanosecond = match rest.octet(b'.') {
        Some(()) => rest.nanoseconds()?,
        None => 0,
    };
    let offset = rest.offset()?;
    if !rest.0.is_empty() {
        return None;
    }
    // 24:00:00 is the end of the day (XML Schema part 2, §3.3.7).
    let midnight = hour == 24 && minute == 0 && second == 0 && nanosecond == 0;
    let hour = if midnight { 0 } else { hour };
    let year = i16::try_from(year).expect("four digits are less than 2^15");
    let local = DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()?;
    let end_of_day = SignedDuration::from_hours(if midnight { 24 } else { 0 });
    let utc = local
        .checked_add(end_of_day)
        .ok()?
        .checked_sub(offset)
        .ok()?;
    (utc.year() >= 0).then_some(utc)
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn octet(&mut self, octet: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[octet])?;
        Some(())
    }

    fn digits(&mut self, count: usize) -> Option<i32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let number = digits.iter().try_fold(0, |number, octet| {
            octet
                .is_ascii_digit()
                .then(|| number * 10 + i32::from(octet - b'0'))
        })?;
        self.0 = rest;
        Some(number)
    }

    fn two_digits(&mut self) -> Option<i8> {
        self.digits(2)
            .map(|number| i8::try_from(number).expect("two digits are less than 128"))
    }

    /// One digit or more; those beyond the ninth have to be zeros.
    fn nanoseconds(&mut self) -> Option<i32> {
        let count = self
            .0
            .iter()
            .take_while(|octet| octet.is_ascii_digit())
            .count();
        let shown = count.min(9);
        let number = self.digits(shown)?;
        let (beyond, rest) = self.0.split_at(count - shown);
        self.0 = rest;
        let exact = count > 0 && beyond.iter().all(|&octet| octet == b'0');
        let scale = (shown..9).fold(1, |scale, _| scale * 10);
        exact.then_some(number * scale)
    }

    fn offset(&mut self) -> Option<SignedDuration> {
        let sign = match self.0.first() {
            None => return Some(SignedDuration::ZERO),
            Some(b'Z') => {
                self.octet(b'Z')?;
                return Some(SignedDuration::ZERO);
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return None,
        };
        self.0 = &self.0[1..];
        let hours = self.two_digits()?;
        self.octet(b':')?;
        let minutes = self.two_digits()?;
        let offset = i64::from(hours) * 60 + i64::from(minutes);
        let legal = minutes < 60 && offset <= 14 * 60;
        legal.then(|| SignedDuration::from_mins(sign * offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_given_in_utc() {
        for (text, utc) in [
            ("2008-01-23T04:56:22Z", "2008-01-23T04:56:22Z"),
            ("2008-01-23T04:56:22", "2008-01-23T04:56:22Z"),
            ("2008-01-23T04:56:22+02:00", "2008-01-23T02:56:22Z"),
            ("2008-01-01T00:00:00+14:00", "2007-12-31T10:00:00Z"),
            ("2008-02-28T23:30:00-01:30", "2008-02-29T01:00:00Z"),
            ("2008-01-23T04:56:22.500Z", "2008-01-23T04:56:22.5Z"),
            ("2008-01-23T04:56:22.000Z", "2008-01-23T04:56:22Z"),
            (
                "2008-01-23T04:56:22.123456789000Z",
                "2008-01-23T04:56:22.123456789Z",
            ),
            ("2007-12-31T24:00:00Z", "2008-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(normalise(text).as_deref(), Some(utc), "{text}");
            assert_eq!(normalise(utc).as_deref(), Some(utc), "{utc}");
        }
    }

    #[test]
    fn what_is_no_xsd_date_time_is_refused() {
        for text in [
            "",
            "2008-01-23",
            "04:56:22Z",
            "2008-01-23 04:56:22Z",
            "2008-01-23t04:56:22z",
            "20080123T045622Z",
            "2008-01-23T04:56Z",
            "2008-01-23T04:56:60Z",
            "2008-01-23T24:00:01Z",
            "2008-02-30T00:00:00Z",
            "2008-01-23T04:56:22.Z",
            "2008-01-23T04:56:22,5Z",
            "2008-01-23T04:56:22.0000000001Z",
            "2008-01-23T04:56:22+02",
            "2008-01-23T04:56:22+0200",
            "2008-01-23T04:56:22+14:01",
            "2008-01-23T04:56:22+01:60",
            "2008-01-23T04:56:22Z[UTC]",
            "2008-01-23T04:56:22Z ",
            "-0001-01-01T00:00:00Z",
            "0000-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "12008-01-23T04:56:22Z",
            "２008-01-23T04:56:22Z",
        ] {
            assert_eq!(normalise(text), None, "{text}");
        }
    }
}
