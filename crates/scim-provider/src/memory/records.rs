use std::sync::Arc;

use super::rows::Rows;
use super::tables::Entry;
use crate::storage::ResourceId;

/// The records of one type, in the order of their ids, and found by id.
///
/// The order is a tree of texts that mostly begin alike, so that each comparison on the way
/// down reads two of them. Finding one record goes by a tree of numbers instead, the hashes of the
/// ids. Nothing rests on those: where two ids have one hash, it leads to one of the records, and
/// the other is found by the order. So nobody gains anything by making such ids.
#[derive(Debug, Default)]
pub(super) struct Records {
    ordered: Rows<ResourceId, Arc<Entry>>,
    hashed: Rows<u64, Hashed>,
}

/// The record whose id has a certain hash. The record is only away while it changes.
#[derive(Debug)]
struct Hashed {
    id: ResourceId,
    entry: Option<Arc<Entry>>,
}

const ALONE: &str = "readers copy what they need of an entry and let it go under the lock";

impl Records {
    pub(super) fn len(&self) -> usize {
        self.ordered.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ordered.is_empty()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Entry> {
        self.row(id).map(|(_, entry)| entry)
    }

    /// The record, with its id as it is stored.
    pub(super) fn row(&self, id: &str) -> Option<(&ResourceId, &Entry)> {
        if let Some(hashed) = self.hashed.get(&hash(id))
            && hashed.id.as_str() == id
            && let Some(entry) = &hashed.entry
        {
            return Some((&hashed.id, entry));
        }
        let (id, entry) = self.ordered.row(id)?;
        Some((id, entry))
    }

    /// Adds a record whose id none has yet.
    pub(super) fn insert(&mut self, id: ResourceId, entry: Entry) {
        let entry = Arc::new(entry);
        let hash = hash(id.as_str());
        if self.hashed.get(&hash).is_none() {
            let hashed = Hashed {
                id: id.clone(),
                entry: Some(Arc::clone(&entry)),
            };
            self.hashed.insert(hash, hashed);
        }
        self.ordered.insert(id, entry);
    }

    /// Has `change` change a record, given its id as it is stored, and gives back what that
    /// gives; `None` if there is no such record.
    pub(super) fn change<T>(
        &mut self,
        id: &str,
        change: impl FnOnce(&ResourceId, &mut Entry) -> T,
    ) -> Option<T> {
        let (stored, entry) = self.ordered.row_mut(id)?;
        let mut hashed = self.hashed.row_mut(&hash(id)).map(|(_, hashed)| hashed);
        let mut hashed = hashed.take_if(|hashed| hashed.id.as_str() == id);
        if let Some(hashed) = &mut hashed {
            hashed.entry = None;
        }
        let changed = change(stored, Arc::get_mut(entry).expect(ALONE));
        if let Some(hashed) = hashed {
            hashed.entry = Some(Arc::clone(entry));
        }
        Some(changed)
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Entry> {
        let entry = self.ordered.remove(id)?;
        let hash = hash(id);
        if self
            .hashed
            .get(&hash)
            .is_some_and(|hashed| hashed.id.as_str() == id)
        {
            self.hashed.remove(&hash);
        }
        Some(Arc::into_inner(entry).expect(ALONE))
    }

    /// All records, in the order of their ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&ResourceId, &Entry)> {
        self.ordered.iter().map(|(id, entry)| (id, &**entry))
    }

    /// The records whose ids come after `id`, which need not be there.
    pub(super) fn after(&self, id: &ResourceId) -> impl Iterator<Item = (&ResourceId, &Entry)> {
        self.ordered.after(id).map(|(id, entry)| (id, &**entry))
    }
}

/// 2^64 by the golden ratio, made odd: multiplying by it spreads every bit upwards.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
/// Takes what was spread upwards down again.
const TURN: u32 = 29;

fn hash(id: &str) -> u64 {
    let (words, rest) = id.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    words.iter().chain([&last]).fold(0, |hash: u64, word| {
        (hash.rotate_left(TURN) ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD)
    })
}

#[cfg(test)]
mod tests {
    use scim_version::ScimVersion;

    use super::*;
    use crate::Timestamp;
    use crate::storage::Stamp;

    fn id(text: &str) -> ResourceId {
        text.parse().unwrap()
    }

    fn entry(revision: u64) -> Entry {
        let at = Timestamp::from_micros(0).unwrap();
        Entry {
            stamp: Stamp::new(ScimVersion::from_revision(revision), at, at),
            document: b"{}"[..].into(),
            hidden: None,
            unique: Box::default(),
            index: Box::default(),
        }
    }

    fn revision(records: &Records, id: &str) -> Option<ScimVersion> {
        records.get(id).map(|entry| entry.stamp.version.clone())
    }

    fn of(revision: u64) -> Option<ScimVersion> {
        Some(ScimVersion::from_revision(revision))
    }

    /// Two ids that have one hash: what the first words make different, the second undo.
    fn twins() -> [String; 2] {
        let after = |word: [u8; 8]| {
            let hash = u64::from_le_bytes(word).wrapping_mul(SPREAD);
            hash.rotate_left(TURN)
        };
        let word = |n: u32| <[u8; 8]>::try_from(format!("{n:08}").as_bytes()).unwrap();
        let (first, second) = (word(0), *b"mnopqrst");
        let found = (1..100_000).find_map(|n| {
            let undone = after(first) ^ after(word(n)) ^ u64::from_le_bytes(second);
            let undone = undone.to_le_bytes();
            let is_legal = undone.iter().all(u8::is_ascii_graphic);
            is_legal.then(|| [word(n), undone])
        });
        let found = found.expect("one out of 3,000 is of visible characters");
        [[first, second], found].map(|words| String::from_utf8(words.concat()).unwrap())
    }

    #[test]
    fn a_record_is_found_changed_and_removed_by_its_id() {
        let mut records = Records::default();
        for n in 0..1_000 {
            records.insert(id(&format!("user-{n}")), entry(n));
        }
        assert_eq!(revision(&records, "user-7"), of(7));
        assert_eq!(revision(&records, "user-1000"), None);
        let changed = records.change("user-7", |id, entry| {
            entry.stamp.version = ScimVersion::from_revision(70);
            id.to_string()
        });
        assert_eq!(changed.as_deref(), Some("user-7"));
        assert_eq!(revision(&records, "user-7"), of(70));
        assert!(records.change("user-1000", |_, _| ()).is_none());
        assert!(records.remove("user-7").is_some());
        assert!(records.remove("user-7").is_none());
        assert_eq!(revision(&records, "user-7"), None);
        assert_eq!(records.len(), 999);
        assert_eq!(records.hashed.len(), 999);
    }

    #[test]
    fn ids_of_one_hash_are_different_records() {
        let [one, other] = &twins();
        assert_ne!(one, other);
        assert_eq!(hash(one), hash(other));
        for first_gone in [one, other] {
            let mut records = Records::default();
            records.insert(id(one), entry(1));
            records.insert(id(other), entry(2));
            for (twin, n) in [(one, 1), (other, 2)] {
                assert_eq!(revision(&records, twin), of(n));
                let version = ScimVersion::from_revision(n + 10);
                records.change(twin, |_, entry| entry.stamp.version = version);
            }
            assert_eq!(
                (revision(&records, one), revision(&records, other)),
                (of(11), of(12))
            );
            assert!(records.remove(first_gone).is_some());
            let left = if first_gone == one {
                (None, of(12))
            } else {
                (of(11), None)
            };
            assert_eq!((revision(&records, one), revision(&records, other)), left);
            assert!(records.remove(one).is_some() != records.remove(other).is_some());
            assert!(records.is_empty() && records.hashed.is_empty());
        }
    }
}
