use scim_provider::storage::{StorageError, StorageErrorKind};
use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{ProviderError, Scope};
use serde_json::Value;
use sqlx::SqlitePool;

use crate::employee::{Employee, Row};

const INSERT: &str = "INSERT INTO employees \
    (company, login, full_name, payroll_number, employed, version, etag, hired, changed) \
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
// All columns by name: the application may add others.
const SELECT: &str = "SELECT number, login, full_name, payroll_number, employed, version, etag, \
    hired, changed FROM employees WHERE company = ? AND number = ?";
const SELECT_ALL: &str = "SELECT number, login, full_name, payroll_number, employed, version, etag, \
    hired, changed FROM employees WHERE company = ?";
const SELECT_HOLDER: &str = "SELECT number FROM employees WHERE company = ? AND login = ?";
const UPDATE: &str = "UPDATE employees \
    SET login = ?, full_name = ?, payroll_number = ?, employed = ?, version = ?, etag = ?, changed = ? \
    WHERE company = ? AND number = ? AND version = ?";
const DELETE: &str = "DELETE FROM employees WHERE company = ? AND number = ? AND version = ?";

/// So many rivals a write meets that names no version of its own.
const ATTEMPTS: usize = 64;

/// The application's table. Each method that writes compares and writes in one statement.
#[derive(Debug, Clone)]
pub(crate) struct Table(pub(crate) SqlitePool);

impl Table {
    pub(crate) async fn insert(&self, scope: &Scope, data: Value) -> Result<Row, ProviderError> {
        let row = Row::new(Employee::from_scim(data)?)?;
        let Employee {
            login,
            full_name,
            payroll_number,
            employed,
        } = &row.employee;
        let insert = sqlx::query(INSERT)
            .bind(company(scope))
            .bind(login)
            .bind(full_name)
            .bind(payroll_number)
            .bind(employed)
            .bind(row.version)
            .bind(&row.etag)
            .bind(row.hired)
            .bind(row.changed);
        match insert.execute(&self.0).await {
            Ok(done) => Ok(Row {
                number: done.last_insert_rowid(),
                ..row
            }),
            Err(error) => Err(self.refused(error, scope, login).await),
        }
    }

    pub(crate) async fn select(
        &self,
        scope: &Scope,
        id: &str,
    ) -> Result<Option<Row>, ProviderError> {
        let select = sqlx::query_as(SELECT).bind(company(scope)).bind(number(id));
        select.fetch_optional(&self.0).await.map_err(failed)
    }

    /// One statement, hence one state.
    pub(crate) async fn select_all(&self, scope: &Scope) -> Result<Vec<Row>, ProviderError> {
        let select = sqlx::query_as(SELECT_ALL).bind(company(scope));
        select.fetch_all(&self.0).await.map_err(failed)
    }

    /// Replaces a row if it has the version `expected`, or any if none is.
    pub(crate) async fn update(
        &self,
        scope: &Scope,
        id: &str,
        expected: Option<&ScimVersion>,
        data: &Value,
    ) -> Result<ConditionalResult<Row>, ProviderError> {
        for _ in 0..ATTEMPTS {
            let old = match self.compare(scope, id, expected).await? {
                ConditionalResult::Success(row) => row,
                other => return Ok(other),
            };
            // Only now: who names a stale version is told so, whatever else is wrong.
            let employee = Employee::from_scim(data.clone())?;
            if employee == old.employee {
                return Ok(ConditionalResult::Success(old));
            }
            let new = old.changed_to(employee)?;
            let Employee {
                login,
                full_name,
                payroll_number,
                employed,
            } = &new.employee;
            let update = sqlx::query(UPDATE)
                .bind(login)
                .bind(full_name)
                .bind(payroll_number)
                .bind(employed)
                .bind(new.version)
                .bind(&new.etag)
                .bind(new.changed)
                .bind(company(scope))
                .bind(new.number)
                .bind(old.version);
            match update.execute(&self.0).await {
                Ok(done) if done.rows_affected() == 1 => {
                    return Ok(ConditionalResult::Success(new));
                }
                // Somebody came between: look what he left.
                Ok(_) => {}
                Err(error) => return Err(self.refused(error, scope, login).await),
            }
        }
        Err(busy(id))
    }

    /// Deletes a row if it has the version `expected`, or any if none is.
    pub(crate) async fn delete(
        &self,
        scope: &Scope,
        id: &str,
        expected: Option<&ScimVersion>,
    ) -> Result<ConditionalResult<()>, ProviderError> {
        for _ in 0..ATTEMPTS {
            let compared = self.compare(scope, id, expected).await?;
            let ConditionalResult::Success(row) = &compared else {
                return Ok(compared.map(drop));
            };
            let delete = sqlx::query(DELETE)
                .bind(company(scope))
                .bind(row.number)
                .bind(row.version);
            if delete
                .execute(&self.0)
                .await
                .map_err(failed)?
                .rows_affected()
                == 1
            {
                return Ok(ConditionalResult::Success(()));
            }
        }
        Err(busy(id))
    }

    /// The row, which by the time it is written may be another: the statement compares its version again.
    async fn compare(
        &self,
        scope: &Scope,
        id: &str,
        expected: Option<&ScimVersion>,
    ) -> Result<ConditionalResult<Row>, ProviderError> {
        let Some(row) = self.select(scope, id).await? else {
            return Ok(ConditionalResult::NotFound);
        };
        let current = row.scim_version()?;
        Ok(match expected {
            Some(expected) if *expected != current => {
                VersionConflict::new("User", id, expected, current).into()
            }
            _ => ConditionalResult::Success(row),
        })
    }

    /// Why a statement wrote nothing.
    async fn refused(&self, error: sqlx::Error, scope: &Scope, login: &str) -> ProviderError {
        if !error
            .as_database_error()
            .is_some_and(|error| error.is_unique_violation())
        {
            return failed(error);
        }
        let holder = sqlx::query_scalar(SELECT_HOLDER)
            .bind(company(scope))
            .bind(login);
        match holder.fetch_optional(&self.0).await {
            Ok(holder) => ProviderError::Duplicate {
                resource_type: "User".into(),
                attribute: "userName".into(),
                holder: holder.map(|number: i64| number.to_string()),
            },
            Err(error) => failed(error),
        }
    }
}

fn company(scope: &Scope) -> &str {
    match scope {
        Scope::Single => "",
        Scope::Tenant(tenant) => tenant.as_str(),
    }
}

/// `+1` and `01` are other ids than `1`; nobody has them, nor number 0.
fn number(id: &str) -> i64 {
    let number = id
        .parse()
        .ok()
        .filter(|number: &i64| number.to_string() == id);
    number.unwrap_or(0)
}

fn busy(id: &str) -> ProviderError {
    let (resource_type, id) = ("User".into(), id.into());
    ProviderError::Busy { resource_type, id }
}

/// SQLite tells of every statement whether it was done, so that nothing was. Over a network a write whose
/// answer is lost would be [`StorageErrorKind::OutcomeUnknown`].
fn failed(error: sqlx::Error) -> ProviderError {
    let is_away = match &error {
        sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => true,
        // Busy, locked, read only, unreadable, full, no such file.
        sqlx::Error::Database(error) => {
            let code = error.code().and_then(|code| code.parse::<u32>().ok());
            code.is_some_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14))
        }
        _ => false,
    };
    match is_away {
        true => StorageError::with_source(StorageErrorKind::Unavailable, error).into(),
        false => ProviderError::internal(error),
    }
}
