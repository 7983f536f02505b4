use async_trait::async_trait;
use scim_provider::Storage;
use scim_provider::storage::{
    Commit, CommitOutcome, Former, LinkSelection, Query, RecordPage, ResourceKey, StorageError,
    Stored,
};
use scim_provider::version::ScimVersion;

#[cfg(feature = "mysql")]
use crate::MySqlStorage;
#[cfg(feature = "postgres")]
use crate::PostgresStorage;
#[cfg(feature = "sqlite")]
use crate::SqliteStorage;
use crate::copy::Rows;
use crate::error::ConnectErrorKind;
use crate::{ConnectError, MigrationError, Options};

/// A store in whichever database a URL names.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SqlStorage {
    /// In a file.
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteStorage),
    /// On a PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(PostgresStorage),
    /// On a MySQL or MariaDB server.
    #[cfg(feature = "mysql")]
    MySql(MySqlStorage),
}

/// The same call on whichever there is.
macro_rules! each {
    ($storage:expr, $inner:ident => $call:expr) => {
        match $storage {
            #[cfg(feature = "sqlite")]
            SqlStorage::Sqlite($inner) => $call,
            #[cfg(feature = "postgres")]
            SqlStorage::Postgres($inner) => $call,
            #[cfg(feature = "mysql")]
            SqlStorage::MySql($inner) => $call,
        }
    };
}

impl SqlStorage {
    /// The store that `url` names: `sqlite:FILE`, `postgres://…`, `mysql://…` or `mariadb://…`.
    ///
    /// # Errors
    ///
    /// If it names none, or the file can't be opened.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn connect(url: &str, options: &Options) -> Result<Self, ConnectError> {
        let (scheme, rest) = url
            .split_once(':')
            .ok_or(ConnectError::new(ConnectErrorKind::Url))?;
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(ConnectError::new(ConnectErrorKind::Url));
                }
                sqlite(path, options)
            }
            "postgres" | "postgresql" => postgres(url, options),
            "mysql" | "mariadb" => mysql(url, options),
            _ => Err(ConnectError::new(ConnectErrorKind::Scheme)),
        }
    }

    /// Makes the tables, or brings them up to date.
    ///
    /// # Errors
    ///
    /// [`MigrationError`]; nothing is changed if the database is of a newer version.
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        each!(self, storage => storage.migrate().await)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// If it doesn't, in the time of [`Options::connect_timeout`].
    pub async fn ping(&self) -> Result<(), StorageError> {
        each!(self, storage => storage.ping().await)
    }

    /// Refuses what comes from now on. Of a file, carries out the commits that were handed over, and
    /// moves the write-ahead log into it; of a server, opens no connections any more: what is under way
    /// ends on the one that it has, and what has none is refused.
    ///
    /// A program that ends without it loses nothing.
    pub async fn close(&self) {
        each!(self, storage => storage.close().await)
    }
}

impl SqlStorage {
    /// The rows of its tables, as they are.
    pub(crate) fn rows(&self) -> Box<dyn Rows> {
        each!(self, storage => Box::new(storage.side()))
    }
}

#[cfg(feature = "sqlite")]
fn sqlite(path: &str, options: &Options) -> Result<SqlStorage, ConnectError> {
    SqliteStorage::open(path, options).map(SqlStorage::Sqlite)
}

#[cfg(feature = "postgres")]
fn postgres(url: &str, options: &Options) -> Result<SqlStorage, ConnectError> {
    PostgresStorage::connect(url, options).map(SqlStorage::Postgres)
}

#[cfg(feature = "mysql")]
fn mysql(url: &str, options: &Options) -> Result<SqlStorage, ConnectError> {
    MySqlStorage::connect(url, options).map(SqlStorage::MySql)
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_: &str, _: &Options) -> Result<SqlStorage, ConnectError> {
    Err(ConnectError::new(ConnectErrorKind::Feature))
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str, _: &Options) -> Result<SqlStorage, ConnectError> {
    Err(ConnectError::new(ConnectErrorKind::Feature))
}

#[cfg(not(feature = "mysql"))]
fn mysql(_: &str, _: &Options) -> Result<SqlStorage, ConnectError> {
    Err(ConnectError::new(ConnectErrorKind::Feature))
}

#[async_trait]
impl Storage for SqlStorage {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        each!(self, storage => storage.get(key, links).await)
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        each!(self, storage => storage.query(query).await)
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        each!(self, storage => storage.commit(commit).await)
    }

    fn keeps_former(&self) -> bool {
        each!(self, storage => storage.keeps_former())
    }

    async fn former(
        &self,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        each!(self, storage => storage.former(key, version).await)
    }
}
