//! What the program does beside serving.

use std::time::Duration;

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use scim_sql::{CopyError, Options, Progress, Stage};
use thiserror::Error;

use crate::ConfigError;
#[cfg(feature = "openapi")]
use crate::config::DescribeArgs;
#[cfg(feature = "mcp")]
use crate::config::StdioArgs;
use crate::config::{DatabaseUrl, Secret, StoreError};
use crate::store::{OpenError, database};

/// What to do instead of serving.
#[derive(Debug, Clone, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Bring the tables of a database up to date, and end
    ///
    /// The server does so by itself when it starts; this is for deployments that want it done
    /// before.
    Migrate(Migrate),
    /// Copy everything from one database to another, and compare them
    ///
    /// Ids, `meta` and versions stay what they are. Nobody may write to either database meanwhile.
    Copy(Copy),
    /// Serve one AI agent over stdin and stdout, by the Model Context Protocol
    #[cfg(feature = "mcp")]
    Mcp(Box<StdioArgs>),
    /// Print what a server with these options serves, in OpenAPI 3.1, and end
    ///
    /// It is what such a server has at /openapi.json. No store is opened.
    #[cfg(feature = "openapi")]
    Openapi(Box<DescribeArgs>),
}

/// What [`Command::Migrate`] is given.
#[derive(Debug, Clone, clap::Args)]
pub struct Migrate {
    /// The database: sqlite:FILE, postgres://... or mysql://...
    #[arg(long, value_name = "URL", env = "SCIMD_STORE", hide_env_values = true)]
    store: Secret,
}

/// What [`Command::Copy`] is given.
#[derive(Debug, Clone, clap::Args)]
pub struct Copy {
    /// The database that is read
    #[arg(
        long,
        value_name = "URL",
        env = "SCIMD_COPY_FROM",
        hide_env_values = true
    )]
    from: Secret,
    /// The database that is written, which has to be empty
    #[arg(
        long,
        value_name = "URL",
        env = "SCIMD_COPY_TO",
        hide_env_values = true
    )]
    to: Secret,
    /// Go on where an earlier copy between the two was cut off
    #[arg(long)]
    resume: bool,
}

/// Why a command came to nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CommandError {
    /// It names no database.
    #[error("--{option} is refused")]
    Url {
        /// The option.
        option: &'static str,
        /// What is wrong with it.
        source: StoreError,
    },
    /// A database can't be opened.
    #[error("--{option} can't be opened")]
    Open {
        /// Which.
        option: &'static str,
        /// Why not.
        source: OpenError,
    },
    /// The copy is not whole.
    #[error("the copy is not whole")]
    Copy(#[from] CopyError),
    /// The options are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The operating system refuses a thread or the handling of signals.
    #[cfg(feature = "mcp")]
    #[error("the operating system refuses")]
    System(#[source] std::io::Error),
    /// What was to be printed can't be.
    #[cfg(feature = "openapi")]
    #[error("cannot print")]
    Print(#[source] std::io::Error),
    /// The AI agent could not be served to the end.
    #[cfg(feature = "mcp")]
    #[error("cannot serve the agent")]
    Agent(#[source] scim_mcp::ServeError),
}

impl Command {
    /// Carries it out. What it did is said on stderr; how far it is, too, if that is a terminal.
    ///
    /// # Errors
    ///
    /// [`CommandError`] says why it could not.
    pub async fn run(&self) -> Result<(), CommandError> {
        match self {
            Self::Migrate(Migrate { store }) => {
                open("store", store).await?.close().await;
                eprintln!("the tables are up to date");
            }
            Self::Copy(Copy { from, to, resume }) => {
                let from = open("from", from).await?;
                let to = open("to", to).await?;
                let bar = Bar::new();
                let copied = scim_sql::copy(&from, &to, *resume, |progress| bar.show(progress));
                let copied = copied.await?;
                bar.0.finish_and_clear();
                from.close().await;
                to.close().await;
                eprintln!(
                    "copied and compared: {} resources, {} rows in all",
                    copied.records, copied.rows
                );
            }
            #[cfg(feature = "mcp")]
            Self::Mcp(args) => crate::mcp::serve_stdio(args).await?,
            #[cfg(feature = "openapi")]
            Self::Openapi(args) => crate::docs::print(args)?,
        }
        Ok(())
    }
}

/// How long one statement may take: no client waits, and the tables may be large.
const PATIENCE: Duration = Duration::from_secs(3600);

async fn open(option: &'static str, url: &Secret) -> Result<scim_sql::SqlStorage, CommandError> {
    let url: DatabaseUrl = url
        .expose()
        .parse()
        .map_err(|source| CommandError::Url { option, source })?;
    let mut options = Options::default();
    options.statement_timeout = PATIENCE;
    database(&url, &options)
        .await
        .map_err(|source| CommandError::Open { option, source })
}

/// Shows how far a copy is.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{msg} [{wide_bar}] {pos}/{len} rows, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(250));
        Self(bar)
    }

    fn show(&self, progress: Progress) {
        self.0.set_message(match progress.stage {
            Stage::Copying => "copying",
            Stage::Verifying => "comparing",
            _ => "",
        });
        self.0.set_length(progress.total);
        self.0.set_position(progress.done);
    }
}
