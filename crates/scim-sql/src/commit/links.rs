use scim_provider::storage::{Link, LinkKey, Write};

use super::check::key_fits;
use super::judge::ROWS;
use super::{Committer, record_and};
use crate::fault::Fault;
use crate::row::Arg;
use crate::session::Session;
use crate::table::Table;

impl Committer {
    pub(super) async fn insert_links(
        &self,
        session: &mut impl Session,
        write: &Write,
        links: &[Link],
    ) -> Result<(), Fault> {
        for some in links.chunks(ROWS) {
            let rows = some.iter().map(|link| {
                [
                    Some(link.key.attribute.as_bytes()),
                    Some(link.key.target.as_bytes()),
                    link.reference.as_deref().map(str::as_bytes),
                    Some(&*link.detail),
                ]
            });
            let table = Table::of(rows);
            let args = record_and(write, Arg::Table(table.text()));
            session.execute(&self.texts.insert_links, &args).await?;
        }
        Ok(())
    }

    pub(super) async fn remove_links(
        &self,
        session: &mut impl Session,
        write: &Write,
        keys: &[LinkKey],
    ) -> Result<(), Fault> {
        let keys: Vec<_> = keys.iter().filter(|key| key_fits(key)).collect();
        for some in keys.chunks(ROWS) {
            let rows = some
                .iter()
                .map(|key| [Some(key.attribute.as_bytes()), Some(key.target.as_bytes())]);
            let table = Table::of(rows);
            let args = record_and(write, Arg::Table(table.text()));
            session.execute(&self.texts.remove_links, &args).await?;
        }
        Ok(())
    }
}
