use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::condition::Condition;
use super::place::Place;
use super::relation::Relation;
use crate::Timestamp;
use crate::storage::ModifiedRange;

/// The range that `condition` leaves for `meta.lastModified`, which is in whole microseconds.
pub(super) fn modified(place: &Place, condition: &Condition) -> Option<ModifiedRange> {
    let is_modified = place.extension.is_none()
        && place.attribute.as_deref() == Some("meta")
        && place.sub.as_deref() == Some("lastModified");
    let Condition::Instant(relation, instant) = condition else {
        return None;
    };
    let (micros, exact) = whole_micros(*instant)?;
    let next = micros.checked_add(1)?;
    let not_before = if exact { micros } else { next };
    let range = |from: Option<i64>, to: Option<i64>| {
        let stamp = |micros: Option<i64>| micros.map(Timestamp::from_micros).transpose().ok();
        Some(ModifiedRange::new(stamp(from)?, stamp(to)?))
    };
    let before = |micros: i64| micros.checked_sub(1);
    let found = match relation {
        // Between two microseconds there is nothing, and the range is empty.
        Relation::Equal => range(Some(not_before), Some(micros)),
        Relation::Greater => range(Some(next), None),
        Relation::GreaterOrEqual => range(Some(not_before), None),
        Relation::Less => range(None, Some(before(not_before)?)),
        Relation::LessOrEqual => range(None, Some(micros)),
        Relation::NotEqual => None,
    };
    found.filter(|_| is_modified)
}

/// The microseconds before `instant` since 1970, and whether it is a whole number of them.
fn whole_micros(instant: DateTime) -> Option<(i64, bool)> {
    let nanos = Offset::UTC.to_timestamp(instant).ok()?.as_nanosecond();
    let micros = i64::try_from(nanos.div_euclid(1000)).ok()?;
    Some((micros, nanos.rem_euclid(1000) == 0))
}
