use scim_provider::storage::{Commit, WriteOp};

use super::Committer;
use crate::fault::Fault;
use crate::key;
use crate::row::Column;
use crate::session::Session;

/// What became of a commit whose answer was lost, if its records tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trace {
    /// A record has the version that the commit gave it.
    Applied,
    /// It may yet be, or has been and is gone.
    None,
}

impl Committer {
    /// Looks whether `commit` left its trace, waiting for whoever still writes its records.
    pub(crate) async fn trace(
        &self,
        session: &mut impl Session,
        commit: &Commit,
    ) -> Result<Trace, Fault> {
        for write in &commit.writes {
            let stamp = match &write.op {
                WriteOp::Create(record) => &record.stamp,
                WriteOp::Update { change, .. } => &change.stamp,
                WriteOp::Delete { .. } => continue,
            };
            let statement = &self.texts.lock_to_update;
            let columns = [Column::Octets, Column::Octets];
            let rows = session
                .rows(statement, &key::record(&write.key), &columns)
                .await?;
            if let Some(mut row) = rows.into_iter().next()
                && row.version()? == stamp.version
            {
                return Ok(Trace::Applied);
            }
        }
        Ok(Trace::None)
    }
}
