use std::cmp::Ordering;

use serde_json::Number;

/// The value of a JSON number, compared exactly whatever it is written as.
///
/// `f64` can't tell 2⁵³ from 2⁵³+1, and integers can't tell 1 from 1.5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ExactNumber {
    /// The next whole number towards 0.
    whole: i128,
    /// What is missing, with the number's sign; of a number beyond the range of `whole`,
    /// which is its nearest bound then, the number itself.
    rest: f64,
}

impl ExactNumber {
    pub(super) fn of(number: &Number) -> Option<Self> {
        let whole = |whole| Self { whole, rest: 0.0 };
        if let Some(number) = number.as_i64() {
            return Some(whole(number.into()));
        }
        if let Some(number) = number.as_u64() {
            return Some(whole(number.into()));
        }
        let number = number.as_f64().filter(|number| number.is_finite())?;
        let towards_zero = number.trunc();
        Some(match whole_number(towards_zero) {
            // The difference is exact: its digits are the last ones of `number`.
            Some(whole) => Self {
                whole,
                rest: number - towards_zero,
            },
            None if number > 0.0 => Self {
                whole: i128::MAX,
                rest: number,
            },
            None => Self {
                whole: i128::MIN,
                rest: number,
            },
        })
    }
}

impl Eq for ExactNumber {}

impl Ord for ExactNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.whole
            .cmp(&other.whole)
            .then_with(|| self.rest.total_cmp(&other.rest))
    }
}

impl PartialOrd for ExactNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The integer that the whole `number` is, if it has less than 127 bits.
fn whole_number(number: f64) -> Option<i128> {
    const FRACTION: u64 = (1 << 52) - 1;
    let bits = number.to_bits();
    let exponent = (bits >> 52) & 0x7ff;
    // Below 1 there is no whole number but 0.
    let Some(exponent) = exponent.checked_sub(1023) else {
        return Some(0);
    };
    if exponent >= 126 {
        return None;
    }
    let mantissa = i128::from(bits & FRACTION | (1 << 52));
    let magnitude = if exponent >= 52 {
        mantissa << (exponent - 52)
    } else {
        mantissa >> (52 - exponent)
    };
    Some(if number.is_sign_negative() {
        -magnitude
    } else {
        magnitude
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(text: &str) -> ExactNumber {
        ExactNumber::of(&serde_json::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn numbers_have_one_order_however_they_are_written() {
        let ascending = [
            "-1e300",
            "-1e299",
            "-1e30",
            "-9223372036854775808",
            "-9007199254740993",
            "-1.5",
            "-1",
            "-0.5",
            "-1e-300",
            "0",
            "5e-324",
            "1e-300",
            "0.1",
            "0.5",
            "1",
            "1.5",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551615",
            "1e30",
            "1e40",
            "1e300",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(exact(a).cmp(&exact(b)), i.cmp(&j), "{a} {b}");
            }
        }
        for (a, b) in [
            ("1", "1.0"),
            ("1e3", "1000"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("9007199254740992", "9007199254740992.0"),
            ("18446744073709551616", "1.8446744073709552e19"),
        ] {
            assert_eq!(exact(a), exact(b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn whole_numbers_are_found_in_their_floating_point_form(number in -(1_i64 << 53)..=1 << 53) {
            let float: f64 = number.to_string().parse().unwrap();
            prop_assert_eq!(whole_number(float), Some(number.into()));
        }

        #[test]
        fn floating_point_numbers_keep_their_order(a: f64, b: f64) {
            let number = |float| Number::from_f64(float).and_then(|number| ExactNumber::of(&number));
            if let (Some(x), Some(y)) = (number(a), number(b)) {
                prop_assert_eq!(Some(x.cmp(&y)), a.partial_cmp(&b));
            }
        }
    }
}
