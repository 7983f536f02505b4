use std::sync::Arc;
use std::time::Duration;

use scim_provider::storage::{
    LinkSelection, Query, RecordPage, ResourceKey, StorageError, StorageErrorKind, Stored,
};
use sqlx::pool::{PoolConnection, PoolOptions};
use sqlx::{Connection, Database, Pool};
use tokio::task::JoinError;

use crate::Options;
use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::read::Reader;
use crate::session::{Limited, Session};

/// A connection that waited longer than this is asked whether it still lives.
const FRESH: Duration = Duration::from_millis(500);

/// Connections that are opened when they are needed.
pub(crate) fn options<DB: Database>(options: &Options) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.connect_timeout)
        // To ask each would cost every request a turn.
        .test_before_acquire(false)
        .before_acquire(|connection: &mut DB::Connection, about| {
            Box::pin(async move { Ok(about.idle_for < FRESH || connection.ping().await.is_ok()) })
        })
}

/// Connections to one database, and what is read through them.
#[derive(Debug)]
pub(crate) struct Connections<DB: Database> {
    pub(crate) pool: Pool<DB>,
    pub(crate) limit: Duration,
    reader: Reader,
}

impl<DB: Database> Connections<DB>
where
    for<'c> Limited<'c, DB::Connection>: Session,
{
    pub(crate) fn new(pool: Pool<DB>, dialect: Dialect, options: &Options) -> Self {
        Self {
            pool,
            limit: options.statement_timeout,
            reader: Reader::new(dialect),
        }
    }

    /// A connection, or [`Fault::Away`].
    pub(crate) async fn acquire(&self) -> Result<PoolConnection<DB>, Fault> {
        self.pool.acquire().await.map_err(|error| {
            // Whatever it is that failed: nothing has been asked yet.
            match Fault::from(error) {
                Fault::Lost(Some(error)) | Fault::Rival(Some(error)) => Fault::Away(error),
                fault => fault,
            }
        })
    }

    /// The connection for statements.
    pub(crate) fn session<'c>(
        &self,
        connection: &'c mut PoolConnection<DB>,
    ) -> Limited<'c, DB::Connection> {
        Limited {
            connection: &mut **connection,
            limit: self.limit,
        }
    }

    /// `get` in a task of its own, so that a request that is dropped leaves no answer in a
    /// connection for the next one.
    pub(crate) async fn get(
        self: &Arc<Self>,
        key: &ResourceKey,
        links: &LinkSelection,
    ) -> Result<Option<Stored>, StorageError> {
        let (this, key, links) = (Arc::clone(self), key.clone(), links.clone());
        finished(tokio::spawn(async move { this.reading(Read::Record(&key, &links)).await }).await)
            .map(|answer| match answer {
                Answer::Record(record) => record,
                Answer::Page(_) => None,
            })
    }

    /// A page, as [`get`](Self::get).
    pub(crate) async fn query(self: &Arc<Self>, query: &Query) -> Result<RecordPage, StorageError> {
        let (this, query) = (Arc::clone(self), query.clone());
        finished(tokio::spawn(async move { this.reading(Read::Page(&query)).await }).await).map(
            |answer| match answer {
                Answer::Page(page) => page,
                Answer::Record(_) => RecordPage::new(Vec::new(), 0),
            },
        )
    }

    /// Reads once more if the connection turns out to be dead: nothing can have happened.
    async fn reading(&self, read: Read<'_>) -> Result<Answer, StorageError> {
        let mut fault = None;
        for _ in 0..3 {
            match self.read(&read).await {
                Ok(answer) => return Ok(answer),
                Err(found @ (Fault::Lost(Some(_)) | Fault::Rival(_))) => fault = Some(found),
                Err(found) => return Err(found.into_error()),
            }
        }
        Err(fault.map_or_else(
            || StorageError::new(StorageErrorKind::Unavailable),
            Fault::into_error,
        ))
    }

    async fn read(&self, read: &Read<'_>) -> Result<Answer, Fault> {
        let mut connection = self.acquire().await?;
        let mut session = self.session(&mut connection);
        let answer = match read {
            Read::Record(key, links) => {
                let record = self.reader.get(&mut session, key, links).await;
                record.map(Answer::Record)
            }
            Read::Page(query) => self
                .reader
                .page(&mut session, query)
                .await
                .map(Answer::Page),
        };
        if matches!(answer, Err(Fault::Lost(_))) {
            connection.close_on_drop();
        }
        answer
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> Result<(), StorageError> {
        let mut connection = self.acquire().await.map_err(Fault::into_error)?;
        let asked = self.session(&mut connection).command("SELECT 1").await;
        if asked.is_err() {
            connection.close_on_drop();
        }
        asked.map_err(Fault::into_error)
    }
}

enum Read<'a> {
    Record(&'a ResourceKey, &'a LinkSelection),
    Page(&'a Query),
}

enum Answer {
    Record(Option<Stored>),
    Page(RecordPage),
}

/// What a task came to; a panic in it goes on here.
pub(crate) fn finished<T>(
    joined: Result<Result<T, StorageError>, JoinError>,
) -> Result<T, StorageError> {
    match joined {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down.
            Err(error) => Err(StorageError::with_source(
                StorageErrorKind::OutcomeUnknown,
                error,
            )),
        },
    }
}
