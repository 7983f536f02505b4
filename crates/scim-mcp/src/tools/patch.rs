use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::{Operation, Outcome, Patch, Preconditions};
use serde_json::{Value, json};

use super::shown::expected_or_base;
use super::{Effect, Subject, describe};
use crate::arguments::{Arguments, mismatch};
use crate::call::{Answer, Call};
use crate::failure::Failure;
use crate::schema;

pub(super) fn tool(of: &Subject) -> Tool {
    let name = &of.resource_type;
    let properties = json!({
        "id": schema::id(name),
        "operations": schema::patch_operations(),
        "expected_version": schema::expected_version(false),
        "merge": schema::merge(),
    });
    describe(
        format!("patch_{}", of.one),
        format!("Change {name}"),
        format!(
            "Changes single attributes of a {name} and leaves the others alone (RFC 7644 section 3.5.2). If someone else is writing at the same time, it is applied to what they left, so that neither change is lost. Pass expected_version if the change is only right for what you have read."
        ),
        schema::arguments(properties, &["id", "operations"]),
        schema::resource(),
        // Several operations may, for instance, remove one value and rename another to it.
        Effect::Overwrites { idempotent: false },
    )
}

/// The message of RFC 7644 §3.5.2 that the argument `operations` is.
pub(super) fn message(arguments: &mut Arguments) -> Result<Value, Failure> {
    let name = "operations";
    let place = arguments.place(name);
    let operations = arguments.items(name)?;
    for (index, operation) in operations.iter().enumerate() {
        let place = format!("{place}[{index}]");
        let Value::Object(members) = operation else {
            return Err(mismatch(&place, "an object", operation));
        };
        for (member, value) in members {
            match (&**member, value) {
                ("op" | "path", Value::String(_)) | ("value", _) => {}
                ("op" | "path", other) => {
                    return Err(mismatch(&format!("{place}.{member}"), "a string", other));
                }
                _ => {
                    let reason = "has other members than op, path and value";
                    return Err(Failure::argument(&place, reason));
                }
            }
        }
    }
    Ok(json!({ "Operations": operations }))
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `patch_user`.
    pub(crate) async fn patch(
        &self,
        of: &Subject,
        mut arguments: Arguments,
    ) -> Result<Answer, Failure> {
        let id = arguments.id("id")?;
        let message = message(&mut arguments)?;
        let preconditions = expected_or_base(&mut arguments, false)?;
        arguments.finish()?;
        let patch = Patch::from_json(message).map_err(|error| self.failure(of, &error.into()))?;
        let (resource, changed, whole) = self.apply(of, &id, patch, preconditions).await?;
        let mut answer = self.changed(of, &resource, whole)?;
        answer.insert("changed".into(), changed.into());
        Ok(Value::Object(answer).into())
    }

    /// Applies `patch`, and says whether that changed anything and whether all of the resource is there.
    pub(super) async fn apply(
        &self,
        of: &Subject,
        id: &str,
        patch: Patch,
        preconditions: Preconditions,
    ) -> Result<(scim_ops::provider::VersionedResource, bool, bool), Failure> {
        let operation = Operation::Patch {
            id: id.into(),
            patch,
        };
        match self
            .perform(&of.resource_type, operation, preconditions)
            .await
        {
            Ok(Outcome::Patched {
                resource,
                changed,
                whole,
            }) => Ok((resource, changed, whole)),
            Ok(_) => Err(self.unexpected()),
            Err(error) => Err(self.refused(of, id, &error).await),
        }
    }
}
