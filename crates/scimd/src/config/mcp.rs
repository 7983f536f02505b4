//! What AI agents get, and `scimd mcp`.

use std::path::PathBuf;

use scim_http::provider::schema::ResourceTypes;
use scim_http::provider::{InMemoryProvider, Scope, TenantId};
use scim_mcp::ops::ScimOperationHandler;
use scim_mcp::{Caller, McpServer};

use super::settings::Settings;
use super::{Config, ConfigError};

/// `scimd mcp`: for whom an AI agent works that has started this process itself, besides the
/// options of the server, of which those about the network mean nothing here.
#[derive(Debug, Clone, clap::Args)]
pub struct StdioArgs {
    /// Configuration file in TOML, with the other options' names as keys
    #[arg(long, value_name = "FILE", env = "SCIMD_CONFIG")]
    config: Option<PathBuf>,

    /// The tenant whose resources the agent sees [default: the only one]
    #[arg(long, value_name = "NAME", env = "SCIMD_AS_TENANT")]
    as_tenant: Option<String>,

    #[command(flatten)]
    settings: Settings,
}

impl StdioArgs {
    /// The configuration that these arguments, the configuration file as it is now, and the
    /// defaults give.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] says which option is wrong and how.
    pub fn load(&self) -> Result<Config, ConfigError> {
        Config::read(self.settings.clone(), self.config.as_deref())
    }

    /// On whose behalf the agent works.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if `config` has several tenants and none is named, or one that none can be.
    pub fn caller(&self, config: &Config) -> Result<Caller, ConfigError> {
        let scope = match &self.as_tenant {
            Some(name) => Scope::from(name.parse::<TenantId>().map_err(ConfigError::AsTenant)?),
            None if config.tokens.of_tenants() => return Err(ConfigError::NoTenant),
            None => Scope::Single,
        };
        Ok(Caller::new(scope).with_subject("stdio"))
    }
}

/// What AI agents get.
#[derive(Debug, Clone)]
pub(crate) struct Agents {
    /// Over HTTP, that is; who runs `scimd mcp` wants it.
    pub(crate) served: bool,
    pub(crate) read_only: bool,
    pub(crate) version_required: bool,
    /// The tools, all of which exist; `None` for all.
    pub(crate) tools: Option<Vec<String>>,
}

impl Agents {
    /// As the settings say, for resources of `types`.
    pub(super) fn new(settings: &Settings, types: &ResourceTypes) -> Result<Self, ConfigError> {
        let tools = settings.mcp_tool.clone();
        if let Some(tools) = &tools {
            let provider = InMemoryProvider::default().with_resource_types(types.clone());
            McpServer::new(ScimOperationHandler::new(provider))
                .with_tools(tools)
                .map_err(ConfigError::Tool)?;
        }
        Ok(Self {
            served: settings.mcp.unwrap_or(true),
            read_only: settings.mcp_read_only.unwrap_or(false),
            version_required: settings.mcp_require_version.unwrap_or(true),
            tools,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::Args;
    use super::*;
    use crate::Command;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn caller(args: &[&str]) -> Result<Caller, ConfigError> {
        let args = Args::try_parse_from([&["scimd", "mcp"], args].concat())?;
        let Some(Command::Mcp(stdio)) = args.subcommand() else {
            panic!("it is the command mcp");
        };
        stdio.caller(&stdio.load()?)
    }

    #[test]
    fn an_agent_on_stdin_works_for_the_tenant_that_is_named() {
        assert_eq!(caller(&[]).unwrap().scope(), &Scope::Single);
        let acme = Scope::from("acme".parse::<TenantId>().unwrap());
        assert_eq!(caller(&["--as-tenant", "acme"]).unwrap().scope(), &acme);
        let tenant = format!("acme={TOKEN}");
        let error = caller(&["--tenant", &tenant]).unwrap_err();
        assert!(matches!(error, ConfigError::NoTenant));
        let error = caller(&["--as-tenant", ""]).unwrap_err();
        assert!(matches!(error, ConfigError::AsTenant(_)));
    }

    #[test]
    fn a_tool_that_there_is_not_is_refused() {
        let with = |tool: &str| Config::from_args(["scimd", "--mcp-tool", tool]);
        assert!(with("get_user,list_users").is_ok());
        assert!(matches!(with("get_users"), Err(ConfigError::Tool(_))));
    }
}
