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
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{Executor, MySql, MySqlConnection};

use crate::connector::Preparing;
use crate::copy::Side;
use crate::dialect::Dialect;
use crate::pool::Connections;
use crate::server::Server;
use crate::{ConnectError, Durability, MigrationError, Options, migrations};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/mysql");

/// How many statements a connection keeps prepared: all that a commit may need, and some that read.
const PREPARED: usize = 100;

/// Each statement sees what was committed before it began; rows that matter are locked.
const SETUP: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// On a node of a cluster: no statement begins before what others committed has arrived.
const CURRENT: &str = "SET SESSION wsrep_sync_wait = 7";

/// Records in MySQL or MariaDB, shared by any number of processes, a Galera cluster too. Clones share
/// the connections.
///
/// Each commit runs at `READ COMMITTED`, whatever the server's default is: every statement then
/// sees what was committed before it began, and rows that matter are locked.
#[derive(Debug, Clone)]
pub struct MySqlStorage(Arc<Server<MySql>>);

impl MySqlStorage {
    /// A store in the database that `url` names (`mysql://USER:PASSWORD@HOST:PORT/DATABASE`,
    /// with `?ssl-mode=VERIFY_IDENTITY&ssl-ca=FILE` for TLS). Connects when it is first needed; see
    /// [`migrate`](Self::migrate).
    ///
    /// [`Options::durability`] is the server's own matter: `innodb_flush_log_at_trx_commit = 1`, its
    /// default, is what [`Full`](crate::Durability::Full) asks for.
    ///
    /// # Errors
    ///
    /// If `url` is no such URL.
    pub fn connect(url: &str, options: &Options) -> Result<Self, ConnectError> {
        let server = MySqlConnectOptions::from_str(url).map_err(ConnectError::url)?;
        // Whatever the URL says: what a transaction needs has to stay prepared until it ends.
        let server = server.statement_cache_capacity(PREPARED);
        let connections = Connections::new(server, prepare, Dialect::MySql, options);
        Ok(Self(Arc::new(Server::new(
            connections,
            Dialect::MySql,
            "START TRANSACTION",
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

fn prepare(connection: &mut MySqlConnection, _: Durability) -> Preparing<'_> {
    Box::pin(async move {
        connection.execute(sqlx::raw_sql(SETUP)).await?;
        let galera = sqlx::raw_sql("SHOW STATUS LIKE 'wsrep_cluster_size'");
        if connection.fetch_optional(galera).await?.is_some() {
            connection.execute(sqlx::raw_sql(CURRENT)).await?;
        }
        Ok(())
    })
}

impl MySqlStorage {
    pub(crate) fn side(&self) -> Side<MySql> {
        Side {
            connections: Arc::clone(&self.0.connections),
            dialect: Dialect::MySql,
        }
    }
}

#[async_trait]
impl Storage for MySqlStorage {
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
