use std::env;

use super::{MariaDb, Postgres, or_left_out};
use crate::processes::Folder;

/// Where a `scimd` under test keeps its resources: a new and empty place of one kind.
#[derive(Debug)]
pub struct Store {
    url: String,
    _folder: Option<Folder>,
}

impl Store {
    /// The memory of the process.
    pub fn memory() -> Self {
        Self::at("memory".to_owned())
    }

    /// A file in a folder of its own.
    ///
    /// # Panics
    ///
    /// If there is no room for it.
    pub fn sqlite() -> Self {
        let folder = Folder::new("sqlite");
        Self {
            url: format!("sqlite:{}", folder.path().join("scimd.db").display()),
            _folder: Some(folder),
        }
    }

    /// A database of the PostgreSQL server that the tests of this process share, or nothing where
    /// tests of it are [left out](or_left_out).
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn postgres() -> Option<Self> {
        let server = or_left_out(Postgres::shared())?;
        Some(Self::at(server.database()))
    }

    /// A database of the MariaDB server that the tests of this process share, or nothing where
    /// tests of it are [left out](or_left_out).
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn mariadb() -> Option<Self> {
        let server = or_left_out(MariaDb::shared())?;
        Some(Self::at(server.database()))
    }

    /// The kind of store that `SCIM_TEST_STORE` says: `memory`, as without it, `sqlite`, `postgres`
    /// or `mariadb`. So one suite can be run on each.
    ///
    /// # Panics
    ///
    /// If it says something else, or the database is not installed.
    pub fn of_environment() -> Self {
        let kind = env::var("SCIM_TEST_STORE");
        match kind.as_deref().unwrap_or("memory") {
            "memory" => Self::memory(),
            "sqlite" => Self::sqlite(),
            "postgres" => Self::postgres().expect("it is installed"),
            "mariadb" => Self::mariadb().expect("it is installed"),
            kind => panic!("SCIM_TEST_STORE is {kind}"),
        }
    }

    /// What is at `url`.
    pub const fn at(url: String) -> Self {
        Self { url, _folder: None }
    }

    /// What `scimd` takes as `--store`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Makes a test of each function named, which takes a [`Store`], for each kind of store:
/// `memory::`, `sqlite::`, `postgres::` and `mariadb::`, and the function's name.
#[macro_export]
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        $crate::on_every_store!(@ memory, Some($crate::databases::Store::memory()), $($test)+);
        $crate::on_every_store!(@ sqlite, Some($crate::databases::Store::sqlite()), $($test)+);
        $crate::on_every_store!(@ postgres, $crate::databases::Store::postgres(), $($test)+);
        $crate::on_every_store!(@ mariadb, $crate::databases::Store::mariadb(), $($test)+);
    };
    (@ $kind:ident, $store:expr, $($test:ident)+) => {
        mod $kind {
            $(
                #[test]
                fn $test() {
                    if let Some(store) = $store {
                        super::$test(store);
                    }
                }
            )+
        }
    };
}
