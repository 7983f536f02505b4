use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;
use scim_provider::Storage;
use scim_provider::storage::{
    Commit, CommitOutcome, Former, LinkSelection, Query, RecordPage, ResourceKey, StorageError,
    Stored,
};
use scim_provider::version::ScimVersion;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Executor, PgConnection, Postgres};

use crate::connector::Preparing;
use crate::copy::Side;
use crate::dialect::Dialect;
use crate::pool::Connections;
use crate::server::Server;
use crate::{ConnectError, Durability, MigrationError, Options, migrations};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Records in PostgreSQL, shared by any number of processes. Clones share the connections.
///
/// Each commit runs at `READ COMMITTED`, whatever the server's default is: every statement then
/// sees what was committed before it began, and rows that matter are locked.
#[derive(Debug, Clone)]
pub struct PostgresStorage(Arc<Server<Postgres>>);

impl PostgresStorage {
    /// A store in the database that `url` names (`postgres://USER:PASSWORD@HOST:PORT/DATABASE`,
    /// with `?sslmode=verify-full&sslrootcert=FILE` for TLS). Connects when it is first needed; see
    /// [`migrate`](Self::migrate).
    ///
    /// # Errors
    ///
    /// If `url` is no such URL.
    pub fn connect(url: &str, options: &Options) -> Result<Self, ConnectError> {
        let server = PgConnectOptions::from_str(url).map_err(ConnectError::url)?;
        let server = server.application_name("scim");
        let connections = Connections::new(server, prepare, Dialect::Postgres, options);
        Ok(Self(Arc::new(Server::new(
            connections,
            Dialect::Postgres,
            "BEGIN ISOLATION LEVEL READ COMMITTED",
            options,
        ))))
    }

    /// Makes the tables, or brings them up to date.
    ///
    /// # Errors
    ///
    /// [`MigrationError`]; nothing is changed if the database is of a newer version.
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        migrations::run(&MIGRATIONS, self.0.connections.connector()).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// If it doesn't, in the time of [`Options::connect_timeout`].
    pub async fn ping(&self) -> Result<(), StorageError> {
        self.0.connections.ping().await
    }

    /// Opens no connections any more. What is under way ends on the one that it has; what has none, or
    /// comes later, is refused.
    #[expect(clippy::unused_async, reason = "the same for every database")]
    pub async fn close(&self) {
        self.0.connections.close();
    }
}

fn prepare(connection: &mut PgConnection, durability: Durability) -> Preparing<'_> {
    let sql = match durability {
        // Stronger settings of the server (`remote_apply`) stay.
        Durability::Full => {
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; \
             SELECT set_config('synchronous_commit', 'on', false) \
             WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
        }
        Durability::Relaxed => {
            "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; \
             SET synchronous_commit = off"
        }
    };
    Box::pin(async move {
        connection.execute(sqlx::raw_sql(sql)).await?;
        Ok(())
    })
}

impl PostgresStorage {
    pub(crate) fn side(&self) -> Side<Postgres> {
        Side {
            connections: Arc::clone(&self.0.connections),
            dialect: Dialect::Postgres,
        }
    }
}

#[async_trait]
impl Storage for PostgresStorage {
    async fn get(
        &self,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        self.0.connections.get(key, links).await
    }

    async fn query(&self, query: &Query) -> Result<RecordPage, StorageError> {
        self.0.connections.query(query).await
    }

    async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        self.0.commit(commit).await
    }

    fn keeps_former(&self) -> bool {
        true
    }

    async fn former(
        &self,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        self.0.connections.former(key, version).await
    }
}
