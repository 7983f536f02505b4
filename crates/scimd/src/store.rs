//! The stores that resources may be kept in, behind one type.

use std::future::Future;
use std::pin::Pin;

use scim_http::provider::storage::{
    Commit, CommitOutcome, Former, LinkSelection, Query, RecordPage, ResourceKey, StorageError,
    Stored,
};
use scim_http::provider::{InMemoryStorage, Storage};
use scim_http::version::ScimVersion;
use scim_sql::{ConnectError, Durability, MigrationError, Options, SqlStorage};
use thiserror::Error;

use crate::Config;
use crate::config::{DatabaseUrl, Store};

/// Where resources are kept.
#[derive(Debug)]
pub(crate) enum AnyStorage {
    /// In the process.
    Memory(InMemoryStorage),
    /// In a database.
    Sql(SqlStorage),
}

/// Why a server has no store.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It can't be reached or opened.
    #[error("cannot open the store")]
    Connect(#[from] ConnectError),
    /// Its tables are not those of this version, and can't be made so.
    #[error("cannot use the store")]
    Migration(#[from] MigrationError),
}

impl AnyStorage {
    /// The store that `config` names, with its tables up to date.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if there is none.
    pub(crate) async fn open(config: &Config) -> Result<Self, OpenError> {
        match &config.store {
            Store::Memory => Ok(Self::Memory(InMemoryStorage::new())),
            Store::Database(url) => {
                let storage = database(url, &options(config)).await?;
                Ok(Self::Sql(storage))
            }
        }
    }

    /// Whether it answers.
    pub(crate) async fn ping(&self) -> Result<(), StorageError> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::Sql(storage) => storage.ping().await,
        }
    }

    /// Leaves it so that others find it in order.
    pub(crate) async fn close(&self) {
        match self {
            Self::Memory(_) => {}
            Self::Sql(storage) => storage.close().await,
        }
    }
}

/// How `config` wants databases to be used.
fn options(config: &Config) -> Options {
    let mut options = Options::default();
    options.durability = if config.relaxed_durability {
        Durability::Relaxed
    } else {
        Durability::Full
    };
    options.max_connections = config.store_connections;
    options
}

/// The store at `url`, with its tables up to date.
///
/// # Errors
///
/// [`OpenError`] if there is none.
pub(crate) async fn database(
    url: &DatabaseUrl,
    options: &Options,
) -> Result<SqlStorage, OpenError> {
    let storage = SqlStorage::connect(url.expose(), options)?;
    storage.migrate().await?;
    Ok(storage)
}

/// A future as `async_trait` makes it: passed on as it is, since another box around it would cost
/// every read from memory.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'a>>;

#[deny(clippy::missing_trait_methods)]
impl Storage for AnyStorage {
    fn get<'life0, 'life1, 'life2, 'async_trait>(
        &'life0 self,
        key: &'life1 ResourceKey,
        links: &'life2 LinkSelection,
    ) -> Answer<'async_trait, Option<Stored>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        'life2: 'async_trait,
        Self: 'async_trait,
    {
        match self {
            Self::Memory(storage) => storage.get(key, links),
            Self::Sql(storage) => storage.get(key, links),
        }
    }

    fn query<'life0, 'life1, 'async_trait>(
        &'life0 self,
        query: &'life1 Query,
    ) -> Answer<'async_trait, RecordPage>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        Self: 'async_trait,
    {
        match self {
            Self::Memory(storage) => storage.query(query),
            Self::Sql(storage) => storage.query(query),
        }
    }

    fn commit<'life0, 'async_trait>(
        &'life0 self,
        commit: Commit,
    ) -> Answer<'async_trait, CommitOutcome>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        match self {
            Self::Memory(storage) => storage.commit(commit),
            Self::Sql(storage) => storage.commit(commit),
        }
    }

    fn keeps_former(&self) -> bool {
        match self {
            Self::Memory(storage) => storage.keeps_former(),
            Self::Sql(storage) => storage.keeps_former(),
        }
    }

    fn former<'life0, 'life1, 'life2, 'async_trait>(
        &'life0 self,
        key: &'life1 ResourceKey,
        version: &'life2 ScimVersion,
    ) -> Answer<'async_trait, Option<Former>>
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        'life2: 'async_trait,
        Self: 'async_trait,
    {
        match self {
            Self::Memory(storage) => storage.former(key, version),
            Self::Sql(storage) => storage.former(key, version),
        }
    }
}
