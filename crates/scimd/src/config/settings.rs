use std::net::SocketAddr;
use std::num::{NonZeroU16, NonZeroU32};
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use scim_http::{BasePath, BaseUrl};
use serde::Deserialize;

use super::LogFormat;
use super::choice::{Canonical, Durable, Members, Unknown};
use super::log_filter::LogFilter;
use super::secret::Secret;
use super::text::{many, one};
use super::units::{Size, Span};
use super::web_page::WebPage;
use crate::forwarded::TrustedProxy;

/// Every option, as the command line, the environment or the configuration file gives it:
/// one list for all three, so that none can know an option that another does not.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Settings {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "SCIMD_LISTEN")]
    #[serde(deserialize_with = "one")]
    pub(super) listen: Option<SocketAddr>,

    /// Where resources are kept: sqlite:FILE, postgres://…, mysql://…, or `memory`, which forgets
    /// them when the server stops [default: sqlite:scimd.db]
    // Secret, because the URL of a database may hold a password.
    #[arg(
        long,
        value_name = "STORE",
        env = "SCIMD_STORE",
        hide_env_values = true
    )]
    #[serde(deserialize_with = "one")]
    pub(super) store: Option<Secret>,

    /// What has to happen before a write is acknowledged: `full`, it is on the disk, or `relaxed`,
    /// it is on its way there [default: full]
    #[arg(long, value_name = "WHEN", env = "SCIMD_DURABILITY")]
    #[serde(deserialize_with = "one")]
    pub(super) durability: Option<Durable>,

    /// Most connections to the database [default: 16]
    #[arg(long, value_name = "N", env = "SCIMD_STORE_CONNECTIONS")]
    pub(super) store_connections: Option<NonZeroU32>,

    /// Former versions of each resource to keep, so that a stale change can be merged with what has
    /// come between; 0 keeps none [default: 0]
    #[arg(long, value_name = "NUMBER", env = "SCIMD_KEEP_VERSIONS")]
    #[serde(deserialize_with = "one")]
    pub(super) keep_versions: Option<u32>,

    /// How long ago a version that is kept may have been replaced [default: as long as there is room]
    #[arg(long, value_name = "TIME", env = "SCIMD_KEEP_AGE")]
    #[serde(deserialize_with = "one")]
    pub(super) keep_age: Option<Span>,

    /// What the versions that are kept for a tenant may take [default: as much as 64MiB]
    #[arg(long, value_name = "SIZE", env = "SCIMD_KEEP_BYTES")]
    #[serde(deserialize_with = "one")]
    pub(super) keep_bytes: Option<Size>,

    /// Path below which the resources are [default: /scim/v2]
    #[arg(long, value_name = "PATH", env = "SCIMD_BASE_PATH")]
    #[serde(deserialize_with = "one")]
    pub(super) base_path: Option<BasePath>,

    /// URL that stands before /Users in locations [default: as the request was addressed]
    #[arg(long, value_name = "URL", env = "SCIMD_BASE_URL")]
    #[serde(deserialize_with = "one")]
    pub(super) base_url: Option<BaseUrl>,

    /// Proxy whose Forwarded or X-Forwarded-Proto and -Host are believed; may be repeated
    #[arg(
        long,
        value_name = "IP[/BITS]",
        env = "SCIMD_TRUSTED_PROXY",
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "many")]
    pub(super) trusted_proxy: Option<Vec<TrustedProxy>>,

    /// Bearer token, or sha256:HEX of one, of the only tenant; may be repeated
    #[arg(
        long,
        value_name = "TOKEN",
        env = "SCIMD_TOKEN",
        hide_env_values = true,
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "many")]
    pub(super) token: Option<Vec<Secret>>,

    /// Token that may only read; may be repeated
    #[arg(
        long,
        value_name = "TOKEN",
        env = "SCIMD_READ_ONLY_TOKEN",
        hide_env_values = true,
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "many")]
    pub(super) read_only_token: Option<Vec<Secret>>,

    /// Token of one of several tenants; may be repeated, also for one tenant
    #[arg(
        long,
        value_name = "NAME=TOKEN",
        env = "SCIMD_TENANT",
        hide_env_values = true,
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "many")]
    pub(super) tenant: Option<Vec<Secret>>,

    /// Token of a tenant that may only read; may be repeated
    #[arg(
        long,
        value_name = "NAME=TOKEN",
        env = "SCIMD_TENANT_READ_ONLY",
        hide_env_values = true,
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "many")]
    pub(super) tenant_read_only: Option<Vec<Secret>>,

    /// Certificate chain in PEM, the server's own first; with it HTTPS is served
    #[arg(long, value_name = "FILE", env = "SCIMD_TLS_CERT")]
    #[serde(deserialize_with = "one")]
    pub(super) tls_cert: Option<PathBuf>,

    /// Private key of the certificate in PEM
    #[arg(long, value_name = "FILE", env = "SCIMD_TLS_KEY")]
    #[serde(deserialize_with = "one")]
    pub(super) tls_key: Option<PathBuf>,

    /// Page for people that /ServiceProviderConfig names
    #[arg(long, value_name = "URL", env = "SCIMD_DOCUMENTATION_URI")]
    #[serde(deserialize_with = "one")]
    pub(super) documentation_uri: Option<WebPage>,

    /// Answer /ServiceProviderConfig, /ResourceTypes and /Schemas without a token [default: false]
    #[arg(
        long, value_name = "BOOL", env = "SCIMD_OPEN_DISCOVERY", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    #[serde(deserialize_with = "one")]
    pub(super) open_discovery: Option<bool>,

    /// JSON file of resource types and schemas beside User and Group, or in their place; may be repeated
    #[arg(
        long,
        value_name = "FILE",
        env = "SCIMD_SCHEMAS",
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "many")]
    pub(super) schemas: Option<Vec<PathBuf>>,

    /// What to do with attributes that no schema has, refuse or ignore [default: refuse]
    #[arg(long, value_name = "CHOICE", env = "SCIMD_UNKNOWN_ATTRIBUTES")]
    #[serde(deserialize_with = "one")]
    pub(super) unknown_attributes: Option<Unknown>,

    /// What canonical values of a schema do, suggest or restrict what is taken [default: suggest]
    #[arg(long, value_name = "CHOICE", env = "SCIMD_CANONICAL_VALUES")]
    #[serde(deserialize_with = "one")]
    pub(super) canonical_values: Option<Canonical>,

    /// What to do with members of a group that do not exist, refuse or leave-out [default: refuse]
    #[arg(long, value_name = "CHOICE", env = "SCIMD_UNKNOWN_MEMBERS")]
    #[serde(deserialize_with = "one")]
    pub(super) unknown_members: Option<Members>,

    /// Let a PATCH that replaces values matching a filter create one if none does [default: false]
    #[arg(
        long, value_name = "BOOL", env = "SCIMD_PATCH_CREATES_MISSING", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    #[serde(deserialize_with = "one")]
    pub(super) patch_creates_missing: Option<bool>,

    /// Answer 428 to changes and deletions without If-Match [default: false]
    #[arg(
        long, value_name = "BOOL", env = "SCIMD_REQUIRE_VERSION", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    #[serde(deserialize_with = "one")]
    pub(super) require_version: Option<bool>,

    /// Resources on one page of a list whose client names no number [default: 100]
    #[arg(long, value_name = "NUMBER", env = "SCIMD_DEFAULT_PAGE")]
    #[serde(deserialize_with = "one")]
    pub(super) default_page: Option<NonZeroU32>,

    /// Most resources on one page of a list [default: 1000]
    #[arg(long, value_name = "NUMBER", env = "SCIMD_MAX_PAGE")]
    #[serde(deserialize_with = "one")]
    pub(super) max_page: Option<NonZeroU32>,

    /// Longest filter; 400 beyond [default: 16KiB]
    #[arg(long, value_name = "SIZE", env = "SCIMD_MAX_FILTER")]
    #[serde(deserialize_with = "one")]
    pub(super) max_filter: Option<Size>,

    /// Most resources looked at for one list; 400 beyond [default: as many as there are]
    #[arg(long, value_name = "NUMBER", env = "SCIMD_MAX_SCAN")]
    #[serde(deserialize_with = "one")]
    pub(super) max_scan: Option<NonZeroU32>,

    /// Most operations of a bulk request; 413 beyond [default: 1000]
    #[arg(long, value_name = "NUMBER", env = "SCIMD_MAX_BULK")]
    #[serde(deserialize_with = "one")]
    pub(super) max_bulk: Option<NonZeroU32>,

    /// Longest resource that a PATCH is answered with; 204 beyond [default: 1MiB]
    #[arg(long, value_name = "SIZE", env = "SCIMD_MAX_ANSWER")]
    #[serde(deserialize_with = "one")]
    pub(super) max_answer: Option<Size>,

    /// Longest body of a request; 413 beyond [default: 1MiB]
    #[arg(long, value_name = "SIZE", env = "SCIMD_MAX_BODY")]
    #[serde(deserialize_with = "one")]
    pub(super) max_body: Option<Size>,

    /// Most header lines of a request; 431 beyond [default: 100]
    #[arg(long, value_name = "NUMBER", env = "SCIMD_MAX_HEADERS")]
    #[serde(deserialize_with = "one")]
    pub(super) max_headers: Option<NonZeroU16>,

    /// Longest head of a request, at least 8KiB; 431 beyond [default: 128KiB]
    #[arg(long, value_name = "SIZE", env = "SCIMD_MAX_HEADER_SIZE")]
    #[serde(deserialize_with = "one")]
    pub(super) max_header_size: Option<Size>,

    /// Most connections at a time; further ones wait [default: 1024]
    #[arg(long, value_name = "NUMBER", env = "SCIMD_MAX_CONNECTIONS")]
    #[serde(deserialize_with = "one")]
    pub(super) max_connections: Option<NonZeroU32>,

    /// Time to send the head of a request, and to stay without one [default: 30s]
    #[arg(long, value_name = "TIME", env = "SCIMD_HEADER_TIMEOUT")]
    #[serde(deserialize_with = "one")]
    pub(super) header_timeout: Option<Span>,

    /// Time for a request from its head to its answer; 408 or 503 beyond [default: 30s]
    #[arg(long, value_name = "TIME", env = "SCIMD_REQUEST_TIMEOUT")]
    #[serde(deserialize_with = "one")]
    pub(super) request_timeout: Option<Span>,

    /// Time to finish requests under way on SIGTERM or SIGINT [default: 10s]
    #[arg(long, value_name = "TIME", env = "SCIMD_SHUTDOWN_TIMEOUT")]
    #[serde(deserialize_with = "one")]
    pub(super) shutdown_timeout: Option<Span>,

    /// Address and port for /metrics alone, in the clear and without a token [default: as --listen, for this machine only]
    #[arg(long, value_name = "ADDR", env = "SCIMD_METRICS_LISTEN")]
    #[serde(deserialize_with = "one")]
    pub(super) metrics_listen: Option<SocketAddr>,

    /// How log lines on stderr look, text or json [default: text]
    #[arg(long, value_name = "FORMAT", env = "SCIMD_LOG_FORMAT")]
    #[serde(deserialize_with = "one")]
    pub(super) log_format: Option<LogFormat>,

    /// What is logged, such as warn or info,scimd=debug [default: info]
    #[arg(long, value_name = "FILTER", env = "SCIMD_LOG_FILTER")]
    #[serde(deserialize_with = "one")]
    pub(super) log_filter: Option<LogFilter>,

    /// Serve AI agents under /mcp, with the same tokens [default: true]
    #[cfg(feature = "mcp")]
    #[arg(
        long, value_name = "BOOL", env = "SCIMD_MCP", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    #[serde(deserialize_with = "one")]
    pub(super) mcp: Option<bool>,

    /// Let AI agents read and not write, whatever their tokens may elsewhere [default: false]
    #[cfg(feature = "mcp")]
    #[arg(
        long, value_name = "BOOL", env = "SCIMD_MCP_READ_ONLY", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    #[serde(deserialize_with = "one")]
    pub(super) mcp_read_only: Option<bool>,

    /// Want expected_version of AI agents that replace or delete [default: true]
    #[cfg(feature = "mcp")]
    #[arg(
        long, value_name = "BOOL", env = "SCIMD_MCP_REQUIRE_VERSION", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, require_equals = true, default_missing_value = "true"
    )]
    #[serde(deserialize_with = "one")]
    pub(super) mcp_require_version: Option<bool>,

    /// Tool that AI agents may use; may be repeated [default: as many as there are]
    #[cfg(feature = "mcp")]
    #[arg(
        long,
        value_name = "TOOL",
        env = "SCIMD_MCP_TOOL",
        value_delimiter = ','
    )]
    #[serde(deserialize_with = "many")]
    pub(super) mcp_tool: Option<Vec<String>>,
}

impl Settings {
    /// These settings, and `others` where these say nothing.
    pub(super) fn or(self, others: Self) -> Self {
        // Taken apart without `..`, so that a new option cannot be forgotten here.
        let Self {
            listen,
            store,
            durability,
            store_connections,
            keep_versions,
            keep_age,
            keep_bytes,
            base_path,
            base_url,
            trusted_proxy,
            token,
            read_only_token,
            tenant,
            tenant_read_only,
            tls_cert,
            tls_key,
            documentation_uri,
            open_discovery,
            schemas,
            unknown_attributes,
            canonical_values,
            unknown_members,
            patch_creates_missing,
            require_version,
            default_page,
            max_page,
            max_filter,
            max_scan,
            max_bulk,
            max_answer,
            max_body,
            max_headers,
            max_header_size,
            max_connections,
            header_timeout,
            request_timeout,
            shutdown_timeout,
            metrics_listen,
            log_format,
            log_filter,
            #[cfg(feature = "mcp")]
            mcp,
            #[cfg(feature = "mcp")]
            mcp_read_only,
            #[cfg(feature = "mcp")]
            mcp_require_version,
            #[cfg(feature = "mcp")]
            mcp_tool,
        } = self;
        Self {
            listen: listen.or(others.listen),
            store: store.or(others.store),
            durability: durability.or(others.durability),
            store_connections: store_connections.or(others.store_connections),
            keep_versions: keep_versions.or(others.keep_versions),
            keep_age: keep_age.or(others.keep_age),
            keep_bytes: keep_bytes.or(others.keep_bytes),
            base_path: base_path.or(others.base_path),
            base_url: base_url.or(others.base_url),
            trusted_proxy: trusted_proxy.or(others.trusted_proxy),
            token: token.or(others.token),
            read_only_token: read_only_token.or(others.read_only_token),
            tenant: tenant.or(others.tenant),
            tenant_read_only: tenant_read_only.or(others.tenant_read_only),
            tls_cert: tls_cert.or(others.tls_cert),
            tls_key: tls_key.or(others.tls_key),
            documentation_uri: documentation_uri.or(others.documentation_uri),
            open_discovery: open_discovery.or(others.open_discovery),
            schemas: schemas.or(others.schemas),
            unknown_attributes: unknown_attributes.or(others.unknown_attributes),
            canonical_values: canonical_values.or(others.canonical_values),
            unknown_members: unknown_members.or(others.unknown_members),
            patch_creates_missing: patch_creates_missing.or(others.patch_creates_missing),
            require_version: require_version.or(others.require_version),
            default_page: default_page.or(others.default_page),
            max_page: max_page.or(others.max_page),
            max_filter: max_filter.or(others.max_filter),
            max_scan: max_scan.or(others.max_scan),
            max_bulk: max_bulk.or(others.max_bulk),
            max_answer: max_answer.or(others.max_answer),
            max_body: max_body.or(others.max_body),
            max_headers: max_headers.or(others.max_headers),
            max_header_size: max_header_size.or(others.max_header_size),
            max_connections: max_connections.or(others.max_connections),
            header_timeout: header_timeout.or(others.header_timeout),
            request_timeout: request_timeout.or(others.request_timeout),
            shutdown_timeout: shutdown_timeout.or(others.shutdown_timeout),
            metrics_listen: metrics_listen.or(others.metrics_listen),
            log_format: log_format.or(others.log_format),
            log_filter: log_filter.or(others.log_filter),
            #[cfg(feature = "mcp")]
            mcp: mcp.or(others.mcp),
            #[cfg(feature = "mcp")]
            mcp_read_only: mcp_read_only.or(others.mcp_read_only),
            #[cfg(feature = "mcp")]
            mcp_require_version: mcp_require_version.or(others.mcp_require_version),
            #[cfg(feature = "mcp")]
            mcp_tool: mcp_tool.or(others.mcp_tool),
        }
    }
}
