use std::collections::BTreeMap;

use scim_provider::storage::{
    Commit, CommitOutcome, LinkSelection, Query, Record, RecordPage, Refusal, Requirement,
    ResourceKey, Selection, Start, Stored, Write, WriteOp,
};

/// The contract taken literally: a commit is written to a copy, and the copy thrown away
/// if something is wrong with it.
#[derive(Clone, Default)]
pub(crate) struct Model(pub(crate) BTreeMap<ResourceKey, Record>);

impl Model {
    pub(crate) fn commit(&mut self, commit: &Commit) -> CommitOutcome {
        for (missing, write) in [true, false]
            .into_iter()
            .flat_map(|missing| commit.writes.iter().map(move |write| (missing, write)))
        {
            let key = write.key.clone();
            let current = self.0.get(&key).map(|record| record.stamp.version.clone());
            let refusal = match (&write.op, current) {
                (WriteOp::Create(_), Some(current)) if !missing => {
                    Refusal::Mismatch { key, current }
                }
                (WriteOp::Update { .. } | WriteOp::Delete { .. }, None) => Refusal::Missing { key },
                (
                    WriteOp::Update { expected, .. } | WriteOp::Delete { expected },
                    Some(current),
                ) if !missing && *expected != current => Refusal::Mismatch { key, current },
                _ => continue,
            };
            return CommitOutcome::Refused(refusal);
        }
        let mut after = self.clone();
        commit.writes.iter().for_each(|write| after.write(write));
        match after.complaint(commit) {
            Some(refusal) => CommitOutcome::Refused(refusal),
            None => {
                *self = after;
                CommitOutcome::Applied
            }
        }
    }

    fn write(&mut self, write: &Write) {
        match &write.op {
            WriteOp::Create(record) => {
                self.0.insert(write.key.clone(), record.clone());
            }
            WriteOp::Update { change, .. } => {
                let record = self.0.get_mut(&write.key).expect("not missing");
                record.stamp = change.stamp.clone();
                if let Some(content) = &change.content {
                    record.content = content.clone();
                }
                record.links.retain(|link| {
                    !change.remove_links.contains(&link.key)
                        && change.add_links.iter().all(|added| added.key != link.key)
                });
                record.links.extend(change.add_links.clone());
            }
            WriteOp::Delete { .. } => {
                self.0.remove(&write.key);
            }
        }
    }

    /// What is wrong with this state, after `commit`.
    fn complaint(&self, commit: &Commit) -> Option<Refusal> {
        let failed = commit
            .requirements
            .iter()
            .find(|requirement| match requirement {
                Requirement::Exists(key) => !self.0.contains_key(key),
                Requirement::Unreferenced { key, reference } => self.0.values().any(|record| {
                    let mut links = record.links.iter();
                    links.any(|link| link.points_to(key.id().as_str(), reference))
                }),
            });
        if let Some(requirement) = failed {
            return Some(Refusal::RequirementFailed {
                requirement: requirement.clone(),
            });
        }
        commit.writes.iter().find_map(|write| {
            let content = match &write.op {
                WriteOp::Create(record) => &record.content,
                WriteOp::Update { change, .. } => change.content.as_ref()?,
                WriteOp::Delete { .. } => return None,
            };
            content.unique_keys.iter().find_map(|unique_key| {
                let (holder, _) = self.0.iter().find(|(key, record)| {
                    **key != write.key && record.content.unique_keys.contains(unique_key)
                })?;
                Some(Refusal::Duplicate {
                    unique_key: unique_key.clone(),
                    holder: holder.clone(),
                })
            })
        })
    }

    pub(crate) fn query(&self, query: &Query) -> RecordPage {
        let selected: Vec<_> = self
            .0
            .iter()
            .filter(|(key, record)| {
                key.resource_type() == query.resource_type
                    && match &query.selection {
                        Selection::All => true,
                        Selection::Unique(unique) => record.content.unique_keys.contains(unique),
                        Selection::Indexed(entry) => record.content.index.contains(entry),
                        Selection::Linked(links) => {
                            record.links.iter().any(|it| links.contains(&it.key))
                        }
                        Selection::Ids(ids) => ids.contains(key.id()),
                        Selection::Modified(range) => range.contains(record.stamp.last_modified),
                    }
            })
            .collect();
        let page = selected
            .iter()
            .enumerate()
            .filter(|(at, (key, _))| match &query.start {
                Start::Offset(offset) => u64::try_from(*at).expect("few") >= *offset,
                Start::After(id) => key.id() > id,
            })
            .take(query.limit.try_into().expect("few"))
            .map(|(_, (key, record))| stored(key, record, &query.links))
            .collect();
        RecordPage::new(page, selected.len().try_into().expect("few"))
    }
}

pub(crate) fn stored(key: &ResourceKey, record: &Record, selection: &LinkSelection) -> Stored {
    let mut links = record.links.clone();
    links.sort_by(|a, b| a.key.cmp(&b.key));
    match selection {
        LinkSelection::None => links.clear(),
        LinkSelection::All => {}
        LinkSelection::Of(keys) => links.retain(|link| keys.contains(&link.key)),
        LinkSelection::AtMost(most) => links.truncate((*most).try_into().expect("few")),
    }
    Stored::new(
        key.clone(),
        record.stamp.clone(),
        record.content.document.clone(),
        links,
    )
    .with_hidden(record.content.hidden.clone())
}
