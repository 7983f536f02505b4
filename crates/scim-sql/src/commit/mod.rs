//! How a commit becomes statements.

mod check;
mod former;
mod judge;
mod keys;
mod links;
mod texts;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod trace;
mod write;

use scim_provider::storage::{Commit, CommitOutcome, Write, WriteOp};

use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::key;
use crate::row::Arg;
use crate::session::Session;

pub(crate) use check::check;
use judge::Judgement;
use texts::Texts;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(crate) use trace::Trace;

/// Carries out commits in the words of one server.
#[derive(Debug, Clone)]
pub(crate) struct Committer {
    texts: Texts,
}

/// The whole of a commit in one statement.
#[derive(Debug)]
pub(crate) struct Single<'a>(&'a Write);

impl Committer {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            texts: Texts::new(dialect),
        }
    }

    /// Has every statement prepared that a transaction may need, before it begins.
    ///
    /// A node of a Galera cluster may end a transaction at any moment, and says so to the next
    /// statement, but not to the request to prepare one: it answers that as if nothing had been, and
    /// what follows is a statement of its own, and the `COMMIT` of nothing succeeds. So nothing is
    /// prepared within a transaction. What is prepared already costs no turn.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) async fn prepare(&self, session: &mut impl Session) -> Result<(), Fault> {
        for statement in self.texts.all() {
            session.prepare(statement).await?;
        }
        Ok(())
    }

    /// `commit` as one statement, which holds as long as the record's keys stay what they are.
    pub(crate) fn single<'a>(&self, commit: &'a Commit) -> Option<Single<'a>> {
        let [write] = commit.writes.as_slice() else {
            return None;
        };
        let WriteOp::Update { change, .. } = &write.op else {
            return None;
        };
        let is_plain = commit.retention.is_none()
            && commit.requirements.is_empty()
            && change.content.is_some()
            && change.remove_links.is_empty()
            && change.add_links.is_empty();
        is_plain.then_some(Single(write))
    }

    /// Whether the statement was the commit. If not, nothing has happened, and
    /// [`apply`](Self::apply) finds out why.
    pub(crate) async fn replace(
        &self,
        session: &mut impl Session,
        single: &Single<'_>,
    ) -> Result<bool, Fault> {
        let Write { key, op, .. } = single.0;
        let WriteOp::Update { expected, change } = op else {
            return Ok(false);
        };
        let Some(content) = &change.content else {
            return Ok(false);
        };
        let digest = key::Keys::of(content).digest();
        let mut args = write::content(key, &change.stamp, &digest, content);
        args.push(expected.as_str().into());
        Ok(session.execute(&self.texts.replace, &args).await? == 1)
    }

    /// Carries out `commit` within a transaction that the caller has begun, and which he ends: by
    /// `COMMIT` if it is applied, by `ROLLBACK` if it is not.
    ///
    /// The records that it names are locked first, in the order of their keys; then others that must
    /// exist; then the unique keys, and last, where it matters, the past of the scope. So two commits
    /// wait for each other at most once, unless they need each other's records both ways: then the
    /// server ends one of them.
    pub(crate) async fn apply(
        &self,
        session: &mut impl Session,
        commit: &Commit,
    ) -> Result<CommitOutcome, Fault> {
        let current = match self.lock(session, commit).await? {
            Judgement::Refused(refusal) => return Ok(CommitOutcome::Refused(refusal)),
            Judgement::Stands(current) => current,
        };
        let undos = self.undos(session, commit).await?;
        for write in &commit.writes {
            self.write(session, write, current.get(&write.key)).await?;
        }
        if let Some(requirement) = self.requirement_failed(session, commit).await? {
            return Ok(CommitOutcome::Refused(requirement));
        }
        for write in &commit.writes {
            let claim = self.claim(session, write, current.get(&write.key)).await?;
            if let Some(refusal) = claim {
                return Ok(CommitOutcome::Refused(refusal));
            }
        }
        self.keep(session, commit, &current, undos).await?;
        Ok(CommitOutcome::Applied)
    }
}

/// The parameters that name the record of `write`, and one more.
fn record_and<'a>(write: &'a Write, more: Arg<'a>) -> [Arg<'a>; 4] {
    let [scope, resource_type, id] = key::record(&write.key);
    [scope, resource_type, id, more]
}
