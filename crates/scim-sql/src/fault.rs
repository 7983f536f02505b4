use std::borrow::Cow;

use scim_provider::storage::{StorageError, StorageErrorKind};

/// Why a statement did not do what it should.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Another transaction was in the way, and this one is to be undone: it may be tried again.
    Rival(Option<sqlx::Error>),
    /// A row with this key is there already; the transaction goes on.
    Taken,
    /// The server can't be reached or takes no such statement at present, and undid the
    /// transaction if there was one.
    Away(Box<dyn std::error::Error + Send + Sync>),
    /// The connection was lost, or nothing came back in time: whether the statement took effect is
    /// not known.
    Lost(Option<sqlx::Error>),
    /// Something that should not be.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl Fault {
    /// Something was there, and is gone, or the other way about.
    pub(crate) const fn overtaken() -> Self {
        Self::Rival(None)
    }

    /// What is stored is not what this crate stores.
    pub(crate) fn unreadable(what: &'static str) -> Self {
        Self::Broken(what.into())
    }

    /// The error of a request that wrote nothing.
    pub(crate) fn into_error(self) -> StorageError {
        let unavailable = StorageErrorKind::Unavailable;
        match self {
            Self::Rival(Some(source)) | Self::Lost(Some(source)) => {
                StorageError::with_source(unavailable, source)
            }
            Self::Away(source) => StorageError::with_source(unavailable, source),
            Self::Rival(None) => StorageError::with_source(unavailable, "overtaken by others"),
            Self::Lost(None) => StorageError::with_source(unavailable, "no answer in time"),
            Self::Taken => StorageError::with_source(
                StorageErrorKind::Internal,
                "a key is taken where none should be",
            ),
            Self::Broken(source) => StorageError::with_source(StorageErrorKind::Internal, source),
        }
    }
}

/// What an error says about its statement.
impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(database) => {
                let code = database.code().unwrap_or(Cow::Borrowed(""));
                match kind(&code, number(database.as_ref())) {
                    Kind::Rival => Self::Rival(Some(error)),
                    Kind::Taken => Self::Taken,
                    Kind::Away => Self::Away(error.into()),
                    Kind::Lost => Self::Lost(Some(error)),
                    Kind::Broken => Self::Broken(error.into()),
                }
            }
            E::Configuration(_) => Self::Away(error.into()),
            E::Io(_) | E::Tls(_) | E::Protocol(_) | E::WorkerCrashed => Self::Lost(Some(error)),
            _ => Self::Broken(error.into()),
        }
    }
}

enum Kind {
    Rival,
    Taken,
    Away,
    Lost,
    Broken,
}

/// MySQL tells errors apart by a number, of which several share an SQLSTATE.
fn number(error: &dyn sqlx::error::DatabaseError) -> Option<u16> {
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return Some(error.number());
    }
    let _ = error;
    None
}

fn kind(code: &str, number: Option<u16>) -> Kind {
    match number {
        // Deadlock, or beaten on another node; a lock not had in time; a snapshot out of date.
        Some(1213 | 1205 | 1020) => Kind::Rival,
        Some(1062) => Kind::Taken,
        // Too many connections, shutting down, a node outside its cluster, read only.
        Some(1040 | 1053 | 1203 | 1047 | 1226 | 1290 | 1836 | 1792) => Kind::Away,
        // Interrupted, killed, or no answer from the cluster: it may be done nevertheless.
        Some(1317 | 1927 | 1969 | 1180 | 2006 | 2013) => Kind::Lost,
        Some(_) => match code {
            "40001" => Kind::Rival,
            "70100" | "08S01" => Kind::Lost,
            _ => Kind::Broken,
        },
        None => match code {
            // PostgreSQL: could not serialize, deadlock, no lock in time.
            "40001" | "40P01" | "55P03"
            // SQLite: another process writes.
            | "5" | "6" | "261" | "517" => Kind::Rival,
            "23505" | "1555" | "2067" => Kind::Taken,
            // Read only (a standby), out of space or memory or connections, starting.
            "25006" | "57P03" | "53000" | "53100" | "53200" | "53300"
            // SQLite: no such file any more, read only, full, no disk.
            | "8" | "10" | "13" | "14" => Kind::Away,
            // Cancelled, shut down, crashed, the outcome itself unknown.
            "57014" | "57P01" | "57P02" | "57P05" | "40003" => Kind::Lost,
            _ if code.starts_with("08") => Kind::Lost,
            // Extended results of SQLite: the lower octet is the kind.
            _ => match code.parse::<u32>().map(|code| code & 0xff) {
                Ok(8 | 10 | 13 | 14) if code.len() < 5 => Kind::Away,
                _ => Kind::Broken,
            },
        },
    }
}
