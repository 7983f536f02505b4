use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::{Operation, Outcome, Preconditions, ScimOperationRequest};
use serde_json::{Value, json};

use super::shown::{identified, projection};
use super::{Effect, Subject, describe};
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::failure::Failure;
use crate::schema;

pub(super) fn tool(of: &Subject) -> Tool {
    let name = &of.resource_type;
    let mut properties = json!({
        "id": schema::id(name),
        "unless_version": {
            "type": "string",
            "minLength": 1,
            "description": "A version that you have seen: if the resource still has it, you are told so and not shown the resource again. For checking, in the course of longer work, that what you build upon still holds",
        },
    });
    schema::projection(&mut properties);
    describe(
        format!("get_{}", of.one),
        format!("Get {name}"),
        format!(
            "Shows a {name} as it is now, with its version. Remember the version: pass it as expected_version when you change the {name} on the grounds of what you have read."
        ),
        schema::arguments(properties, &["id"]),
        schema::resource(),
        Effect::Reads,
    )
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `get_user`.
    pub(crate) async fn get(
        &self,
        of: &Subject,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let id = arguments.id("id")?;
        let seen = arguments.version("unless_version")?;
        let projection = projection(&mut arguments)?;
        arguments.finish()?;
        let preconditions = match seen {
            Some(seen) => Preconditions::new().with_if_none_match(seen),
            None => Preconditions::new(),
        };
        let projector = self.resource_type(of).projector(&projection);
        let request = ScimOperationRequest::new(
            &*of.resource_type,
            Operation::Get { id },
            self.context.clone(),
        )
        .with_preconditions(preconditions)
        .with_view(projector.view());
        match self.handler().handle_operation(request).await {
            Ok(response) => match response.into_outcome() {
                Outcome::Found(resource) => {
                    let (answer, _) = self.shown(&resource, &projector)?;
                    Ok(Value::Object(answer).into())
                }
                Outcome::NotModified(resource) => {
                    let mut answer = identified(&resource);
                    answer.insert("unchanged".into(), true.into());
                    Ok(Value::Object(answer).into())
                }
                _ => Err(self.unexpected()),
            },
            Err(error) => Err(self.failure(of, &error)),
        }
    }
}
