use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, member, member_key, unreferenced};
use super::view::View;
use crate::Storage;
use crate::storage::{
    Change, Commit, Link, LinkKey, Refusal, Requirement, ResourceKey, Selection, Write,
};

/// [`Requirement::Exists`] holds if the record is there after the writes of the
/// commit.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn existing_is_judged_after_the_writes(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    let space = Space::new("existing_is_judged_after_the_writes", storage);
    let [group, user, other] =
        [("Group", "g"), ("User", "u"), ("User", "o")].map(|(kind, id)| space.key(kind, id));
    let draft = Draft::of("group").linked(member("u"));
    let with_member = || {
        Commit::of(draft.create(&group, space.stamp())).requiring(Requirement::Exists(user.clone()))
    };
    let failed = || failed(Requirement::Exists(user.clone()));
    let view = View::of(&["Group", "User"]).and("Group", Selection::Linked(vec![member_key("u")]));

    let before = view.look(&space).await?;
    space
        .refused(
            "a commit that requires what is not there",
            with_member(),
            failed(),
        )
        .await?;
    view.unchanged(&space, "after a requirement failed", &before)
        .await?;
    // The same id under another type is another record.
    space
        .create(&space.key("Group", "u"), Draft::of(""))
        .await?;
    space
        .refused(
            "a commit that requires a record of another type",
            with_member(),
            failed(),
        )
        .await?;

    let stamp = space.stamp();
    let version = stamp.version.clone();
    let both = with_member().and(Draft::of("user").create(&user, stamp));
    space.applied(both).await?;
    let stamp = space.stamp();
    let deleted = Commit::of(Draft::of("other").create(&other, stamp.clone()))
        .and(Write::delete(user.clone(), version.clone()))
        .requiring(Requirement::Exists(user.clone()));
    space
        .refused("a commit that requires what it deletes", deleted, failed())
        .await?;
    let change = Change::new(space.stamp());
    let changed = Commit::of(Draft::of("other").create(&other, stamp))
        .and(Write::update(user.clone(), version, change))
        .requiring(Requirement::Exists(user.clone()));
    space.applied(changed).await?;
    space.selects("User", Selection::All, &["o", "u"]).await
}

/// [`Requirement::Unreferenced`] holds if no link points to the record after the
/// writes of the commit.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn references_are_judged_after_the_writes(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    let space = Space::new("references_are_judged_after_the_writes", storage);
    let user = space.key("User", "u");
    let group = space.key("Group", "g");
    let version = space.create(&user, Draft::of("user")).await?.stamp.version;
    let delete = || {
        Commit::of(Write::delete(user.clone(), version.clone()))
            .requiring(unreferenced(user.clone()))
    };
    let failed = || failed(unreferenced(user.clone()));
    let manager = |target: &str| Link::new(LinkKey::new("manager", target), None, *b"{}");
    // Targets that are like the id, but not it, and one that is known to be a record of
    // another type.
    let namesake = Link::new(member_key("u"), Some("Groups/u".into()), *b"{}");
    let near = Draft::of("near")
        .linked(namesake)
        .linked(member("U"))
        .linked(member("u2"))
        .linked(manager("u "));
    space.create(&space.key("Group", "near"), near).await?;

    let grouped = space
        .create(&group, Draft::of("").linked(member("u")))
        .await?
        .stamp
        .version;
    space
        .refused("a delete of a member", delete(), failed())
        .await?;
    space.holds(
        "a member after a refused delete is gone",
        space.get(&user).await?.is_some(),
    )?;

    // A link of another attribute and type counts, too.
    let chief = space.key("Team", "t");
    let led = space
        .create(&chief, Draft::of("").linked(manager("u")))
        .await?
        .stamp
        .version;
    let unlink = |key: &ResourceKey, version: &_, link: LinkKey| {
        let change = Change::new(space.stamp()).with_links(vec![link], Vec::new());
        Write::update(key.clone(), Clone::clone(version), change)
    };
    let one_of_two = delete().and(unlink(&group, &grouped, member_key("u")));
    space
        .refused(
            "a delete that removes one of two links",
            one_of_two,
            failed(),
        )
        .await?;
    let wrong_link = delete()
        .and(unlink(&group, &grouped, LinkKey::new("manager", "u")))
        .and(Write::delete(chief.clone(), led.clone()));
    space
        .refused("a delete that removes another link", wrong_link, failed())
        .await?;
    let replaced = Change::new(space.stamp()).with_links(vec![member_key("u")], vec![member("u")]);
    let replaced = delete()
        .and(Write::update(group.clone(), grouped.clone(), replaced))
        .and(Write::delete(chief.clone(), led.clone()));
    space
        .refused(
            "a delete that removes a link and adds it",
            replaced,
            failed(),
        )
        .await?;
    let added = Draft::of("")
        .linked(member("u"))
        .create(&space.key("Group", "n"), space.stamp());
    let added = delete()
        .and(unlink(&group, &grouped, member_key("u")))
        .and(Write::delete(chief.clone(), led.clone()))
        .and(added);
    space
        .refused("a delete beside a create that links", added, failed())
        .await?;

    let all_gone = delete()
        .and(unlink(&group, &grouped, member_key("u")))
        .and(Write::delete(chief.clone(), led));
    space.applied(all_gone).await?;
    space
        .absent("a member that was deleted with its links", &user)
        .await?;
    space
        .absent("a record that was deleted with its links", &chief)
        .await?;
    space
        .selects("Group", Selection::Linked(vec![member_key("u")]), &["near"])
        .await?;
    space
        .selects(
            "Team",
            Selection::Linked(vec![LinkKey::new("manager", "u")]),
            &[],
        )
        .await
}

fn failed(requirement: Requirement) -> Refusal {
    Refusal::RequirementFailed { requirement }
}
