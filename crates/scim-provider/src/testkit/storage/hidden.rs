use std::sync::Arc;

use super::super::Failure;
use super::space::{Draft, Space, ids, member};
use crate::Storage;
use crate::storage::{Change, Commit, LinkSelection, Query, ResourceKey, Selection, Stored, Write};

/// What is never shown is read octet by octet as it was written, by whatever read; it
/// is replaced with the content and stays when there is none.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn hidden_attributes_come_back_unchanged(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    let space = Space::new("hidden_attributes_come_back_unchanged", storage);
    let draft = |hidden: Option<&str>| {
        let draft = Draft::of("x").linked(member("m"));
        hidden.into_iter().fold(draft, Draft::hiding)
    };
    // Nothing hidden, nothing in it, and what a store might be tempted to print anew.
    let all = [
        None,
        Some("{}"),
        Some(r#"{"password":"$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"}"#),
        Some(r#"{"a":18446744073709551615,"b":1e+300,"c":"\u0000\u001f\"\\","d":[null,{}]}"#),
    ];
    for (n, before) in all.into_iter().enumerate() {
        let key = space.key("User", &n.to_string());
        let mut stored = space.create(&key, draft(before)).await?;
        seen(&space, "a create", &stored).await?;
        for after in all {
            stored = replaced(&space, &key, &stored, &draft(after)).await?;
            seen(&space, "an update of the content", &stored).await?;
            stored = replaced(&space, &key, &stored, &draft(before)).await?;
            seen(&space, "an update back", &stored).await?;
        }
    }
    let beside = space.select("User", Selection::All).await?;

    // Neither the stamp alone nor the links alone touch it.
    let key = space.key("Group", "g");
    let mut stored = space.create(&key, draft(all[2])).await?;
    let links = [
        (vec![], vec![]),
        (vec![], vec![member("n")]),
        (vec![member("m").key], vec![]),
    ];
    for (remove, add) in links {
        let stamp = space.stamp();
        stored.links.retain(|link| !remove.contains(&link.key));
        stored.links.extend(add.iter().cloned());
        let change = Change::new(stamp.clone()).with_links(remove, add);
        let update = Write::update(key.clone(), stored.stamp.version, change);
        space.applied(Commit::of(update)).await?;
        stored.stamp = stamp;
        seen(&space, "an update without content", &stored).await?;
    }
    let after = space.select("User", Selection::All).await?;
    space.same("records beside", &after, &beside)
}

/// The record with the content of `draft` in the place of its own.
async fn replaced(
    space: &Space,
    key: &ResourceKey,
    stored: &Stored,
    draft: &Draft,
) -> Result<Stored, Failure> {
    let stamp = space.stamp();
    let wanted = draft.stored(key, &stamp);
    let change = draft.change(stamp);
    let update = Write::update(key.clone(), stored.stamp.version.clone(), change);
    space.applied(Commit::of(update)).await?;
    Ok(wanted)
}

/// Every way to read shows the record as it should be.
async fn seen(space: &Space, after: &str, wanted: &Stored) -> Result<(), Failure> {
    let what = format!("a record with hidden attributes after {after}");
    space.reads(&what, wanted).await?;
    let mut bare = wanted.clone();
    bare.links.clear();
    let found = space.get_with(&wanted.key, &LinkSelection::None).await?;
    space.same(&what, &found.as_ref(), &Some(&bare))?;
    let kind = wanted.key.resource_type();
    let query = Query::new(space.scope().clone(), kind, 10)
        .selecting(ids(&[wanted.key.id().as_str()]))
        .with_links(LinkSelection::None);
    let page = space.page(&query).await?;
    space.same(&format!("{what}, on a page"), &page.records, &vec![bare])
}
