use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use scim_http::provider::schema::DefinitionsError;
use thiserror::Error;

use super::StoreError;
use crate::tls::TlsError;
use crate::tokens::TokenError;

/// Why a configuration cannot be served. No token shows in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The command line or the environment is not as `--help` says.
    #[error(transparent)]
    Arguments(#[from] clap::Error),
    /// The configuration file, or a file that it names, cannot be read.
    #[error("cannot read {}", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The configuration file has an unknown key or a wrong value.
    #[error("{}, line {line}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// Without a token everybody may do everything, so only this machine may connect.
    #[error(
        "refusing to listen on {listen} without a token: give --token or --tenant, or listen on a loopback address such as 127.0.0.1:8080"
    )]
    OpenToAll {
        /// The address that others could reach.
        listen: SocketAddr,
    },
    /// A deployment has either one tenant or several.
    #[error(
        "tokens of the only tenant (--token, --read-only-token) and of named tenants (--tenant, --tenant-read-only) exclude each other"
    )]
    TokensAndTenants,
    /// A token cannot be used.
    #[error("value {position} of --{option} is refused")]
    Token {
        /// The option that gives it.
        option: &'static str,
        /// Which of the option's values, counted from 1.
        position: usize,
        /// What is wrong with it.
        source: TokenError,
    },
    /// A file of schemas has something else in it.
    #[error("the schemas of {} are refused", path.display())]
    Schemas {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: DefinitionsError,
    },
    /// There is no such store.
    #[error("--store is refused")]
    Store(#[source] StoreError),
    /// A bound for former versions where none are kept.
    #[error("--{option} bounds what --keep-versions keeps, which is nothing: give that too")]
    KeepsNothing {
        /// The bound.
        option: &'static str,
    },
    /// A certificate without its key, or a key without its certificate.
    #[error("--tls-cert and --tls-key need each other, and --{missing} is missing")]
    TlsHalf {
        /// The one that is not given.
        missing: &'static str,
    },
    /// The certificate or the key cannot be used.
    #[error("cannot serve HTTPS")]
    Tls(#[from] TlsError),
    /// There is no such tool.
    #[cfg(feature = "mcp")]
    #[error("--mcp-tool is refused")]
    Tool(#[source] scim_mcp::UnknownTool),
    /// On stdin and stdout nobody says by a token which of several tenants is meant.
    #[cfg(feature = "mcp")]
    #[error("there are several tenants: say with --as-tenant which one the agent works for")]
    NoTenant,
    /// No tenant can be called so.
    #[cfg(feature = "mcp")]
    #[error("--as-tenant is refused")]
    AsTenant(#[source] scim_http::provider::TenantIdError),
    /// A limit that would let no request through, or one that limits nothing.
    #[error("--{option} is out of bounds: {bounds}")]
    Limit {
        /// The option.
        option: &'static str,
        /// What it may be.
        bounds: &'static str,
    },
}
