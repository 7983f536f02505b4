use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, member, member_key, unreferenced, user_name};
use super::view::View;
use crate::Storage;
use crate::storage::{
    Change, Commit, Link, Record, Requirement, Selection, StorageErrorKind, Write,
};

/// A commit that contradicts itself or reaches into two scopes is
/// [`StorageErrorKind::Unsupported`], and changes nothing in either.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn unsupported_commits_are_refused(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    const CHECK: &str = "unsupported_commits_are_refused";
    let (here, there) = (Space::new(CHECK, storage), Space::new(CHECK, storage));
    let [key, new, target] = ["a", "new", "target"].map(|id| here.key("User", id));
    let draft = Draft::of("a").unique(user_name("a")).linked(member("a"));
    let current = here.create(&key, draft).await?.stamp.version;
    here.create(&target, Draft::of("target")).await?;
    let elsewhere = there.key("User", "a");
    let other = there.create(&elsewhere, Draft::of("other")).await?;

    let create = |id: &str| Draft::of(id).create(&here.key("User", id), here.stamp());
    let update = |change: Change| Write::update(key.clone(), current.clone(), change);
    let delete = || Write::delete(key.clone(), current.clone());
    let renamed = || Draft::of("b").unique(user_name("b")).change(here.stamp());
    let foreign_create = || Draft::of("new").create(&there.key("User", "new"), there.stamp());
    let foreign_delete = || Write::delete(elsewhere.clone(), other.stamp.version.clone());
    // Both the same and different: neither may stand in for the other.
    let twice = [
        vec![member("x"), member("x")],
        vec![
            member("x"),
            member("y"),
            Link::new(member_key("x"), None, *b"{}"),
        ],
    ];
    let created_with = |links: &Vec<Link>| {
        let record = Record::new(here.stamp(), Draft::of("").content(), links.clone());
        Commit::of(Write::create(new.clone(), record))
    };
    let updated_with = |links: &Vec<Link>| {
        let change = Change::new(here.stamp()).with_links(vec![member_key("x")], links.clone());
        Commit::of(update(change))
    };

    let mut commits = vec![
        (
            "two creates of one key",
            Commit::of(create("new")).and(create("new")),
        ),
        (
            "two updates of one key",
            Commit::of(update(renamed())).and(update(renamed())),
        ),
        (
            "an update and a delete of one key, with another write between",
            Commit::of(update(renamed()))
                .and(create("new"))
                .and(delete()),
        ),
        ("two deletes of one key", Commit::of(delete()).and(delete())),
        (
            "a create in another scope",
            Commit::of(create("new")).and(foreign_create()),
        ),
        (
            "a delete in another scope",
            Commit::of(foreign_delete()).and(update(renamed())),
        ),
        (
            "a requirement of a record in another scope",
            Commit::of(create("new")).requiring(Requirement::Exists(elsewhere.clone())),
        ),
        (
            "a second requirement, of no references in another scope",
            Commit::of(delete())
                .requiring(Requirement::Exists(target))
                .requiring(unreferenced(elsewhere.clone())),
        ),
    ];
    for links in &twice {
        commits.push(("a create with a link twice", created_with(links)));
        commits.push(("an update with a link twice", updated_with(links)));
    }

    let view = View::of(&["User"])
        .and("User", Selection::Unique(user_name("a")))
        .and("User", Selection::Unique(user_name("b")))
        .and("User", Selection::Linked(vec![member_key("a")]))
        .and("User", Selection::Linked(vec![member_key("x")]));
    let before = (view.look(&here).await?, view.look(&there).await?);
    for (what, commit) in commits {
        here.errs(what, commit, StorageErrorKind::Unsupported)
            .await?;
        let what = format!("after {what}");
        view.unchanged(&here, &what, &before.0).await?;
        view.unchanged(&there, &what, &before.1).await?;
    }
    Ok(())
}
