use scim_ops::provider::schema::{ResourceType, ResourceTypes};
use scim_ops::provider::{RequestContext, ResourceProvider};
use scim_ops::{
    OpError, Operation, Outcome, Preconditions, ScimOperationHandler, ScimOperationRequest,
};
use serde_json::Value;

use crate::Caller;
use crate::arguments::Arguments;
use crate::config::Config;
use crate::failure::{Failure, Kind};
use crate::server::Shared;
use crate::tools::{Action, Entry, Subject};

/// One call of a tool.
pub(crate) struct Call<'a, P> {
    pub(crate) shared: &'a Shared<P>,
    pub(crate) caller: &'a Caller,
    pub(crate) context: RequestContext,
}

/// What a tool has to say.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) value: Value,
    /// Whether part of what was asked was not done.
    pub(crate) failed: bool,
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        Self {
            value,
            failed: false,
        }
    }
}

impl<'a, P: ResourceProvider> Call<'a, P> {
    /// A call on behalf of `caller`.
    pub(crate) fn new(shared: &'a Shared<P>, caller: &'a Caller) -> Self {
        Self {
            shared,
            caller,
            context: caller.context(),
        }
    }

    /// Carries out what `entry` does.
    pub(crate) async fn run(&self, entry: &Entry, arguments: Arguments) -> Answer {
        let result = if entry.action.writes() && !self.may_write() {
            let message = "you may read and not write here";
            Err(Failure::new(Kind::Forbidden, message))
        } else {
            // Of the tools' futures only the one that is wanted lies on the heap.
            match &entry.action {
                Action::Create(of) => Box::pin(self.create(of, arguments)).await,
                Action::Get(of) => Box::pin(self.get(of, arguments)).await,
                Action::Replace(of) => Box::pin(self.replace(of, arguments)).await,
                Action::Patch(of) => Box::pin(self.patch(of, arguments)).await,
                Action::Delete(of) => Box::pin(self.delete(of, arguments)).await,
                Action::List(of) => Box::pin(self.list(of, arguments)).await,
                Action::AddMembers(of, links) => {
                    Box::pin(self.add_members(of, links, arguments)).await
                }
                Action::RemoveMembers(of, links) => {
                    Box::pin(self.remove_members(of, links, arguments)).await
                }
                Action::Search => Box::pin(self.search(arguments)).await,
                Action::Bulk => Box::pin(self.bulk(arguments)).await,
                Action::DescribeSchemas => self.describe_schemas(arguments),
                Action::ServerInfo => self.server_info(arguments),
            }
        };
        let outcome = match &result {
            Ok(Answer { failed: false, .. }) => "done",
            Ok(_) => "failed in part",
            Err(failure) => failure.kind().as_str(),
        };
        tracing::debug!(
            request_id = self.context.request_id(),
            tenant = self.context.tenant().map(tracing::field::display),
            subject = self.caller.subject(),
            tool = &*entry.tool.name,
            resource_type = entry.action.resource_type(),
            outcome,
            "tool called",
        );
        result.unwrap_or_else(|failure| Answer {
            value: failure.into_json(),
            failed: true,
        })
    }

    /// Whether the caller may change anything.
    pub(crate) const fn may_write(&self) -> bool {
        self.caller.may_write() && !self.shared.config.read_only
    }

    pub(crate) fn handler(&self) -> &ScimOperationHandler<P> {
        &self.shared.handler
    }

    pub(crate) const fn config(&self) -> &Config {
        &self.shared.config
    }

    pub(crate) fn types(&self) -> &ResourceTypes {
        self.handler().resource_types()
    }

    /// The type that a tool is for.
    pub(crate) fn resource_type(&self, of: &Subject) -> &ResourceType {
        self.types()
            .get(&of.resource_type)
            .expect("tools are made of the handler's own types")
    }

    /// The word for `resource_type` in the names of tools.
    pub(crate) fn one(&self, resource_type: &str) -> &str {
        let mut entries = self.shared.tools.iter();
        entries
            .find_map(|entry| match &entry.action {
                Action::Get(of) if *of.resource_type == *resource_type => Some(&*of.one),
                _ => None,
            })
            .unwrap_or("resource")
    }

    /// Carries out `operation` on the one write path.
    pub(crate) async fn perform(
        &self,
        resource_type: &str,
        operation: Operation,
        preconditions: Preconditions,
    ) -> Result<Outcome, OpError> {
        let request = ScimOperationRequest::new(resource_type, operation, self.context.clone())
            .with_preconditions(preconditions);
        let response = self.handler().handle_operation(request).await?;
        Ok(response.into_outcome())
    }

    /// How `error` is shown.
    pub(crate) fn failure(&self, of: &Subject, error: &OpError) -> Failure {
        Failure::of(error, &of.one, &self.context)
    }

    /// An outcome that the operation can't have.
    pub(crate) fn unexpected(&self) -> Failure {
        tracing::error!(
            request_id = self.context.request_id(),
            "an operation has an outcome that is not its own",
        );
        Failure::internal(&self.context)
    }
}
