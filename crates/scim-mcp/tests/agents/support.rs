use std::sync::Arc;

use rmcp::model::{CallToolRequestParams, ClientConfig, Tool};
use rmcp::service::RunningService;
use rmcp::{RoleClient, ServiceExt};
use scim_mcp::ops::ScimOperationHandler;
use scim_mcp::provider::{InMemoryProvider, Scope};
use scim_mcp::{Caller, McpServer};
use serde_json::{Value, json};
use tokio::io::{duplex, split};

pub(crate) type Server = McpServer<InMemoryProvider>;

/// A server with an empty store.
pub(crate) fn server() -> Server {
    server_over(handler())
}

pub(crate) fn handler() -> Arc<ScimOperationHandler<InMemoryProvider>> {
    Arc::new(ScimOperationHandler::new(InMemoryProvider::default()))
}

pub(crate) fn server_over(handler: Arc<ScimOperationHandler<InMemoryProvider>>) -> Server {
    McpServer::new(handler)
}

/// Somebody who may do everything in a deployment without tenants.
pub(crate) fn anybody() -> Caller {
    Caller::new(Scope::Single)
}

/// An agent that is connected to a server.
pub(crate) struct Agent(pub(crate) RunningService<RoleClient, ClientConfig>);

/// What a call gave.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Called {
    pub(crate) failed: bool,
    pub(crate) value: Value,
}

impl Agent {
    pub(crate) async fn of(server: &Server) -> Self {
        Self::connect(server, anybody()).await
    }

    pub(crate) async fn connect(server: &Server, caller: Caller) -> Self {
        let (agent, here) = duplex(1 << 16);
        let (input, output) = split(here);
        tokio::spawn(server.clone().serve(caller, input, output));
        let client = ClientConfig::default();
        Self(client.serve(agent).await.expect("the server greets"))
    }

    pub(crate) async fn tools(&self) -> Vec<Tool> {
        self.0.list_all_tools().await.expect("tools are listed")
    }

    /// Calls a tool that there is.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Called {
        let arguments = arguments.as_object().cloned().expect("an object");
        let request = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let result = self
            .0
            .call_tool(request)
            .await
            .expect("the call is answered");
        let value = result.structured_content.expect("results are structured");
        // Models that read text only are told the same.
        let text = serde_json::to_value(&result.content[0]).expect("it prints");
        let text: Value = serde_json::from_str(text["text"].as_str().expect("text")).expect("JSON");
        assert_eq!(text, value);
        Called {
            failed: result.is_error.unwrap_or(false),
            value,
        }
    }

    /// Calls a tool that has to succeed.
    pub(crate) async fn done(&self, tool: &str, arguments: Value) -> Value {
        let called = self.call(tool, arguments).await;
        assert!(!called.failed, "{tool}: {}", called.value);
        called.value
    }

    /// Calls a tool that has to fail, and gives the error.
    pub(crate) async fn refused(&self, tool: &str, arguments: Value) -> Value {
        let called = self.call(tool, arguments).await;
        assert!(called.failed, "{tool}: {}", called.value);
        called.value["error"].clone()
    }

    /// Creates a user and gives id and version.
    pub(crate) async fn user(&self, name: &str) -> (String, String) {
        let created = self.done("create_user", json!({ "data": { "userName": name } }));
        identity(&created.await)
    }

    /// Creates a group and gives id and version.
    pub(crate) async fn group(&self, name: &str) -> (String, String) {
        let created = self.done("create_group", json!({ "data": { "displayName": name } }));
        identity(&created.await)
    }
}

/// Id and version in an answer.
pub(crate) fn identity(answer: &Value) -> (String, String) {
    (text(&answer["id"]), text(&answer["version"]))
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
