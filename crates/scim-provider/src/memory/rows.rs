use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::visits::visit;
use crate::Timestamp;
use crate::storage::ResourceId;

/// An ordered map that counts each row it gives out or changes (in tests, see
/// [`visit`]). All that is stored lies in such maps, so nothing walks them
/// uncounted.
///
/// A tree, because it grows row by row: a hash table moves all rows when it is
/// full.
#[derive(Debug)]
pub(super) struct Rows<K, V = ()>(BTreeMap<K, V>);

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord, V> Rows<K, V> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.row(key).map(|(_, value)| value)
    }

    /// The row of `key`, with the key as it is stored.
    pub(super) fn row<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        visit(1);
        self.0.get_key_value(key)
    }

    /// The row of `key`, with the key as it is stored.
    pub(super) fn row_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<(&K, &mut V)>
    where
        K: Borrow<Q>,
    {
        visit(1);
        self.0
            .range_mut::<Q, _>((Bound::Included(key), Bound::Included(key)))
            .next()
    }

    /// Puts the row there; the key of a row that is replaced stays the same
    /// allocation.
    pub(super) fn insert(&mut self, key: K, value: V) {
        visit(1);
        self.0.insert(key, value);
    }

    pub(super) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        visit(1);
        self.0.remove(key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().inspect(|_| visit(1))
    }

    /// The rows whose keys come after `key`, which need not be there.
    pub(super) fn after<Q: Ord + ?Sized>(&self, key: &Q) -> impl Iterator<Item = (&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.0
            .range::<Q, _>((Bound::Excluded(key), Bound::Unbounded))
            .inspect(|_| visit(1))
    }
}

impl Rows<(Timestamp, ResourceId)> {
    /// The rows from `from` to `to`, both included.
    pub(super) fn within(
        &self,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> impl Iterator<Item = &(Timestamp, ResourceId)> {
        let from = from.map(|from| (from, ResourceId::lowest()));
        let from = from.map_or(Bound::Unbounded, Bound::Included);
        self.0
            .range((from, Bound::Unbounded))
            .map(|(key, ())| key)
            .inspect(|_| visit(1))
            .take_while(move |(at, _)| to.is_none_or(|to| *at <= to))
    }
}

impl<const N: usize, V> Rows<[Arc<str>; N], V> {
    /// The rows whose keys begin with `prefix`, which is shorter than a key.
    ///
    /// A slice comes right before all longer ones that begin with it, so these
    /// rows stand together.
    pub(super) fn under(&self, prefix: &[Arc<str>]) -> impl Iterator<Item = (&[Arc<str>; N], &V)> {
        self.after(prefix)
            .take_while(move |(key, _)| key.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::super::visits::count;
    use super::*;

    fn rows(keys: &[[&str; 2]]) -> Rows<[Arc<str>; 2]> {
        let mut rows = Rows::default();
        for key in keys {
            rows.insert(key.map(Arc::from), ());
        }
        rows
    }

    #[test]
    fn a_prefix_finds_its_rows_and_no_others() {
        let rows = rows(&[
            ["a", "z"],
            ["b", "2"],
            ["b", "1"],
            ["b", ""],
            ["bb", "1"],
            ["c", "0"],
        ]);
        let found = |prefix: &str| {
            rows.under(&[prefix.into()])
                .map(|(key, ())| key[1].to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("b"), ["", "1", "2"]);
        assert_eq!(found("bb"), ["1"]);
        assert!(found("").is_empty());
        assert!(found("d").is_empty());
    }

    #[test]
    fn every_row_given_out_is_counted() {
        let rows = rows(&[["a", "1"], ["a", "2"], ["b", "1"]]);
        assert_eq!(count(|| rows.iter().count()).0, 3);
        assert_eq!(count(|| rows.iter().take(2).count()).0, 2);
        // The row that ends the walk is looked at, too.
        assert_eq!(count(|| rows.under(&["a".into()]).count()).0, 3);
    }
}
