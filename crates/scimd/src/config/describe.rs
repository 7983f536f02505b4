//! `scimd openapi`.

use std::path::PathBuf;

use super::settings::Settings;
use super::{Config, ConfigError};

/// `scimd openapi`: the options of the server that is described, of which those about its store and
/// its connections mean nothing here.
#[derive(Debug, Clone, clap::Args)]
pub struct DescribeArgs {
    /// Configuration file in TOML, with the other options' names as keys
    #[arg(long, value_name = "FILE", env = "SCIMD_CONFIG")]
    config: Option<PathBuf>,

    #[command(flatten)]
    settings: Settings,
}

impl DescribeArgs {
    /// The configuration that these arguments, the configuration file as it is now, and the
    /// defaults give.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] says which option is wrong and how.
    pub fn load(&self) -> Result<Config, ConfigError> {
        Config::read(self.settings.clone(), self.config.as_deref())
    }
}
