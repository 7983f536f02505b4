use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, modified};
use crate::storage::{Change, Commit, Record, ResourceKey, Stamp, Write};
use crate::{Storage, Timestamp};

/// Instants one microsecond and one millisecond apart, before and after 1970.
const TIMES: [i64; 8] = [
    -62_135_596_800_000_000,
    -1_001,
    -1,
    0,
    1,
    999_999,
    1_000_000,
    253_402_207_200_000_000,
];

/// A range has the records that last changed at either end of it or between, to the
/// microsecond; an end that is left out is open. Every write moves its record.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn ranges_have_both_their_ends(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("ranges_have_both_their_ends", storage);
    let at = TIMES.map(|micros| Timestamp::from_micros(micros).expect("a year within range"));
    let stamp = |last_modified| Stamp {
        last_modified,
        ..space.stamp()
    };
    let create = |key: &ResourceKey, stamp: &Stamp| {
        let record = Record::new(stamp.clone(), Draft::of("x").content(), Vec::new());
        Commit::of(Write::create(key.clone(), record))
    };
    // Ids in an order of their own, so that time is not what sorts a page.
    let name = |n: usize| format!("u{}", 9 - n);
    for (n, time) in at.into_iter().enumerate() {
        space
            .applied(create(&space.key("User", &name(n)), &stamp(time)))
            .await?;
    }
    let moving = space.key("User", "moving");
    let mut last = stamp(at[0]);
    space
        .applied(create(&space.key("Group", "g"), &stamp(at[0])))
        .await?;
    space.applied(create(&moving, &last)).await?;

    for now in at {
        let ends = || at.into_iter().map(Some).chain([None]);
        for (from, to) in ends().flat_map(|from| ends().map(move |to| (from, to))) {
            let within = |time: Timestamp| {
                from.is_none_or(|from| from <= time) && to.is_none_or(|to| time <= to)
            };
            let standing = (0..at.len()).filter(|n| within(at[*n])).map(name);
            let mut wanted: Vec<_> = standing.collect();
            wanted.extend(within(last.last_modified).then(|| "moving".to_owned()));
            wanted.sort_unstable();
            let wanted: Vec<_> = wanted.iter().map(String::as_str).collect();
            space.selects("User", modified(from, to), &wanted).await?;
        }
        // On to the next instant; the content says nothing new.
        let next = stamp(now);
        let update = Write::update(moving.clone(), last.version, Change::new(next.clone()));
        space.applied(Commit::of(update)).await?;
        last = next;
    }
    space
        .applied(Commit::of(Write::delete(moving, last.version)))
        .await?;
    space
        .selects("User", modified(Some(at[7]), None), &[&name(7)])
        .await
}
