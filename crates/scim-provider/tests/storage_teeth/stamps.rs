//! Stores that keep or compare stamps with less than they have.

use async_trait::async_trait;
use scim_provider::storage::{Commit, CommitOutcome, Stamp, StorageError, WriteOp};
use scim_provider::version::ScimVersion;
use scim_provider::{InMemoryStorage, Storage, Timestamp};

use crate::broken::{Fault, version};

/// The column for versions is short and knows no case.
pub(crate) struct VersionsShortAndFolded;

fn short_and_folded(version: &ScimVersion) -> ScimVersion {
    let kept: String = version.as_str().to_lowercase().chars().take(20).collect();
    ScimVersion::from_hash(kept).expect("letters of a version")
}

#[async_trait]
impl Fault for VersionsShortAndFolded {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            if let WriteOp::Update { expected, .. } | WriteOp::Delete { expected } = &mut write.op {
                *expected = short_and_folded(expected);
            }
            if let Some(stamp) = stamp(&mut write.op) {
                stamp.version = short_and_folded(&stamp.version);
            }
        }
        inner.commit(commit).await
    }
}

/// Versions are kept well, but compared by something less than all their letters.
pub(crate) struct VersionsCompared {
    /// Whether the version that is named is taken for the current one.
    same: fn(&str, &str) -> bool,
}

/// By a collation that knows no case.
pub(crate) const WITHOUT_CASE: VersionsCompared = VersionsCompared {
    same: str::eq_ignore_ascii_case,
};

/// After the one that is named was cut to the length of the column.
pub(crate) const CUT: VersionsCompared = VersionsCompared {
    same: |named, current| named.starts_with(current),
};

/// With `LIKE 'named%'`.
pub(crate) const BY_ITS_BEGINNING: VersionsCompared = VersionsCompared {
    same: |named, current| current.starts_with(named),
};

#[async_trait]
impl Fault for VersionsCompared {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            if let (WriteOp::Update { expected, .. } | WriteOp::Delete { expected }, Some(current)) =
                (&mut write.op, version(inner, &write.key).await?)
                && (self.same)(expected.as_str(), current.as_str())
            {
                *expected = current;
            }
        }
        inner.commit(commit).await
    }
}

/// `created` is kept as something less than it is.
pub(crate) struct Created {
    kept_as: fn(i64) -> i64,
}

/// Not at all.
pub(crate) const CREATED_FORGOTTEN: Created = Created {
    kept_as: |_| 1_000_000,
};

/// In milliseconds.
pub(crate) const CREATED_IN_MILLISECONDS: Created = Created {
    kept_as: |micros| micros.div_euclid(1_000) * 1_000,
};

/// Without a sign.
pub(crate) const CREATED_UNSIGNED: Created = Created {
    kept_as: |micros| micros.max(0),
};

/// In 31 bits of seconds.
pub(crate) const CREATED_BEFORE_2038: Created = Created {
    kept_as: |micros| micros.min(i64::from(i32::MAX) * 1_000_000),
};

#[async_trait]
impl Fault for Created {
    async fn commit(
        &self,
        inner: &InMemoryStorage,
        mut commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        for write in &mut commit.writes {
            if let Some(stamp) = stamp(&mut write.op) {
                let kept = (self.kept_as)(stamp.created.as_micros());
                stamp.created = Timestamp::from_micros(kept).expect("no further than it was");
            }
        }
        inner.commit(commit).await
    }
}

fn stamp(op: &mut WriteOp) -> Option<&mut Stamp> {
    match op {
        WriteOp::Create(record) => Some(&mut record.stamp),
        WriteOp::Update { change, .. } => Some(&mut change.stamp),
        WriteOp::Delete { .. } => None,
    }
}
