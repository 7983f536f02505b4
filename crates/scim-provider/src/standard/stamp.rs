use scim_version::ScimVersion;

use crate::Timestamp;
use crate::storage::{Link, LinkKey, ResourceKey, Stamp};
use crate::unique::unique_id;

/// What a new version of a record is computed from.
///
/// Its cost follows the change: the links that came and went are in it, those that
/// stayed are covered by the version before. Since `lastModified` is later than
/// before and in it too, no version of a record comes back.
///
/// Nor do two writers make the same one, even if they write the same over the same at the same
/// microsecond: each attempt has an id of its own in it. So a store that lost the answer to a commit
/// can tell by the version whether it was this commit that took effect, or a rival's that says the
/// same. What is never shown needs no place in it: a version is shown, and a short secret could be
/// found by trying.
#[derive(Debug)]
pub(super) struct State<'a> {
    pub(super) key: &'a ResourceKey,
    pub(super) document: &'a [u8],
    pub(super) removed: &'a [LinkKey],
    pub(super) added: &'a [Link],
}

impl State<'_> {
    /// The stamp of a record that is created at `now`.
    pub(super) fn first(&self, now: Timestamp) -> Stamp {
        Stamp::new(self.version(None, now), now, now)
    }

    /// The stamp of a record that changes at `now` from the state of `previous`.
    pub(super) fn next(&self, previous: &Stamp, now: Timestamp) -> Stamp {
        let last_modified = now.after(previous.last_modified);
        let version = self.version(Some(&previous.version), last_modified);
        Stamp::new(version, previous.created, last_modified)
    }

    fn version(&self, previous: Option<&ScimVersion>, last_modified: Timestamp) -> ScimVersion {
        let micros = last_modified.as_micros().to_be_bytes();
        // The counts keep what was removed apart from what was added.
        let removed = self.removed.len().to_string();
        let added = self.added.len().to_string();
        let attempt = unique_id().into_bytes();
        let head = [
            self.key.resource_type().as_bytes(),
            self.key.id().as_str().as_bytes(),
            previous.map_or("", ScimVersion::as_str).as_bytes(),
            &micros,
            self.document,
            &attempt,
            removed.as_bytes(),
            added.as_bytes(),
        ];
        let removed = self.removed.iter().flat_map(key_parts);
        let added = self.added.iter().flat_map(|link| {
            let reference = link.reference.as_deref().unwrap_or("");
            let rest: [&[u8]; 2] = [reference.as_bytes(), &link.detail];
            key_parts(&link.key).into_iter().chain(rest)
        });
        ScimVersion::from_parts(head.into_iter().chain(removed).chain(added))
    }
}

fn key_parts(key: &LinkKey) -> [&[u8]; 2] {
    [key.attribute.as_bytes(), key.target.as_bytes()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scope;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_state_that_comes_back_within_one_tick_has_a_new_version() {
        let key = ResourceKey::new(Scope::Single, "User", "1").unwrap();
        let state = |document| State {
            key: &key,
            document,
            removed: &[],
            added: &[],
        };
        let now = at("2026-01-01T00:00:00Z");
        let a = state(b"a").first(now);
        let b = state(b"b").next(&a, now);
        let a_again = state(b"a").next(&b, now);
        assert_ne!(a.version, a_again.version);
        assert!(a.last_modified < b.last_modified && b.last_modified < a_again.last_modified);
        assert_eq!(a_again.created, a.created);
    }

    #[test]
    fn two_who_write_the_same_at_the_same_time_make_two_versions() {
        let key = ResourceKey::new(Scope::Single, "User", "1").unwrap();
        let state = State {
            key: &key,
            document: b"{}",
            removed: &[],
            added: &[],
        };
        let now = at("2026-01-01T00:00:00Z");
        let first = state.first(now);
        let [one, other] = [0; 2].map(|_| state.next(&first, now));
        assert_eq!(one.last_modified, other.last_modified);
        assert_ne!(one.version, other.version);
    }

    #[test]
    fn adding_and_removing_the_same_link_differ() {
        let key = ResourceKey::new(Scope::Single, "Group", "1").unwrap();
        let link = LinkKey::new("members", "2");
        let now = at("2026-01-01T00:00:00Z");
        let base = State {
            key: &key,
            document: b"{}",
            removed: &[],
            added: &[],
        };
        let first = base.first(now);
        let added = [Link::new(link.clone(), None, *b"")];
        let removed = [link];
        let with = State {
            added: &added,
            ..base
        }
        .next(&first, now);
        let without = State {
            key: &key,
            document: b"{}",
            removed: &removed,
            added: &[],
        };
        assert_ne!(with.version, without.next(&first, now).version);
    }
}
