//! Everything from one database to another.

mod digest;
mod side;
mod tables;

use scim_provider::storage::StorageError;
use thiserror::Error;

use crate::SqlStorage;

use digest::Digest;
pub(crate) use side::{Rows, Side};
use tables::TABLES;

/// How many rows are on their way at a time.
const BATCH: i64 = 500;

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is done at present.
    pub stage: Stage,
    /// So many rows are done in this stage.
    pub done: u64,
    /// Of so many.
    pub total: u64,
}

/// What a copy does at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Rows are copied.
    Copying,
    /// What has arrived is compared with what was there.
    Verifying,
}

/// What a copy came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copied {
    /// So many resources are in the new database.
    pub records: u64,
    /// So many rows in all: resources, their keys, and links.
    pub rows: u64,
}

/// Why a copy is not whole.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CopyError {
    /// There is something in the new database already.
    #[error(
        "there are {rows} rows in the database that is to be written: take an empty one, or resume a copy that was cut off"
    )]
    NotEmpty {
        /// How many rows.
        rows: u64,
    },
    /// What has arrived is not what there is in the old database.
    #[error(
        "the copy of {table} differs: {copied} rows beside {original}; was one of the databases written to meanwhile?"
    )]
    Differs {
        /// The table.
        table: &'static str,
        /// How many rows there are in the new database.
        copied: u64,
        /// How many in the old one.
        original: u64,
    },
    /// The old database failed.
    #[error("cannot read the database that is to be copied")]
    Read(#[source] StorageError),
    /// The new database failed.
    #[error("cannot write to the new database")]
    Write(#[source] StorageError),
}

/// Copies all resources of all tenants from one database to another, whatever kinds they are, with
/// ids, `meta` and versions as they are, and compares both at the end. Memory is bounded: 500 rows
/// are on their way at a time.
///
/// Both must have their tables ([`SqlStorage::migrate`]), and nobody may write to either meanwhile:
/// what changes behind the copy's back is found at the end, not brought over.
///
/// With `resume` it goes on where an earlier copy between the same two databases was cut off.
///
/// # Errors
///
/// [`CopyError`]; what was copied so far stays, to be resumed.
pub async fn copy(
    from: &SqlStorage,
    to: &SqlStorage,
    resume: bool,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Copied, CopyError> {
    let (from, to) = (from.rows(), to.rows());
    let mut total = 0;
    let mut done = 0;
    for table in &TABLES {
        total += from.count(table).await.map_err(CopyError::Read)?;
        done += to.count(table).await.map_err(CopyError::Write)?;
    }
    if done > 0 && !resume {
        return Err(CopyError::NotEmpty { rows: done });
    }
    for table in &TABLES {
        let mut last = to.last(table).await.map_err(CopyError::Write)?;
        loop {
            progress(Progress {
                stage: Stage::Copying,
                done,
                total,
            });
            let rows = from
                .after(table, &last, BATCH)
                .await
                .map_err(CopyError::Read)?;
            let Some(end) = rows.last() else { break };
            last = end.key(table);
            to.insert(table, &rows).await.map_err(CopyError::Write)?;
            done += count(rows.len());
        }
    }
    verify(&*from, &*to, total, progress).await
}

async fn verify(
    from: &dyn Rows,
    to: &dyn Rows,
    total: u64,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Copied, CopyError> {
    let mut copied = Copied {
        records: 0,
        rows: 0,
    };
    for (place, table) in TABLES.iter().enumerate() {
        let (mut original, mut copy) = (Digest::new(), Digest::new());
        loop {
            progress(Progress {
                stage: Stage::Verifying,
                done: copied.rows + copy.rows(),
                total,
            });
            let more_original = original.go_on(from, table).await.map_err(CopyError::Read)?;
            let more_copy = copy.go_on(to, table).await.map_err(CopyError::Write)?;
            if original != copy {
                return Err(CopyError::Differs {
                    table: table.name,
                    copied: to.count(table).await.map_err(CopyError::Write)?,
                    original: from.count(table).await.map_err(CopyError::Read)?,
                });
            }
            if !more_original && !more_copy {
                break;
            }
        }
        copied.rows += copy.rows();
        if place == 0 {
            copied.records = copy.rows();
        }
    }
    Ok(copied)
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
