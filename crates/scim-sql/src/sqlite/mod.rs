mod writer;

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use scim_provider::Storage;
use scim_provider::storage::{
    Commit, CommitOutcome, Former, LinkSelection, Query, RecordPage, ResourceKey, StorageError,
    Stored,
};
use scim_provider::version::ScimVersion;
use sqlx::Sqlite;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::copy::Side;
use crate::dialect::Dialect;
use crate::pool::Connections;
use crate::{ConnectError, Durability, MigrationError, Options, migrations};

use writer::Writer;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long a process waits for another one that writes to the same file.
const BUSY: Duration = Duration::from_secs(5);

/// Records in one file, through an embedded SQLite. Clones share the file.
///
/// One connection writes. Commits that come in while it waits for the disk are put into its next
/// transaction together, so that many clients share one sync of the disk; each still is applied or
/// refused by itself. Readers see the state before or after, and wait for nobody (write-ahead log).
///
/// Several processes may open one file, at the cost of waiting for each other.
#[derive(Debug, Clone)]
pub struct SqliteStorage {
    connections: Arc<Connections<Sqlite>>,
    writer: Writer,
}

impl SqliteStorage {
    /// The store in the file at `path`, which is made if it is not there, for nobody else to read.
    /// See [`migrate`](Self::migrate).
    ///
    /// # Errors
    ///
    /// If the file can't be opened or made.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, ConnectError> {
        let path = path.as_ref();
        make_private(path).map_err(ConnectError::file)?;
        let file = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match options.durability {
                Durability::Full => SqliteSynchronous::Full,
                Durability::Relaxed => SqliteSynchronous::Normal,
            })
            // Where `fsync` alone does not reach the disk (macOS).
            .pragma("fullfsync", "1")
            .busy_timeout(BUSY);
        let connections = Connections::new(
            file.clone(),
            |_, _| Box::pin(async { Ok(()) }),
            Dialect::Sqlite,
            options,
        );
        Ok(Self {
            connections: Arc::new(connections),
            writer: Writer::start(file, options),
        })
    }

    /// Makes the tables, or brings them up to date.
    ///
    /// # Errors
    ///
    /// [`MigrationError`]; nothing is changed if the file is of a newer version.
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        migrations::run(&MIGRATIONS, self.connections.connector()).await
    }

    /// Whether the file can be read.
    ///
    /// # Errors
    ///
    /// If it can't.
    pub async fn ping(&self) -> Result<(), StorageError> {
        self.connections.ping().await
    }

    /// Carries out the commits that were handed over, refuses what comes after, and moves the
    /// write-ahead log into the file, which then is all there is, unless a read is still under way or
    /// another process has it open.
    ///
    /// A program that ends without it loses nothing: the log is read when the file is opened again.
    pub async fn close(&self) {
        self.connections.close();
        self.writer.close().await;
    }
}

impl SqliteStorage {
    pub(crate) fn side(&self) -> Side<Sqlite> {
        Side {
            connections: Arc::clone(&self.connections),
            dialect: Dialect::Sqlite,
        }
    }
}

/// An empty file that only its owner may read; SQLite gives its own files beside it the same rights.
fn make_private(path: &Path) -> io::Result<()> {
    let mut new = OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    match new.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

#[async_trait]
impl Storage for SqliteStorage {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.connections.get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.connections.query(query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        self.writer.commit(commit).await
    }

    fn keeps_former(&self) -> bool {
        true
    }

    async fn former(
        &self,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        self.connections.former(key, version).await
    }
}
