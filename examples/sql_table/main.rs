//! Run with `cargo run --example sql_table`.
//!
//! How does an application serve SCIM from an SQL table that it has already? Two columns are added,
//! `version` and `etag`, and [`ConditionalProvider`] is implemented with one statement for each write:
//! `UPDATE … WHERE … AND version = ?`. The test kit tells whether that keeps the promises.

mod employee;
mod provider;
mod table;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use provider::Employees;
use scim_provider::testkit::conditional::{Sample, run_all_with};
use scim_provider::testkit::{Config, Failure};
use scim_provider::{ConditionalProvider, RequestContext};
use serde_json::json;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use table::Table;

/// The application's database with one employee in it, and then with versions.
async fn database(folder: &Path) -> Result<SqlitePool, sqlx::Error> {
    let file = SqliteConnectOptions::new()
        .filename(folder.join("hr.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePool::connect_with(file).await?;
    sqlx::raw_sql(include_str!("employees.sql"))
        .execute(&pool)
        .await?;
    sqlx::raw_sql("INSERT INTO employees (company, login, hired) VALUES ('', 'bjensen', 0)")
        .execute(&pool)
        .await?;
    sqlx::raw_sql(include_str!("versions.sql"))
        .execute(&pool)
        .await?;
    Ok(pool)
}

/// Changes the employee through SCIM and by the application's own statement.
async fn run(
    pool: SqlitePool,
    out: &mut (dyn Write + Send),
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let provider = Employees(Table(pool.clone()));
    let context = RequestContext::with_generated_id();
    for (name, application_comes_between) in [("Babs", false), ("Barbara", true)] {
        let read = provider
            .get_versioned_resource("User", "1", &context)
            .await?;
        let read = read.ok_or("the employee is there")?;
        if application_comes_between {
            let update = "UPDATE employees SET payroll_number = '701984' WHERE number = 1";
            sqlx::raw_sql(update).execute(&pool).await?;
        }
        let data = json!({ "userName": "bjensen", "displayName": name });
        let update = provider.conditional_update("User", "1", data, read.version(), &context);
        match update.await?.into_result() {
            Ok(Some(_)) => writeln!(out, "{name}: stored")?,
            Ok(None) => writeln!(out, "{name}: no such employee")?,
            Err(_) => writeln!(out, "{name}: refused, the application has changed the row")?,
        }
    }
    Ok(())
}

/// Everything that a provider promises, tried on the table.
async fn check(pool: SqlitePool, config: &Config) -> Result<(), Failure> {
    let sample = Sample::new("User", "displayName")
        .with_unique("userName")
        .covering([
            json!({ "externalId": "701984" }),
            json!({ "active": true }),
            json!({ "active": false }),
        ]);
    run_all_with(Arc::new(Employees(Table(pool))), &sample, config).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = tempfile::tempdir()?;
    let pool = database(folder.path()).await?;
    run(pool.clone(), &mut io::stdout()).await?;
    // For a glance; tests and releases want more rounds.
    check(pool, &Config::default().with_rounds(4).with_increments(20)).await?;
    println!("the test kit found no broken promise");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_provider_keeps_its_promises() -> Result<(), Box<dyn Error + Send + Sync>> {
        let folder = tempfile::tempdir()?;
        let pool = database(folder.path()).await?;
        // Each write waits for the disk.
        check(pool, &Config::default().with_rounds(20).with_increments(50)).await?;
        Ok(())
    }

    #[tokio::test]
    async fn the_applications_own_statements_count_as_changes()
    -> Result<(), Box<dyn Error + Send + Sync>> {
        let folder = tempfile::tempdir()?;
        let mut out = Vec::new();
        run(database(folder.path()).await?, &mut out).await?;
        assert_eq!(
            String::from_utf8(out)?,
            "Babs: stored\nBarbara: refused, the application has changed the row\n"
        );
        Ok(())
    }
}
