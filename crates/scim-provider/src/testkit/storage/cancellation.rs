use std::sync::Arc;

use super::super::race::{dropped_after, multi_threaded, patiently};
use super::super::{Config, Failure};
use super::space::{Draft, Space, member, member_key, title, user_name};
use crate::Storage;
use crate::storage::{Commit, CommitOutcome, Refusal, Selection, Write};

/// A commit whose future is dropped, at whichever poll, has happened wholly or
/// not at all, and the store goes on answering.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn cancelled_commits_happen_wholly_or_not_at_all(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "cancelled_commits_happen_wholly_or_not_at_all";
    multi_threaded()?;
    // Each turn lets the commit come one poll further, until it comes to its end.
    for polls in 0..10_000 {
        let space = Space::new(CHECK, storage);
        let done = cancel_after(&space, polls, config).await?;
        if done {
            return Ok(());
        }
    }
    Err(Failure::new(
        CHECK,
        "a commit did not end within 10,000 polls",
    ))
}

/// Drops a commit after so many polls and looks what it has left; gives whether
/// it had come to its end.
async fn cancel_after(space: &Space, polls: usize, config: &Config) -> Result<bool, Failure> {
    let [a, b] = ["a", "b"].map(|id| space.key("User", id));
    let full = |name: &str| {
        Draft::of(name)
            .unique(user_name(name))
            .indexed(title(name))
            .linked(member(name))
    };
    let old = space.create(&a, full("old")).await?;
    let (stamp_a, stamp_b) = (space.stamp(), space.stamp());
    let new = [
        full("new").stored(&a, &stamp_a),
        full("b").stored(&b, &stamp_b),
    ];
    let change = full("new")
        .change(stamp_a)
        .with_links(vec![member_key("old")], vec![member("new")]);
    let commit = Commit::of(Write::update(a.clone(), old.stamp.version.clone(), change))
        .and(full("b").create(&b, stamp_b));

    let outcome = dropped_after(polls, space.commit(commit))
        .await
        .transpose()?;
    if let Some(outcome) = &outcome {
        space.same(
            "a commit that was not cancelled",
            outcome,
            &CommitOutcome::Applied,
        )?;
    }
    let afterwards = async {
        let found = space.select("User", Selection::All).await?.records;
        let happened = found == new;
        space.holds(
            &format!("after {polls} polls, neither the old nor the new state: {found:?}"),
            happened || (outcome.is_none() && found == [old.clone()]),
        )?;
        // A commit that was already on its way may still arrive, but not in parts.
        let (version, current) = match space.get(&a).await? {
            Some(found) if found == new[0] => (found.stamp.version, "new"),
            Some(found) if found == old && !happened => (found.stamp.version, "old"),
            found => return Err(space.failure(format!("half of a commit: {found:?}"))),
        };
        let stamp = space.stamp();
        let next = Write::update(a.clone(), version, full("next").change(stamp));
        match space.commit(Commit::of(next)).await? {
            CommitOutcome::Applied => {
                space
                    .selects(
                        "User",
                        Selection::Indexed(title("b")),
                        if current == "new" { &["b"] } else { &[] },
                    )
                    .await?
            }
            CommitOutcome::Refused(Refusal::Mismatch { .. }) if current == "old" => {}
            outcome @ CommitOutcome::Refused(_) => {
                return Err(space.failure(format!("after a cancelled commit: {outcome:?}")));
            }
        }
        for name in ["old", "new", "next"] {
            let unique = space
                .select("User", Selection::Unique(user_name(name)))
                .await?
                .total;
            let indexed = space
                .select("User", Selection::Indexed(title(name)))
                .await?
                .total;
            space.same(
                &format!("unique keys and index entries {name}"),
                &indexed,
                &unique,
            )?;
        }
        Ok(())
    };
    patiently(
        "cancelled_commits_happen_wholly_or_not_at_all",
        config.patience(),
        afterwards,
    )
    .await?;
    Ok(outcome.is_some())
}
