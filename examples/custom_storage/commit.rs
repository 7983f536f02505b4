use std::collections::{BTreeMap, BTreeSet};

use scim_provider::Scope;
use scim_provider::storage::{
    Change, Commit, Link, Record, Refusal, Requirement, ResourceKey, StorageError,
    StorageErrorKind, Write, WriteOp,
};

use crate::store::Records;

/// The records that a commit writes, as they are to be; `None` is to be deleted.
pub(crate) type Written = BTreeMap<ResourceKey, Option<Record>>;

/// The tenant that `commit` is about; `None` if it is about nothing.
///
/// # Errors
///
/// If it writes a key twice, gives a record two links with one key, or reaches into two
/// tenants, which no store can.
pub(crate) fn scope(commit: &Commit) -> Result<Option<Scope>, StorageError> {
    let written: BTreeSet<_> = commit.writes.iter().map(|write| &write.key).collect();
    let required = commit.requirements.iter().map(Requirement::key);
    let keys = written.iter().copied().chain(required);
    let scopes: BTreeSet<_> = keys.map(ResourceKey::scope).collect();
    let is_once = written.len() == commit.writes.len()
        && commit.writes.iter().all(|write| differ(links(&write.op)));
    if is_once && scopes.len() <= 1 {
        Ok(scopes.first().copied().cloned())
    } else {
        Err(StorageError::new(StorageErrorKind::Unsupported))
    }
}

/// The links that a write adds.
fn links(op: &WriteOp) -> &[Link] {
    match op {
        WriteOp::Create(record) => &record.links,
        WriteOp::Update { change, .. } => &change.add_links,
        WriteOp::Delete { .. } => &[],
    }
}

fn differ(links: &[Link]) -> bool {
    let keys: BTreeSet<_> = links.iter().map(|link| &link.key).collect();
    keys.len() == links.len()
}

/// What `commit` would write to `records`, or why it is refused: missing goes before
/// mismatch, that before a requirement, that before a duplicate.
pub(crate) fn judge(records: &Records, commit: &Commit) -> Result<Written, Refusal> {
    let written = commit.writes.iter().map(|write| {
        let record = write_to(records.get(&write.key), &write.op);
        (write.key.clone(), record)
    });
    let after = After {
        records,
        written: written.collect(),
    };
    let refusal = missing(records, &commit.writes)
        .or_else(|| mismatch(records, &commit.writes))
        .or_else(|| after.requirement_failed(&commit.requirements))
        .or_else(|| after.duplicate(&commit.writes));
    refusal.map_or(Ok(after.written), Err)
}

fn missing(records: &Records, writes: &[Write]) -> Option<Refusal> {
    writes.iter().find_map(|Write { key, op, .. }| match op {
        WriteOp::Create(_) => None,
        _ if records.contains_key(key) => None,
        _ => Some(Refusal::Missing { key: key.clone() }),
    })
}

fn mismatch(records: &Records, writes: &[Write]) -> Option<Refusal> {
    writes.iter().find_map(|Write { key, op, .. }| {
        let current = &records.get(key)?.stamp.version;
        match op {
            WriteOp::Update { expected, .. } | WriteOp::Delete { expected }
                if expected == current =>
            {
                None
            }
            _ => Some(Refusal::Mismatch {
                key: key.clone(),
                current: current.clone(),
            }),
        }
    })
}

fn write_to(record: Option<&Record>, op: &WriteOp) -> Option<Record> {
    let mut record = match op {
        WriteOp::Create(record) => record.clone(),
        WriteOp::Update { change, .. } => changed(record?.clone(), change),
        WriteOp::Delete { .. } => return None,
    };
    record.links.sort_by(|a, b| a.key.cmp(&b.key));
    Some(record)
}

fn changed(mut record: Record, change: &Change) -> Record {
    record.stamp = change.stamp.clone();
    if let Some(content) = &change.content {
        record.content = content.clone();
    }
    let added = &change.add_links;
    record.links.retain(|link| {
        !change.remove_links.contains(&link.key) && added.iter().all(|new| new.key != link.key)
    });
    record.links.extend_from_slice(added);
    record
}

/// The state that a commit would leave.
struct After<'a> {
    records: &'a Records,
    written: Written,
}

impl After<'_> {
    fn get(&self, key: &ResourceKey) -> Option<&Record> {
        match self.written.get(key) {
            Some(record) => record.as_ref(),
            None => self.records.get(key),
        }
    }

    fn all(&self) -> impl Iterator<Item = (&ResourceKey, &Record)> {
        let keys = self.records.keys().chain(self.written.keys());
        keys.filter_map(|key| Some((key, self.get(key)?)))
    }

    fn requirement_failed(&self, requirements: &[Requirement]) -> Option<Refusal> {
        let failed = requirements.iter().find(|requirement| match requirement {
            Requirement::Exists(key) => self.get(key).is_none(),
            Requirement::Unreferenced { key, reference } => self
                .all()
                .flat_map(|(_, record)| &record.links)
                .any(|link| link.points_to(key.id().as_str(), reference)),
        })?;
        Some(Refusal::RequirementFailed {
            requirement: failed.clone(),
        })
    }

    fn duplicate(&self, writes: &[Write]) -> Option<Refusal> {
        writes.iter().find_map(|Write { key, .. }| {
            let unique_keys = &self.get(key)?.content.unique_keys;
            unique_keys.iter().find_map(|unique_key| {
                let (holder, _) = self.all().find(|(other, record)| {
                    *other != key && record.content.unique_keys.contains(unique_key)
                })?;
                Some(Refusal::Duplicate {
                    unique_key: unique_key.clone(),
                    holder: holder.clone(),
                })
            })
        })
    }
}
