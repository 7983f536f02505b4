use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, member, member_key};
use crate::Storage;
use crate::storage::{Change, Commit, Link, LinkKey, LinkSelection, Query, Selection, Write};

/// Links are added, replaced and removed one by one, go with their record and
/// don't come back with a new one.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn links_change_one_by_one(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("links_change_one_by_one", storage);
    let key = space.key("Group", "g");
    let beside = space.key("Group", "g2");
    let draft = Draft::of("group").linked(member("a")).linked(member("b"));
    let beside = space.create(&beside, draft.clone()).await?;
    let mut stored = space.create(&key, draft).await?;

    let new_a = || Link::new(member_key("a"), None, *br#"{"display":"A"}"#);
    let other_attribute = || Link::new(LinkKey::new("owners", "a"), None, *b"{}");
    let steps = [
        (
            "one added",
            vec![],
            vec![member("c")],
            vec![member("a"), member("b"), member("c")],
        ),
        (
            "one replaced",
            vec![],
            vec![new_a()],
            vec![new_a(), member("b"), member("c")],
        ),
        (
            "one removed",
            vec![member_key("b")],
            vec![],
            vec![new_a(), member("c")],
        ),
        (
            "one removed that is not there",
            vec![member_key("b")],
            vec![],
            vec![new_a(), member("c")],
        ),
        (
            "one removed and added",
            vec![member_key("a")],
            vec![member("a")],
            vec![member("a"), member("c")],
        ),
        (
            "one added under another attribute",
            vec![],
            vec![other_attribute()],
            vec![member("a"), member("c"), other_attribute()],
        ),
        (
            "one removed under its attribute only",
            vec![member_key("a")],
            vec![],
            vec![member("c"), other_attribute()],
        ),
    ];
    for (what, remove, add, left) in steps {
        let stamp = space.stamp();
        let change = Change::new(stamp.clone()).with_links(remove, add);
        space
            .applied(Commit::of(Write::update(
                key.clone(),
                stored.stamp.version,
                change,
            )))
            .await?;
        stored.stamp = stamp;
        stored.links = left;
        space.reads(&format!("links after {what}"), &stored).await?;
        space.reads("links of a record beside", &beside).await?;
    }
    space
        .selects("Group", Selection::Linked(vec![member_key("a")]), &["g2"])
        .await?;
    space
        .selects("Group", Selection::Linked(vec![member_key("c")]), &["g"])
        .await?;

    space
        .applied(Commit::of(Write::delete(key.clone(), stored.stamp.version)))
        .await?;
    space
        .selects("Group", Selection::Linked(vec![member_key("c")]), &[])
        .await?;
    let again = space.create(&key, Draft::of("again")).await?;
    space
        .reads("a record created again, without links", &again)
        .await?;
    space
        .selects("Group", Selection::Linked(vec![member_key("c")]), &[])
        .await
}

/// Reads give none of the links, all of them, the first so many, or those that were
/// asked for and exist, in the order of attribute and target.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn links_are_read_as_selected(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("links_are_read_as_selected", storage);
    let key = space.key("Group", "g");
    let owner = |target: &str| Link::new(LinkKey::new("owners", target), None, *b"{}");
    let draft = [
        owner("a"),
        member("b"),
        member("a"),
        member("B"),
        member("é"),
        owner("Z"),
    ]
    .into_iter()
    .fold(Draft::of("group"), Draft::linked);
    space.create(&key, draft).await?;
    let all = vec![
        member("B"),
        member("a"),
        member("b"),
        member("é"),
        owner("Z"),
        owner("a"),
    ];
    let of = |keys: &[LinkKey]| LinkSelection::Of(keys.to_vec());
    let at_most = |most: u32| {
        let first = all.iter().take(most.try_into().unwrap_or(usize::MAX));
        (LinkSelection::AtMost(most), first.cloned().collect())
    };
    let cases = [
        at_most(0),
        at_most(1),
        at_most(5),
        at_most(6),
        at_most(7),
        at_most(u32::MAX),
        (LinkSelection::None, vec![]),
        (LinkSelection::All, all.clone()),
        (of(&[]), vec![]),
        (of(&[owner("b").key, member_key("z")]), vec![]),
        (
            of(&[
                owner("a").key,
                member_key("b"),
                member_key("x"),
                member_key("B"),
            ]),
            vec![member("B"), member("b"), owner("a")],
        ),
    ];
    for (selection, wanted) in cases {
        let found = space.get_with(&key, &selection).await?;
        let found = found.map(|record| record.links);
        space.same(
            &format!("links of {selection:?}"),
            &found.as_ref(),
            &Some(&wanted),
        )?;
        let query = Query::new(space.scope().clone(), "Group", 10).with_links(selection.clone());
        let found = space
            .page(&query)
            .await?
            .records
            .pop()
            .map(|record| record.links);
        let what = format!("links of {selection:?} on a page");
        space.same(&what, &found.as_ref(), &Some(&wanted))?;
    }
    Ok(())
}

/// A record that a link points to is never said to be none, whatever type has the link, and
/// whichever came first.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn targets_of_links_are_known(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("targets_of_links_are_known", storage);
    let key = |id| space.key("User", id);
    space.create(&key("before"), Draft::of("before")).await?;
    let group = space.key("Group", "g");
    let draft = Draft::of("group")
        .linked(member("before"))
        .linked(member("after"));
    let group = space.create(&group, draft).await?;
    space.create(&key("after"), Draft::of("after")).await?;
    let team = space.key("Team", "t");
    let owns = Link::new(LinkKey::new("owners", "owner"), None, *b"{}");
    space.create(&key("owner"), Draft::of("owner")).await?;
    space.create(&team, Draft::of("team").linked(owns)).await?;
    let change = Change::new(space.stamp()).with_links(vec![], vec![member("later")]);
    space.create(&key("later"), Draft::of("later")).await?;
    let write = Write::update(group.key, group.stamp.version, change);
    space.applied(Commit::of(write)).await?;
    for id in ["before", "after", "owner", "later"] {
        let found = space.get(&key(id)).await?;
        let known = found.is_some_and(|found| found.may_be_target);
        space.holds(
            &format!("a link points to {id}, which is said to be no target"),
            known,
        )?;
    }
    Ok(())
}
