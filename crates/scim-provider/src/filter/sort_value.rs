use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::number::ExactNumber;

/// By what one resource is sorted.
///
/// Values of one [`Sorter`](super::Sorter) have the order of its attribute's type: numbers by value, dateTimes
/// as instants, `false` before `true`, texts by code points, without case unless it counts.
/// A resource without a value comes after all others, hence first when the order is turned
/// round (RFC 7644 §3.4.2.3).
///
/// Its serde form says the same again, so that it can stand in a cursor. That is personal data,
/// which `Debug` does not show.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SortValue(pub(super) Option<Key>);

impl SortValue {
    /// That of a resource without a value.
    pub(crate) const fn absent() -> Self {
        Self(None)
    }

    /// The same without what comes after the first `most` characters of a text.
    #[must_use]
    pub(crate) fn shortened(mut self, most: usize) -> Self {
        if let Some(Key::Text(text)) = &mut self.0
            && let Some((end, _)) = text.char_indices().nth(most)
        {
            text.truncate(end);
        }
        self
    }

    /// Whether the resource has no value.
    pub const fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Debug for SortValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_absent() {
            "SortValue(absent)"
        } else {
            "SortValue(…)"
        })
    }
}

impl Ord for SortValue {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => a.order(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

impl PartialOrd for SortValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for SortValue {}

impl PartialEq for SortValue {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

/// Short names: a cursor travels in URLs.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Key {
    #[serde(rename = "b")]
    Boolean(bool),
    #[serde(rename = "n")]
    Number(Number),
    /// Seconds since 1970, and nanoseconds of the same sign.
    #[serde(rename = "i")]
    Instant(i64, i32),
    #[serde(rename = "t")]
    Text(String),
}

impl Key {
    /// Keys of different types, which come of different sorters, have some order, too.
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => ExactNumber::of(a).cmp(&ExactNumber::of(b)),
            (Self::Instant(a, x), Self::Instant(b, y)) => (a, x).cmp(&(b, y)),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Boolean(_) => 0,
            Self::Number(_) => 1,
            Self::Instant(..) => 2,
            Self::Text(_) => 3,
        }
    }
}
