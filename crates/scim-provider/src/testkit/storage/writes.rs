use std::sync::Arc;

use scim_version::ScimVersion;

use super::super::Failure;
use super::space::{Draft, Space, member, member_key, title, user_name};
use super::view::View;
use crate::Storage;
use crate::storage::{Change, Commit, Refusal, Selection, Write};

/// A create finds nothing at its key, or is refused with the version that is
/// there and writes nothing.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn creates_only_where_nothing_is(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("creates_only_where_nothing_is", storage);
    let key = space.key("User", "a");
    space.absent("a record before it is created", &key).await?;
    let draft = full("first", "a");
    let stored = space.create(&key, draft.clone()).await?;
    space
        .reads("a record after it was created", &stored)
        .await?;

    let view = view().and("User", Selection::Unique(user_name("second")));
    let before = view.look(&space).await?;
    let again = Commit::of(full("second", "b").create(&key, space.stamp()));
    let refusal = Refusal::Mismatch {
        key: key.clone(),
        current: stored.stamp.version.clone(),
    };
    space
        .refused("a create where a record is", again, refusal)
        .await?;
    view.unchanged(&space, "after a refused create", &before)
        .await?;

    space
        .applied(Commit::of(Write::delete(key.clone(), stored.stamp.version)))
        .await?;
    space.absent("a record after it was deleted", &key).await?;
    let stored = space.create(&key, draft).await?;
    space.reads("a record created again", &stored).await
}

/// Updates and deletes of records that are not there are refused as missing.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn missing_records_are_refused(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("missing_records_are_refused", storage);
    let other = space
        .create(&space.key("User", "other"), full("other", "o"))
        .await?;
    let key = space.key("User", "a");
    for gone in [false, true] {
        let stamp = space.stamp();
        let version = stamp.version.clone();
        if gone {
            space
                .applied(Commit::of(full("a", "a").create(&key, stamp)))
                .await?;
            space
                .applied(Commit::of(Write::delete(key.clone(), version.clone())))
                .await?;
        }
        let missing = Refusal::Missing { key: key.clone() };
        let change = full("new", "n").change(space.stamp());
        let update = Commit::of(Write::update(key.clone(), version.clone(), change));
        space
            .refused("an update of nothing", update, missing.clone())
            .await?;
        let delete = Commit::of(Write::delete(key.clone(), version));
        space
            .refused("a delete of nothing", delete, missing)
            .await?;
        space
            .absent("a record that was updated where it was not", &key)
            .await?;
    }
    // A record of another type does not stand in.
    let key = space.key("Group", "other");
    let delete = Commit::of(Write::delete(key.clone(), other.stamp.version.clone()));
    space
        .refused(
            "a delete under another type",
            delete,
            Refusal::Missing { key },
        )
        .await?;
    space.reads("a record beside refused writes", &other).await
}

/// A write that names another version than the record has is refused with the
/// current one, and leaves record, links, unique keys and index as they were.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn stale_writes_write_nothing(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("stale_writes_write_nothing", storage);
    let key = space.key("User", "a");
    let first = space.create(&key, full("first", "a")).await?.stamp.version;
    let second = space.stamp();
    let current = second.version.clone();
    let change = full("second", "a").change(second);
    space
        .applied(Commit::of(Write::update(
            key.clone(),
            first.clone(),
            change,
        )))
        .await?;

    let view = view().and("User", Selection::Unique(user_name("third")));
    let before = view.look(&space).await?;
    let never = space.stamp().version;
    let near = near(&current);
    let mismatch = Refusal::Mismatch {
        key: key.clone(),
        current,
    };
    for version in [first, never].into_iter().chain(near) {
        let change = full("third", "b")
            .change(space.stamp())
            .with_links(vec![member_key("a")], vec![member("b")]);
        let update = Commit::of(Write::update(key.clone(), version.clone(), change));
        space
            .refused("a stale update", update, mismatch.clone())
            .await?;
        view.unchanged(&space, "after a stale update", &before)
            .await?;
        let delete = Commit::of(Write::delete(key.clone(), version));
        space
            .refused("a stale delete", delete, mismatch.clone())
            .await?;
        view.unchanged(&space, "after a stale delete", &before)
            .await?;
    }
    Ok(())
}

/// An update changes the parts that it names and no others.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn updates_change_what_they_name(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("updates_change_what_they_name", storage);
    let key = space.key("User", "a");
    let mut stored = space.create(&key, full("first", "a")).await?;
    let name = |name: &str| Selection::Unique(user_name(name));
    let titled = |value: &str| Selection::Indexed(title(value));

    // The stamp alone.
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
    space.selects("User", name("first"), &["a"]).await?;
    space.selects("User", titled("first"), &["a"]).await?;

    // The content; links stay.
    let stamp = space.stamp();
    let draft = full("second", "a");
    let change = draft.change(stamp.clone());
    space
        .applied(Commit::of(Write::update(
            key.clone(),
            stored.stamp.version,
            change,
        )))
        .await?;
    stored = draft.stored(&key, &stamp);
    space.reads("a record with a new content", &stored).await?;
    for (gone, there) in [
        (name("first"), name("second")),
        (titled("first"), titled("second")),
    ] {
        space.selects("User", gone, &[]).await?;
        space.selects("User", there, &["a"]).await?;
    }

    // The links; the content stays.
    let stamp = space.stamp();
    let change = Change::new(stamp.clone()).with_links(vec![member_key("a")], vec![member("b")]);
    space
        .applied(Commit::of(Write::update(key, stored.stamp.version, change)))
        .await?;
    stored.stamp = stamp;
    stored.links = vec![member("b")];
    space.reads("a record with another link", &stored).await?;
    space.selects("User", name("second"), &["a"]).await?;
    space.selects("User", titled("second"), &["a"]).await
}

/// One hindrance refuses a whole commit, wherever in it it stands.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn commits_are_all_or_nothing(storage: &Arc<dyn Storage>) -> Result<(), Failure> {
    let space = Space::new("commits_are_all_or_nothing", storage);
    let [created, updated, deleted, other] =
        ["created", "updated", "deleted", "other"].map(|id| space.key("User", id));
    let before_update = space
        .create(&updated, full("old", "a"))
        .await?
        .stamp
        .version;
    let before_delete = space
        .create(&deleted, full("deleted", "a"))
        .await?
        .stamp
        .version;
    let taken = space.create(&other, full("taken", "a")).await?;
    let view = ["created", "new", "old", "deleted"]
        .iter()
        .fold(view(), |view, name| {
            view.and("User", Selection::Unique(user_name(name)))
                .and("User", Selection::Indexed(title(name)))
        });
    let before = view.look(&space).await?;

    let writes = || {
        let change = full("new", "a")
            .change(space.stamp())
            .with_links(vec![member_key("a")], vec![member("b")]);
        vec![
            full("created", "a").create(&created, space.stamp()),
            Write::update(updated.clone(), before_update.clone(), change),
            Write::delete(deleted.clone(), before_delete.clone()),
        ]
    };
    let stale = Write::update(
        other.clone(),
        before_update.clone(),
        Change::new(space.stamp()),
    );
    let mismatch = Refusal::Mismatch {
        key: other.clone(),
        current: taken.stamp.version,
    };
    let taker = full("taken", "a").create(&space.key("User", "taker"), space.stamp());
    let duplicate = Refusal::Duplicate {
        unique_key: user_name("taken"),
        holder: other,
    };
    for (hindrance, refusal) in [(stale, mismatch), (taker, duplicate)] {
        for at in 0..=3 {
            let mut writes = writes();
            writes.insert(at, hindrance.clone());
            let commit = Commit {
                writes,
                requirements: Vec::new(),
                retention: None,
            };
            space
                .refused("a commit with one hindrance", commit, refusal.clone())
                .await?;
            view.unchanged(&space, "after a refused commit of several writes", &before)
                .await?;
        }
    }

    space
        .applied(Commit {
            writes: writes(),
            requirements: Vec::new(),
            retention: None,
        })
        .await?;
    space
        .selects("User", Selection::All, &["created", "other", "updated"])
        .await?;
    for (name, ids) in [
        ("created", &["created"][..]),
        ("new", &["updated"]),
        ("old", &[]),
        ("deleted", &[]),
    ] {
        space
            .selects("User", Selection::Unique(user_name(name)), ids)
            .await?;
        space
            .selects("User", Selection::Indexed(title(name)), ids)
            .await?;
    }
    space
        .selects(
            "User",
            Selection::Linked(vec![member_key("b")]),
            &["updated"],
        )
        .await
}

/// Versions that a collation, or a column that is too short, takes for `version`.
fn near(version: &ScimVersion) -> [ScimVersion; 3] {
    let text = version.as_str();
    let letter = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
    let folded: String = text
        .char_indices()
        .map(|(at, c)| match c {
            _ if at != letter => c,
            'a'..='z' => c.to_ascii_uppercase(),
            _ => c.to_ascii_lowercase(),
        })
        .collect();
    let shorter = &text[..text.len() - 1];
    [folded.as_str(), &format!("{text}x"), shorter]
        .map(|near| ScimVersion::from_hash(near).expect("letters of a version make a version"))
}

/// A record with a unique key, an index entry and a link.
fn full(name: &str, target: &str) -> Draft {
    Draft::of(name)
        .unique(user_name(name))
        .indexed(title(name))
        .linked(member(target))
}

fn view() -> View {
    View::of(&["User"])
        .and("User", Selection::Unique(user_name("first")))
        .and("User", Selection::Unique(user_name("second")))
        .and("User", Selection::Indexed(title("first")))
        .and("User", Selection::Indexed(title("second")))
        .and("User", Selection::Indexed(title("third")))
        .and("User", Selection::Linked(vec![member_key("a")]))
        .and("User", Selection::Linked(vec![member_key("b")]))
}
