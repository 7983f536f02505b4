use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool::Runtime;
use deadpool::managed::{Object, Pool, PoolError, QueueMode, TimeoutType};
use scim_provider::storage::{
    Former, LinkSelection, Query, RecordPage, ResourceKey, StorageError, StorageErrorKind, Stored,
};
use scim_provider::version::ScimVersion;
use sqlx::{Connection, Database};
use tokio::task::JoinError;

use crate::Options;
use crate::connector::{Connector, Prepare};
use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::outage::Outage;
use crate::read::Reader;
use crate::session::{Limited, Session};

/// A connection that goes back to the others when it is dropped.
pub(crate) struct Pooled<DB: Database>(Object<Connector<DB>>);

impl<DB: Database> Pooled<DB> {
    /// Ends a connection of which nobody knows what state it is in.
    pub(crate) fn end(self) {
        drop(Object::take(self.0));
    }
}

/// Connections to one database, which are opened when they are needed, and what is read through
/// them.
pub(crate) struct Connections<DB: Database> {
    pool: Pool<Connector<DB>>,
    outage: Outage,
    limit: Duration,
    reader: Reader,
}

impl<DB: Database> fmt::Debug for Connections<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("outage", &self.outage)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl<DB: Database> Connections<DB>
where
    for<'c> Limited<'c, DB::Connection>: Session,
{
    pub(crate) fn new(
        database: <DB::Connection as Connection>::Options,
        prepare: Prepare<DB::Connection>,
        dialect: Dialect,
        options: &Options,
    ) -> Self {
        let limit = options.connect_timeout;
        let connector = Connector {
            database,
            prepare,
            durability: options.durability,
        };
        let most = usize::try_from(options.max_connections.max(1)).unwrap_or(usize::MAX);
        let pool = Pool::builder(connector)
            .max_size(most)
            // Those whose statements are prepared already come first.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(limit))
            .create_timeout(Some(limit))
            .recycle_timeout(Some(limit))
            .build()
            .expect("a pool with timeouts needs a runtime, and has one");
        Self {
            pool,
            outage: Outage::new(limit.saturating_mul(2)),
            limit: options.statement_timeout,
            reader: Reader::new(dialect),
        }
    }

    /// How connections are opened.
    pub(crate) fn connector(&self) -> &Connector<DB> {
        self.pool.manager()
    }

    /// Ends the connections, those in use when they come back. No more are opened.
    pub(crate) fn close(&self) {
        self.pool.close();
    }

    /// A connection, or [`Fault::Away`].
    pub(crate) async fn acquire(&self) -> Result<Pooled<DB>, Fault> {
        if self.outage.lasts(Instant::now()) {
            return Err(Fault::Away("the database was away a moment ago".into()));
        }
        let error = match self.pool.get().await {
            Ok(connection) => {
                self.outage.ends();
                return Ok(Pooled(connection));
            }
            Err(error) => error,
        };
        // Whatever it is that failed: nothing has been asked yet.
        Err(match error {
            PoolError::Timeout(TimeoutType::Wait) => {
                self.outage.ends();
                Fault::Away("all connections are in use".into())
            }
            PoolError::Backend(error) => {
                // A server that says why, such as having too many connections, is not away, and
                // those that are open already go on.
                match error {
                    sqlx::Error::Database(_) => self.outage.ends(),
                    _ => self.outage.begins(Instant::now()),
                }
                match Fault::from(error) {
                    Fault::Lost(Some(error)) | Fault::Rival(Some(error)) => {
                        Fault::Away(error.into())
                    }
                    fault => fault,
                }
            }
            error => {
                self.outage.begins(Instant::now());
                Fault::Away(error.into())
            }
        })
    }

    /// The connection for statements.
    pub(crate) fn session<'c>(
        &self,
        connection: &'c mut Pooled<DB>,
    ) -> Limited<'c, DB::Connection> {
        Limited {
            connection: &mut connection.0,
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
                Answer::Page(_) | Answer::Former(_) => None,
            })
    }

    /// A former version, as [`get`](Self::get).
    pub(crate) async fn former(
        self: &Arc<Self>,
        key: &ResourceKey,
        version: &ScimVersion,
    ) -> Result<Option<Former>, StorageError> {
        let (this, key, version) = (Arc::clone(self), key.clone(), version.clone());
        let read = async move { this.reading(Read::Former(&key, &version)).await };
        finished(tokio::spawn(read).await).map(|answer| match answer {
            Answer::Former(former) => former,
            Answer::Record(_) | Answer::Page(_) => None,
        })
    }

    /// A page, as [`get`](Self::get).
    pub(crate) async fn query(self: &Arc<Self>, query: &Query) -> Result<RecordPage, StorageError> {
        let (this, query) = (Arc::clone(self), query.clone());
        finished(tokio::spawn(async move { this.reading(Read::Page(&query)).await }).await).map(
            |answer| match answer {
                Answer::Page(page) => page,
                Answer::Record(_) | Answer::Former(_) => RecordPage::new(Vec::new(), 0),
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
            Read::Former(key, version) => {
                let former = self.reader.former(&mut session, key, version).await;
                former.map(Answer::Former)
            }
        };
        if matches!(answer, Err(Fault::Lost(_))) {
            connection.end();
        }
        answer
    }

    /// Whether the database answers; in a task of its own too.
    pub(crate) async fn ping(self: &Arc<Self>) -> Result<(), StorageError> {
        let this = Arc::clone(self);
        let asked = async move {
            let mut connection = this.acquire().await?;
            let asked = this.session(&mut connection).command("SELECT 1").await;
            if asked.is_err() {
                connection.end();
            }
            asked
        };
        finished(tokio::spawn(async move { asked.await.map_err(Fault::into_error) }).await)
    }
}

enum Read<'a> {
    Record(&'a ResourceKey, &'a LinkSelection),
    Page(&'a Query),
    Former(&'a ResourceKey, &'a ScimVersion),
}

enum Answer {
    Record(Option<Stored>),
    Page(RecordPage),
    Former(Option<Former>),
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
