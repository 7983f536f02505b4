use std::sync::Arc;

use uuid::Uuid;

use super::super::Failure;
use super::space::{Draft, Space};
use crate::Storage;
use crate::storage::{Change, Commit, Selection, Write};

/// Versions and times are read as they were written, to the last letter and microsecond, and an
/// update replaces all three.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn stamps_come_back_unchanged(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("stamps_come_back_unchanged", storage);
    // Random ids, since this comes before anything is known of scopes.
    let id = Uuid::new_v4().to_string();
    for n in 0..Space::TIMES {
        let key = space.key("User", &format!("{id}{n}"));
        let mut stored = space.create(&key, Draft::of("x")).await?;
        space.reads("a record with its stamp", &stored).await?;
        // As many again, so that each time comes after each other.
        for _ in 0..=Space::TIMES {
            let stamp = space.stamp();
            let change = Change::new(stamp.clone());
            space
                .applied(Commit::of(Write::update(
                    key.clone(),
                    stored.stamp.version,
                    change,
                )))
                .await?;
            stored.stamp = stamp;
            space.reads("a record with a new stamp", &stored).await?;
        }
        let page = space.select("User", Selection::All).await?.records;
        space.holds(
            "a stamp is read otherwise on a page",
            page.contains(&stored),
        )?;
    }
    Ok(())
}
