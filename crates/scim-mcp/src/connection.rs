use std::sync::Arc;

use http::request::Parts;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ErrorCode, ErrorData, Extensions,
    GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ResourceContents,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use scim_ops::provider::ResourceProvider;

use crate::Caller;
use crate::arguments::Arguments;
use crate::call::{Answer, Call};
use crate::prompts;
use crate::resources;
use crate::server::Shared;

/// What answers the messages of an agent.
pub(crate) struct Connection<P> {
    pub(crate) shared: Arc<Shared<P>>,
    pub(crate) identity: Identity,
}

/// Who the agent is.
#[derive(Debug, Clone)]
pub(crate) enum Identity {
    /// The same all the time: it is the transport that was authenticated.
    Known(Caller),
    /// Each HTTP request says so by an extension of its own.
    OfRequest,
}

/// What an agent is told when it begins.
const INSTRUCTIONS: &str = "\
Identities (SCIM resources such as users and groups) that people and other agents change at the same time. \
Every resource is shown with its version. Pass that version as expected_version when you write, so that nothing is \
overwritten that you have not seen: if somebody else was faster, nothing is changed and you are shown what there is now. \
Prefer patch_ and add_ or remove_ tools to replace_ tools: they leave alone what you do not mean. \
Before acting on something you read a while ago, check it with get_ and unless_version.";

impl<P: ResourceProvider> Connection<P> {
    /// On whose behalf a request is made. One that comes without is not served: that nobody was asked who sent it is
    /// a fault of whoever mounted the server, and must not open it.
    fn caller(&self, extensions: &Extensions) -> Result<Caller, ErrorData> {
        match &self.identity {
            Identity::Known(caller) => Ok(caller.clone()),
            Identity::OfRequest => {
                let parts = extensions.get::<Parts>();
                let caller = parts.and_then(|parts| parts.extensions.get::<Caller>());
                caller.cloned().ok_or_else(|| {
                    tracing::error!("a request has no caller, so that it is refused");
                    ErrorData::internal_error("not authenticated", None)
                })
            }
        }
    }

    /// The tools that `caller` may use.
    fn tools(&self, caller: &Caller) -> Vec<Tool> {
        let call = Call::new(&self.shared, caller);
        let entries = self.shared.tools.iter();
        let usable = entries.filter(|entry| call.may_write() || !entry.action.writes());
        usable.map(|entry| entry.tool.clone()).collect()
    }
}

impl<P: ResourceProvider + 'static> ServerHandler for Connection<P> {
    fn get_info(&self) -> ServerConfig {
        let config = &self.shared.config;
        let capabilities = ServerCapabilities::builder()
            .enable_prompts()
            .enable_resources()
            .enable_tools()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(
                Implementation::new(&*config.name, &*config.version).with_title("SCIM identities"),
            )
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let caller = self.caller(&context.extensions)?;
        Ok(ListToolsResult::with_all_items(self.tools(&caller)))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        Some(self.shared.tools.get(name)?.tool.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let caller = self.caller(&context.extensions)?;
        let entry = self.shared.tools.get(&request.name);
        let entry = entry.ok_or_else(|| ErrorData::invalid_params("unknown tool", None))?;
        let call = Call::new(&self.shared, &caller);
        let answer = call.run(entry, Arguments::of_call(request.arguments)).await;
        Ok(result(answer).into())
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        self.caller(&context.extensions)?;
        let types = self.shared.handler.resource_types();
        let templates = types.iter().map(resources::template).collect();
        Ok(ListResourceTemplatesResult::with_all_items(templates))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let caller = self.caller(&context.extensions)?;
        let call = Call::new(&self.shared, &caller);
        let read = call.read(&request.uri).await?;
        let contents = ResourceContents::text(read.json, request.uri)
            .with_mime_type("application/scim+json")
            .with_meta(read.meta);
        Ok(ReadResourceResult::new(vec![contents]).into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        self.caller(&context.extensions)?;
        Ok(ListPromptsResult::with_all_items(prompts::all()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        self.caller(&context.extensions)?;
        let arguments = request.arguments.unwrap_or_default();
        let prompt = prompts::fill(&request.name, &arguments);
        let prompt = prompt
            .map_err(|error| ErrorData::new(ErrorCode::INVALID_PARAMS, error.to_string(), None))?;
        Ok(prompt.into())
    }
}

/// The answer for programs, and the same as text for models.
fn result(answer: Answer) -> CallToolResult {
    if answer.failed {
        CallToolResult::structured_error(answer.value)
    } else {
        CallToolResult::structured(answer.value)
    }
}
