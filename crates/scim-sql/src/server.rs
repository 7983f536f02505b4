//! Commits to a database server, which others write to as well.

use std::sync::Arc;
use std::time::Duration;

use scim_provider::storage::{
    Commit, CommitOutcome, Refusal, StorageError, StorageErrorKind, WriteOp,
};
use sqlx::Database;
use tracing::{debug, warn};

use crate::Options;
use crate::commit::{Committer, Trace, check};
use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::pool::{Connections, Pooled, finished};
use crate::session::{Limited, Session};

/// A pool of connections to a server.
#[derive(Debug)]
pub(crate) struct Server<DB: Database> {
    pub(crate) connections: Arc<Connections<DB>>,
    committer: Committer,
    /// Whether nothing may be prepared within a transaction.
    prepares: bool,
    /// Begins a transaction each of whose statements sees what was committed before it.
    begin: &'static str,
    attempts: u32,
}

/// Why an attempt at a commit came to nothing.
enum Failed {
    /// Nothing is written, and there is no reason why it should fail again.
    Again(Fault),
    /// The same, as far as the answer to `COMMIT` can be believed.
    Ended(Fault),
    /// Nothing is written.
    ForGood(Fault),
    /// It may be written or not, or be written in a moment.
    Unknown(Fault),
}

impl<DB: Database> Server<DB>
where
    for<'c> Limited<'c, DB::Connection>: Session,
{
    pub(crate) fn new(
        connections: Connections<DB>,
        dialect: Dialect,
        begin: &'static str,
        options: &Options,
    ) -> Self {
        Self {
            connections: Arc::new(connections),
            committer: Committer::new(dialect),
            prepares: dialect == Dialect::MySql,
            begin,
            attempts: options.attempts.max(1),
        }
    }

    /// Carries out `commit` in a task of its own: who drops the future leaves it to its end.
    pub(crate) async fn commit(
        self: &Arc<Self>,
        commit: Commit,
    ) -> Result<CommitOutcome, StorageError> {
        check(&commit)?;
        let this = Arc::clone(self);
        finished(tokio::spawn(async move { this.carry_out(commit).await }).await)
    }

    async fn carry_out(&self, commit: Commit) -> Result<CommitOutcome, StorageError> {
        let mut turn = 0;
        // Whether an attempt got as far as `COMMIT`: a cluster may refuse what it delivers nevertheless.
        let mut doubtful = false;
        loop {
            let fault = match self.attempt(&commit).await {
                Ok(CommitOutcome::Refused(refusal)) if doubtful => {
                    return self.refused_or_done(&commit, refusal).await;
                }
                Ok(outcome) => return Ok(outcome),
                Err(Failed::Again(fault)) => fault,
                Err(Failed::Ended(fault)) => {
                    doubtful = true;
                    fault
                }
                Err(Failed::ForGood(fault)) if doubtful => {
                    return self.find_out(&commit, fault).await;
                }
                Err(Failed::ForGood(fault)) => return Err(fault.into_error()),
                Err(Failed::Unknown(fault)) => return self.find_out(&commit, fault).await,
            };
            turn += 1;
            if turn == self.attempts {
                if doubtful {
                    return self.find_out(&commit, fault).await;
                }
                return Err(fault.into_error());
            }
            debug!(turn, "a commit is begun again, others were in its way");
            tokio::time::sleep(pause(turn)).await;
        }
    }

    async fn attempt(&self, commit: &Commit) -> Result<CommitOutcome, Failed> {
        let mut connection = self.connections.acquire().await.map_err(Failed::ForGood)?;
        let outcome = self.on(&mut connection, commit).await;
        let is_clean = match &outcome {
            Ok(_) => true,
            // Others being in the way is no fault of the connection.
            Err(Failed::Again(Fault::Rival(_)) | Failed::Ended(_)) => {
                let mut session = self.connections.session(&mut connection);
                session.command("ROLLBACK").await.is_ok()
            }
            Err(_) => false,
        };
        if !is_clean {
            // Whatever state it is in, nobody else shall find it so.
            connection.end();
        }
        outcome
    }

    async fn on(
        &self,
        connection: &mut Pooled<DB>,
        commit: &Commit,
    ) -> Result<CommitOutcome, Failed> {
        let mut session = self.connections.session(connection);
        if let Some(single) = self.committer.single(commit) {
            match self.committer.replace(&mut session, &single).await {
                Ok(true) => return Ok(CommitOutcome::Applied),
                Ok(false) => {}
                Err(fault @ Fault::Rival(_)) => return Err(Failed::Ended(fault)),
                Err(fault @ Fault::Lost(_)) => return Err(Failed::Unknown(fault)),
                Err(fault) => return Err(Failed::ForGood(fault)),
            }
        }
        let nothing = |fault| match fault {
            Fault::Rival(_) => Failed::Again(fault),
            _ => Failed::ForGood(fault),
        };
        let begun = async {
            if self.prepares {
                self.committer.prepare(&mut session).await?;
            }
            session.command(self.begin).await
        };
        match begun.await {
            Ok(()) => {}
            // The connection was dead already.
            Err(fault @ Fault::Lost(Some(_))) => return Err(Failed::Again(fault)),
            Err(fault) => return Err(nothing(fault)),
        }
        match self.committer.apply(&mut session, commit).await {
            Ok(CommitOutcome::Applied) => match session.command("COMMIT").await {
                Ok(()) => Ok(CommitOutcome::Applied),
                Err(fault @ Fault::Rival(_)) => Err(Failed::Ended(fault)),
                Err(fault) => Err(Failed::Unknown(fault)),
            },
            Ok(refused) => match session.command("ROLLBACK").await {
                Ok(()) => Ok(refused),
                // It was refused whether the server heard of its end or not.
                Err(_) => Err(Failed::Again(Fault::overtaken())),
            },
            Err(fault) => {
                if !matches!(fault, Fault::Lost(_) | Fault::Rival(_)) {
                    // If it can't be heard, the connection's end says the same.
                    let _ = session.command("ROLLBACK").await;
                }
                Err(nothing(fault))
            }
        }
    }

    /// What a refusal means after an attempt that may have taken effect, and be the reason for it.
    async fn refused_or_done(
        &self,
        commit: &Commit,
        refusal: Refusal,
    ) -> Result<CommitOutcome, StorageError> {
        if is_done(commit, &refusal) {
            return Ok(CommitOutcome::Applied);
        }
        if commit.writes.len() == 1 {
            // It is about the only record there is to look at.
            return Ok(CommitOutcome::Refused(refusal));
        }
        match self.look_for(commit).await {
            Ok(Trace::Applied) => Ok(CommitOutcome::Applied),
            Ok(Trace::None) => Ok(CommitOutcome::Refused(refusal)),
            Err(fault) => Err(unknown(fault)),
        }
    }

    /// Reads what became of a commit whose answer was lost.
    async fn find_out(&self, commit: &Commit, fault: Fault) -> Result<CommitOutcome, StorageError> {
        warn!(
            ?fault,
            "the answer to a commit was lost; looking for its trace"
        );
        match self.look_for(commit).await {
            Ok(Trace::Applied) => Ok(CommitOutcome::Applied),
            Ok(Trace::None) | Err(_) => Err(unknown(fault)),
        }
    }

    async fn look_for(&self, commit: &Commit) -> Result<Trace, Fault> {
        let mut connection = self.connections.acquire().await?;
        let mut session = self.connections.session(&mut connection);
        let trace = self.committer.trace(&mut session, commit).await;
        if trace.is_err() {
            connection.end();
        }
        trace
    }
}

fn unknown(fault: Fault) -> StorageError {
    StorageError::with_source(StorageErrorKind::OutcomeUnknown, fault.into_error())
}

/// Whether `refusal` says that an earlier attempt took effect: a record has the version that this
/// commit alone gives it.
fn is_done(commit: &Commit, refusal: &Refusal) -> bool {
    let Refusal::Mismatch { key, current } = refusal else {
        return false;
    };
    let write = commit.writes.iter().find(|write| write.key == *key);
    write.is_some_and(|write| match &write.op {
        WriteOp::Create(record) => record.stamp.version == *current,
        WriteOp::Update { change, .. } => change.stamp.version == *current,
        WriteOp::Delete { .. } => false,
    })
}

/// Longer after each turn, and never the same for two that met: 1 to 100 ms.
fn pause(turn: u32) -> Duration {
    let most = 1_000 << turn.min(7);
    Duration::from_micros(fastrand::u64(1_000..=most.clamp(2_000, 100_000)))
}

#[cfg(test)]
mod tests {
    use scim_provider::storage::{Change, ResourceKey, Stamp, Write};
    use scim_provider::version::ScimVersion;
    use scim_provider::{Scope, Timestamp};

    use super::*;

    #[test]
    fn a_mismatch_with_the_version_that_was_to_be_written_is_no_refusal() {
        let key = ResourceKey::new(Scope::Single, "User", "1").expect("it is a key");
        let [old, new, other] = [1, 2, 3].map(ScimVersion::from_revision);
        let time = Timestamp::from_micros(0).expect("it is a time");
        let change = Change::new(Stamp::new(new.clone(), time, time));
        let commit = Commit::of(Write::update(key.clone(), old, change));
        let found = |current| {
            let key = key.clone();
            Refusal::Mismatch { key, current }
        };
        assert!(is_done(&commit, &found(new)));
        assert!(!is_done(&commit, &found(other)));
        let missing = Refusal::Missing { key: key.clone() };
        assert!(!is_done(&commit, &missing));
    }
}
