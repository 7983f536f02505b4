use std::collections::{BTreeMap, BTreeSet};

use super::tables::Tables;
use crate::storage::{
    Commit, LinkKey, Refusal, Requirement, ResourceKey, UniqueKey, Write, WriteOp,
};

/// Why `commit` can't be applied, if it can't.
///
/// Nothing is written to find out: what the writes would leave is seen through
/// an overlay of the keys they touch.
pub(super) fn judge(tables: &Tables, commit: &Commit) -> Option<Refusal> {
    missing(tables, commit)
        .or_else(|| mismatch(tables, commit))
        .or_else(|| {
            let after = After::new(tables, commit);
            after.requirement_failed().or_else(|| after.duplicate())
        })
}

fn missing(tables: &Tables, commit: &Commit) -> Option<Refusal> {
    let key = commit.writes.iter().find_map(|write| match write.op {
        WriteOp::Create(_) => None,
        WriteOp::Update { .. } | WriteOp::Delete { .. } => {
            tables.version(&write.key).is_none().then_some(&write.key)
        }
    })?;
    Some(Refusal::Missing { key: key.clone() })
}

fn mismatch(tables: &Tables, commit: &Commit) -> Option<Refusal> {
    commit.writes.iter().find_map(|write| {
        let current = tables.version(&write.key)?;
        let matches = match &write.op {
            WriteOp::Create(_) => false,
            WriteOp::Update { expected, .. } | WriteOp::Delete { expected } => expected == current,
        };
        (!matches).then(|| Refusal::Mismatch {
            key: write.key.clone(),
            current: current.clone(),
        })
    })
}

/// The state that the writes of a commit would leave, whose records are there
/// and have the versions named.
struct After<'a> {
    tables: &'a Tables,
    commit: &'a Commit,
    writes: BTreeMap<&'a ResourceKey, &'a WriteOp>,
}

impl<'a> After<'a> {
    fn new(tables: &'a Tables, commit: &'a Commit) -> Self {
        let writes = commit
            .writes
            .iter()
            .map(|write| (&write.key, &write.op))
            .collect();
        Self {
            tables,
            commit,
            writes,
        }
    }

    fn requirement_failed(&self) -> Option<Refusal> {
        // Only made for commits that ask about links.
        let mut links = None;
        let requirement =
            self.commit
                .requirements
                .iter()
                .find(|requirement| match requirement {
                    Requirement::Exists(key) => !self.exists(key),
                    Requirement::Unreferenced { key, reference } => links
                        .get_or_insert_with(|| LinkChanges::of(self.commit))
                        .leave_link_to(key, reference, self.tables),
                })?;
        Some(Refusal::RequirementFailed {
            requirement: requirement.clone(),
        })
    }

    fn exists(&self, key: &ResourceKey) -> bool {
        match self.writes.get(key) {
            Some(WriteOp::Create(_) | WriteOp::Update { .. }) => true,
            Some(WriteOp::Delete { .. }) => false,
            None => self.tables.version(key).is_some(),
        }
    }

    fn duplicate(&self) -> Option<Refusal> {
        let claims = self.claims();
        self.commit.writes.iter().find_map(|write| {
            write
                .op
                .new_content()?
                .unique_keys
                .iter()
                .find_map(|unique_key| {
                    let holder = self
                        .tables
                        .holder(unique_key)
                        .filter(|holder| *holder != &write.key && self.keeps(holder, unique_key))
                        .or_else(|| claims.get(unique_key)?.other_than(&write.key))?;
                    Some(Refusal::Duplicate {
                        unique_key: unique_key.clone(),
                        holder: holder.clone(),
                    })
                })
        })
    }

    /// Whether the record that has `unique_key` before the commit has it after.
    fn keeps(&self, holder: &ResourceKey, unique_key: &UniqueKey) -> bool {
        match self.writes.get(holder) {
            None => true,
            Some(WriteOp::Delete { .. }) => false,
            Some(op) => op
                .new_content()
                .is_none_or(|content| content.unique_keys.contains(unique_key)),
        }
    }

    /// Which records the commit gives each unique key.
    fn claims(&self) -> BTreeMap<&'a UniqueKey, Claim<'a>> {
        let mut claims = BTreeMap::new();
        // A single write has no rival within its commit.
        if self.commit.writes.len() > 1 {
            for Write { key, op, .. } in &self.commit.writes {
                for unique_key in op
                    .new_content()
                    .into_iter()
                    .flat_map(|new| &new.unique_keys)
                {
                    claims
                        .entry(unique_key)
                        .and_modify(|claim: &mut Claim<'a>| claim.last = key)
                        .or_insert(Claim {
                            first: key,
                            last: key,
                        });
                }
            }
        }
        claims
    }
}

/// The first and the last record that are to have a unique key.
struct Claim<'a> {
    first: &'a ResourceKey,
    last: &'a ResourceKey,
}

impl<'a> Claim<'a> {
    fn other_than(&self, key: &ResourceKey) -> Option<&'a ResourceKey> {
        [self.first, self.last]
            .into_iter()
            .find(|rival| *rival != key)
    }
}

/// What a commit does to links: what it adds, by target and reference, and what of each
/// record is no more what it was.
struct LinkChanges<'a> {
    added: BTreeSet<(&'a str, Option<&'a str>)>,
    gone: BTreeMap<(&'a str, &'a str), Gone<'a>>,
}

enum Gone<'a> {
    All,
    These(BTreeSet<&'a LinkKey>),
}

impl<'a> LinkChanges<'a> {
    fn of(commit: &'a Commit) -> Self {
        let links = commit
            .writes
            .iter()
            .flat_map(|write| write.op.added_links());
        let added = links.map(|link| (&*link.key.target, link.reference.as_deref()));
        let gone = commit.writes.iter().filter_map(|Write { key, op, .. }| {
            let gone = match op {
                WriteOp::Create(_) => return None,
                // An added link replaces one with the same key.
                WriteOp::Update { change, .. } => {
                    let replaced = change.add_links.iter().map(|link| &link.key);
                    Gone::These(change.remove_links.iter().chain(replaced).collect())
                }
                WriteOp::Delete { .. } => Gone::All,
            };
            Some(((key.resource_type(), key.id().as_str()), gone))
        });
        Self {
            added: added.collect(),
            gone: gone.collect(),
        }
    }

    /// Whether any record links to `key` afterwards. Looks no further than the
    /// first link that stays.
    fn leave_link_to(&self, key: &ResourceKey, reference: &str, tables: &Tables) -> bool {
        let id = key.id().as_str();
        self.added.contains(&(id, None))
            || self.added.contains(&(id, Some(reference)))
            || tables.any_link_to(key.id(), |kind, record, link| {
                let stays = match self.gone.get(&(kind, record)) {
                    None => true,
                    Some(Gone::All) => false,
                    Some(Gone::These(keys)) => !keys.contains(&link.key),
                };
                stays && link.points_to(id, reference)
            })
    }
}
