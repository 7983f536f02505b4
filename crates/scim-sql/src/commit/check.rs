use scim_provider::storage::{
    Commit, Link, LinkKey, StorageError, StorageErrorKind, Write, WriteOp,
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
    commit.scope()?;
    let fits = commit.writes.iter().all(|write| {
        write.op.added_links().iter().all(link_fits) && new_version(write) <= MAX_VERSION
    });
    if fits {
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
