use std::cmp::Reverse;
use std::collections::HashMap;

use scim_provider::Scope;

/// The resources with the most conflicts, in bounded memory: the "Space-Saving" sketch of Metwally,
/// Agrawal and El Abbadi (2005). One that is not kept takes the place of the one with the fewest,
/// and its number.
#[derive(Debug)]
pub(super) struct Hottest {
    most: usize,
    kept: HashMap<Key, Count>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    scope: Scope,
    resource_type: Box<str>,
    id: Box<str>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    conflicts: u64,
    overcount: u64,
}

/// A resource that writers met each other at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContendedResource {
    /// Whose it is.
    pub scope: Scope,
    /// Its type.
    pub resource_type: String,
    /// Its id.
    pub id: String,
    /// How many conflicts there were, at most.
    pub conflicts: u64,
    /// How many of these may have been others': there were at least `conflicts - overcount`.
    pub overcount: u64,
}

impl Hottest {
    /// No store has longer names; one that has is not worth the memory.
    const LONGEST: usize = 1024;

    pub(super) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            kept: HashMap::new(),
        }
    }

    /// One conflict more at this resource.
    pub(super) fn count(&mut self, scope: &Scope, resource_type: &str, id: &str) {
        if resource_type.len() + id.len() > Self::LONGEST {
            return;
        }
        let key = Key {
            scope: scope.clone(),
            resource_type: resource_type.into(),
            id: id.into(),
        };
        if let Some(count) = self.kept.get_mut(&key) {
            count.conflicts += 1;
            return;
        }
        let before = self.make_room();
        let count = Count {
            conflicts: before + 1,
            overcount: before,
        };
        self.kept.insert(key, count);
    }

    /// The number of the one that has to go, or 0 if there is room.
    fn make_room(&mut self) -> u64 {
        if self.kept.len() < self.most {
            return 0;
        }
        let fewest = self.kept.iter().min_by_key(|(_, count)| count.conflicts);
        let Some((key, count)) = fewest.map(|(key, count)| (key.clone(), *count)) else {
            return 0;
        };
        self.kept.remove(&key);
        count.conflicts
    }

    pub(super) fn top(&self, most: usize) -> Vec<ContendedResource> {
        let mut all: Vec<_> = self.kept.iter().collect();
        all.sort_by_key(|(key, count)| {
            (
                Reverse(count.conflicts),
                count.overcount,
                &key.scope,
                &key.resource_type,
                &key.id,
            )
        });
        let top = all.into_iter().take(most);
        top.map(|(key, count)| ContendedResource {
            scope: key.scope.clone(),
            resource_type: key.resource_type.to_string(),
            id: key.id.to_string(),
            conflicts: count.conflicts,
            overcount: count.overcount,
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counted(most: usize, ids: &[u8]) -> Hottest {
        let mut hottest = Hottest::new(most);
        for id in ids {
            hottest.count(&Scope::Single, "User", &id.to_string());
        }
        hottest
    }

    #[test]
    fn what_fits_is_counted_exactly() {
        let top = counted(3, &[1, 2, 1, 3, 1, 2]).top(2);
        let told: Vec<_> = top
            .iter()
            .map(|r| (&*r.id, r.conflicts, r.overcount))
            .collect();
        assert_eq!(told, [("1", 3, 0), ("2", 2, 0)]);
    }

    #[test]
    fn tenants_and_types_are_told_apart() {
        let mut hottest = Hottest::new(10);
        let acme = Scope::Tenant("acme".parse().unwrap());
        for scope in [&Scope::Single, &acme] {
            for resource_type in ["User", "Group"] {
                hottest.count(scope, resource_type, "1");
            }
        }
        assert_eq!(hottest.top(10).len(), 4);
        hottest.count(&Scope::Single, "User", &"x".repeat(2000));
        assert_eq!(hottest.top(10).len(), 4);
    }

    proptest! {
        #[test]
        fn memory_is_bounded_and_so_is_what_is_wrong(
            most in 1_usize..8,
            ids in proptest::collection::vec(0_u8..20, 0..300),
        ) {
            let top = counted(most, &ids).top(usize::MAX);
            prop_assert!(top.len() <= most);
            for resource in &top {
                let real = ids.iter().filter(|id| id.to_string() == resource.id).count() as u64;
                prop_assert!(resource.conflicts >= real);
                prop_assert!(resource.conflicts - resource.overcount <= real);
            }
            for id in 0_u8..20 {
                let real = ids.iter().filter(|other| **other == id).count();
                let is_kept = top.iter().any(|resource| resource.id == id.to_string());
                prop_assert!(is_kept || real * most <= ids.len());
            }
        }
    }
}
