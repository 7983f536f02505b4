use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::installed::NotInstalled;
use super::mysqld::{Mysqld, Programs};

/// A MariaDB server with databases for tests.
#[derive(Debug)]
pub struct MariaDb {
    server: Mysqld,
    databases: AtomicU32,
}

impl MariaDb {
    /// A new server with the settings that are MariaDB's default.
    ///
    /// # Errors
    ///
    /// [`NotInstalled`].
    ///
    /// # Panics
    ///
    /// If it does not start, as all methods do when something fails.
    pub fn start() -> Result<Self, NotInstalled> {
        Self::start_with(&[])
    }

    /// A new server with these settings.
    ///
    /// # Errors
    ///
    /// [`NotInstalled`].
    pub fn start_with(settings: &[(&str, &str)]) -> Result<Self, NotInstalled> {
        let settings = settings
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let server = Mysqld::new(Programs::find()?, settings.collect());
        server.install();
        let server = Self {
            server,
            databases: AtomicU32::new(0),
        };
        server.restart();
        server.server.admit_user();
        Ok(server)
    }

    /// The one that the tests of one process share, as each has a database of its own.
    ///
    /// # Errors
    ///
    /// [`NotInstalled`].
    pub fn shared() -> Result<&'static Self, NotInstalled> {
        static SHARED: LazyLock<Result<MariaDb, NotInstalled>> = LazyLock::new(MariaDb::start);
        SHARED.as_ref().map_err(Clone::clone)
    }

    /// The URL of a new database.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.server.sql("mysql", &format!("CREATE DATABASE {name}"));
        self.server.url(&name)
    }

    /// What the program `mariadb` prints for statements at the database of `url`: a line for each
    /// row, its columns apart by tabs.
    pub fn sql(&self, url: &str, statements: &str) -> String {
        let database = url.rsplit('/').next().expect("it splits into something");
        self.server.sql(database, statements)
    }

    /// The id of its process.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn process_id(&self) -> u32 {
        self.server.process_id()
    }

    /// `kill -9`.
    pub fn kill(&self) {
        self.server.kill();
    }

    /// Starts it where it was: same folder, same port.
    ///
    /// # Panics
    ///
    /// If it runs.
    pub fn restart(&self) {
        self.server.start(&[], "SELECT 1", "1");
    }
}
