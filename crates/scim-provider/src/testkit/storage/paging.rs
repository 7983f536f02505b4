use std::sync::Arc;

use super::super::Failure;
use super::space::{
    Draft, Space, id_of, ids, member, member_key, modified, title, u64_of, user_name,
};
use crate::storage::{Query, Selection, Start, Stored};
use crate::{Storage, Timestamp};

/// Ids in no order, and with traps for every collation.
const IDS: [&str; 16] = [
    "b",
    "a",
    "B",
    "A",
    "aa",
    "Z",
    "é",
    "e",
    "10",
    "9",
    "_",
    " ",
    "a ",
    "ß",
    "\u{10000}",
    "\u{ffff}",
];

/// Records come in the order of the octets of their ids, whatever selects them.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn pages_are_ordered_by_the_octets_of_ids(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    let space = Space::new("pages_are_ordered_by_the_octets_of_ids", storage);
    let filled = fill(&space).await?;
    for selection in filled.selections() {
        space.selects("User", selection, &filled.sorted).await?;
    }
    Ok(())
}

/// Pages by offset and by cursor, of any size, together give every record once,
/// with the total of all pages.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn offsets_and_cursors_reach_every_record(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    let space = Space::new("offsets_and_cursors_reach_every_record", storage);
    let filled = fill(&space).await?;
    let sorted = &filled.sorted;
    for selection in filled.selections() {
        for limit in [0, 1, 3, 15, 16, 17] {
            let size = usize::try_from(limit).expect("a small number");
            for from in [0, 1, 2, 7, 14, 15, 16, 17, usize::MAX] {
                let rest = sorted.get(from..).unwrap_or_default();
                let wanted = &rest[..size.min(rest.len())];
                let start = Start::Offset(u64::try_from(from).unwrap_or(u64::MAX));
                page(&space, &selection, start, limit, wanted).await?;
            }
            for (at, id) in sorted.iter().enumerate() {
                let rest = &sorted[at + 1..];
                page(
                    &space,
                    &selection,
                    after(id),
                    limit,
                    &rest[..size.min(rest.len())],
                )
                .await?;
            }
        }
        // Cursors whose record is not there (any more).
        for (id, next) in [("\u{21}", "10"), ("AA", "B"), ("a!", "aa"), ("zz", "ß")] {
            page(&space, &selection, after(id), 1, &[next]).await?;
        }
        page(&space, &selection, after("\u{10ffff}"), 1, &[]).await?;
    }

    // A selection of one or none has pages, too.
    let one = Selection::Unique(user_name("2"));
    for (start, wanted) in [
        (Start::Offset(0), &["B"][..]),
        (Start::Offset(1), &[]),
        (after("A"), &["B"]),
        (after("B"), &[]),
        (after("b"), &[]),
    ] {
        for one in [&one, &ids(&["B", "x"])] {
            let query = query(&space, one, start.clone(), 5);
            let found = space.page(&query).await?;
            let what = format!("{query:?}");
            space.same(&what, &ids_of(&found.records).as_slice(), &wanted)?;
            space.same(&format!("the total of {what}"), &found.total, &1)?;
        }
    }
    let none = space
        .page(&query(&space, &one, Start::Offset(0), 0))
        .await?;
    space.same(
        "records and total of a page of none",
        &(none.records.len(), none.total),
        &(0, 1),
    )
}

/// What was filled in.
struct Filled {
    /// The ids in the order of their octets.
    sorted: Vec<&'static str>,
    /// The first and the last `lastModified`.
    modified: [Timestamp; 2],
}

impl Filled {
    /// Selections that have all records, among others that have not.
    fn selections(&self) -> [Selection; 6] {
        let [first, last] = self.modified;
        let named: Vec<_> = ["x", "B"].into_iter().chain(IDS).collect();
        [
            Selection::All,
            Selection::Indexed(title("t")),
            Selection::Linked(vec![member_key("m")]),
            Selection::Linked(vec![member_key("t"), member_key("s"), member_key("x")]),
            ids(&named),
            modified(Some(first), Some(last)),
        ]
    }
}

async fn fill(space: &Space) -> Result<Filled, Failure> {
    let mut times = Vec::new();
    for (n, id) in IDS.into_iter().enumerate() {
        let draft = ["s", "t", "u"]
            .into_iter()
            .fold(Draft::of(id), |draft, value| {
                draft.indexed(title(value)).linked(member(value))
            });
        let draft = draft.unique(user_name(&n.to_string())).linked(member("m"));
        let stored = space.create(&space.key("User", id), draft).await?;
        times.push(stored.stamp.last_modified);
    }
    let other = Draft::of("").indexed(title("t")).linked(member("m"));
    space.create(&space.key("Group", "a"), other).await?;
    let mut sorted = IDS.to_vec();
    sorted.sort_unstable_by_key(|id| id.as_bytes());
    let modified = [times[0], times[times.len() - 1]];
    Ok(Filled { sorted, modified })
}

fn after(id: &str) -> Start {
    Start::After(id_of(id))
}

fn query(space: &Space, selection: &Selection, start: Start, limit: u32) -> Query {
    Query::new(space.scope().clone(), "User", limit)
        .selecting(selection.clone())
        .starting(start)
}

async fn page(
    space: &Space,
    selection: &Selection,
    start: Start,
    limit: u32,
    wanted: &[&str],
) -> Result<(), Failure> {
    let query = query(space, selection, start, limit);
    let page = space.page(&query).await?;
    let what = format!("{query:?}");
    space.same(&what, &ids_of(&page.records).as_slice(), &wanted)?;
    space.same(
        &format!("the total of {what}"),
        &page.total,
        &u64_of(IDS.len()),
    )
}

fn ids_of(records: &[Stored]) -> Vec<&str> {
    records
        .iter()
        .map(|record| record.key.id().as_str())
        .collect()
}
