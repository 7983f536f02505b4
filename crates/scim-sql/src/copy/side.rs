use std::sync::Arc;

use async_trait::async_trait;
use scim_provider::storage::StorageError;
use sqlx::Database;

use super::tables::Table;
use crate::dialect::Dialect;
use crate::fault::Fault;
use crate::pool::Connections;
use crate::row::{Arg, Cell, Column, Row};
use crate::session::{Limited, Session};

/// One of the two databases, row by row.
#[async_trait]
pub(crate) trait Rows: Send + Sync {
    async fn count(&self, table: &Table) -> Result<u64, StorageError>;

    /// The key of the last row; of no octets if there is none, before which nothing comes.
    async fn last(&self, table: &Table) -> Result<Vec<Vec<u8>>, StorageError>;

    /// At most `limit` rows behind the key `last`.
    async fn after(
        &self,
        table: &Table,
        last: &[Vec<u8>],
        limit: i64,
    ) -> Result<Vec<Copy>, StorageError>;

    /// Adds `rows`, all or none.
    async fn insert(&self, table: &Table, rows: &[Copy]) -> Result<(), StorageError>;
}

/// A row on its way.
#[derive(Debug)]
pub(crate) struct Copy(Vec<Cell>);

impl Copy {
    /// Its key, column by column.
    pub(super) fn key(&self, table: &Table) -> Vec<Vec<u8>> {
        let key = self.0.iter().take(table.key.len());
        key.map(|cell| match cell {
            Cell::Octets(octets) => octets.clone().unwrap_or_default(),
            Cell::Integer(_) => Vec::new(),
        })
        .collect()
    }

    /// Its columns, to be hashed.
    pub(super) fn push_parts(&self, parts: &mut Vec<Vec<u8>>) {
        for cell in &self.0 {
            match cell {
                Cell::Octets(Some(octets)) => parts.push(octets.clone()),
                // No text is a tag of its own, and an empty one is not it.
                Cell::Octets(None) => parts.push(b"\xff".to_vec()),
                Cell::Integer(integer) => parts.push(integer.to_be_bytes().to_vec()),
            }
        }
    }
}

/// Connections to one database, and which SQL it speaks.
pub(crate) struct Side<DB: Database> {
    pub(crate) connections: Arc<Connections<DB>>,
    pub(crate) dialect: Dialect,
}

impl<DB: Database> Side<DB>
where
    for<'c> Limited<'c, DB::Connection>: Session,
{
    async fn rows(
        &self,
        statement: &crate::dialect::Statement,
        args: &[Arg<'_>],
        columns: &[Column],
    ) -> Result<Vec<Row>, Fault> {
        let mut connection = self.connections.acquire().await?;
        let rows = self
            .connections
            .session(&mut connection)
            .rows(statement, args, columns)
            .await;
        if rows.is_err() {
            connection.end();
        }
        rows
    }
}

/// The parameters that are the key `last`.
fn key_args<'a>(table: &Table, last: &'a [Vec<u8>]) -> Vec<Arg<'a>> {
    let key = 0..table.key.len();
    key.map(|n| Arg::Octets(Some(last.get(n).map_or(&[][..], Vec::as_slice))))
        .collect()
}

#[async_trait]
impl<DB: Database> Rows for Side<DB>
where
    for<'c> Limited<'c, DB::Connection>: Session,
{
    async fn count(&self, table: &Table) -> Result<u64, StorageError> {
        let count = table.count(self.dialect);
        let rows = self.rows(&count, &[], &[Column::Integer]).await;
        let number = rows.and_then(|rows| match rows.into_iter().next() {
            Some(mut row) => row.integer(),
            None => Err(Fault::unreadable("a count has no row")),
        });
        let number = number.map_err(Fault::into_error)?;
        Ok(u64::try_from(number).unwrap_or(0))
    }

    async fn last(&self, table: &Table) -> Result<Vec<Vec<u8>>, StorageError> {
        let columns = vec![Column::Octets; table.key.len()];
        let rows = self.rows(&table.last(self.dialect), &[], &columns).await;
        let rows = rows.map_err(Fault::into_error)?;
        let last = rows.into_iter().next();
        Ok(last.map_or_else(Vec::new, |row| Copy(row.into_cells()).key(table)))
    }

    async fn after(
        &self,
        table: &Table,
        last: &[Vec<u8>],
        limit: i64,
    ) -> Result<Vec<Copy>, StorageError> {
        let mut args = key_args(table, last);
        args.push(limit.into());
        let after = table.after(self.dialect);
        let rows = self.rows(&after, &args, &table.columns()).await;
        let rows = rows.map_err(Fault::into_error)?;
        Ok(rows.into_iter().map(|row| Copy(row.into_cells())).collect())
    }

    async fn insert(&self, table: &Table, rows: &[Copy]) -> Result<(), StorageError> {
        let mut connection = self
            .connections
            .acquire()
            .await
            .map_err(Fault::into_error)?;
        let mut session = self.connections.session(&mut connection);
        let insert = table.insert(self.dialect);
        let done = async {
            session.command("BEGIN").await?;
            for Copy(cells) in rows {
                let args: Vec<_> = cells
                    .iter()
                    .map(|cell| match cell {
                        Cell::Octets(octets) => Arg::Octets(octets.as_deref()),
                        Cell::Integer(integer) => Arg::Integer(*integer),
                    })
                    .collect();
                session.execute(&insert, &args).await?;
            }
            session.command("COMMIT").await
        };
        let done = done.await;
        if done.is_err() {
            connection.end();
        }
        done.map_err(Fault::into_error)
    }
}
