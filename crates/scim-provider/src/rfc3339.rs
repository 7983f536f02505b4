//! Date-times as text (RFC 3339 §5.6). Each resource that is shown has two of them, so they are
//! printed digit by digit, without formatting machinery.

/// `YYYY-MM-DDThh:mm:ss.ffffffZ`.
pub(crate) const LENGTH: usize = 27;

const MICROS_PER_DAY: i64 = 24 * 60 * 60 * 1_000_000;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

/// The instant `micros` microseconds after 1970-01-01T00:00:00Z in UTC; `None` if its year has
/// no four digits, or is 0 and hardly begun.
pub(crate) fn text(micros: i64) -> Option<[u8; LENGTH]> {
    // Years are counted from March, so that a leap day is the last of its year. Years of that
    // kind repeat every 400, which have 146,097 days.
    let days = u32::try_from(micros.div_euclid(MICROS_PER_DAY) + EPOCH).ok()?;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Five months from March, August or January on have 153 days.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, turned) = if month_from_march < 10 {
        (month_from_march + 3, 0)
    } else {
        (month_from_march - 9, 1)
    };
    let year = 400 * era + year_of_era + turned;
    if year > 9_999 {
        return None;
    }

    let of_day = micros.rem_euclid(MICROS_PER_DAY);
    let seconds = u32::try_from(of_day / 1_000_000).ok()?;
    let micros = u32::try_from(of_day % 1_000_000).ok()?;
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    let pairs = [
        (0, year / 100),
        (2, year),
        (5, month),
        (8, day),
        (11, seconds / 3_600),
        (14, seconds / 60 % 60),
        (17, seconds % 60),
        (20, micros / 10_000),
        (22, micros / 100),
        (24, micros),
    ];
    for (at, number) in pairs {
        let number = (number % 100) as u8;
        text[at] += number / 10;
        text[at + 1] += number % 10;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_jiff(micros: i64) -> String {
        let instant = jiff::Timestamp::from_microsecond(micros).unwrap();
        format!("{instant:.6}")
    }

    fn micros(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    fn shown(micros: i64) -> Option<String> {
        text(micros).map(|text| String::from_utf8(text.to_vec()).unwrap())
    }

    #[test]
    fn the_ends_of_days_months_years_and_centuries_are_where_they_are() {
        for year in [
            1, 4, 100, 400, 1600, 1899, 1900, 1969, 1970, 2000, 2024, 2100, 9998,
        ] {
            for day in ["01-01", "02-28", "03-01", "04-30", "08-01", "12-31"] {
                for time in ["00:00:00.000000", "23:59:59.999999"] {
                    let text = format!("{year:04}-{day}T{time}Z");
                    assert_eq!(shown(micros(&text)), Some(text));
                }
            }
        }
        for leap in [4, 400, 2000, 2024] {
            let text = format!("{leap:04}-02-29T12:34:56.789012Z");
            assert_eq!(shown(micros(&text)), Some(text));
        }
    }

    #[test]
    fn other_years_are_left_to_others() {
        // A day beyond the last that jiff has.
        let last = 253_402_300_799_999_999;
        assert_eq!(shown(last).as_deref(), Some("9999-12-31T23:59:59.999999Z"));
        assert_eq!(shown(last + 1), None);
        let first = micros("0000-03-01T00:00:00Z");
        assert_eq!(shown(first).as_deref(), Some("0000-03-01T00:00:00.000000Z"));
        assert_eq!(shown(first - 1), None);
        assert_eq!((shown(i64::MIN), shown(i64::MAX)), (None, None));
    }

    proptest! {
        #[test]
        fn every_instant_reads_as_jiff_prints_it(micros in -62_162_208_000_000_000..253_402_207_200_000_000_i64) {
            prop_assert_eq!(shown(micros), Some(by_jiff(micros)));
        }
    }
}
