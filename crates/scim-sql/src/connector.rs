use std::pin::Pin;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use sqlx::{Connection, Database};

use crate::Durability;

/// A connection that waited longer than this is asked whether it still lives.
const FRESH: Duration = Duration::from_millis(500);
/// A connection that is older than this is not used again: servers keep some memory for as long as
/// a connection lasts, and a new one may find a better server behind the same name.
const OLD: Duration = Duration::from_secs(30 * 60);

/// Makes a new connection ready for statements.
pub(crate) type Prepare<C> = for<'c> fn(&'c mut C, Durability) -> Preparing<'c>;
pub(crate) type Preparing<'c> = Pin<Box<dyn Future<Output = Result<(), sqlx::Error>> + Send + 'c>>;

/// Opens connections to one database.
///
/// sqlx has a pool of its own, which asks each connection whether it lives whenever it comes back:
/// one turn more for each statement.
pub(crate) struct Connector<DB: Database> {
    pub(crate) database: <DB::Connection as Connection>::Options,
    pub(crate) prepare: Prepare<DB::Connection>,
    pub(crate) durability: Durability,
}

impl<DB: Database> Connector<DB> {
    pub(crate) async fn open(&self) -> Result<DB::Connection, sqlx::Error> {
        let mut connection = DB::Connection::connect_with(&self.database).await?;
        (self.prepare)(&mut connection, self.durability).await?;
        Ok(connection)
    }
}

impl<DB: Database> Manager for Connector<DB> {
    type Type = DB::Connection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<DB::Connection, sqlx::Error> {
        self.open().await
    }

    async fn recycle(
        &self,
        connection: &mut DB::Connection,
        about: &Metrics,
    ) -> RecycleResult<sqlx::Error> {
        if about.age() > OLD {
            return Err(RecycleError::message("the connection is old"));
        }
        if about.last_used() > FRESH {
            connection.ping().await?;
        }
        Ok(())
    }
}
