use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, ids, member, member_key, modified, title, user_name};
use crate::Storage;
use crate::storage::{Change, Commit, IndexEntry, Selection, Write};

/// Every selection finds a record as soon as it is written, and no longer than
/// it says so.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn selections_follow_the_writes(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("selections_follow_the_writes", storage);
    let nothing: &[&str] = &[];
    let everything = || {
        [
            Selection::All,
            Selection::Unique(user_name("x")),
            Selection::Indexed(title("t")),
            Selection::Linked(vec![member_key("m")]),
            Selection::Linked(vec![member_key("l"), member_key("m")]),
            ids(&["b"]),
            modified(None, None),
        ]
    };
    for selection in everything() {
        space.selects("User", selection, nothing).await?;
    }

    let key = space.key("User", "b");
    let full = Draft::of("b")
        .unique(user_name("x"))
        .indexed(title("t"))
        .linked(member("m"));
    let stored = space.create(&key, full.clone()).await?;
    for selection in everything() {
        space.selects("User", selection.clone(), &["b"]).await?;
        // Another type has none of it.
        space.selects("Group", selection.clone(), nothing).await?;
        let found = space.select("User", selection.clone()).await?.records;
        space.same(
            &format!("the record of {selection:?}"),
            &found.first(),
            &Some(&stored),
        )?;
    }
    // Rules, attributes and values are not confused.
    for near in [
        Selection::Unique(crate::storage::UniqueKey::new("title", "t")),
        Selection::Unique(user_name("t")),
        Selection::Indexed(IndexEntry::new("User:userName", "x")),
        Selection::Indexed(title("x")),
        Selection::Linked(vec![crate::storage::LinkKey::new("title", "m")]),
        Selection::Linked(vec![member_key("b")]),
    ] {
        space.selects("User", near, nothing).await?;
    }

    // Several records share entries and links; one has several of both.
    let shared = Draft::of("s")
        .indexed(title("t"))
        .indexed(title("u"))
        .indexed(IndexEntry::new("emails.value", "t"))
        .linked(member("m"))
        .linked(member("n"));
    for id in ["c", "a"] {
        space.create(&space.key("User", id), shared.clone()).await?;
    }
    space
        .create(&space.key("Group", "b"), shared.clone())
        .await?;
    space
        .selects("User", Selection::Indexed(title("t")), &["a", "b", "c"])
        .await?;
    space
        .selects("User", Selection::Indexed(title("u")), &["a", "c"])
        .await?;
    let email = Selection::Indexed(IndexEntry::new("emails.value", "t"));
    space.selects("User", email, &["a", "c"]).await?;
    space
        .selects(
            "User",
            Selection::Linked(vec![member_key("m")]),
            &["a", "b", "c"],
        )
        .await?;
    space
        .selects(
            "User",
            Selection::Linked(vec![member_key("n")]),
            &["a", "c"],
        )
        .await?;
    space
        .selects("Group", Selection::Indexed(title("u")), &["b"])
        .await?;

    // An update moves the record.
    let stamp = space.stamp();
    let change = Draft::of("b")
        .unique(user_name("y"))
        .indexed(title("u"))
        .change(stamp.clone())
        .with_links(vec![member_key("m")], vec![member("n")]);
    space
        .applied(Commit::of(Write::update(
            key.clone(),
            stored.stamp.version,
            change,
        )))
        .await?;
    for (selection, ids) in [
        (Selection::Unique(user_name("x")), &[][..]),
        (Selection::Unique(user_name("y")), &["b"]),
        (Selection::Indexed(title("t")), &["a", "c"]),
        (Selection::Indexed(title("u")), &["a", "b", "c"]),
        (Selection::Linked(vec![member_key("m")]), &["a", "c"]),
        (Selection::Linked(vec![member_key("n")]), &["a", "b", "c"]),
    ] {
        space.selects("User", selection, ids).await?;
    }
    // One without content leaves it where it is.
    let next = space.stamp();
    let version = stamp.version;
    space
        .applied(Commit::of(Write::update(
            key.clone(),
            version,
            Change::new(next.clone()),
        )))
        .await?;
    space
        .selects("User", Selection::Unique(user_name("y")), &["b"])
        .await?;
    space
        .selects("User", Selection::Indexed(title("u")), &["a", "b", "c"])
        .await?;

    // A delete takes it away.
    space
        .applied(Commit::of(Write::delete(key, next.version)))
        .await?;
    space.selects("User", Selection::All, &["a", "c"]).await?;
    space
        .selects("User", Selection::Unique(user_name("y")), &[])
        .await?;
    space
        .selects("User", Selection::Indexed(title("u")), &["a", "c"])
        .await?;
    space
        .selects(
            "User",
            Selection::Linked(vec![member_key("n")]),
            &["a", "c"],
        )
        .await
}
