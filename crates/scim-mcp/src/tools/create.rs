use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::ResourceType;
use scim_ops::{Operation, Outcome, Preconditions};
use serde_json::{Value, json};

use super::{Effect, Subject, describe};
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::failure::Failure;
use crate::schema;

pub(super) fn tool(of: &Subject, resource_type: &ResourceType) -> Tool {
    let name = &of.resource_type;
    let mut data = schema::of_resource(resource_type);
    data["description"] = format!("What the new {name} says").into();
    describe(
        format!("create_{}", of.one),
        format!("Create {name}"),
        format!(
            "Creates a {name} (RFC 7644 section 3.3) and gives its id and version. It is refused as duplicate if another {name} has the same value of a unique attribute; look for that one instead of calling again with another value."
        ),
        schema::arguments(json!({ "data": data }), &["data"]),
        schema::resource(),
        Effect::Adds { idempotent: false },
    )
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `create_user`.
    pub(crate) async fn create(
        &self,
        of: &Subject,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let data = arguments.object("data")?;
        arguments.finish()?;
        let operation = Operation::Create { data };
        match self
            .perform(&of.resource_type, operation, Preconditions::new())
            .await
        {
            Ok(Outcome::Created(resource)) => {
                let mut answer = self.changed(of, &resource, true)?;
                answer.insert("changed".into(), true.into());
                Ok(Value::Object(answer).into())
            }
            Ok(_) => Err(self.unexpected()),
            Err(error) => Err(self.failure(of, &error)),
        }
    }
}
