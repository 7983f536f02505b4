use std::error::Error as StdError;

use thiserror::Error;

/// Why there is no store. It never shows a URL, which may hold a password.
#[derive(Debug, Error)]
#[error("{}", .kind.text())]
pub struct ConnectError {
    kind: ConnectErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What is wrong with the name of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectErrorKind {
    /// It is no URL of a database.
    Url,
    /// It is the URL of a kind of database that there is no store for.
    Scheme,
    /// It is the URL of a kind of database that was left out when the program was built.
    Feature,
    /// The file can't be opened, or made.
    File,
}

impl ConnectError {
    /// What is wrong.
    pub const fn kind(&self) -> ConnectErrorKind {
        self.kind
    }

    pub(crate) const fn new(kind: ConnectErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// The cause is left out: it may quote the URL.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(crate) fn url(_: sqlx::Error) -> Self {
        Self::new(ConnectErrorKind::Url)
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn file(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            kind: ConnectErrorKind::File,
            source: Some(source.into()),
        }
    }
}

impl ConnectErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::Url => "not the URL of a database",
            Self::Scheme => {
                "not a kind of database that there is a store for: `sqlite:`, `postgres:` or `mysql:`"
            }
            Self::Feature => "this program was built without the store for this kind of database",
            Self::File => "the file of the database can't be opened",
        }
    }
}
