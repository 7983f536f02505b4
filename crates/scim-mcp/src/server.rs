use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use scim_ops::ScimOperationHandler;
use scim_ops::provider::ResourceProvider;
use thiserror::Error;

use crate::Limits;
use crate::config::Config;
use crate::tools::Tools;

/// SCIM as tools for AI agents: a server of the Model Context Protocol. Cheap to clone: clones are
/// the same server.
///
/// One server may serve any number of agents: over a stream each ([`serve`](Self::serve),
/// [`serve_stdio`](Self::serve_stdio)), or over HTTP ([`http`](Self::http)).
///
/// ```
/// use scim_mcp::ops::ScimOperationHandler;
/// use scim_mcp::provider::InMemoryProvider;
/// use scim_mcp::{Limits, McpServer};
///
/// let handler = ScimOperationHandler::new(InMemoryProvider::default());
/// let server = McpServer::new(handler)
///     .with_limits(Limits::default().with_max_page(200))
///     .with_tools(["get_user", "list_users", "patch_user"])?;
/// assert_eq!(server.tools().collect::<Vec<_>>(), ["get_user", "patch_user", "list_users"]);
/// assert!(server.with_tools(["drop_tables"]).is_err());
/// # Ok::<(), scim_mcp::UnknownTool>(())
/// ```
pub struct McpServer<P> {
    pub(crate) shared: Arc<Shared<P>>,
}

/// What all connections share.
pub(crate) struct Shared<P> {
    pub(crate) handler: Arc<ScimOperationHandler<P>>,
    pub(crate) config: Config,
    pub(crate) tools: Tools,
}

impl<P: ResourceProvider> McpServer<P> {
    /// A server of the [resource types](ScimOperationHandler::resource_types) of `handler`, which
    /// may be shared with others in an [`Arc`].
    pub fn new(handler: impl Into<Arc<ScimOperationHandler<P>>>) -> Self {
        Self::of(handler.into(), Config::default())
    }

    fn of(handler: Arc<ScimOperationHandler<P>>, config: Config) -> Self {
        let mut tools = Tools::new(handler.resource_types(), &config);
        if let Some(allowed) = &config.allowed {
            tools.retain(allowed);
        }
        Self {
            shared: Arc::new(Shared {
                handler,
                config,
                tools,
            }),
        }
    }

    fn configured(self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.shared.config.clone();
        change(&mut config);
        Self::of(Arc::clone(&self.shared.handler), config)
    }

    /// The same server with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        self.configured(|config| config.limits = limits)
    }

    /// The same server, on which nobody may write if `read_only`, whatever the
    /// [caller](crate::Caller) may elsewhere.
    #[must_use]
    pub fn with_read_only(self, read_only: bool) -> Self {
        self.configured(|config| config.read_only = read_only)
    }

    /// The same server, which takes a replacement or a deletion without `expected_version` if it is not
    /// `required`. By default it is: an agent overwrites only what it has seen.
    ///
    /// A handler that wants versions always
    /// ([`with_version_required`](ScimOperationHandler::with_version_required)) wants them here, too.
    #[must_use]
    pub fn with_version_required(self, required: bool) -> Self {
        self.configured(|config| config.version_required = required)
    }

    /// The same server with these tools only.
    ///
    /// # Errors
    ///
    /// [`UnknownTool`] if there is none of such a name: it would be missed without a word.
    pub fn with_tools<T: Into<String>>(
        self,
        names: impl IntoIterator<Item = T>,
    ) -> Result<Self, UnknownTool> {
        let names: HashSet<String> = names.into_iter().map(Into::into).collect();
        let all = self.configured(|config| config.allowed = None);
        for name in &names {
            if all.shared.tools.get(name).is_none() {
                return Err(UnknownTool { name: name.clone() });
            }
        }
        Ok(all.configured(|config| config.allowed = Some(names)))
    }

    /// The same server, whose resources are also found below `base_url` (without a slash at its
    /// end), as their `meta.location` and `$ref` say. By default these are relative, such as `Users/2819c223`.
    #[must_use]
    pub fn with_base_url(self, base_url: impl Into<String>) -> Self {
        let base_url = base_url.into();
        self.configured(|config| config.base_url = base_url)
    }

    /// The same server under another name and version, by which clients show it.
    #[must_use]
    pub fn with_identity(self, name: impl Into<String>, version: impl Into<String>) -> Self {
        let (name, version) = (name.into(), version.into());
        self.configured(|config| (config.name, config.version) = (name, version))
    }

    /// The names of its tools.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        self.shared.tools.iter().map(|entry| &*entry.tool.name)
    }
}

impl<P> Clone for McpServer<P> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<P> fmt::Debug for McpServer<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McpServer")
            .field("config", &self.shared.config)
            .finish_non_exhaustive()
    }
}

/// There is no tool of such a name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no tool is called {}", .name.escape_debug())]
pub struct UnknownTool {
    name: String,
}

impl UnknownTool {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}
