use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, member, member_key, title, u64_of, user_name};
use crate::Storage;
use crate::storage::{Query, ResourceId, Selection, Start};

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
    let sorted = fill(&space).await?;
    for selection in selections() {
        space.selects("User", selection, &sorted).await?;
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
    let sorted = fill(&space).await?;
    for selection in selections() {
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
        let query = query(&space, &one, start, 5);
        let found = space.page(&query).await?;
        let what = format!("{query:?}");
        space.same(&what, &ids(&found.records).as_slice(), &wanted)?;
        space.same(&format!("the total of {what}"), &found.total, &1)?;
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

/// Three selections that have all records, among others that have not.
fn selections() -> [Selection; 3] {
    [
        Selection::All,
        Selection::Indexed(title("t")),
        Selection::Linked(vec![member_key("m")]),
    ]
}

async fn fill(space: &Space) -> Result<Vec<&'static str>, Failure> {
    for (n, id) in IDS.into_iter().enumerate() {
        let draft = ["s", "t", "u"]
            .into_iter()
            .fold(Draft::of(id), |draft, value| {
                draft.indexed(title(value)).linked(member(value))
            });
        let draft = draft.unique(user_name(&n.to_string())).linked(member("m"));
        space.create(&space.key("User", id), draft).await?;
    }
    let other = Draft::of("").indexed(title("t")).linked(member("m"));
    space.create(&space.key("Group", "a"), other).await?;
    let mut sorted = IDS.to_vec();
    sorted.sort_unstable_by_key(|id| id.as_bytes());
    Ok(sorted)
}

fn after(id: &str) -> Start {
    Start::After(
        id.parse::<ResourceId>()
            .expect("the suite uses only legal ids"),
    )
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
    space.same(&what, &ids(&page.records).as_slice(), &wanted)?;
    space.same(
        &format!("the total of {what}"),
        &page.total,
        &u64_of(IDS.len()),
    )
}

fn ids(records: &[crate::storage::Stored]) -> Vec<&str> {
    records
        .iter()
        .map(|record| record.key.id().as_str())
        .collect()
}
