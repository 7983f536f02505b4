//! `/Bulk`.

use std::error::Error as StdError;

use http::{Response, StatusCode};
use http_body::Body;
use scim_ops::provider::ResourceProvider;
use scim_ops::{AtomicBulkError, BulkOutcome, BulkRequest, BulkResult, RepeatedBulkId};
use serde_json::json;

use super::call::{Call, parse};
use crate::bulk::{Answer, Message, Parsed};
use crate::media::check_accept;
use crate::respond::json_ok;
use crate::{ScimBody, ScimError, ScimType, refusal};

impl<P: ResourceProvider> Call<'_, P> {
    /// POST (RFC 7644 §3.7). The preconditions of the request itself are not looked at: those of
    /// each operation are in its `version`.
    pub(super) async fn bulk<B>(&self, body: B) -> Result<Response<ScimBody>, ScimError>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.check_content()?;
        check_accept(&self.parts.headers)?;
        let content = parse(&self.content(body).await?)?;
        let limit = self.limits().bulk_operations();
        let Message {
            mut operations,
            fail_on_errors,
            atomic,
        } = Message::parse(content, limit, self.types())?;

        let work = operations.iter_mut().map(Parsed::take_operation).collect();
        let mut work = BulkRequest::new(work, self.context.clone()).map_err(|e| repeated(&e))?;
        if let Some(errors) = fail_on_errors {
            work = work.with_fail_on_errors(errors);
        }
        let results = if atomic {
            self.handler
                .handle_atomic_bulk(work)
                .await
                .map_err(|error| self.refuse_all(&error, &operations))?
        } else {
            self.handler.handle_bulk(work).await
        };
        let answers: Vec<Answer> = results
            .into_iter()
            .map(|result| self.answer_one(result, &mut operations))
            .collect();
        Ok(json_ok(&json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
            "Operations": answers,
        })))
    }

    fn answer_one(&self, result: BulkResult, operations: &mut [Parsed<'_>]) -> Answer {
        let parsed = &mut operations[result.index];
        let outcome = match &result.outcome {
            BulkOutcome::Done(outcome) => Ok(outcome),
            BulkOutcome::Failed(error) => Err(self.refuse(error, parsed.type_name())),
            BulkOutcome::Malformed => Err(self.unreadable(parsed)),
        };
        let location = parsed
            .resource_type
            .zip(result.id.as_deref())
            .map(|(known, id)| Answer::location(&self.base_url, known, id));
        let bulk_id = parsed.bulk_id.take();
        Answer::of(parsed.method.as_ref(), bulk_id, location, outcome)
    }

    /// The one error of a job of which nothing was done.
    fn refuse_all(&self, error: &AtomicBulkError, operations: &[Parsed<'_>]) -> ScimError {
        let (index, error) = match error {
            AtomicBulkError::Operation { index, source } => {
                let name = operations[*index].type_name();
                (*index, self.refuse(source, name))
            }
            AtomicBulkError::Malformed { index } => (*index, self.unreadable(&operations[*index])),
            AtomicBulkError::Job(error) => return self.refuse(error, ""),
            _ => return refusal::internal(self.context),
        };
        let detail = format!("Operations[{index}]: {}", error.detail());
        error.with_detail(detail)
    }

    fn unreadable(&self, parsed: &Parsed<'_>) -> ScimError {
        parsed.refusal().unwrap_or_else(|| self.unexpected())
    }
}

fn repeated(error: &RepeatedBulkId) -> ScimError {
    ScimError::new(StatusCode::BAD_REQUEST, error.to_string())
        .with_scim_type(ScimType::InvalidValue)
}
