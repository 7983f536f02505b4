use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::{Operation, Outcome};
use serde_json::json;

use super::shown::expected;
use super::{Effect, Subject, describe};
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::config::Config;
use crate::failure::Failure;
use crate::schema;

pub(super) fn tool(of: &Subject, config: &Config) -> Tool {
    let name = &of.resource_type;
    let properties = json!({
        "id": schema::id(name),
        "expected_version": schema::expected_version(config.version_required),
    });
    let required: &[&str] = if config.version_required {
        &["id", "expected_version"]
    } else {
        &["id"]
    };
    describe(
        format!("delete_{}", of.one),
        format!("Delete {name}"),
        format!(
            "Deletes a {name} for good, and its memberships with it (RFC 7644 section 3.6). It is refused if the {name} has changed since you read it."
        ),
        schema::arguments(properties, required),
        schema::deleted(),
        Effect::Overwrites { idempotent: true },
    )
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `delete_user`.
    pub(crate) async fn delete(
        &self,
        of: &Subject,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let id = arguments.id("id")?;
        let preconditions = expected(&mut arguments, self.config().version_required)?;
        arguments.finish()?;
        let operation = Operation::Delete { id: id.clone() };
        match self
            .perform(&of.resource_type, operation, preconditions)
            .await
        {
            Ok(Outcome::Deleted) => Ok(json!({
                "resource_type": &*of.resource_type,
                "id": id,
                "deleted": true,
            })
            .into()),
            Ok(_) => Err(self.unexpected()),
            Err(error) => Err(self.refused(of, &id, &error).await),
        }
    }
}
