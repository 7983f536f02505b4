use std::time::Duration;

use scim_provider::storage::{Commit, CommitOutcome, StorageError, StorageErrorKind};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::warn;

use crate::Options;
use crate::commit::{Committer, check};
use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::row::Column;
use crate::session::{Limited, Session};

/// How many commits share a transaction at most: what one waits for is bounded.
const TOGETHER: usize = 128;

/// How many commits may wait for the writer; who comes then waits to be let in.
const WAITING: usize = 1_024;

/// A commit, and who waits for its outcome.
struct Job {
    commit: Commit,
    answer: oneshot::Sender<Result<CommitOutcome, StorageError>>,
}

/// The one connection that writes, in a task that ends with the last clone, or when it is
/// [told to](Self::close).
#[derive(Debug, Clone)]
pub(super) struct Writer {
    messages: mpsc::Sender<Message>,
    /// Closed when the task has ended.
    running: watch::Receiver<()>,
}

enum Message {
    Commit(Job),
    Close,
}

impl Writer {
    pub(super) fn start(file: SqliteConnectOptions, options: &Options) -> Self {
        let (messages, waiting) = mpsc::channel(WAITING);
        let (runs, running) = watch::channel(());
        let task = Task {
            file,
            connection: None,
            committer: Committer::new(Dialect::Sqlite),
            limit: options.statement_timeout,
            attempts: options.attempts.max(1),
        };
        tokio::spawn(async move {
            task.run(waiting).await;
            drop(runs);
        });
        Self { messages, running }
    }

    /// Carries out what waits, refuses what comes after, and brings the file up to date.
    pub(super) async fn close(&self) {
        // Nobody takes it in if it is closed already.
        let _ = self.messages.send(Message::Close).await;
        // Nothing is ever sent: an error is the end.
        let _ = self.running.clone().changed().await;
    }

    /// Hands `commit` over; once that is done it is carried out, whoever still waits for it.
    pub(super) async fn commit(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        check(&commit)?;
        let (answer, outcome) = oneshot::channel();
        let handed = self
            .messages
            .send(Message::Commit(Job { commit, answer }))
            .await;
        if handed.is_err() {
            return Err(StorageError::new(StorageErrorKind::Unavailable));
        }
        outcome
            .await
            .unwrap_or_else(|_| Err(StorageError::new(StorageErrorKind::OutcomeUnknown)))
    }
}

struct Task {
    file: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    committer: Committer,
    limit: Duration,
    attempts: u32,
}

/// Why a transaction came to nothing.
enum Failed {
    /// Nothing of it is written.
    Undone(Fault),
    /// It ended in a way that does not say.
    Unknown(Fault),
}

impl Task {
    async fn run(mut self, mut waiting: mpsc::Receiver<Message>) {
        let mut messages = Vec::with_capacity(TOGETHER);
        let mut jobs = Vec::with_capacity(TOGETHER);
        let mut asked = false;
        while waiting.recv_many(&mut messages, TOGETHER).await > 0 {
            for message in messages.drain(..) {
                match message {
                    Message::Commit(job) => jobs.push(job),
                    Message::Close => {
                        // What is there already still arrives.
                        waiting.close();
                        asked = true;
                    }
                }
            }
            if jobs.is_empty() {
                continue;
            }
            let commits: Vec<_> = jobs.iter().map(|job| &job.commit).collect();
            match self.together(&commits).await {
                Ok(outcomes) => {
                    for (job, outcome) in jobs.drain(..).zip(outcomes) {
                        // Nobody has to wait for it.
                        let _ = job.answer.send(Ok(outcome));
                    }
                }
                Err(Failed::Unknown(fault)) => {
                    warn!(?fault, "a transaction ended without saying how");
                    for job in jobs.drain(..) {
                        let unknown = StorageError::new(StorageErrorKind::OutcomeUnknown);
                        let _ = job.answer.send(Err(unknown));
                    }
                }
                // One of them spoils it, or the disk is full: each by itself.
                Err(Failed::Undone(_)) => {
                    for job in jobs.drain(..) {
                        let outcome = self.alone(&job.commit).await;
                        let _ = job.answer.send(outcome);
                    }
                }
            }
        }
        if asked {
            self.check_point().await;
        }
        if let Some(connection) = self.connection.take() {
            // The process may end without it: the next one finds everything in the log.
            let _ = connection.close().await;
        }
    }

    /// Moves the log into the file, so that this alone is everything.
    async fn check_point(&mut self) {
        if self.connection.is_none() {
            // Nobody wants the file back who has removed it.
            let file = self.file.clone().create_if_missing(false);
            self.connection = file.connect().await.ok();
        }
        let Some(connection) = &mut self.connection else {
            return;
        };
        let mut session = Limited {
            connection,
            limit: self.limit,
        };
        let statement = Dialect::Sqlite.statement("PRAGMA wal_checkpoint(TRUNCATE)");
        let rows = session.rows(&statement, &[], &[Column::Integer]).await;
        let busy = rows.and_then(|rows| {
            rows.into_iter()
                .next()
                .map_or(Ok(1), |mut row| row.integer())
        });
        match busy {
            Ok(0) => {}
            busy => warn!(
                ?busy,
                "somebody reads yet, and the log stays beside the file"
            ),
        }
    }

    /// One commit in a transaction of its own.
    async fn alone(&mut self, commit: &Commit) -> Result<CommitOutcome, StorageError> {
        let mut turn = 0;
        loop {
            turn += 1;
            match self.together(&[commit]).await {
                Ok(outcomes) => {
                    return outcomes
                        .into_iter()
                        .next()
                        .ok_or_else(|| StorageError::new(StorageErrorKind::Internal));
                }
                Err(Failed::Undone(Fault::Rival(_))) if turn < self.attempts => {}
                Err(Failed::Undone(fault)) => return Err(fault.into_error()),
                Err(Failed::Unknown(fault)) => {
                    return Err(StorageError::with_source(
                        StorageErrorKind::OutcomeUnknown,
                        fault.into_error(),
                    ));
                }
            }
        }
    }

    /// All of `commits` in one transaction, each applied or refused by itself.
    async fn together(&mut self, commits: &[&Commit]) -> Result<Vec<CommitOutcome>, Failed> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let opened = self.file.connect().await;
                opened.map_err(|error| Failed::Undone(Fault::Away(error.into())))?
            }
        };
        let mut session = Limited {
            connection: &mut connection,
            limit: self.limit,
        };
        let done = transaction(&mut session, &self.committer, commits).await;
        // A connection that failed at something is closed, which undoes what it had not committed.
        if done.is_ok() {
            self.connection = Some(connection);
        } else {
            let _ = connection.close().await;
        }
        done
    }
}

async fn transaction(
    session: &mut impl Session,
    committer: &Committer,
    commits: &[&Commit],
) -> Result<Vec<CommitOutcome>, Failed> {
    // Nobody else writes from here on.
    session
        .command("BEGIN IMMEDIATE")
        .await
        .map_err(Failed::Undone)?;
    let mut outcomes = Vec::with_capacity(commits.len());
    for commit in commits {
        let outcome = one_of_many(session, committer, commit).await;
        outcomes.push(outcome.map_err(Failed::Undone)?);
    }
    session
        .command("COMMIT")
        .await
        .map_err(|fault| match fault {
            // SQLite says so before it does anything.
            Fault::Rival(_) => Failed::Undone(fault),
            _ => Failed::Unknown(fault),
        })?;
    Ok(outcomes)
}

async fn one_of_many(
    session: &mut impl Session,
    committer: &Committer,
    commit: &Commit,
) -> Result<CommitOutcome, Fault> {
    if let Some(single) = committer.single(commit)
        && committer.replace(session, &single).await?
    {
        return Ok(CommitOutcome::Applied);
    }
    session.command("SAVEPOINT commit_of_many").await?;
    let outcome = committer.apply(session, commit).await?;
    if outcome != CommitOutcome::Applied {
        session.command("ROLLBACK TO commit_of_many").await?;
    }
    session.command("RELEASE commit_of_many").await?;
    Ok(outcome)
}
