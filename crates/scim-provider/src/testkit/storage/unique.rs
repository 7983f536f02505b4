use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, user_name};
use super::view::View;
use crate::Storage;
use crate::storage::{Commit, CommitOutcome, Refusal, Selection, UniqueKey, Write};

/// No two records of a scope have one unique key, whatever their types; keys of
/// different rules don't meet.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn unique_keys_are_refused(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("unique_keys_are_refused", storage);
    let [a, b] = ["a", "b"].map(|id| space.key("User", id));
    let both = Draft::of("a")
        .unique(user_name("a"))
        .unique(UniqueKey::new("User:externalId", "1"));
    let stored_a = space.create(&a, both.clone()).await?;
    let duplicate = |unique_key: UniqueKey| Refusal::Duplicate {
        unique_key,
        holder: a.clone(),
    };
    let view = View::of(&["User", "Group"]).and("User", Selection::Unique(user_name("b")));

    // Other rules and other values don't collide.
    let draft_b = Draft::of("b")
        .unique(user_name("1"))
        .unique(UniqueKey::new("User:externalId", "a"));
    let stored_b = space.create(&b, draft_b.clone()).await?;
    let before = view.look(&space).await?;
    for key in [user_name("a"), UniqueKey::new("User:externalId", "1")] {
        let draft = Draft::of("").unique(user_name("b")).unique(key.clone());
        let create = Commit::of(draft.create(&space.key("User", "c"), space.stamp()));
        space
            .refused(
                "a create with a key that is taken",
                create,
                duplicate(key.clone()),
            )
            .await?;
        let create = Commit::of(draft.create(&space.key("Group", "c"), space.stamp()));
        space
            .refused(
                "a create under another type",
                create,
                duplicate(key.clone()),
            )
            .await?;
        let change = draft.change(space.stamp());
        let version = stored_b.stamp.version.clone();
        let update = Commit::of(Write::update(b.clone(), version, change));
        space
            .refused("an update to a key that is taken", update, duplicate(key))
            .await?;
        view.unchanged(&space, "after a duplicate was refused", &before)
            .await?;
    }

    // A record does not stand in its own way.
    let change = both.change(space.stamp());
    space
        .applied(Commit::of(Write::update(
            a.clone(),
            stored_a.stamp.version,
            change,
        )))
        .await?;
    space
        .selects("User", Selection::Unique(user_name("a")), &["a"])
        .await?;

    // Two creates in one commit stand in each other's way.
    let [c, d] = ["c", "d"].map(|id| space.key("User", id));
    let draft = Draft::of("").unique(user_name("new"));
    let twice = Commit::of(draft.create(&c, space.stamp())).and(draft.create(&d, space.stamp()));
    let outcome = space.commit(twice).await?;
    let refused = [c, d].map(|holder| {
        CommitOutcome::Refused(Refusal::Duplicate {
            unique_key: user_name("new"),
            holder,
        })
    });
    space.holds(
        &format!("two creates of one unique key in one commit: {outcome:?}"),
        refused.contains(&outcome),
    )?;
    space
        .selects("User", Selection::Unique(user_name("new")), &[])
        .await
}

/// A delete and an update free unique keys; one commit can pass a key on or
/// exchange two, in whatever order its writes stand.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn unique_keys_are_freed_and_passed_on(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    let space = Space::new("unique_keys_are_freed_and_passed_on", storage);
    let [a, b, c] = ["a", "b", "c"].map(|id| space.key("User", id));
    let named = |name: &str| Draft::of(name).unique(user_name(name));
    let owner = |name: &str| Selection::Unique(user_name(name));

    // Freed by delete, then by update.
    let version = space.create(&a, named("x")).await?.stamp.version;
    space
        .applied(Commit::of(Write::delete(a.clone(), version)))
        .await?;
    space.selects("User", owner("x"), &[]).await?;
    let mut version_b = space.create(&b, named("x")).await?.stamp.version;
    let rename =
        |key: &crate::storage::ResourceKey, version: &mut scim_version::ScimVersion, name| {
            let stamp = space.stamp();
            let expected = std::mem::replace(version, stamp.version.clone());
            Write::update(key.clone(), expected, named(name).change(stamp))
        };
    space
        .applied(Commit::of(rename(&b, &mut version_b, "y")))
        .await?;
    space.selects("User", owner("x"), &[]).await?;
    let mut version_c = space.create(&c, named("x")).await?.stamp.version;

    // Exchanged, in both orders.
    let (b_x, c_y) = (
        rename(&b, &mut version_b, "x"),
        rename(&c, &mut version_c, "y"),
    );
    space.applied(Commit::of(b_x).and(c_y)).await?;
    space.selects("User", owner("x"), &["b"]).await?;
    space.selects("User", owner("y"), &["c"]).await?;
    let (b_y, c_x) = (
        rename(&b, &mut version_b, "y"),
        rename(&c, &mut version_c, "x"),
    );
    space.applied(Commit::of(c_x).and(b_y)).await?;
    space.selects("User", owner("x"), &["c"]).await?;
    space.selects("User", owner("y"), &["b"]).await?;

    // Passed on to a new record by one that is renamed, and by one that goes.
    let stamp = space.stamp();
    let version_a = stamp.version.clone();
    let create = named("x").create(&a, stamp);
    space
        .applied(Commit::of(create).and(rename(&c, &mut version_c, "z")))
        .await?;
    space.selects("User", owner("x"), &["a"]).await?;
    space.selects("User", owner("z"), &["c"]).await?;
    let create = named("x").create(&space.key("User", "d"), space.stamp());
    space
        .applied(Commit::of(Write::delete(a, version_a)).and(create))
        .await?;
    space.selects("User", owner("x"), &["d"]).await?;

    // A holder that is written, but keeps its key, is in the way.
    let keep = rename(&b, &mut version_b, "y");
    let before = version_c.clone();
    let take = rename(&c, &mut version_c, "y");
    for writes in [[&keep, &take], [&take, &keep]] {
        let outcome = space
            .commit(Commit::of(writes[0].clone()).and(writes[1].clone()))
            .await?;
        let duplicate = [&b, &c].map(|holder| {
            CommitOutcome::Refused(Refusal::Duplicate {
                unique_key: user_name("y"),
                holder: holder.clone(),
            })
        });
        space.holds(
            &format!("a key given to a second record beside its holder: {outcome:?}"),
            duplicate.contains(&outcome),
        )?;
    }
    space.selects("User", owner("y"), &["b"]).await?;
    let current = space.get(&c).await?.map(|record| record.stamp.version);
    space.same(
        "the version after a refused commit",
        &current,
        &Some(before),
    )
}
