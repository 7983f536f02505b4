//! Values as they are written, and what they mean.

use proptest::prelude::*;
use proptest::sample::select;

/// What a value means, of which there may be many spellings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    Text(String),
    /// In thousandths.
    Number(i128),
    /// Nanoseconds since 1970.
    Time(i128),
    Boolean(bool),
    Binary(Vec<u8>),
}

pub(crate) fn texts() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "a", "A", "b", "é", "É", "ß", "İ", "x", "\u{212a}", "k", "😀", "\"", "\\", "\n", " ", "1",
    ]);
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Numbers as JSON has them. Those with a fraction are small, so that they are exact here.
pub(crate) fn numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        (-3_i32..=3).prop_map(|n| n.to_string()),
        (-3_i32..=3).prop_map(|n| format!("{n}.0")),
        select(vec![
            "-0", "0.5", "-0.5", "5e-1", "1.5", "1.500", "1E1", "10", "0.001", "1e-3"
        ])
        .prop_map(str::to_owned),
        select(vec![
            "9007199254740992",
            "9007199254740993",
            "-9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551615",
            "-9223372036854775808",
        ])
        .prop_map(str::to_owned),
    ]
}

/// Times around a few instants, in several zones.
pub(crate) fn times() -> impl Strategy<Value = String> {
    let nanos = select(vec![0, 1, 500, 1000, 500_000_000, 999_999_999]);
    let minutes = select(vec![0, 120, -330]);
    let seconds = select(vec![
        1_305_261_754,
        1_305_261_755,
        951_782_399,
        951_782_400,
        -1,
    ]);
    (seconds, nanos, minutes)
        .prop_map(|(seconds, nanos, minutes)| write_time(seconds, nanos, minutes))
}

/// Octets in one of the alphabets, with or without padding.
pub(crate) fn binaries() -> impl Strategy<Value = String> {
    select(vec!["", "QUI=", "QUI", "QUJD", "-_8", "+/8=", "-_8="]).prop_map(str::to_owned)
}

fn write_time(seconds: i64, nanos: i64, offset: i64) -> String {
    let local = seconds + offset * 60;
    let (days, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if nanos > 0 {
        text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
    }
    let sign = if offset < 0 { '-' } else { '+' };
    match offset.abs() {
        0 => text.push('Z'),
        offset => text.push_str(&format!("{sign}{:02}:{:02}", offset / 60, offset % 60)),
    }
    text
}

pub(crate) fn read_time(text: &str) -> i128 {
    let number = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let days = days(number(0..4), number(5..7), number(8..10));
    let seconds = days * 86_400 + number(11..13) * 3600 + number(14..16) * 60 + number(17..19);
    let rest = &text[19..];
    let zone = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let fraction = format!("{:0<9}", rest[..zone].trim_start_matches('.'));
    let offset = match &rest[zone..] {
        "" | "Z" => 0,
        zone => {
            let minutes = |range: std::ops::Range<usize>| zone[range].parse::<i64>().unwrap();
            let offset = minutes(1..3) * 60 + minutes(4..6);
            if zone.starts_with('-') {
                -offset
            } else {
                offset
            }
        }
    };
    i128::from(seconds - offset * 60) * 1_000_000_000 + fraction.parse::<i128>().unwrap()
}

const fn month_length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

const fn year_length(year: i64) -> i64 {
    337 + month_length(year, 2)
}

/// The days from 1970 to a date, counted one year after the other.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = if year < 1970 {
        -(year..1970).map(year_length).sum::<i64>()
    } else {
        (1970..year).map(year_length).sum()
    };
    years
        + (1..month)
            .map(|month| month_length(year, month))
            .sum::<i64>()
        + day
        - 1
}

fn date(mut days: i64) -> (i64, i64, i64) {
    let (mut year, mut month) = (1970, 1);
    while days < 0 {
        year -= 1;
        days += year_length(year);
    }
    while days >= year_length(year) {
        days -= year_length(year);
        year += 1;
    }
    while days >= month_length(year, month) {
        days -= month_length(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

/// A number in thousandths, digit by digit.
pub(crate) fn read_number(text: &str) -> i128 {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().unwrap();
    let places = exponent.parse::<i32>().unwrap() - i32::try_from(fraction.len()).unwrap() + 3;
    let ten = 10_i128.pow(places.unsigned_abs());
    if places < 0 {
        assert_eq!(digits % ten, 0, "finer than thousandths: {text}");
        digits / ten
    } else {
        digits * ten
    }
}

/// The octets that base64 stands for.
pub(crate) fn read_binary(text: &str) -> Vec<u8> {
    let (mut bits, mut octets) = (String::new(), Vec::new());
    for digit in text.trim_end_matches('=').chars() {
        let value = match digit {
            'A'..='Z' => u32::from(digit) - 65,
            'a'..='z' => u32::from(digit) - 71,
            '0'..='9' => u32::from(digit) + 4,
            '+' | '-' => 62,
            _ => 63,
        };
        bits.push_str(&format!("{value:06b}"));
    }
    for octet in bits.as_bytes().chunks_exact(8) {
        octets.push(u8::from_str_radix(std::str::from_utf8(octet).unwrap(), 2).unwrap());
    }
    octets
}
