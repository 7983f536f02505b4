use std::str::FromStr;

use thiserror::Error;

use super::secret::Secret;

/// Where resources are kept.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// In the process, until it ends.
    Memory,
    /// In a database.
    Database(DatabaseUrl),
}

/// The URL of a database, of a kind that there is a store for. It may hold a password, and doesn't
/// show.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseUrl(Secret);

impl DatabaseUrl {
    /// The text itself, for who connects to it.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl Default for Store {
    fn default() -> Self {
        "sqlite:scimd.db".parse().expect("it names a file")
    }
}

impl FromStr for Store {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        match text {
            "memory" => Ok(Self::Memory),
            _ => text.parse().map(Self::Database),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let (scheme, rest) = text.split_once(':').ok_or(StoreError)?;
        let is_known = match scheme {
            "sqlite" => !rest.trim_start_matches("//").is_empty(),
            "postgres" | "postgresql" | "mysql" | "mariadb" => rest.starts_with("//"),
            _ => false,
        };
        match text.parse() {
            Ok(secret) if is_known => Ok(Self(secret)),
            _ => Err(StoreError),
        }
    }
}

/// Why a text names no store. It doesn't show the text: the URL of a database may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("neither `memory` nor `sqlite:FILE`, `postgres://...`, `mysql://...` or `mariadb://...`")]
#[non_exhaustive]
pub struct StoreError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_memory_or_the_url_of_a_database() {
        assert!(matches!("memory".parse(), Ok(Store::Memory)));
        for text in [
            "sqlite:scimd.db",
            "sqlite:///var/lib/scimd/scimd.db",
            "postgres://db/scim",
            "postgresql://db/scim",
            "mysql://db/scim",
            "mariadb://db/scim",
        ] {
            assert!(matches!(text.parse(), Ok(Store::Database(_))), "{text}");
        }
    }

    #[test]
    fn what_names_no_store_is_refused_and_not_shown() {
        for text in [
            "",
            "Memory",
            "sqlite:",
            "sqlite://",
            "postgres:db",
            "oracle://u:s3cret@db",
        ] {
            let error = text.parse::<Store>().unwrap_err();
            assert!(!error.to_string().contains("s3cret"), "{text}");
        }
        let store: Store = "mysql://u:s3cret@db/scim".parse().unwrap();
        assert!(!format!("{store:?}").contains("s3cret"));
    }
}
