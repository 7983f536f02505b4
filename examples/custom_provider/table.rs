use std::collections::BTreeMap;
use std::sync::LazyLock;

use scim_provider::schema::ResourceTypes;
use scim_provider::version::{ConditionalResult, ScimVersion, VersionConflict};
use scim_provider::{Clock, ListQuery, Page, ProviderError, Scope, SystemClock, VersionedResource};
use serde_json::Value;

use crate::employee::{Employee, Row};

/// The application's table of employees. Each method is one step, as a transaction is.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<(Scope, u64), Row>,
    /// UNIQUE (tenant, LOWER(login)), with the number of the row.
    logins: BTreeMap<(Scope, String), u64>,
    /// Where numbers of rows and revisions come from. It never goes back, so that no row
    /// has a revision twice, and none takes over the number of one that was deleted.
    sequence: u64,
}

impl Table {
    /// INSERT
    pub(crate) fn insert(
        &mut self,
        scope: &Scope,
        user: Value,
    ) -> Result<VersionedResource, ProviderError> {
        let employee = Employee::from_scim(user)?;
        let login = login(scope, &employee);
        self.check_free(&login, None)?;
        let now = SystemClock::new().now();
        let number = self.next();
        let row = Row {
            employee,
            revision: number,
            hired: now,
            changed: now,
        };
        let user = row.to_scim(number)?;
        self.logins.insert(login, number);
        self.rows.insert((scope.clone(), number), row);
        Ok(user)
    }

    /// SELECT … WHERE tenant = … AND number = …
    pub(crate) fn select(
        &self,
        scope: &Scope,
        id: &str,
    ) -> Result<Option<VersionedResource>, ProviderError> {
        match self.find(scope, id) {
            Some((number, row)) => row.to_scim(number).map(Some),
            None => Ok(None),
        }
    }

    /// UPDATE … WHERE tenant = … AND number = … AND revision = `expected`, if one is given
    pub(crate) fn update(
        &mut self,
        scope: &Scope,
        id: &str,
        expected: Option<&ScimVersion>,
        user: Value,
    ) -> Result<ConditionalResult<VersionedResource>, ProviderError> {
        let (number, old) = match self.compare(scope, id, expected) {
            ConditionalResult::Success((number, row)) => (number, row.clone()),
            ConditionalResult::VersionMismatch(conflict) => return Ok(conflict.into()),
            ConditionalResult::NotFound => return Ok(ConditionalResult::NotFound),
        };
        // Only now: who names a stale version is told so, whatever else is wrong.
        let employee = Employee::from_scim(user)?;
        if employee == old.employee {
            // Nothing new: revision and time stay.
            return Ok(ConditionalResult::Success(old.to_scim(number)?));
        }
        let (old_login, new_login) = (login(scope, &old.employee), login(scope, &employee));
        self.check_free(&new_login, Some(number))?;
        let row = Row {
            employee,
            revision: self.next(),
            hired: old.hired,
            changed: SystemClock::new().now().after(old.changed),
        };
        let user = row.to_scim(number)?;
        self.logins.remove(&old_login);
        self.logins.insert(new_login, number);
        self.rows.insert((scope.clone(), number), row);
        Ok(ConditionalResult::Success(user))
    }

    /// DELETE … WHERE tenant = … AND number = … AND revision = `expected`, if one is given
    pub(crate) fn delete(
        &mut self,
        scope: &Scope,
        id: &str,
        expected: Option<&ScimVersion>,
    ) -> ConditionalResult<()> {
        let compared = self.compare(scope, id, expected);
        let compared = compared.map(|(number, row)| (number, login(scope, &row.employee)));
        compared.map(|(number, login)| {
            self.logins.remove(&login);
            self.rows.remove(&(scope.clone(), number));
        })
    }

    /// SELECT … WHERE tenant = …
    ///
    /// Filter, order and page are made of the rows; a real table would let an index answer what
    /// it can, such as `userName eq`.
    pub(crate) fn page(
        &self,
        scope: &Scope,
        query: &ListQuery,
    ) -> Result<Page<VersionedResource>, ProviderError> {
        static TYPES: LazyLock<ResourceTypes> = LazyLock::new(ResourceTypes::rfc7643);
        let user = TYPES.get("User").expect("the RFC has users");
        let rows = self
            .rows
            .range((scope.clone(), 0)..=(scope.clone(), u64::MAX));
        let users = rows.map(|((_, number), row)| row.to_scim(*number));
        query.page_of(user, users.collect::<Result<Vec<_>, _>>()?)
    }

    fn find(&self, scope: &Scope, id: &str) -> Option<(u64, &Row)> {
        let number: u64 = id.parse().ok()?;
        // `+1` and `01` are other ids than `1`, and nobody has them.
        let row = self.rows.get(&(scope.clone(), number))?;
        (number.to_string() == id).then_some((number, row))
    }

    fn compare(
        &self,
        scope: &Scope,
        id: &str,
        expected: Option<&ScimVersion>,
    ) -> ConditionalResult<(u64, &Row)> {
        let Some((number, row)) = self.find(scope, id) else {
            return ConditionalResult::NotFound;
        };
        match expected {
            Some(expected) if *expected != row.version() => ConditionalResult::VersionMismatch(
                VersionConflict::new("User", id, expected, row.version()),
            ),
            _ => ConditionalResult::Success((number, row)),
        }
    }

    fn check_free(&self, login: &(Scope, String), own: Option<u64>) -> Result<(), ProviderError> {
        match self.logins.get(login) {
            Some(holder) if Some(*holder) != own => Err(ProviderError::Duplicate {
                resource_type: "User".into(),
                attribute: "userName".into(),
                holder: Some(holder.to_string()),
            }),
            _ => Ok(()),
        }
    }

    fn next(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }
}

/// How a login is compared (RFC 7643 §4.1.1: without case).
fn login(scope: &Scope, employee: &Employee) -> (Scope, String) {
    (scope.clone(), employee.login.to_lowercase())
}
