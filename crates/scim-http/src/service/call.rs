//! What the operations of the service have in common.

use std::error::Error as StdError;

use http::StatusCode;
use http::header::{CONTENT_LENGTH, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use http_body::Body;
use scim_ops::provider::schema::{ResourceType, ResourceTypes};
use scim_ops::provider::{RequestContext, ResourceProvider};
use scim_ops::{
    ErrorKind, OpError, Operation, Outcome, Preconditions, ScimOperationHandler,
    ScimOperationRequest,
};
use serde_json::Value;

use super::config::Config;
use crate::collect::{CollectError, collect};
use crate::media::check_content;
use crate::parameters::Parameters;
use crate::prefer::{MalformedMerge, preferred_merge};
use crate::respond::Place;
use crate::{BaseUrl, Limits, ScimError, ScimType, preconditions, refusal};

/// A request that has been admitted and whose target is known.
pub(super) struct Call<'a, P> {
    pub(super) handler: &'a ScimOperationHandler<P>,
    pub(super) config: &'a Config,
    pub(super) parts: &'a Parts,
    pub(super) base_url: BaseUrl,
    pub(super) context: &'a RequestContext,
}

impl<P: ResourceProvider> Call<'_, P> {
    /// Has `request` carried out.
    pub(super) async fn perform(
        &self,
        request: ScimOperationRequest,
    ) -> Result<Outcome, ScimError> {
        let resource_type = request.resource_type().to_owned();
        // On the heap, so that it is not moved with each of the futures around it.
        match Box::pin(self.handler.handle_operation(request)).await {
            Ok(response) => Ok(response.into_outcome()),
            Err(error) => Err(self.refuse(&error, &resource_type)),
        }
    }

    /// A request for `operation` on resources of this type.
    pub(super) fn request(
        &self,
        resource_type: &ResourceType,
        operation: Operation,
    ) -> ScimOperationRequest {
        ScimOperationRequest::new(resource_type.name(), operation, self.context.clone())
    }

    /// Where resources of this type are shown, and what of them: as the URL says.
    ///
    /// # Errors
    ///
    /// 400 for parameters that can't be read.
    pub(super) fn place<'a>(
        &'a self,
        resource_type: &'a ResourceType,
    ) -> Result<Place<'a>, ScimError> {
        let projection = self.parameters().projection()?;
        Ok(Place::new(&self.base_url, resource_type, &projection))
    }

    /// The parameters in the URL.
    pub(super) fn parameters(&self) -> Parameters<'_> {
        Parameters::of_query(self.parts.uri.query())
    }

    /// The types of resources that are served.
    pub(super) fn types(&self) -> &ResourceTypes {
        self.handler.resource_types()
    }

    pub(super) const fn limits(&self) -> &Limits {
        &self.config.limits
    }

    /// 415 or, by its announced length, 413: what can be said of the content unread.
    pub(super) fn check_content(&self) -> Result<(), ScimError> {
        check_content(&self.parts.headers)?;
        let length = self
            .parts
            .headers
            .get(CONTENT_LENGTH)
            .map(HeaderValue::to_str);
        let length = length.and_then(|length| length.ok()?.parse::<u64>().ok());
        match length {
            Some(length) if usize::try_from(length).map_or(true, |n| n > self.limits().body()) => {
                let limit = self.limits().body();
                Err(ScimError::from(&CollectError::TooLarge { limit }))
            }
            _ => Ok(()),
        }
    }

    /// The octets of the content.
    pub(super) async fn content<B>(&self, body: B) -> Result<bytes::Bytes, ScimError>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        collect(body, self.limits().body()).await.map_err(|error| {
            if matches!(error, CollectError::Unreadable(_)) {
                let request_id = self.context.request_id();
                let error = refusal::chain(&error);
                tracing::debug!(request_id, error, "body ended early");
            }
            ScimError::from(&error)
        })
    }

    /// The preconditions of the request, as they are written.
    pub(super) fn preconditions(&self) -> Result<Preconditions, ScimError> {
        let headers = &self.parts.headers;
        let mut are_there = false;
        for name in [IF_MATCH, IF_NONE_MATCH] {
            let mut lines = headers.get_all(&name).iter().peekable();
            are_there |= lines.peek().is_some();
            let octets: usize = lines.map(HeaderValue::len).sum();
            if octets > self.limits().precondition() {
                let limit = self.limits().precondition();
                let detail = format!("{name} is longer than {limit} octets");
                let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
                return Err(ScimError::new(status, detail));
            }
        }
        if !are_there {
            return Ok(Preconditions::new());
        }
        Ok(preconditions(headers)?)
    }

    /// The same for a change, which may ask for being merged.
    ///
    /// A version that can't be read is refused, although it stands in a preference: passed over, it
    /// would leave a change that overwrites what its client has not seen.
    pub(super) fn preconditions_of_change(&self) -> Result<Preconditions, ScimError> {
        let preconditions = self.preconditions()?;
        match preferred_merge(&self.parts.headers) {
            Ok(Some(base)) => Ok(preconditions.with_merge_base(base)),
            Ok(None) => Ok(preconditions),
            Err(MalformedMerge) => {
                let detail = "malformed Prefer: merge names no version";
                let error = ScimError::new(StatusCode::BAD_REQUEST, detail);
                Err(error.with_scim_type(ScimType::InvalidSyntax))
            }
        }
    }

    /// The error of an operation as the client sees it. Faults are logged, with all that is
    /// not shown.
    pub(super) fn refuse(&self, error: &OpError, resource_type: &str) -> ScimError {
        let shown = ScimError::from(error);
        match error.kind() {
            ErrorKind::Internal => {
                self.log_fault(error, resource_type);
                refusal::internal(self.context)
            }
            ErrorKind::Unavailable | ErrorKind::OutcomeUnknown => {
                self.log_fault(error, resource_type);
                shown
            }
            ErrorKind::VersionMismatch
            | ErrorKind::MergeConflict
            | ErrorKind::AlreadyExists
            | ErrorKind::VersionRequired
            | ErrorKind::NotFound
            | ErrorKind::UnknownResourceType
            | ErrorKind::Invalid
            | ErrorKind::Patch(_)
            | ErrorKind::Duplicate
            | ErrorKind::Busy
            | ErrorKind::UnknownBulkId
            | ErrorKind::UnresolvedBulkId
            | ErrorKind::InvalidFilter
            | ErrorKind::InvalidSort
            | ErrorKind::InvalidCursor
            | ErrorKind::TooMany
            | ErrorKind::Unsupported => shown,
        }
    }

    /// The error of an operation that succeeded with what can't come of it.
    pub(super) fn unexpected(&self) -> ScimError {
        tracing::error!(
            request_id = self.context.request_id(),
            "the operation had the outcome of another one",
        );
        refusal::internal(self.context)
    }

    fn log_fault(&self, error: &OpError, resource_type: &str) {
        tracing::error!(
            request_id = self.context.request_id(),
            tenant = self.context.tenant().map(tracing::field::display),
            resource_type,
            error = refusal::chain(error),
            "operation failed",
        );
    }
}

/// The JSON that `content` is.
///
/// # Errors
///
/// 400 with the place where it stops to be JSON; nothing of the content itself is shown.
pub(super) fn parse(content: &[u8]) -> Result<Value, ScimError> {
    serde_json::from_slice(content).map_err(|error| {
        ScimError::new(StatusCode::BAD_REQUEST, format!("malformed JSON: {error}"))
            .with_scim_type(ScimType::InvalidSyntax)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(content: &[u8]) -> String {
        let error = parse(content).unwrap_err();
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
        assert_eq!(error.scim_type(), Some(ScimType::InvalidSyntax));
        error.detail().to_owned()
    }

    #[test]
    fn what_is_no_json_is_refused_with_the_place() {
        assert_eq!(
            detail(b"{\n \"a\": secret }"),
            "malformed JSON: expected value at line 2 column 7"
        );
        for content in [
            &b""[..],
            b"{",
            b"{} {}",
            b"\xFF",
            b"{\"a\":\"\xFF\"}",
            b"{\"a\":1e999}",
        ] {
            assert!(
                detail(content).contains(" at line 1 column "),
                "{content:?}"
            );
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(10_000);
        assert!(detail(deep.as_bytes()).contains("recursion limit"));
    }

    #[test]
    fn the_last_of_repeated_names_counts() {
        assert_eq!(parse(br#"{"a":1,"a":2}"#).unwrap()["a"], 2);
    }
}
