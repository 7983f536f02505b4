//! The store in memory does what the contract says, by comparison with a model
//! that takes the contract literally: it writes to a copy, looks at the state
//! that this leaves, and throws the copy away if something is wrong with it.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use scim_provider::storage::{
    Change, Commit, CommitOutcome, Content, IndexEntry, Link, LinkKey, LinkSelection, Query,
    Record, RecordPage, Refusal, Requirement, ResourceKey, Selection, Stamp, Start, Stored,
    UniqueKey, Write, WriteOp,
};
use scim_provider::version::ScimVersion;
use scim_provider::{InMemoryStorage, Scope, Storage, Timestamp};

#[derive(Clone, Default)]
struct Model(BTreeMap<ResourceKey, Record>);

impl Model {
    fn commit(&mut self, commit: &Commit) -> CommitOutcome {
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
                Requirement::Unreferenced(key) => self.0.values().any(|record| {
                    record
                        .links
                        .iter()
                        .any(|link| *link.key.target == *key.id().as_str())
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

    fn query(&self, query: &Query) -> RecordPage {
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
            .map(|(_, (key, record))| stored(key, record))
            .collect();
        RecordPage::new(page, selected.len().try_into().expect("few"))
    }
}

fn stored(key: &ResourceKey, record: &Record) -> Stored {
    let mut links = record.links.clone();
    links.sort_by(|a, b| a.key.cmp(&b.key));
    Stored::new(
        key.clone(),
        record.stamp.clone(),
        record.content.document.clone(),
        links,
    )
}

const TYPES: [&str; 2] = ["Group", "User"];
const NAMES: [&str; 3] = ["a", "b", "c"];

fn key() -> impl Strategy<Value = ResourceKey> {
    (0..TYPES.len(), 0..NAMES.len()).prop_map(|(kind, id)| {
        ResourceKey::new(Scope::Single, TYPES[kind], NAMES[id]).expect("legal")
    })
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

fn content() -> impl Strategy<Value = Content> {
    (name(), vec(name(), 0..3), vec(name(), 0..3)).prop_map(|(document, unique, index)| {
        Content::new(
            document.as_bytes(),
            unique
                .into_iter()
                .map(|value| UniqueKey::new("rule", value))
                .collect(),
            index
                .into_iter()
                .map(|value| IndexEntry::new("attribute", value))
                .collect(),
        )
    })
}

fn link_key() -> impl Strategy<Value = LinkKey> {
    (prop::sample::select(&["members", "owners"][..]), name())
        .prop_map(|(attribute, target)| LinkKey::new(attribute, target))
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    prop::collection::btree_map(link_key(), name(), 0..3).prop_map(|links| {
        let link = |(key, detail): (_, &str)| Link::new(key, None, detail.as_bytes());
        links.into_iter().map(link).collect()
    })
}

/// What a write would do; whether it names the right version is said by `stale`.
#[derive(Debug, Clone)]
enum Op {
    Create(Content, Vec<Link>),
    Update {
        stale: bool,
        content: Option<Content>,
        remove: Vec<LinkKey>,
        add: Vec<Link>,
    },
    Delete {
        stale: bool,
    },
}

fn op() -> impl Strategy<Value = Op> {
    let stale = || prop::bool::weighted(0.05);
    prop_oneof![
        3 => (content(), links()).prop_map(|(content, links)| Op::Create(content, links)),
        3 => (stale(), prop::option::of(content()), vec(link_key(), 0..3), links())
            .prop_map(|(stale, content, remove, add)| Op::Update { stale, content, remove, add }),
        2 => stale().prop_map(|stale| Op::Delete { stale }),
    ]
}

fn requirement() -> impl Strategy<Value = Requirement> {
    prop_oneof![
        key().prop_map(Requirement::Exists),
        key().prop_map(Requirement::Unreferenced)
    ]
}

type Plan = (BTreeMap<ResourceKey, Op>, bool, Vec<Requirement>);

fn plan() -> impl Strategy<Value = Plan> {
    let writes = prop::collection::btree_map(key(), op(), 1..4);
    let requirements = prop_oneof![3 => Just(Vec::new()), 1 => vec(requirement(), 1..3)];
    (writes, any::<bool>(), requirements)
}

fn stamp(revisions: &mut u64) -> Stamp {
    *revisions += 1;
    let at = Timestamp::from_micros(0).expect("in range");
    Stamp::new(ScimVersion::from_revision(*revisions), at, at)
}

/// The commit that a plan means in a state.
fn commit(model: &Model, (ops, backwards, requirements): Plan, revisions: &mut u64) -> Commit {
    let mut writes: Vec<_> = ops
        .into_iter()
        .map(|(key, op)| {
            let there = model.0.get(&key).map(|record| record.stamp.version.clone());
            let version = |stale: bool| match &there {
                Some(current) if !stale => current.clone(),
                _ => ScimVersion::from_revision(0),
            };
            match op {
                // Most of what can't be is turned into what can, so that much happens.
                Op::Create(content, links) if there.is_none() || links.len() == 1 => {
                    Write::create(key, Record::new(stamp(revisions), content, links))
                }
                Op::Create(content, add) => {
                    let change = Change::new(stamp(revisions)).with_content(content);
                    Write::update(key, version(false), change.with_links(Vec::new(), add))
                }
                Op::Update {
                    stale,
                    content,
                    remove,
                    add,
                } => {
                    let mut change = Change::new(stamp(revisions)).with_links(remove, add);
                    change.content = content;
                    Write::update(key, version(stale), change)
                }
                Op::Delete { stale } => Write::delete(key, version(stale)),
            }
        })
        .collect();
    if backwards {
        writes.reverse();
    }
    let mut writes = writes.into_iter();
    let first = Commit::of(writes.next().expect("a plan has a write"));
    let commit = writes.fold(first, Commit::and);
    requirements.into_iter().fold(commit, Commit::requiring)
}

fn queries() -> impl Iterator<Item = Query> {
    let selections = NAMES.into_iter().flat_map(|name| {
        [
            Selection::Unique(UniqueKey::new("rule", name)),
            Selection::Indexed(IndexEntry::new("attribute", name)),
            Selection::Linked(vec![LinkKey::new("members", name)]),
            Selection::Linked(vec![LinkKey::new("owners", name)]),
        ]
    });
    selections.chain([Selection::All]).flat_map(|selection| {
        TYPES.into_iter().flat_map(move |kind| {
            let all = Query::new(Scope::Single, kind, 10).selecting(selection.clone());
            let mut second = all.clone().starting(Start::Offset(1));
            second.limit = 1;
            let after = all
                .clone()
                .starting(Start::After("a".parse().expect("legal")));
            [all, second, after]
        })
    })
}

/// The holder that a refusal names where two writes of one commit claim a key is
/// not settled; all else is.
fn same(found: &CommitOutcome, wanted: &CommitOutcome) -> bool {
    match (found, wanted) {
        (
            CommitOutcome::Refused(Refusal::Duplicate {
                unique_key: found, ..
            }),
            CommitOutcome::Refused(Refusal::Duplicate {
                unique_key: wanted, ..
            }),
        ) => found == wanted,
        (found, wanted) => found == wanted,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn commits_do_what_the_contract_says(plans in vec(plan(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (storage, mut model, mut revisions) = (InMemoryStorage::new(), Model::default(), 0);
            for plan in plans {
                let commit = commit(&model, plan, &mut revisions);
                let wanted = model.commit(&commit);
                let found = storage.commit(commit.clone()).await.unwrap();
                prop_assert!(same(&found, &wanted), "{found:?}, not {wanted:?}: {commit:?}");
                for query in queries() {
                    let found = storage.query(&query).await.unwrap();
                    prop_assert_eq!(found, model.query(&query), "{:?} after {:?}", query, commit);
                }
                for (key, record) in &model.0 {
                    let found = storage.get(key, &LinkSelection::All).await.unwrap();
                    prop_assert_eq!(found, Some(stored(key, record)));
                }
            }
            Ok(())
        })?;
    }
}
