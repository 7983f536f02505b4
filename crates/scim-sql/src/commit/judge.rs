use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use scim_provider::storage::{
    Commit, Refusal, Requirement, ResourceKey, Retention, Write, WriteOp,
};
use scim_provider::version::ScimVersion;

use super::Committer;
use crate::fault::Fault;
use crate::key;
use crate::row::{Arg, Column, text};
use crate::session::Session;
use crate::table::Table;

/// How many rows one statement carries.
pub(super) const ROWS: usize = 1_000;

/// What there is of a record before a commit.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) version: ScimVersion,
    /// Of its unique keys and index entries.
    pub(super) digest: Vec<u8>,
    /// The rest of it, where it is to be kept.
    pub(super) rest: Option<Rest>,
    /// Whether a former version of a record that is to be deleted is kept.
    pub(super) has_past: bool,
}

/// What an update replaces, beside version and links.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) document: Vec<u8>,
    pub(super) created: i64,
    pub(super) modified: i64,
}

/// Whether a commit can be applied to the records as they are.
pub(super) enum Judgement<'a> {
    Refused(Refusal),
    /// The records that are there, which stay so until the transaction ends.
    Stands(BTreeMap<&'a ResourceKey, Current>),
}

impl Committer {
    /// Locks what the commit writes, and looks whether it is what the commit expects.
    pub(super) async fn lock<'a>(
        &self,
        session: &mut impl Session,
        commit: &'a Commit,
    ) -> Result<Judgement<'a>, Fault> {
        let mut writes: Vec<_> = commit.writes.iter().collect();
        writes.sort_unstable_by_key(|write| &write.key);
        let mut current = BTreeMap::new();
        for write in writes {
            if let Some(found) = self.lock_one(session, write, commit.retention).await? {
                current.insert(&write.key, found);
            }
        }
        let refusal = missing(commit, &current).or_else(|| mismatch(commit, &current));
        Ok(refusal.map_or(Judgement::Stands(current), Judgement::Refused))
    }

    async fn lock_one(
        &self,
        session: &mut impl Session,
        write: &Write,
        retention: Option<Retention>,
    ) -> Result<Option<Current>, Fault> {
        use Column::{Integer, Octets};
        let keeps = retention.is_some();
        let (statement, columns): (_, &[_]) = match write.op {
            WriteOp::Delete { .. } => (&self.texts.lock_to_delete, &[Octets, Octets, Integer]),
            WriteOp::Update { .. } if keeps => (
                &self.texts.lock_to_keep,
                &[Octets, Octets, Octets, Integer, Integer],
            ),
            WriteOp::Create(_) | WriteOp::Update { .. } => {
                (&self.texts.lock_to_update, &[Octets, Octets])
            }
        };
        let rows = session
            .rows(statement, &key::record(&write.key), columns)
            .await?;
        let Some(mut row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let mut current = Current {
            version: row.version()?,
            digest: row.octets()?,
            rest: None,
            has_past: false,
        };
        match write.op {
            WriteOp::Delete { .. } => current.has_past = row.integer()? > 0,
            WriteOp::Update { .. } if keeps => {
                current.rest = Some(Rest {
                    document: row.octets()?,
                    created: row.integer()?,
                    modified: row.integer()?,
                });
            }
            WriteOp::Create(_) | WriteOp::Update { .. } => {}
        }
        Ok(Some(current))
    }

    /// The first requirement that does not hold after the writes.
    pub(super) async fn requirement_failed(
        &self,
        session: &mut impl Session,
        commit: &Commit,
    ) -> Result<Option<Refusal>, Fault> {
        if commit.requirements.is_empty() {
            return Ok(None);
        }
        let existing = self.existing(session, commit).await?;
        for requirement in &commit.requirements {
            let holds = match requirement {
                Requirement::Exists(key) => existing.contains(key),
                Requirement::Unreferenced { key, reference } => {
                    !self.is_linked_to(session, key, reference).await?
                }
            };
            if !holds {
                return Ok(Some(Refusal::RequirementFailed {
                    requirement: requirement.clone(),
                }));
            }
        }
        Ok(None)
    }

    /// Which of the required records there are after the writes; none of them goes before the
    /// transaction ends.
    async fn existing<'a>(
        &self,
        session: &mut impl Session,
        commit: &'a Commit,
    ) -> Result<BTreeSet<&'a ResourceKey>, Fault> {
        let writes: BTreeMap<_, _> = commit
            .writes
            .iter()
            .map(|Write { key, op, .. }| (key, op))
            .collect();
        let mut existing = BTreeSet::new();
        // By type, in the order of the keys.
        let mut others: BTreeMap<&str, BTreeSet<&'a ResourceKey>> = BTreeMap::new();
        for requirement in &commit.requirements {
            let Requirement::Exists(key) = requirement else {
                continue;
            };
            match writes.get(key) {
                Some(WriteOp::Delete { .. }) => {}
                Some(WriteOp::Create(_) | WriteOp::Update { .. }) => {
                    existing.insert(key);
                }
                None => {
                    others.entry(key.resource_type()).or_default().insert(key);
                }
            }
        }
        for (resource_type, keys) in others {
            let keys: Vec<_> = keys.into_iter().collect();
            for some in keys.chunks(ROWS) {
                let found = self.held(session, resource_type, some).await?;
                let is_there = |key: &&&ResourceKey| found.contains(key.id().as_str());
                existing.extend(some.iter().filter(is_there).copied());
            }
        }
        Ok(existing)
    }

    /// The ids of those of `keys`, all of one type, that are there, and are kept from going.
    async fn held(
        &self,
        session: &mut impl Session,
        resource_type: &str,
        keys: &[&ResourceKey],
    ) -> Result<BTreeSet<Arc<str>>, Fault> {
        let Some(first) = keys.first() else {
            return Ok(BTreeSet::new());
        };
        let ids = Table::of(keys.iter().map(|key| [Some(key.id().as_str().as_bytes())]));
        let args: [Arg<'_>; 3] = [
            key::scope(first.scope()).into(),
            resource_type.into(),
            Arg::Table(ids.text()),
        ];
        let hold = &self.texts.hold;
        if let Some(write) = &hold.write {
            session.execute(write, &args).await?;
        }
        let rows = session.rows(&hold.read, &args, &[Column::Octets]).await?;
        rows.into_iter()
            .map(|mut row| text(row.octets()?))
            .collect()
    }

    async fn is_linked_to(
        &self,
        session: &mut impl Session,
        key: &ResourceKey,
        reference: &str,
    ) -> Result<bool, Fault> {
        let args = [
            key::scope(key.scope()).into(),
            key.id().as_str().into(),
            reference.into(),
        ];
        let rows = session
            .rows(&self.texts.links_to, &args, &[Column::Octets])
            .await?;
        Ok(!rows.is_empty())
    }
}

fn missing(commit: &Commit, current: &BTreeMap<&ResourceKey, Current>) -> Option<Refusal> {
    let key = commit.writes.iter().find_map(|write| match write.op {
        WriteOp::Create(_) => None,
        WriteOp::Update { .. } | WriteOp::Delete { .. } => {
            (!current.contains_key(&write.key)).then_some(&write.key)
        }
    })?;
    Some(Refusal::Missing { key: key.clone() })
}

fn mismatch(commit: &Commit, current: &BTreeMap<&ResourceKey, Current>) -> Option<Refusal> {
    commit.writes.iter().find_map(|write| {
        let current = &current.get(&write.key)?.version;
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
