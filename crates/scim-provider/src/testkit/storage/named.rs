use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, id_of, ids, member, member_key, title};
use crate::Storage;
use crate::storage::{Commit, Link, LinkKey, LinkSelection, Query, Selection, Write};

/// A record that has several of the links is selected once, by whichever of them it has.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn links_select_each_record_once(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("links_select_each_record_once", storage);
    let owner = |target: &str| Link::new(LinkKey::new("owners", target), None, *b"{}");
    for (kind, id, links) in [
        ("Group", "both", vec![member("a"), member("b")]),
        ("Group", "owned", vec![owner("a"), member("c")]),
        ("Group", "last", vec![member("b")]),
        ("Group", "none", vec![member("d"), owner("b")]),
        ("User", "other", vec![member("a"), member("b")]),
    ] {
        let draft = links.into_iter().fold(Draft::of(id), Draft::linked);
        space.create(&space.key(kind, id), draft).await?;
    }
    let [a, b, c] = ["a", "b", "c"].map(member_key);
    let cases = [
        (vec![], &[][..]),
        (vec![a.clone(), b.clone()], &["both", "last"]),
        (vec![b.clone(), a.clone(), b.clone()], &["both", "last"]),
        (vec![a.clone(), a.clone()], &["both"]),
        (vec![owner("a").key, a.clone()], &["both", "owned"]),
        (vec![owner("a").key, c.clone()], &["owned"]),
        (vec![c, b, a.clone()], &["both", "last", "owned"]),
        (vec![member_key("x"), a], &["both"]),
        (vec![member_key("x"), owner("c").key], &[]),
    ];
    for (keys, wanted) in cases {
        space
            .selects("Group", Selection::Linked(keys), wanted)
            .await?;
    }
    Ok(())
}

/// Ids select those records of the type that there are, each once.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn ids_select_what_is_there(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("ids_select_what_is_there", storage);
    let draft = || Draft::of("x").indexed(title("t")).linked(member("m"));
    for id in ["c", "a", "B"] {
        space.create(&space.key("User", id), draft()).await?;
    }
    let gone = space.create(&space.key("User", "gone"), draft()).await?;
    let elsewhere = space.key("Group", "elsewhere");
    space.create(&elsewhere, draft()).await?;
    let delete = Write::delete(gone.key, gone.stamp.version);
    space.applied(Commit::of(delete)).await?;

    for (named, wanted) in [
        (&[][..], &[][..]),
        (&["a"], &["a"]),
        (&["c", "a"], &["a", "c"]),
        (&["a", "c", "a"], &["a", "c"]),
        (&["b", "A", "B"], &["B"]),
        (&["gone", "c"], &["c"]),
        (&["elsewhere", "never"], &[]),
        (&["elsewhere", "c", "never", "a", "B"], &["B", "a", "c"]),
    ] {
        space.selects("User", ids(named), wanted).await?;
    }
    space
        .selects("Group", ids(&["a", "elsewhere"]), &["elsewhere"])
        .await
}

/// As many ids or links as a caller has are one selection: more than a statement of
/// some databases has places for.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn many_keys_are_one_selection(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    const MANY: usize = 70_000;
    let space = Space::new("many_keys_are_one_selection", storage);
    let (first, last) = ("n0".to_owned(), format!("n{}", MANY - 1));
    let draft = Draft::of("x").linked(member(&first)).linked(member(&last));
    for id in [&first, &last] {
        space.create(&space.key("User", id), draft.clone()).await?;
    }
    let wanted = [first.as_str(), last.as_str()];
    let names = || (0..MANY).map(|n| format!("n{n}"));
    let all_ids = Selection::Ids(names().map(|id| id_of(&id)).collect());
    let all_links: Vec<_> = names().map(|target| member_key(&target)).collect();
    for selection in [all_ids, Selection::Linked(all_links.clone())] {
        let page = space.select("User", selection).await?;
        let found = page.records.iter().map(|record| record.key.id().as_str());
        // Debug of the selection is long.
        space.holds(
            "a selection by many keys has other records than one by few",
            page.total == 2 && found.eq(wanted),
        )?;
    }
    let query = Query::new(space.scope().clone(), "User", 10)
        .selecting(ids(&wanted))
        .with_links(LinkSelection::Of(all_links));
    let page = space.page(&query).await?;
    space.holds(
        "a read of many links gives other links than one of few",
        page.records.iter().all(|record| {
            let found = record.links.iter().map(|link| &*link.key.target);
            found.eq(wanted)
        }),
    )
}
