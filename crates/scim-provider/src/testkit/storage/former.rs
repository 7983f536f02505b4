use std::sync::Arc;
use std::time::Duration;

use super::super::Failure;
use super::space::{Draft, Space, member};
use crate::storage::{
    Change, Commit, Link, LinkKey, ResourceKey, Retention, Stamp, Storage, Stored, Write,
};

const PLENTY: u64 = 1 << 30;

/// A record that is written again and again, and what it was each time.
struct Written<'a> {
    space: &'a Space,
    key: ResourceKey,
    /// The last is what it is.
    states: Vec<Stored>,
}

impl<'a> Written<'a> {
    async fn create(space: &'a Space, id: &str) -> Result<Self, Failure> {
        let key = space.key("Group", id);
        let draft = Draft::of("0").hiding("{\"pin\":1}").linked(member("a"));
        let created = space.create(&key, draft).await?;
        Ok(Self {
            space,
            key,
            states: vec![created],
        })
    }

    fn current(&self) -> &Stored {
        self.states.last().expect("one is there from the start")
    }

    fn version(&self, at: usize) -> &scim_version::ScimVersion {
        &self.states[at].stamp.version
    }

    /// Writes the document, or else the links alone.
    async fn write(
        &mut self,
        document: Option<&str>,
        remove: &[&str],
        add: &[Link],
        retention: Option<Retention>,
    ) -> Result<(), Failure> {
        let before = self.current().clone();
        let stamp = self.space.stamp();
        let removed = remove.iter().map(|id| LinkKey::new("members", *id));
        let removed: Vec<_> = removed.collect();
        let mut after = before.clone();
        after.stamp = stamp.clone();
        after.links.retain(|link| {
            !removed.contains(&link.key) && add.iter().all(|added| added.key != link.key)
        });
        after.links.extend(add.iter().cloned());
        after.links.sort_by(|a, b| a.key.cmp(&b.key));
        let mut change = Change::new(stamp).with_links(removed, add.to_vec());
        if let Some(text) = document {
            let content = Draft::of(text).content();
            after.document = content.document.clone();
            after.hidden = None;
            change = change.with_content(content);
        }
        let update = Write::update(self.key.clone(), before.stamp.version, change);
        let commit = Commit::of(update).keeping(retention);
        self.space.applied(commit).await?;
        self.states.push(after);
        Ok(())
    }

    /// A few times.
    async fn again(&mut self, times: usize, retention: Retention) -> Result<(), Failure> {
        for n in 0..times {
            let text = format!("again {n}");
            self.write(Some(&text), &[], &[], Some(retention)).await?;
        }
        Ok(())
    }

    /// Of all versions, exactly those from `first` on are kept, as they were.
    async fn kept_from(
        &self,
        what: &str,
        storage: &Arc<dyn Storage>,
        first: usize,
    ) -> Result<(), Failure> {
        let last = self.states.len() - 1;
        for (at, state) in self.states.iter().enumerate() {
            let found = storage.former(&self.key, &state.stamp.version).await;
            let found = found.map_err(|error| self.space.failure(error.to_string()))?;
            let wanted = (first..last).contains(&at).then(|| {
                let mut stored = state.clone();
                stored.hidden = None;
                (stored, self.states[at + 1].stamp.last_modified)
            });
            let found = found.map(|found| (found.stored, found.replaced));
            self.space.same(what, &found, &wanted)?;
        }
        Ok(())
    }
}

/// What an update replaces is kept as it was, with all its links and nothing hidden, within the
/// bounds of the commit; what is deleted, or written without retention, has no past.
///
/// # Errors
///
/// If the store does otherwise. One that does not [keep](Storage::keeps_former) former versions must
/// have none.
pub async fn former_versions_are_kept_within_bounds(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    let space = Space::new("former_versions_are_kept_within_bounds", storage);
    let mut group = Written::create(&space, "g").await?;
    let all = Some(Retention::new(100, PLENTY));
    if !storage.keeps_former() {
        group.write(Some("1"), &[], &[], all).await?;
        return group.kept_from("a store without a past", storage, 1).await;
    }
    group.write(None, &[], &[member("d")], all).await?;
    group
        .kept_from("beside something hidden", storage, 0)
        .await?;
    group.write(Some("1"), &["d"], &[], all).await?;
    group
        .write(None, &[], &[member("b"), member("c")], all)
        .await?;
    group.write(None, &["a", "nobody"], &[], all).await?;
    let renamed = Link::new(member("b").key, None, *b"{\"display\":\"B\"}");
    group
        .write(Some("2"), &["c"], &[renamed, member("a")], all)
        .await?;
    group.write(None, &["a"], &[member("a")], all).await?;
    group.write(None, &["a", "b"], &[], all).await?;
    group.kept_from("former versions", storage, 0).await?;

    // Nobody else sees them, nor do they come back under another key.
    let other = space.key("Group", "other");
    for key in [other, space.key("User", "g")] {
        let found = storage.former(&key, group.version(0)).await;
        let found = found.map_err(|error| space.failure(error.to_string()))?;
        space.same("the past of another record", &found, &None)?;
    }

    group.again(4, Retention::new(3, PLENTY)).await?;
    let last = group.states.len() - 1;
    group.kept_from("by count", storage, last - 3).await?;

    // All in the scope together.
    let mut user = Written::create(&space, "u").await?;
    user.again(1, Retention::new(100, PLENTY)).await?;
    user.kept_from("beside", storage, 0).await?;
    user.write(Some("small"), &[], &[], Some(Retention::new(100, 0)))
        .await?;
    user.kept_from("by octets", storage, 2).await?;
    group
        .kept_from("by octets, of another", storage, last)
        .await?;

    group.again(2, Retention::new(100, PLENTY)).await?;
    group.write(Some("forgetful"), &[], &[], None).await?;
    let last = group.states.len() - 1;
    group
        .kept_from("after an update without retention", storage, last)
        .await?;
    group.again(2, Retention::new(100, PLENTY)).await?;
    group.kept_from("after that", storage, last).await?;

    let delete = Write::delete(group.key.clone(), group.current().stamp.version.clone());
    space.applied(Commit::of(delete).keeping(all)).await?;
    let last = group.states.len();
    group.states.push(group.current().clone());
    group.kept_from("of what was deleted", storage, last).await
}

/// What was replaced too long ago is dropped by the next update that says so.
///
/// # Errors
///
/// If the store does otherwise.
pub async fn former_versions_are_dropped_with_age(
    storage: &Arc<dyn Storage>,
) -> Result<(), Failure> {
    if !storage.keeps_former() {
        return Ok(());
    }
    let space = Space::new("former_versions_are_dropped_with_age", storage);
    let mut group = Written::create(&space, "g").await?;
    let retention = Retention::new(100, PLENTY).with_age(Duration::from_secs(3600));
    let at = |seconds: i64| {
        let time = crate::Timestamp::from_micros(seconds * 1_000_000);
        time.expect("a time soon after 1970")
    };
    for seconds in [0, 1_000, 4_000, 5_000] {
        let stamp = Stamp {
            last_modified: at(seconds),
            ..space.stamp()
        };
        let change = Change::new(stamp.clone());
        let before = group.current().clone();
        let update = Write::update(group.key.clone(), before.stamp.version.clone(), change);
        space
            .applied(Commit::of(update).keeping(Some(retention)))
            .await?;
        group.states.push(Stored { stamp, ..before });
    }
    // Replaced at 0, 1000, 4000 and 5000.
    group.kept_from("by age", storage, 2).await
}
