use std::collections::BTreeSet;

use scim_provider::storage::{
    Commit, Link, LinkKey, Requirement, StorageError, StorageErrorKind, Write, WriteOp,
};

/// The longest attribute of a link, in octets.
const MAX_ATTRIBUTE: usize = 255;
/// The longest target of a link, in octets.
const MAX_TARGET: usize = 1024;
/// The longest `$ref` of a link, in octets.
const MAX_REFERENCE: usize = 65_535;
/// The longest version, in octets.
const MAX_VERSION: usize = 255;

/// Refuses what is no commit, and what no table has room for.
pub(crate) fn check(commit: &Commit) -> Result<(), StorageError> {
    let mut keys = BTreeSet::new();
    let once = commit.writes.iter().all(|write| keys.insert(&write.key))
        && commit.writes.iter().all(|write| differ(added_links(write)));
    let writes = commit.writes.iter().map(|write| &write.key);
    let requirements = commit.requirements.iter().map(Requirement::key);
    let mut scopes = writes.chain(requirements).map(|key| key.scope());
    let first = scopes.next();
    let one_scope = scopes.all(|scope| Some(scope) == first);
    let fits = commit
        .writes
        .iter()
        .all(|write| added_links(write).iter().all(link_fits) && new_version(write) <= MAX_VERSION);
    if once && one_scope && fits {
        Ok(())
    } else {
        Err(StorageError::new(StorageErrorKind::Unsupported))
    }
}

/// Whether a link with this key can be there at all.
pub(crate) fn key_fits(key: &LinkKey) -> bool {
    key.attribute.len() <= MAX_ATTRIBUTE && key.target.len() <= MAX_TARGET
}

fn link_fits(link: &Link) -> bool {
    key_fits(&link.key)
        && link
            .reference
            .as_ref()
            .is_none_or(|text| text.len() <= MAX_REFERENCE)
}

fn new_version(write: &Write) -> usize {
    let stamp = match &write.op {
        WriteOp::Create(record) => &record.stamp,
        WriteOp::Update { change, .. } => &change.stamp,
        WriteOp::Delete { .. } => return 0,
    };
    stamp.version.as_str().len()
}

fn added_links(write: &Write) -> &[Link] {
    match &write.op {
        WriteOp::Create(record) => &record.links,
        WriteOp::Update { change, .. } => &change.add_links,
        WriteOp::Delete { .. } => &[],
    }
}

fn differ(links: &[Link]) -> bool {
    let mut keys = BTreeSet::new();
    links.iter().all(|link| keys.insert(&link.key))
}
