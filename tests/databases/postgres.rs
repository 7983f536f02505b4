use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use rustix::process::Signal;

use super::installed::{NotInstalled, program};
use super::{PASSWORD, PASSWORD_IN_URL, USER};
use crate::processes::{Daemon, Folder, User, free_port, output, output_of, until};

const PACKAGE: &str = "postgresql";

/// A PostgreSQL server with databases for tests. Each database sorts as English does and not
/// by octets, as databases of people do.
#[derive(Debug)]
pub struct Postgres {
    running: Mutex<Option<Daemon>>,
    programs: Programs,
    user: User,
    port: u16,
    settings: Vec<String>,
    databases: AtomicU32,
    folder: Folder,
}

#[derive(Debug)]
struct Programs {
    initdb: PathBuf,
    postgres: PathBuf,
    pg_isready: PathBuf,
    psql: PathBuf,
}

impl Programs {
    fn find() -> Result<Self, NotInstalled> {
        // Debian keeps what a server needs out of the PATH; the newest version is the last.
        let mut folders: Vec<_> = fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .map(|version| version.path())
            .collect();
        let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
        folders.sort_by_key(|path| std::cmp::Reverse(number(path)));
        let folders: Vec<_> = folders.iter().map(|folder| folder.join("bin")).collect();
        let find = |name| program(name, PACKAGE, &folders);
        Ok(Self {
            initdb: find("initdb")?,
            postgres: find("postgres")?,
            pg_isready: find("pg_isready")?,
            psql: find("psql")?,
        })
    }
}

impl Postgres {
    /// A new server with the settings that are PostgreSQL's default.
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
        let programs = Programs::find()?;
        let user = User::unless_other_than_root("postgres");
        let folder = Folder::new("postgres");
        user.own(folder.path());
        let password = folder.path().join("password");
        fs::write(&password, PASSWORD).expect("there is room");
        user.own(&password);
        output(
            user.command(&programs.initdb)
                .arg("--pgdata")
                .arg(folder.path().join("data"))
                .args(["--username", USER, "--auth=scram-sha-256"])
                .arg("--pwfile")
                .arg(&password)
                .args(["--encoding=UTF8", "--locale=C.UTF-8"])
                .args(["--locale-provider=icu", "--icu-locale=en"])
                // Of the empty databases only: a machine that loses power loses all of this.
                .arg("--no-sync"),
        );
        let settings = settings
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let server = Self {
            running: Mutex::new(None),
            programs,
            user,
            port: free_port(),
            settings: settings.collect(),
            databases: AtomicU32::new(0),
            folder,
        };
        server.restart();
        Ok(server)
    }

    /// The one that the tests of one process share, as each has a database of its own.
    ///
    /// # Errors
    ///
    /// [`NotInstalled`].
    pub fn shared() -> Result<&'static Self, NotInstalled> {
        static SHARED: LazyLock<Result<Postgres, NotInstalled>> = LazyLock::new(Postgres::start);
        SHARED.as_ref().map_err(Clone::clone)
    }

    /// The URL of a new database.
    pub fn database(&self) -> String {
        self.database_with(&[])
    }

    /// The URL of a new database whose sessions begin with these settings.
    pub fn database_with(&self, settings: &[(&str, &str)]) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let postgres = self.url("postgres");
        self.sql(&postgres, &format!("CREATE DATABASE {name}"));
        for (setting, value) in settings {
            self.sql(
                &postgres,
                &format!("ALTER DATABASE {name} SET {setting} = '{value}'"),
            );
        }
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!(
            "postgres://{USER}:{PASSWORD_IN_URL}@127.0.0.1:{}/{database}",
            self.port
        )
    }

    /// What `psql` prints for statements at the database of `url`: a line for each row, its
    /// columns apart by `|`.
    pub fn sql(&self, url: &str, statements: &str) -> String {
        let mut psql = Command::new(&self.programs.psql);
        psql.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only"])
            .args(["--set", "ON_ERROR_STOP=1", "--dbname", url]);
        output_of(&mut psql, statements)
    }

    /// `kill -9` for the server and all its processes at once.
    pub fn kill(&self) {
        // The value kills all of them when it's dropped.
        drop(self.running().take());
    }

    /// Starts it where it was: same folder, same port.
    ///
    /// # Panics
    ///
    /// If it runs.
    pub fn restart(&self) {
        let mut running = self.running();
        assert!(running.is_none(), "it runs");
        let mut daemon = self.spawn();
        until("PostgreSQL takes connections", || {
            if let Some(status) = daemon.ended() {
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                panic!("PostgreSQL has ended, {status}: {log}");
            }
            self.is_ready().then_some(())
        });
        *running = Some(daemon);
    }

    fn spawn(&self) -> Daemon {
        let log = || File::options().append(true).create(true).open(self.log());
        let mut command = self.user.command(&self.programs.postgres);
        command
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .args(["-c", "max_connections=300"])
            // In its folder, so that a killed one leaves none of it behind.
            .args(["-c", "dynamic_shared_memory_type=mmap"]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        command
            .stdout(log().expect("there is room"))
            .stderr(log().expect("there is room"));
        // See `drop`.
        Daemon::spawn_ended_by(&mut command, "QUIT").expect("PostgreSQL can be run")
    }

    fn is_ready(&self) -> bool {
        let mut pg_isready = Command::new(&self.programs.pg_isready);
        pg_isready.args([
            "--quiet",
            "--host=127.0.0.1",
            "--port",
            &self.port.to_string(),
        ]);
        pg_isready
            .status()
            .expect("pg_isready can be run")
            .success()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The id of its main process.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn process_id(&self) -> u32 {
        self.running().as_ref().expect("it runs").id()
    }

    fn running(&self) -> MutexGuard<'_, Option<Daemon>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where its files are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.running().take() {
            // An immediate shutdown frees its System V segment, which a killed one leaves behind.
            daemon.end_by(Signal::QUIT);
        }
    }
}
