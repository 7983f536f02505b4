use std::error::Error as StdError;

use rmcp::model::{CallToolRequestParams, ClientConfig};
use rmcp::service::RunningService;
use rmcp::{RoleClient, ServiceExt};
use scim_mcp::provider::{InMemoryProvider, Scope};
use scim_mcp::{Caller, McpServer};
use serde_json::Value;
use tokio::io::{duplex, split};

/// An AI agent, or what it would send: a client of the Model Context Protocol, here in the same process.
pub(crate) struct Agent {
    pub(crate) name: &'static str,
    client: RunningService<RoleClient, ClientConfig>,
}

impl Agent {
    /// Connects an agent to `server`. Over HTTP its token would say on whose behalf it works.
    pub(crate) async fn connect(
        name: &'static str,
        server: &McpServer<InMemoryProvider>,
    ) -> Result<Self, Box<dyn StdError + Send + Sync>> {
        let (near, far) = duplex(64 * 1024);
        let (input, output) = split(far);
        let caller = Caller::new(Scope::Single).with_subject(name);
        tokio::spawn(server.clone().serve(caller, input, output));
        let client = ClientConfig::default().serve(near).await?;
        Ok(Self { name, client })
    }

    /// Calls a tool, and gives what it did, or else the `error`.
    pub(crate) async fn call(
        &self,
        tool: &'static str,
        arguments: Value,
    ) -> Result<Result<Value, Value>, Box<dyn StdError + Send + Sync>> {
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = self.client.call_tool(request).await?;
        let value = result.structured_content.unwrap_or_default();
        Ok(if result.is_error == Some(true) {
            Err(value["error"].clone())
        } else {
            Ok(value)
        })
    }
}
