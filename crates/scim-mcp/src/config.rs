use std::collections::HashSet;

use crate::Limits;

/// How a server is set up.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) limits: Limits,
    pub(crate) read_only: bool,
    /// Whether replace and delete need a version.
    pub(crate) version_required: bool,
    /// The tools that there are; `None` for all.
    pub(crate) allowed: Option<HashSet<String>>,
    /// What stands before `/Users` in locations; nothing if they are relative.
    pub(crate) base_url: String,
    /// What clients know the server by.
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            read_only: false,
            version_required: true,
            allowed: None,
            base_url: String::new(),
            name: "scim-mcp".into(),
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}
