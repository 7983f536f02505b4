use rmcp::model::Tool;
use scim_ops::provider::ResourceProvider;
use scim_ops::provider::schema::{ResourceType, ResourceTypes};
use scim_ops::{
    AtomicBulkError, BulkAction, BulkOperation, BulkOutcome, BulkRequest, BulkResult, OpError,
    Outcome,
};
use serde_json::{Map, Value, json};

use super::shown::{expected, identified};
use super::{Effect, describe, patch};
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::config::Config;
use crate::failure::{Failure, Kind};
use crate::schema;

pub(super) fn tool(types: &ResourceTypes, config: &Config) -> Tool {
    let names: Vec<&str> = types.iter().map(ResourceType::name).collect();
    let required = if config.version_required {
        "; required for replace and delete"
    } else {
        ""
    };
    let operation = json!({
        "type": "object",
        "properties": {
            "action": { "type": "string", "enum": ["create", "replace", "patch", "delete"] },
            "resource_type": { "type": "string", "enum": names },
            "id": { "type": "string", "description": "Which resource; for all but create" },
            "bulk_id": {
                "type": "string",
                "description": "Your own name for what create creates; other operations may name it as \"bulkId:NAME\" where an id stands",
            },
            "data": { "type": "object", "description": "What the resource says; for create and replace" },
            "operations": schema::patch_operations(),
            "expected_version": {
                "type": "string",
                "description": format!("The version that you have read and decided upon; for all but create{required}"),
            },
        },
        "required": ["action", "resource_type"],
        "additionalProperties": false,
    });
    let properties = json!({
        "operations": {
            "type": "array",
            "minItems": 1,
            "maxItems": config.limits.bulk_operations(),
            "items": operation,
        },
        "fail_on_errors": {
            "type": "integer",
            "minimum": 1,
            "description": "Stop after so many failures; without it all operations are tried",
        },
        "atomic": {
            "type": "boolean",
            "description": "All operations are carried out or none, in one step",
        },
    });
    describe(
        "bulk".into(),
        "Several changes".into(),
        "Carries out several changes in one call (RFC 7644 section 3.7). Each is done or fails for itself, unless atomic is true; read `failed` and the results, since some may have been done although others failed.".into(),
        schema::arguments(properties, &["operations"]),
        schema::bulk(),
        Effect::Overwrites { idempotent: false },
    )
}

/// One operation as it was asked for, for the answer.
struct Asked {
    resource_type: String,
    bulk_id: Option<String>,
}

impl<P: ResourceProvider> Call<'_, P> {
    /// `bulk`.
    pub(crate) async fn bulk(&self, mut arguments: Arguments) -> Result<Answer, Failure> {
        let place = arguments.place("operations");
        let operations = arguments.items("operations")?;
        let fail_on_errors = arguments.integer("fail_on_errors", 1)?;
        let atomic = arguments.flag("atomic")?;
        arguments.finish()?;
        let most = self.config().limits.bulk_operations();
        if u32::try_from(operations.len()).map_or(true, |count| count > most) {
            let reason = format!("{} operations are more than {most}", operations.len());
            return Err(Failure::argument(&place, reason)
                .then("send them in several calls; nothing was changed"));
        }
        let mut asked = Vec::with_capacity(operations.len());
        let mut read = Vec::with_capacity(operations.len());
        for (index, operation) in operations.into_iter().enumerate() {
            let members = Arguments::of_object(&format!("{place}[{index}]"), operation)?;
            let (known, operation) = self.operation(members)?;
            asked.push(known);
            read.push(operation);
        }
        let mut request = BulkRequest::new(read, self.context.clone())
            .map_err(|error| Failure::argument(&place, error))?;
        if let Some(errors) = fail_on_errors {
            request = request.with_fail_on_errors(u32::try_from(errors).unwrap_or(u32::MAX));
        }
        let results = if atomic {
            let done = self.handler().handle_atomic_bulk(request).await;
            done.map_err(|error| self.undone(&error, &asked))?
        } else {
            self.handler().handle_bulk(request).await
        };
        Ok(self.carried_out(&asked, &results))
    }

    fn operation(&self, mut arguments: Arguments) -> Result<(Asked, BulkOperation), Failure> {
        let action = arguments.text("action")?;
        let action = action.ok_or_else(|| arguments.missing("action"))?;
        let place = arguments.place("resource_type");
        let name = arguments.text("resource_type")?;
        let name = name.ok_or_else(|| arguments.missing("resource_type"))?;
        let resource_type = self.types().get(&name);
        let resource_type =
            resource_type.ok_or_else(|| Failure::argument(&place, "no such type"))?;
        let required = self.config().version_required;
        let mut preconditions = None;
        let mut bulk_id = None;
        let action = match &*action {
            "create" => {
                bulk_id = arguments.text("bulk_id")?;
                BulkAction::Create {
                    data: arguments.object("data")?,
                }
            }
            "replace" => {
                preconditions = Some(expected(&mut arguments, required)?);
                BulkAction::Update {
                    id: arguments.id("id")?,
                    data: arguments.object("data")?,
                }
            }
            "patch" => {
                preconditions = Some(expected(&mut arguments, false)?);
                BulkAction::Patch {
                    id: arguments.id("id")?,
                    message: patch::message(&mut arguments)?,
                }
            }
            "delete" => {
                preconditions = Some(expected(&mut arguments, required)?);
                BulkAction::Delete {
                    id: arguments.id("id")?,
                }
            }
            _ => {
                let reason = "neither create nor replace, patch or delete";
                return Err(Failure::argument(&arguments.place("action"), reason));
            }
        };
        arguments.finish()?;
        let mut operation = BulkOperation::new(resource_type.name(), action);
        if let Some(bulk_id) = &bulk_id {
            operation = operation.with_bulk_id(bulk_id);
        }
        if let Some(expected) = preconditions.as_ref().and_then(|known| known.if_match()) {
            operation = operation.with_if_match(expected.clone());
        }
        let asked = Asked {
            resource_type: resource_type.name().into(),
            bulk_id,
        };
        Ok((asked, operation))
    }

    /// Why nothing of an atomic call was done.
    fn undone(&self, error: &AtomicBulkError, asked: &[Asked]) -> Failure {
        let failed = |index: usize, source: &OpError| {
            let one = self.one(asked.get(index).map_or("", |asked| &asked.resource_type));
            Failure::of(source, one, &self.context)
        };
        match error {
            AtomicBulkError::Operation { index, source } => {
                failed(*index, source).with("operation", *index)
            }
            AtomicBulkError::Job(source) => failed(usize::MAX, source),
            // Malformed operations have refused the call; other variants are not known.
            _ => self.unexpected(),
        }
    }

    fn carried_out(&self, asked: &[Asked], results: &[BulkResult]) -> Answer {
        let mut shown: Vec<Map<String, Value>> = asked.iter().map(not_run).collect();
        let (mut done, mut failed) = (0_usize, 0_usize);
        for result in results {
            let Some(shown) = shown.get_mut(result.index) else {
                continue;
            };
            if let Some(id) = &result.id {
                shown.insert("id".into(), id.as_str().into());
            }
            match &result.outcome {
                BulkOutcome::Done(outcome) => {
                    done += 1;
                    shown.insert("status".into(), "done".into());
                    shown.extend(told(outcome));
                }
                BulkOutcome::Failed(error) => {
                    failed += 1;
                    shown.insert("status".into(), "failed".into());
                    let one = self.one(&asked[result.index].resource_type);
                    let failure = Failure::of(error, one, &self.context);
                    shown.insert("error".into(), failure.into_error());
                }
                // What can't be read has refused the call before.
                BulkOutcome::Malformed => {
                    failed += 1;
                    shown.insert("status".into(), "failed".into());
                    let failure = Failure::new(Kind::InvalidArguments, "not understood");
                    shown.insert("error".into(), failure.into_error());
                }
            }
        }
        for (index, shown) in shown.iter_mut().enumerate() {
            shown.insert("operation".into(), index.into());
        }
        let not_run = asked.len() - done - failed;
        Answer {
            value: json!({ "results": shown, "done": done, "failed": failed, "not_run": not_run }),
            failed: failed > 0,
        }
    }
}

fn not_run(asked: &Asked) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("resource_type".into(), asked.resource_type.as_str().into());
    if let Some(bulk_id) = &asked.bulk_id {
        shown.insert("bulk_id".into(), bulk_id.as_str().into());
    }
    shown.insert("status".into(), "not_run".into());
    shown
}

fn told(outcome: &Outcome) -> Map<String, Value> {
    let mut told = outcome.resource().map(identified).unwrap_or_default();
    match outcome {
        Outcome::Created(_) => {
            told.insert("changed".into(), true.into());
        }
        Outcome::Updated { changed, .. } | Outcome::Patched { changed, .. } => {
            told.insert("changed".into(), (*changed).into());
        }
        Outcome::Deleted => {
            told.insert("deleted".into(), true.into());
        }
        _ => {}
    }
    told
}
