use scim_provider::storage::{Content, Refusal, ResourceKey, UniqueKey, Write};

use super::judge::{Current, ROWS};
use super::write::is_same;
use super::{Committer, record_and};
use crate::fault::Fault;
use crate::key::{self, Keys};
use crate::row::{Arg, Column};
use crate::session::Session;
use crate::table::Table;

impl Committer {
    pub(super) async fn insert_entries(
        &self,
        session: &mut impl Session,
        write: &Write,
        keys: &Keys<'_>,
    ) -> Result<(), Fault> {
        let entries: Vec<_> = keys.entries.iter().collect();
        for some in entries.chunks(ROWS) {
            let rows = some
                .iter()
                .map(|(a, b)| [Some(a.as_ref()), Some(b.as_ref())]);
            let table = Table::of(rows);
            let args = record_and(write, Arg::Table(table.text()));
            session.execute(&self.texts.insert_entries, &args).await?;
        }
        Ok(())
    }

    /// Gives a record its unique keys; a refusal if another one has one of them.
    pub(super) async fn claim(
        &self,
        session: &mut impl Session,
        write: &Write,
        current: Option<&Current>,
    ) -> Result<Option<Refusal>, Fault> {
        let Some(content) = write.op.new_content() else {
            return Ok(None);
        };
        let keys = Keys::of(content);
        if keys.unique.is_empty() || is_same(current, &keys.digest()) {
            return Ok(None);
        }
        let rows = keys.unique.iter();
        let table = Table::of(rows.map(|(a, b)| [Some(a.as_ref()), Some(b.as_ref())]));
        let args = record_and(write, Arg::Table(table.text()));
        match session.execute(&self.texts.insert_unique_keys, &args).await {
            Ok(claimed) if claimed == table.rows() => Ok(None),
            Ok(_) | Err(Fault::Taken) => self.duplicate(session, &write.key, content).await,
            Err(fault) => Err(fault),
        }
    }

    /// Who has one of the unique keys that `key` claims.
    async fn duplicate(
        &self,
        session: &mut impl Session,
        key: &ResourceKey,
        content: &Content,
    ) -> Result<Option<Refusal>, Fault> {
        for unique_key in &content.unique_keys {
            if let Some(holder) = self.holder(session, key, unique_key).await?
                && holder != *key
            {
                return Ok(Some(Refusal::Duplicate {
                    unique_key: unique_key.clone(),
                    holder,
                }));
            }
        }
        // Who had it has given it up since.
        Err(Fault::overtaken())
    }

    async fn holder(
        &self,
        session: &mut impl Session,
        key: &ResourceKey,
        unique_key: &UniqueKey,
    ) -> Result<Option<ResourceKey>, Fault> {
        let (name, value) = (
            key::indexed(&unique_key.name),
            key::indexed(&unique_key.value),
        );
        let args = [
            key::scope(key.scope()).into(),
            name.as_ref().into(),
            value.as_ref().into(),
        ];
        let columns = [Column::Octets, Column::Octets];
        let rows = session.rows(&self.texts.holder, &args, &columns).await?;
        let Some(mut row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let (resource_type, id) = (row.text()?, row.text()?);
        ResourceKey::new(key.scope().clone(), &resource_type, &id)
            .map(Some)
            .map_err(|error| Fault::Broken(Box::new(error)))
    }
}
