use std::error::Error as StdError;

use thiserror::Error;

/// A store could not answer; that it refused a commit is no error but a
/// [`Refusal`](super::Refusal).
#[derive(Debug, Error)]
#[error("{}", .kind.text())]
pub struct StorageError {
    kind: StorageErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl StorageError {
    /// An error of this kind without a cause.
    pub const fn new(kind: StorageErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error of this kind that came of `source`.
    pub fn with_source(
        kind: StorageErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            source: Some(source.into()),
        }
    }

    /// What a caller can do about it.
    pub const fn kind(&self) -> StorageErrorKind {
        self.kind
    }
}

/// What a caller can do about a [`StorageError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "layers above translate every kind without a wildcard"
)]
pub enum StorageErrorKind {
    /// The store is away or overloaded; nothing was written. Try again later.
    Unavailable,
    /// The connection was lost while a commit was under way: it happened wholly
    /// or not at all. Read to find out.
    OutcomeUnknown,
    /// The commit is one that this store can't carry out: a key too long, a
    /// value too large, the same key twice.
    Unsupported,
    /// What is stored can't be read back, or another fault inside the store.
    Internal,
}

impl StorageErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::Unavailable => "the store is unavailable",
            Self::OutcomeUnknown => "the store did not say whether the commit happened",
            Self::Unsupported => "the store can't carry out this commit",
            Self::Internal => "the store failed",
        }
    }
}
