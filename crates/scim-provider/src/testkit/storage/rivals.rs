use std::sync::Arc;

use scim_version::ScimVersion;

use super::super::race::on_threads;
use super::super::{Config, Failure};
use super::space::{Draft, Space, member, member_key, unreferenced, user_name};
use crate::Storage;
use crate::storage::{
    Change, Commit, CommitOutcome, Refusal, Requirement, ResourceKey, Selection, Write,
};

/// Of many updates that name one version, one is applied; the others are refused
/// with the version that it left.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn one_write_of_a_version_wins(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "one_write_of_a_version_wins";
    let space = Space::new(CHECK, storage);
    for round in 0..config.rounds() {
        let key = space.key("User", &round.to_string());
        let stored = space.create(&key, Draft::of("old")).await?;
        let expected = stored.stamp.version;
        let (racing, raced) = (space.clone(), key.clone());
        let outcomes = on_threads(CHECK, config.racers(), move |n| {
            let (space, key, expected) = (racing.clone(), raced.clone(), expected.clone());
            async move {
                let (draft, stamp) = (Draft::of(&n.to_string()), space.stamp());
                let wanted = draft.stored(&key, &stamp);
                let update = Write::update(key, expected, draft.change(stamp));
                Ok((wanted, space.commit(Commit::of(update)).await?))
            }
        })
        .await?;
        let winner = only_winner(&space, &outcomes)?;
        let lost = Refusal::Mismatch {
            key,
            current: winner.stamp.version.clone(),
        };
        all_lost(&space, &outcomes, &lost)?;
        space.reads("what the winner wrote", winner).await?;
    }
    Ok(())
}

/// Of an update and a delete that name one version, one is applied; what was
/// deleted does not come back.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn update_and_delete_of_one_version_exclude_each_other(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "update_and_delete_of_one_version_exclude_each_other";
    let space = Space::new(CHECK, storage);
    for round in 0..config.rounds() {
        let key = space.key("User", &round.to_string());
        let draft = Draft::of("old")
            .unique(user_name(&round.to_string()))
            .linked(member("m"));
        let expected = space.create(&key, draft).await?.stamp.version;
        let (racing, raced) = (space.clone(), key.clone());
        let outcomes = on_threads(CHECK, config.racers(), move |n| {
            let (space, key, expected) = (racing.clone(), raced.clone(), expected.clone());
            async move {
                if n % 2 == 0 {
                    let delete = Commit::of(Write::delete(key, expected));
                    return Ok((None, space.commit(delete).await?));
                }
                let (draft, stamp) = (Draft::of("new"), space.stamp());
                let wanted = draft.clone().linked(member("m")).stored(&key, &stamp);
                let update = Commit::of(Write::update(key, expected, draft.change(stamp)));
                Ok((Some(wanted), space.commit(update).await?))
            }
        })
        .await?;
        match only_winner(&space, &outcomes)? {
            Some(updated) => {
                let current = updated.stamp.version.clone();
                all_lost(&space, &outcomes, &Refusal::Mismatch { key, current })?;
                space
                    .reads("a record whose update won over its delete", updated)
                    .await?;
            }
            None => {
                all_lost(&space, &outcomes, &Refusal::Missing { key: key.clone() })?;
                space
                    .absent("a record whose delete won over its update", &key)
                    .await?;
            }
        }
    }
    let deleted = space
        .select("User", Selection::Linked(vec![member_key("m")]))
        .await?
        .total;
    let all = space.select("User", Selection::All).await?.total;
    space.same("links of the records that are left", &deleted, &all)
}

/// Of many creates with one unique key, one is applied; the others are refused
/// as its duplicates.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn one_create_of_a_unique_key_wins(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "one_create_of_a_unique_key_wins";
    let space = Space::new(CHECK, storage);
    for round in 0..config.rounds() {
        let racing = space.clone();
        let outcomes = on_threads(CHECK, config.racers(), move |n| {
            let space = racing.clone();
            async move {
                let key = space.key("User", &format!("{round} {n}"));
                let draft = Draft::of("").unique(user_name(&round.to_string()));
                let create = Commit::of(draft.create(&key, space.stamp()));
                Ok((key, space.commit(create).await?))
            }
        })
        .await?;
        one_holder(&space, round, &outcomes).await?;
    }
    let total = space.select("User", Selection::All).await?.total;
    space.same(
        "records, one of each round",
        &total,
        &u64::from(config.rounds()),
    )
}

/// Of many records that change to one unique key, one is changed.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn one_rename_to_a_unique_key_wins(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "one_rename_to_a_unique_key_wins";
    let space = Space::new(CHECK, storage);
    for round in 0..config.rounds() {
        let mut records: Vec<(ResourceKey, ScimVersion)> = Vec::new();
        for n in 0..config.racers() {
            let key = space.key("User", &format!("{round} {n}"));
            let draft = Draft::of("").unique(user_name(&format!("{round} {n}")));
            let version = space.create(&key, draft).await?.stamp.version;
            records.push((key, version));
        }
        let racing = space.clone();
        let outcomes = on_threads(CHECK, config.racers(), move |n| {
            let (space, (key, expected)) = (racing.clone(), records[n].clone());
            async move {
                let draft = Draft::of("").unique(user_name(&round.to_string()));
                let update = Write::update(key.clone(), expected, draft.change(space.stamp()));
                Ok((key, space.commit(Commit::of(update)).await?))
            }
        })
        .await?;
        one_holder(&space, round, &outcomes).await?;
        // The losers have kept their old keys, the winner has not.
        for (n, (key, outcome)) in outcomes.iter().enumerate() {
            let old = Selection::Unique(user_name(&format!("{round} {n}")));
            let kept: &[&str] = if *outcome == CommitOutcome::Applied {
                &[]
            } else {
                &[key.id().as_str()]
            };
            space.selects("User", old, kept).await?;
        }
    }
    Ok(())
}

/// Of adding a member that must exist and deleting it while nobody may link to
/// it, one is applied: no link is left to what is not there.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn members_never_dangle(
    storage: &Arc<dyn Storage>,
    config: &Config,
) -> Result<(), Failure> {
    const CHECK: &str = "members_never_dangle";
    let space = Space::new(CHECK, storage);
    // Groups of their own, so that nothing but the requirements stands between.
    let mut versions = Vec::new();
    for n in 0..config.racers() {
        let group = space.key("Group", &n.to_string());
        versions.push(space.create(&group, Draft::of("")).await?.stamp.version);
    }
    for round in 0..config.rounds() {
        let id = round.to_string();
        let user = space.key("User", &id);
        let version = space.create(&user, Draft::of("")).await?.stamp.version;
        let (racing, raced, groups) = (space.clone(), user.clone(), versions.clone());
        let outcomes = on_threads(CHECK, config.racers(), move |n| {
            let (space, user) = (racing.clone(), raced.clone());
            let (version, group) = (version.clone(), groups[n].clone());
            async move {
                if n % 2 == 0 {
                    let delete = Commit::of(Write::delete(user.clone(), version))
                        .requiring(unreferenced(user));
                    return Ok((None, space.commit(delete).await?));
                }
                let (key, stamp) = (space.key("Group", &n.to_string()), space.stamp());
                let new = stamp.version.clone();
                let change =
                    Change::new(stamp).with_links(Vec::new(), vec![member(user.id().as_str())]);
                let add = Commit::of(Write::update(key, group, change))
                    .requiring(Requirement::Exists(user));
                Ok((Some(new), space.commit(add).await?))
            }
        })
        .await?;
        let (mut added, mut deleted) = (0, 0);
        for (n, (new, outcome)) in outcomes.into_iter().enumerate() {
            match (new, outcome) {
                (Some(new), CommitOutcome::Applied) => {
                    added += 1;
                    versions[n] = new;
                }
                (None, CommitOutcome::Applied) => deleted += 1,
                (_, CommitOutcome::Refused(_)) => {}
            }
        }
        let there = space.get(&user).await?.is_some();
        let links = space
            .select("Group", Selection::Linked(vec![member_key(&id)]))
            .await?
            .total;
        space.holds(
            &format!(
                "added {added} times, deleted {deleted} times; there: {there}, links: {links}"
            ),
            if there {
                deleted == 0 && links == added && added > 0
            } else {
                deleted == 1 && links == 0 && added == 0
            },
        )?;
    }
    Ok(())
}

fn only_winner<'a, T: std::fmt::Debug>(
    space: &Space,
    outcomes: &'a [(T, CommitOutcome)],
) -> Result<&'a T, Failure> {
    let mut winners = outcomes
        .iter()
        .filter(|(_, outcome)| *outcome == CommitOutcome::Applied);
    match (winners.next(), winners.next()) {
        (Some((winner, _)), None) => Ok(winner),
        _ => Err(space.failure(format!("not exactly one winner: {outcomes:?}"))),
    }
}

fn all_lost<T>(
    space: &Space,
    outcomes: &[(T, CommitOutcome)],
    refusal: &Refusal,
) -> Result<(), Failure> {
    for (_, outcome) in outcomes {
        if let CommitOutcome::Refused(found) = outcome {
            space.same("what a loser was told", found, refusal)?;
        }
    }
    Ok(())
}

async fn one_holder(
    space: &Space,
    round: u32,
    outcomes: &[(ResourceKey, CommitOutcome)],
) -> Result<(), Failure> {
    let holder = only_winner(space, outcomes)?;
    let unique_key = user_name(&round.to_string());
    let duplicate = Refusal::Duplicate {
        unique_key: unique_key.clone(),
        holder: holder.clone(),
    };
    all_lost(space, outcomes, &duplicate)?;
    space
        .selects(
            "User",
            Selection::Unique(unique_key),
            &[holder.id().as_str()],
        )
        .await
}
