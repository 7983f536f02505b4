use std::sync::LazyLock;

use scim_provider::schema::{ResourceType, ResourceTypes};
use scim_provider::version::ScimVersion;
use scim_provider::{Clock, ProviderError, Resource, SystemClock, Timestamp, VersionedResource};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::FromRow;

/// Users as the table has room for them: what no column holds is in no schema, so that it is refused
/// and never acknowledged. The layers above read a PATCH by this, and show it.
pub(crate) static TYPES: LazyLock<ResourceTypes> = LazyLock::new(|| {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    let types = json!([
        { "name": "User", "endpoint": "/Users", "description": "Employee", "schema": core },
        { "id": core, "name": "User", "attributes": [
            { "name": "userName", "type": "string", "required": true, "uniqueness": "server" },
            { "name": "displayName", "type": "string" },
            { "name": "active", "type": "boolean" },
        ] },
    ]);
    let types = ResourceTypes::empty().with_json(types.to_string().as_bytes());
    types.expect("it says what RFC 7643 wants to be said")
});

pub(crate) fn user() -> &'static ResourceType {
    TYPES.get("User").expect("it is one of the types")
}

/// What clients can write, under the application's names and SCIM's.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub(crate) struct Employee {
    #[serde(rename = "userName")]
    pub(crate) login: String,
    #[serde(rename = "displayName", skip_serializing_if = "Option::is_none")]
    pub(crate) full_name: Option<String>,
    #[serde(rename = "externalId", skip_serializing_if = "Option::is_none")]
    pub(crate) payroll_number: Option<String>,
    #[serde(rename = "active", skip_serializing_if = "Option::is_none")]
    pub(crate) employed: Option<bool>,
}

/// An employee with the columns that the table keeps by itself.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Row {
    pub(crate) number: i64,
    #[sqlx(flatten)]
    pub(crate) employee: Employee,
    pub(crate) version: i64,
    pub(crate) etag: String,
    pub(crate) hired: i64,
    pub(crate) changed: i64,
}

impl Employee {
    pub(crate) fn from_scim(data: Value) -> Result<Self, ProviderError> {
        let form = user().normalise(data, TYPES.rules())?;
        let attributes = Value::Object(form.attributes);
        serde_json::from_value(attributes).map_err(ProviderError::internal)
    }

    fn to_scim(&self) -> Result<Value, ProviderError> {
        serde_json::to_value(self).map_err(ProviderError::internal)
    }
}

impl Row {
    /// A new row, which gets its number from the table.
    pub(crate) fn new(employee: Employee) -> Result<Self, ProviderError> {
        let now = SystemClock::new().now().as_micros();
        let row = Self {
            number: 0,
            employee,
            version: 1,
            etag: String::new(),
            hired: now,
            changed: now,
        };
        row.stamped("")
    }

    /// The row that comes after this one.
    pub(crate) fn changed_to(&self, employee: Employee) -> Result<Self, ProviderError> {
        let now = SystemClock::new().now();
        let row = Self {
            employee,
            version: self.version + 1,
            changed: now.after(time(self.changed)?).as_micros(),
            ..self.clone()
        };
        row.stamped(&self.etag)
    }

    /// Made from the one before and all that the row says, so that none ever comes back.
    fn stamped(mut self, before: &str) -> Result<Self, ProviderError> {
        let says = self.employee.to_scim()?.to_string();
        let parts = [
            before.as_bytes(),
            says.as_bytes(),
            &self.changed.to_be_bytes(),
        ];
        self.etag = ScimVersion::from_parts(parts).as_str().to_owned();
        Ok(self)
    }

    pub(crate) fn scim_version(&self) -> Result<ScimVersion, ProviderError> {
        ScimVersion::from_hash(&self.etag).map_err(ProviderError::internal)
    }

    pub(crate) fn to_scim(&self) -> Result<VersionedResource, ProviderError> {
        let version = self.scim_version()?;
        let mut data = self.employee.to_scim()?;
        data["schemas"] = json!([user().schema().id()]);
        data["id"] = self.number.to_string().into();
        data["meta"] = json!({
            "resourceType": "User",
            "created": time(self.hired)?.to_string(),
            "lastModified": time(self.changed)?.to_string(),
            "version": version.to_http_header(),
        });
        let user = Resource::from_json("User", data).map_err(ProviderError::internal)?;
        Ok(VersionedResource::with_version(user, version))
    }
}

fn time(micros: i64) -> Result<Timestamp, ProviderError> {
    Timestamp::from_micros(micros).map_err(ProviderError::internal)
}
