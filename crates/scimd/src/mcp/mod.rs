//! AI agents: under `/mcp` ([`Mount`]), and over stdin and stdout ([`serve_stdio`]).

mod mount;
mod stdio;

use std::sync::Arc;

use scim_mcp::ops::ScimOperationHandler;
use scim_mcp::{Limits, McpServer};

use crate::Config;
use crate::service::Provider;

pub(crate) use self::mount::Mount;
pub(crate) use self::stdio::serve_stdio;

/// Where agents are served.
pub(crate) const PATH: &str = "/mcp";

/// The server for agents that `config` describes.
fn server(config: &Config, handler: Arc<ScimOperationHandler<Provider>>) -> McpServer<Provider> {
    let (limits, agents) = (&config.limits, &config.agents);
    let limits = Limits::default()
        .with_message(limits.body())
        .with_filter(limits.filter())
        .with_list(limits.list())
        .with_answer(limits.answer())
        .with_answer_links(limits.answer_links())
        .with_default_page(limits.default_page())
        .with_max_page(limits.max_page())
        .with_bulk_operations(limits.bulk_operations());
    let mut server = McpServer::new(handler)
        .with_identity("scimd", env!("CARGO_PKG_VERSION"))
        .with_limits(limits)
        .with_read_only(agents.read_only)
        .with_version_required(agents.version_required);
    if let Some(url) = &config.base_url {
        server = server.with_base_url(url.as_str());
    }
    match &agents.tools {
        Some(tools) => server
            .with_tools(tools)
            .expect("the configuration names only tools that there are"),
        None => server,
    }
}
