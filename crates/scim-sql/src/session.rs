use std::time::Duration;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row as _};
#[cfg(any(feature = "postgres", feature = "mysql"))]
use sqlx::{Executor as _, SqlSafeStr as _};

use crate::dialect::Statement;
use crate::fault::Fault;
use crate::row::{Arg, Cell, Column, Row};

/// A connection that carries out statements one after the other.
#[async_trait]
pub(crate) trait Session: Send {
    /// What a query answers.
    async fn rows(
        &mut self,
        statement: &Statement,
        args: &[Arg<'_>],
        columns: &[Column],
    ) -> Result<Vec<Row>, Fault>;

    /// How many rows a statement changed.
    async fn execute(&mut self, statement: &Statement, args: &[Arg<'_>]) -> Result<u64, Fault>;

    /// Has the server prepare a statement, unless it has.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    async fn prepare(&mut self, statement: &Statement) -> Result<(), Fault>;

    /// Carries out a statement without parameters that can't be prepared, such as `COMMIT`.
    async fn command(&mut self, sql: &'static str) -> Result<(), Fault>;
}

/// A borrowed connection, each of whose statements has to be answered in time.
#[derive(Debug)]
pub(crate) struct Limited<'c, C> {
    pub(crate) connection: &'c mut C,
    pub(crate) limit: Duration,
}

async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, Fault> {
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Fault::Lost(None)),
    }
}

/// The same three times, because the types of each database stand in its `Executor`.
macro_rules! session {
    ($feature:literal, $connection:ty, $arguments:ty) => {
        #[cfg(feature = $feature)]
        #[async_trait]
        impl Session for Limited<'_, $connection> {
            async fn rows(
                &mut self,
                statement: &Statement,
                args: &[Arg<'_>],
                columns: &[Column],
            ) -> Result<Vec<Row>, Fault> {
                let arguments = bound::<$arguments>(statement, args)?;
                let query = sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments);
                let rows = within(self.limit, query.fetch_all(&mut *self.connection)).await?;
                rows.iter()
                    .map(|row| {
                        let cells = columns.iter().enumerate().map(|(n, column)| {
                            Ok(match column {
                                Column::Octets => Cell::Octets(row.try_get_unchecked(n)?),
                                Column::Integer => Cell::Integer(row.try_get_unchecked(n)?),
                            })
                        });
                        Ok(Row::new(cells.collect::<Result<_, sqlx::Error>>()?))
                    })
                    .collect()
            }

            async fn execute(
                &mut self,
                statement: &Statement,
                args: &[Arg<'_>],
            ) -> Result<u64, Fault> {
                let arguments = bound::<$arguments>(statement, args)?;
                let query = sqlx::query_with(AssertSqlSafe(statement.sql.clone()), arguments);
                let done = within(self.limit, query.execute(&mut *self.connection)).await?;
                Ok(done.rows_affected())
            }

            #[cfg(any(feature = "postgres", feature = "mysql"))]
            async fn prepare(&mut self, statement: &Statement) -> Result<(), Fault> {
                let sql = AssertSqlSafe(statement.sql.clone()).into_sql_str();
                within(self.limit, self.connection.prepare(sql)).await?;
                Ok(())
            }

            async fn command(&mut self, sql: &'static str) -> Result<(), Fault> {
                let command = sqlx::raw_sql(sql).execute(&mut *self.connection);
                within(self.limit, command).await?;
                Ok(())
            }
        }
    };
}

session!(
    "sqlite",
    sqlx::SqliteConnection,
    sqlx::sqlite::SqliteArguments
);
session!("postgres", sqlx::PgConnection, sqlx::postgres::PgArguments);
session!("mysql", sqlx::MySqlConnection, sqlx::mysql::MySqlArguments);

/// `args` in the order in which the statement has them.
fn bound<'a, A>(statement: &Statement, args: &[Arg<'a>]) -> Result<A, Fault>
where
    A: sqlx::Arguments,
    Option<&'a [u8]>: sqlx::Encode<'a, A::Database> + sqlx::Type<A::Database>,
    i64: sqlx::Encode<'a, A::Database> + sqlx::Type<A::Database>,
    &'a str: sqlx::Encode<'a, A::Database> + sqlx::Type<A::Database>,
{
    let mut bound = A::default();
    let mut add = |arg: &Arg<'a>| match *arg {
        Arg::Octets(octets) => bound.add(octets),
        Arg::Integer(integer) => bound.add(integer),
        Arg::Table(text) => bound.add(text),
    };
    match &statement.order {
        None => args.iter().try_for_each(add),
        Some(order) => order.iter().try_for_each(|&n| match args.get(n) {
            Some(arg) => add(arg),
            None => Err("a statement names a parameter that it is not given".into()),
        }),
    }
    .map_err(Fault::Broken)?;
    Ok(bound)
}
