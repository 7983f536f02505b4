mod choice;
mod error;
mod file;
mod log_filter;
#[cfg(feature = "mcp")]
mod mcp;
mod retention;
mod secret;
mod settings;
mod store;
mod text;
mod types;
mod units;
mod web_page;

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use scim_http::ops::PatchRules;
use scim_http::provider::UnknownTargets;
use scim_http::provider::schema::ResourceTypes;
use scim_http::provider::storage::Retention;
use scim_http::{BasePath, BaseUrl, Limits};
use tokio_rustls::rustls::ServerConfig;
use tracing_subscriber::filter::Targets;

use self::choice::Durable;
pub(crate) use self::choice::LogFormat;
pub use self::error::ConfigError;
#[cfg(feature = "mcp")]
pub(crate) use self::mcp::Agents;
#[cfg(feature = "mcp")]
pub use self::mcp::StdioArgs;
pub(crate) use self::secret::Secret;
use self::settings::Settings;
pub use self::store::StoreError;
pub(crate) use self::store::{DatabaseUrl, Store};
use self::units::{Size, Span};
pub(crate) use self::web_page::WebPage;
use crate::command::Command;
use crate::forwarded::TrustedProxies;
use crate::tls;
use crate::tokens::{Access, TokenError, Tokens};

/// A SCIM 2.0 server that never loses an update.
///
/// Each option may also be given by the environment variable named with it (several values
/// separated by commas), or under its name in the configuration file; the command line counts
/// first, the file last. Without a token anybody on this machine may read and write, and nobody
/// else. SIGHUP loads tokens and certificate again, SIGTERM and SIGINT stop.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "scimd",
    version,
    verbatim_doc_comment,
    args_conflicts_with_subcommands = true
)]
pub struct Args {
    /// Configuration file in TOML, with the other options' names as keys
    #[arg(long, value_name = "FILE", env = "SCIMD_CONFIG")]
    config: Option<PathBuf>,

    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    command: Option<Command>,
}

impl Args {
    /// What to do instead of serving, if anything.
    pub const fn subcommand(&self) -> Option<&Command> {
        self.command.as_ref()
    }

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

/// A checked configuration, with tokens hashed and certificates loaded.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) store: Store,
    pub(crate) relaxed_durability: bool,
    pub(crate) store_connections: u32,
    /// How much is kept of versions that have been replaced.
    pub(crate) retention: Option<Retention>,
    pub(crate) base_path: BasePath,
    pub(crate) base_url: Option<BaseUrl>,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) tls: Option<Arc<ServerConfig>>,
    pub(crate) documentation_uri: Option<WebPage>,
    pub(crate) open_discovery: bool,
    pub(crate) types: ResourceTypes,
    pub(crate) unknown_members: UnknownTargets,
    pub(crate) patch_rules: PatchRules,
    pub(crate) require_version: bool,
    pub(crate) limits: Limits,
    /// How many resources may be looked at for a list; `None` for all.
    pub(crate) max_scan: Option<u32>,
    pub(crate) connections: ConnectionLimits,
    pub(crate) request_timeout: Duration,
    pub(crate) shutdown_timeout: Duration,
    /// Where `/metrics` is, if not beside the rest.
    pub(crate) metrics_listen: Option<SocketAddr>,
    pub(crate) log_format: LogFormat,
    pub(crate) log_filter: Targets,
    #[cfg(feature = "mcp")]
    pub(crate) agents: Agents,
}

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConnectionLimits {
    /// How many there may be at a time.
    pub(crate) max_connections: usize,
    /// The most header lines of a request.
    pub(crate) max_headers: usize,
    /// The longest head of a request, in octets.
    pub(crate) max_header_size: u32,
    /// How long a request's head may take, and how long none need come.
    pub(crate) header_timeout: Duration,
}

impl Config {
    /// The configuration that a command line gives, the first word of which is the program's name.
    ///
    /// ```
    /// let config = scimd::Config::from_args(["scimd", "--listen", "127.0.0.1:0"])?;
    /// assert_eq!(config.listen().port(), 0);
    ///
    /// let open = scimd::Config::from_args(["scimd", "--listen", "0.0.0.0:0"]);
    /// assert!(matches!(open, Err(scimd::ConfigError::OpenToAll { .. })));
    /// # Ok::<(), scimd::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] says which option is wrong and how.
    pub fn from_args<I, T>(args: I) -> Result<Self, ConfigError>
    where
        I: IntoIterator<Item = T>,
        T: Into<OsString> + Clone,
    {
        Args::try_parse_from(args)?.load()
    }

    /// The address to listen on.
    pub const fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// What `settings` say, and where they say nothing, the file `path` as it is now.
    fn read(settings: Settings, path: Option<&Path>) -> Result<Self, ConfigError> {
        match path {
            Some(path) => Self::new(settings.or(file::read(path)?)),
            None => Self::new(settings),
        }
    }

    fn new(settings: Settings) -> Result<Self, ConfigError> {
        let tokens = tokens(&settings)?;
        let limits = limits(&settings);
        let retention = retention::retention(&settings)?;
        let types = types::resource_types(&settings)?;
        #[cfg(feature = "mcp")]
        let agents = Agents::new(&settings, &types)?;
        let listen = settings.listen.unwrap_or(DEFAULT_LISTEN);
        if tokens.is_empty() && !listen.ip().to_canonical().is_loopback() {
            return Err(ConfigError::OpenToAll { listen });
        }
        let tls = match (settings.tls_cert, settings.tls_key) {
            (Some(cert), Some(key)) => Some(tls::load(&cert, &key)?),
            (None, None) => None,
            (Some(_), None) => return Err(ConfigError::TlsHalf { missing: "tls-key" }),
            (None, Some(_)) => {
                return Err(ConfigError::TlsHalf {
                    missing: "tls-cert",
                });
            }
        };
        Ok(Self {
            listen,
            store: store(settings.store.as_ref())?,
            relaxed_durability: settings.durability.unwrap_or_default() == Durable::Relaxed,
            store_connections: settings.store_connections.map_or(16, Into::into),
            retention,
            base_path: match settings.base_path {
                Some(path) => path,
                None => BasePath::parse(DEFAULT_BASE_PATH).expect("it is made of path segments"),
            },
            base_url: settings.base_url,
            trusted_proxies: TrustedProxies::new(settings.trusted_proxy.unwrap_or_default()),
            tokens: Arc::new(tokens),
            tls,
            documentation_uri: settings.documentation_uri,
            open_discovery: settings.open_discovery.unwrap_or(false),
            types,
            unknown_members: settings.unknown_members.unwrap_or_default().0,
            patch_rules: PatchRules::new()
                .with_creates_missing(settings.patch_creates_missing.unwrap_or(false)),
            require_version: settings.require_version.unwrap_or(false),
            limits,
            max_scan: settings.max_scan.map(Into::into),
            connections: ConnectionLimits {
                max_connections: settings.max_connections.map_or(1024, |number| {
                    usize::try_from(number.get()).unwrap_or(usize::MAX)
                }),
                max_headers: settings
                    .max_headers
                    .map_or(100, |number| number.get().into()),
                max_header_size: header_size(settings.max_header_size)?,
                header_timeout: timeout("header-timeout", settings.header_timeout)?,
            },
            request_timeout: timeout("request-timeout", settings.request_timeout)?,
            shutdown_timeout: settings
                .shutdown_timeout
                .unwrap_or(Span::seconds(10))
                .duration(),
            metrics_listen: settings.metrics_listen,
            log_format: settings.log_format.unwrap_or_default(),
            log_filter: settings.log_filter.unwrap_or_default().into_targets(),
            #[cfg(feature = "mcp")]
            agents,
        })
    }
}

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const DEFAULT_BASE_PATH: &str = "/scim/v2";
const DEFAULT_HEADER_SIZE: Size = Size::kib(128);

fn limits(settings: &Settings) -> Limits {
    let mut limits = Limits::default();
    if let Some(size) = settings.max_body {
        limits = limits.with_body(size.octets());
    }
    if let Some(size) = settings.max_filter {
        limits = limits.with_filter(size.octets());
    }
    if let Some(size) = settings.max_answer {
        limits = limits.with_answer(size.octets());
    }
    if let Some(number) = settings.max_bulk {
        limits = limits.with_bulk_operations(number.get());
    }
    if let Some(number) = settings.default_page {
        limits = limits.with_default_page(number.get());
    }
    if let Some(number) = settings.max_page {
        limits = limits.with_max_page(number.get());
    }
    limits
}

fn tokens(settings: &Settings) -> Result<Tokens, ConfigError> {
    type Add = fn(&mut Tokens, &str, Access) -> Result<(), TokenError>;
    let given: [(&str, &Option<Vec<Secret>>, Add, Access); 4] = [
        ("token", &settings.token, Tokens::add, Access::ReadWrite),
        (
            "read-only-token",
            &settings.read_only_token,
            Tokens::add,
            Access::ReadOnly,
        ),
        (
            "tenant",
            &settings.tenant,
            Tokens::add_tenant,
            Access::ReadWrite,
        ),
        (
            "tenant-read-only",
            &settings.tenant_read_only,
            Tokens::add_tenant,
            Access::ReadOnly,
        ),
    ];
    let any = |given: &[(_, &Option<Vec<Secret>>, _, _)]| {
        given
            .iter()
            .any(|(_, values, ..)| values.as_ref().is_some_and(|values| !values.is_empty()))
    };
    if any(&given[..2]) && any(&given[2..]) {
        return Err(ConfigError::TokensAndTenants);
    }
    let mut tokens = Tokens::default();
    for (option, values, add, access) in given {
        for (position, secret) in values.iter().flatten().enumerate() {
            add(&mut tokens, secret.expose(), access).map_err(|source| ConfigError::Token {
                option,
                position: position + 1,
                source,
            })?;
        }
    }
    Ok(tokens)
}

fn store(text: Option<&Secret>) -> Result<Store, ConfigError> {
    text.map_or(Ok(Store::default()), |text| {
        text.expose().parse().map_err(ConfigError::Store)
    })
}

fn header_size(size: Option<Size>) -> Result<u32, ConfigError> {
    // hyper panics below 8 KiB; the upper bound keeps the memory of all connections finite.
    let octets = size.unwrap_or(DEFAULT_HEADER_SIZE).octets();
    u32::try_from(octets)
        .ok()
        .filter(|octets| (8 * 1024..=16 * 1024 * 1024).contains(octets))
        .ok_or(ConfigError::Limit {
            option: "max-header-size",
            bounds: "between 8KiB and 16MiB",
        })
}

fn timeout(option: &'static str, span: Option<Span>) -> Result<Duration, ConfigError> {
    let duration = span.unwrap_or(Span::seconds(30)).duration();
    if duration.is_zero() {
        return Err(ConfigError::Limit {
            option,
            bounds: "longer than nothing",
        });
    }
    Ok(duration)
}

#[cfg(test)]
mod tests;
