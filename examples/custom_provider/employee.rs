use scim_provider::version::ScimVersion;
use scim_provider::{
    ProviderError, Resource, ResourceError, ResourceErrorKind, Timestamp, VersionedResource,
};
use serde_json::{Value, json};

/// What clients can write of an employee: columns of the application's, with its own names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Employee {
    pub(crate) login: String,
    full_name: Option<String>,
    payroll_number: Option<String>,
    employed: Option<bool>,
}

/// A row: an employee, and the columns that the table keeps by itself.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) employee: Employee,
    pub(crate) revision: u64,
    pub(crate) hired: Timestamp,
    pub(crate) changed: Timestamp,
}

impl Employee {
    /// The employee that a SCIM user says.
    ///
    /// # Errors
    ///
    /// If it says more than the columns hold: an attribute that can't be read back must not
    /// be acknowledged.
    pub(crate) fn from_scim(user: Value) -> Result<Self, ResourceError> {
        let user = Resource::from_json("User", user)?;
        let (mut login, mut full_name, mut payroll_number, mut employed) = (None, None, None, None);
        for (name, value) in user.as_object() {
            // Both mean "unassigned" (RFC 7643 §2.5).
            if value.is_null() || *value == json!([]) {
                continue;
            }
            // Names are compared without case (§2.1).
            match name.to_ascii_lowercase().as_str() {
                // Read-only: clients may send back what they have read (RFC 7644 §3.5.1).
                "schemas" | "id" | "meta" => {}
                "username" => set(&mut login, name, text(name, value)?)?,
                "displayname" => set(&mut full_name, name, text(name, value)?)?,
                "externalid" => set(&mut payroll_number, name, text(name, value)?)?,
                "active" => set(&mut employed, name, flag(name, value)?)?,
                _ => return Err(ResourceError::new(name, ResourceErrorKind::Unsupported)),
            }
        }
        let missing = || ResourceError::new("userName", ResourceErrorKind::Missing);
        Ok(Self {
            login: login
                .filter(|login| !login.is_empty())
                .ok_or_else(missing)?,
            full_name,
            payroll_number,
            employed,
        })
    }
}

impl Row {
    /// The revision, as SCIM's version.
    pub(crate) fn version(&self) -> ScimVersion {
        ScimVersion::from_revision(self.revision)
    }

    /// The row as a SCIM user.
    pub(crate) fn to_scim(&self, number: u64) -> Result<VersionedResource, ProviderError> {
        let (employee, version) = (&self.employee, self.version());
        let mut user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": number.to_string(),
            "userName": employee.login,
            "meta": {
                "resourceType": "User",
                "created": self.hired.to_string(),
                "lastModified": self.changed.to_string(),
                "version": version.to_http_header(),
            },
        });
        for (name, value) in [
            ("displayName", employee.full_name.clone().map(Value::from)),
            (
                "externalId",
                employee.payroll_number.clone().map(Value::from),
            ),
            ("active", employee.employed.map(Value::from)),
        ] {
            if let Some(value) = value {
                user[name] = value;
            }
        }
        let user = Resource::from_json("User", user).map_err(ProviderError::internal)?;
        Ok(VersionedResource::with_version(user, version))
    }
}

fn set<T>(column: &mut Option<T>, name: &str, value: T) -> Result<(), ResourceError> {
    match column.replace(value) {
        None => Ok(()),
        // `userName` and `USERNAME` are one attribute: which did the client mean?
        Some(_) => Err(ResourceError::new(name, ResourceErrorKind::Repeated)),
    }
}

fn text(name: &str, value: &Value) -> Result<String, ResourceError> {
    value
        .as_str()
        .map(Into::into)
        .ok_or_else(|| ResourceError::wrong_type(name, "a string", value))
}

fn flag(name: &str, value: &Value) -> Result<bool, ResourceError> {
    value
        .as_bool()
        .ok_or_else(|| ResourceError::wrong_type(name, "a boolean", value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(user: Value) -> String {
        Employee::from_scim(user).unwrap_err().to_string()
    }

    #[test]
    fn names_differ_in_case_and_null_is_unassigned() {
        let plain = Employee::from_scim(json!({ "userName": "b" })).unwrap();
        let same = json!({ "USERNAME": "b", "displayName": null, "active": [], "id": "7" });
        assert_eq!(Employee::from_scim(same).unwrap(), plain);
    }

    #[test]
    fn what_the_columns_cannot_hold_is_refused() {
        assert_eq!(refused(json!({})), "userName: required, but missing");
        assert_eq!(
            refused(json!({ "userName": "" })),
            "userName: required, but missing"
        );
        assert_eq!(
            refused(json!({ "userName": "b", "title": "Guide" })),
            "title: not supported by this provider"
        );
        assert_eq!(
            refused(json!({ "userName": "b", "active": "true" })),
            "active: expected a boolean, found a string"
        );
        assert_eq!(
            refused(json!({ "userName": "b", "username": "c" })),
            "username: given more than once"
        );
    }
}
