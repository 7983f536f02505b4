use std::time::Duration;

use sqlx::Database;
use sqlx::migrate::{Migrate, MigrateError, Migrator};
use thiserror::Error;

use crate::connector::Connector;

/// How often migrations are tried that another process may have been about as well.
const ATTEMPTS: u32 = 10;

/// Why the tables of a database are not those of this version.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MigrationError {
    /// They are of a later version, which may keep what this one does not know.
    #[error(
        "the database was written by a newer version (migration {0} is unknown here): use that version or a later one"
    )]
    Newer(i64),
    /// They were made by other statements than those of this version.
    #[error("migration {0} of the database is another one than that of this version")]
    Changed(i64),
    /// They could not be made.
    #[error("the tables could not be brought up to date")]
    Failed(#[source] MigrateError),
}

/// Brings the tables up to date. Any number of processes may do so at once.
pub(crate) async fn run<DB>(
    migrator: &Migrator,
    connector: &Connector<DB>,
) -> Result<(), MigrationError>
where
    DB: Database,
    DB::Connection: Migrate,
{
    let mut turn = 0;
    loop {
        // Through a connection of its own, whose end frees what a failure leaves locked.
        let run = async {
            let mut connection = connector.open().await?;
            migrator.run_direct(None, &mut connection, false).await
        };
        let error = match run.await {
            Ok(()) => return Ok(()),
            Err(MigrateError::VersionMissing(version)) => {
                return Err(MigrationError::Newer(version));
            }
            Err(MigrateError::VersionMismatch(version)) => {
                return Err(MigrationError::Changed(version));
            }
            Err(error) => error,
        };
        turn += 1;
        if turn == ATTEMPTS {
            return Err(MigrationError::Failed(error));
        }
        // Another process makes the same tables, on another node of a cluster perhaps.
        tokio::time::sleep(Duration::from_millis(fastrand::u64(50..=250))).await;
    }
}
