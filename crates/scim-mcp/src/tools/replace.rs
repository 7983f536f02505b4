use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::{Operation, Outcome};
use serde_json::{Value, json};

use super::shown::expected_or_base;
use super::{Effect, Subject, describe};
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::config::Config;
use crate::failure::Failure;
use crate::schema;

pub(super) fn tool(of: &Subject, config: &Config) -> Tool {
    let (name, one) = (&of.resource_type, &of.one);
    let properties = json!({
        "id": schema::id(name),
        "data": {
            "type": "object",
            "description": format!(
                "All that the {name} says from now on: take `resource` of get_{one} and change it. Attributes that you leave out are removed, but for what only the service sets and for secrets, which are never shown"
            ),
        },
        "expected_version": schema::expected_version(config.version_required),
        "merge": schema::merge(),
    });
    let required: &[&str] = if config.version_required {
        &["id", "data", "expected_version"]
    } else {
        &["id", "data"]
    };
    describe(
        format!("replace_{one}"),
        format!("Replace {name}"),
        format!(
            "Replaces all that a {name} says (RFC 7644 section 3.5.1). To change single attributes use patch_{one}, which leaves the others alone."
        ),
        schema::arguments(properties, required),
        schema::resource(),
        Effect::Overwrites { idempotent: true },
    )
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `replace_user`.
    pub(crate) async fn replace(
        &self,
        of: &Subject,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let id = arguments.id("id")?;
        let data = arguments.object("data")?;
        let preconditions = expected_or_base(&mut arguments, self.config().version_required)?;
        arguments.finish()?;
        let operation = Operation::Update {
            id: id.clone(),
            data,
        };
        match self
            .perform(&of.resource_type, operation, preconditions)
            .await
        {
            Ok(Outcome::Updated { resource, changed }) => {
                let mut answer = self.changed(of, &resource, true)?;
                answer.insert("changed".into(), changed.into());
                Ok(Value::Object(answer).into())
            }
            Ok(_) => Err(self.unexpected()),
            Err(error) => Err(self.refused(of, &id, &error).await),
        }
    }
}
