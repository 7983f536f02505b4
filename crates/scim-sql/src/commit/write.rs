use scim_provider::storage::{Content, ResourceKey, Stamp, Write, WriteOp};
use scim_provider::version::ScimVersion;

use super::Committer;
use super::judge::Current;
use crate::fault::Fault;
use crate::key::{self, Keys};
use crate::row::Arg;
use crate::session::Session;

impl Committer {
    /// Writes all of a record but its unique keys, of which the old ones go: those of all records
    /// are freed before the first new one is claimed.
    pub(super) async fn write(
        &self,
        session: &mut impl Session,
        write: &Write,
        current: Option<&Current>,
    ) -> Result<(), Fault> {
        let (key, texts) = (&write.key, &self.texts);
        let named = key::record(key);
        match &write.op {
            WriteOp::Create(record) => {
                let keys = Keys::of(&record.content);
                let digest = keys.digest();
                let args = content(key, &record.stamp, &digest, &record.content);
                match session.execute(&texts.insert_record, &args).await {
                    Ok(1) => {}
                    // Somebody was quicker; on another look he will be there to be seen.
                    Ok(_) | Err(Fault::Taken) => return Err(Fault::overtaken()),
                    Err(fault) => return Err(fault),
                }
                self.insert_entries(session, write, &keys).await?;
                self.insert_links(session, write, &record.links).await
            }
            WriteOp::Update { change, .. } => {
                let new = change
                    .content
                    .as_ref()
                    .map(|content| (content, Keys::of(content)));
                match &new {
                    None => {
                        let args = stamp(key, &change.stamp);
                        session.execute(&texts.update_stamp, &args).await?;
                    }
                    Some((new, keys)) => {
                        let digest = keys.digest();
                        let args = content(key, &change.stamp, &digest, new);
                        session.execute(&texts.update_content, &args).await?;
                        if !is_same(current, &digest) {
                            session.execute(&texts.delete_unique_keys, &named).await?;
                            session.execute(&texts.delete_entries, &named).await?;
                            self.insert_entries(session, write, keys).await?;
                        }
                    }
                }
                self.remove_links(session, write, &change.remove_links)
                    .await?;
                self.insert_links(session, write, &change.add_links).await
            }
            WriteOp::Delete { .. } => {
                for statement in [
                    &texts.delete_record,
                    &texts.delete_unique_keys,
                    &texts.delete_entries,
                    &texts.delete_links,
                ] {
                    session.execute(statement, &named).await?;
                }
                Ok(())
            }
        }
    }
}

/// Whether a record's keys stay what they are.
pub(super) fn is_same(current: Option<&Current>, digest: &ScimVersion) -> bool {
    current.is_some_and(|current| current.digest == digest.as_str().as_bytes())
}

/// The parameters of a record with its stamp.
fn stamp<'a>(key: &'a ResourceKey, stamp: &'a Stamp) -> Vec<Arg<'a>> {
    let mut args = Vec::with_capacity(10);
    args.extend(key::record(key));
    args.push(stamp.version.as_str().into());
    args.push(stamp.created.as_micros().into());
    args.push(stamp.last_modified.as_micros().into());
    args
}

/// The parameters of a record with its stamp and content.
pub(super) fn content<'a>(
    key: &'a ResourceKey,
    new: &'a Stamp,
    digest: &'a ScimVersion,
    content: &'a Content,
) -> Vec<Arg<'a>> {
    let mut args = stamp(key, new);
    args.push(digest.as_str().into());
    args.push(Arg::Octets(Some(&content.document)));
    args.push(content.hidden.as_deref().into());
    args
}
