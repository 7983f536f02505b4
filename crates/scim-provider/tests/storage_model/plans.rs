//! Commits that might be made.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use scim_provider::Scope;
use scim_provider::storage::{
    Change, Commit, Content, IndexEntry, Link, LinkKey, Record, Requirement, ResourceKey, Stamp,
    UniqueKey, Write,
};
use scim_provider::version::ScimVersion;

use crate::model::Model;
use crate::questions::micros;

pub(crate) const TYPES: [&str; 2] = ["Group", "User"];
pub(crate) const NAMES: [&str; 3] = ["a", "b", "c"];

fn key() -> impl Strategy<Value = ResourceKey> {
    (0..TYPES.len(), 0..NAMES.len()).prop_map(|(kind, id)| {
        ResourceKey::new(Scope::Single, TYPES[kind], NAMES[id]).expect("legal")
    })
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

fn content() -> impl Strategy<Value = Content> {
    let texts = || vec(name(), 0..3);
    let parts = (name(), prop::option::of(name()), texts(), texts());
    parts.prop_map(|(document, hidden, unique, index)| {
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
        .with_hidden(hidden.map(|hidden| hidden.as_bytes().into()))
    })
}

fn link_key() -> impl Strategy<Value = LinkKey> {
    (prop::sample::select(&["members", "owners"][..]), name())
        .prop_map(|(attribute, target)| LinkKey::new(attribute, target))
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let rest = (prop::option::of(name()), name());
    prop::collection::btree_map(link_key(), rest, 0..3).prop_map(|links| {
        let link = |(key, (reference, detail)): (_, (Option<&str>, &str))| {
            Link::new(key, reference.map(Into::into), detail.as_bytes())
        };
        links.into_iter().map(link).collect()
    })
}

/// What a write would do; whether it names the right version is said by `stale`.
#[derive(Debug, Clone)]
pub(crate) enum Op {
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
        (key(), name()).prop_map(|(key, reference)| {
            let reference = reference.into();
            Requirement::Unreferenced { key, reference }
        })
    ]
}

pub(crate) type Plan = (BTreeMap<ResourceKey, Op>, bool, Vec<Requirement>);

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let writes = prop::collection::btree_map(key(), op(), 1..4);
    let requirements = prop_oneof![3 => Just(Vec::new()), 1 => vec(requirement(), 1..3)];
    (writes, any::<bool>(), requirements)
}

fn stamp(revisions: &mut u64) -> Stamp {
    *revisions += 1;
    // Few, so that records share one; times that go back are no business of a store.
    let modified = micros(i64::try_from(*revisions % 5).expect("below five"));
    Stamp::new(ScimVersion::from_revision(*revisions), micros(0), modified)
}

/// The commit that a plan means in a state.
pub(crate) fn commit(
    model: &Model,
    (ops, backwards, requirements): Plan,
    revisions: &mut u64,
) -> Commit {
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
