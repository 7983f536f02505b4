use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::installed::{NotInstalled, program};
use super::{PASSWORD, PASSWORD_IN_URL, USER};
use crate::processes::{Daemon, Folder, User, free_port, output, output_of, until};

const SERVER_PACKAGE: &str = "mariadb-server";
const CLIENT_PACKAGE: &str = "mariadb-client";

/// The programs of MariaDB.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    install: PathBuf,
    server: PathBuf,
    client: PathBuf,
}

impl Programs {
    pub(super) fn find() -> Result<Self, NotInstalled> {
        Ok(Self {
            install: program("mariadb-install-db", SERVER_PACKAGE, &[])?,
            server: program("mariadbd", SERVER_PACKAGE, &[])?,
            client: program("mariadb", CLIENT_PACKAGE, &[])?,
        })
    }
}

/// One `mariadbd` in a folder of its own, of a cluster or alone. It reads no configuration
/// file, so that its character set is the one of MariaDB's own, Latin-1.
#[derive(Debug)]
pub(super) struct Mysqld {
    running: Mutex<Option<Daemon>>,
    programs: Programs,
    user: User,
    port: u16,
    settings: Vec<String>,
    folder: Folder,
}

impl Mysqld {
    /// One with an empty folder, which does not run yet.
    pub(super) fn new(programs: Programs, settings: Vec<String>) -> Self {
        let user = User::unless_other_than_root("mysql");
        let folder = Folder::new("mariadb");
        let data = folder.path().join("data");
        fs::create_dir(&data).expect("there is room");
        user.own(folder.path());
        user.own(&data);
        Self {
            running: Mutex::new(None),
            programs,
            user,
            port: free_port(),
            settings,
            folder,
        }
    }

    /// Fills the folder with what a server needs that does not get it from others.
    pub(super) fn install(&self) {
        let mut install = self.user.command(&self.programs.install);
        install
            .env("TMPDIR", self.folder.path())
            .args([
                "--no-defaults",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ])
            .arg(format!("--datadir={}", self.data()));
        output(&mut install);
    }

    /// Lets [`USER`] in; for a server that runs.
    pub(super) fn admit_user(&self) {
        let mut client = Command::new(&self.programs.client);
        client
            .args(["--no-defaults", "--user=root"])
            .arg(format!("--socket={}", self.socket()));
        let statements = format!(
            "CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';
             GRANT ALL ON *.* TO {USER}@'127.0.0.1';"
        );
        output_of(&mut client, &statements);
    }

    pub(super) fn url(&self, database: &str) -> String {
        format!(
            "mysql://{USER}:{PASSWORD_IN_URL}@127.0.0.1:{}/{database}",
            self.port
        )
    }

    /// What the client prints for `statements`: a line for each row, its columns apart by tabs.
    pub(super) fn sql(&self, database: &str, statements: &str) -> String {
        let mut client = self.client();
        client
            .args(["--batch", "--skip-column-names"])
            .args(["--default-character-set=utf8mb4", database]);
        output_of(&mut client, statements)
    }

    /// Starts it and waits until it answers to `probe` with `answer`; `extra` settings are for
    /// this time only.
    ///
    /// # Panics
    ///
    /// If it runs, or ends.
    pub(super) fn start(&self, extra: &[String], probe: &str, answer: &str) {
        let mut running = self.running();
        assert!(running.is_none(), "it runs");
        let mut command = self.server();
        for setting in extra {
            command.arg(format!("--{setting}"));
        }
        let mut daemon = Daemon::spawn(&mut command).expect("mariadbd can be run");
        until("MariaDB takes connections", || {
            if let Some(status) = daemon.ended() {
                panic!("MariaDB has ended, {status}: {}", self.log());
            }
            self.answers(probe, answer).then_some(())
        });
        *running = Some(daemon);
    }

    /// Runs the server to find out something that it writes to its log, which it gives.
    pub(super) fn log_of(&self, option: &str) -> String {
        assert!(self.running().is_none(), "it runs");
        let before = self.log().len();
        let status = self
            .server()
            .arg(option)
            .status()
            .expect("mariadbd can be run");
        let log = self.log().split_off(before);
        assert!(status.success(), "{status}: {log}");
        log
    }

    pub(super) fn kill(&self) {
        // The value kills it, and what it started, when it's dropped.
        drop(self.running().take());
    }

    /// Whether the one row that it gives for `probe` is `answer`.
    fn answers(&self, probe: &str, answer: &str) -> bool {
        // `root` is there before [`USER`] is, and in no cluster does it get that from others later.
        let mut client = Command::new(&self.programs.client);
        let output = client
            .args([
                "--no-defaults",
                "--user=root",
                "--batch",
                "--skip-column-names",
            ])
            .arg(format!("--socket={}", self.socket()))
            .args(["--connect-timeout=5", "--execute", probe])
            .stderr(Stdio::null())
            .output()
            .expect("mariadb can be run");
        output.status.success() && String::from_utf8_lossy(&output.stdout).trim_end() == answer
    }

    fn client(&self) -> Command {
        let mut client = Command::new(&self.programs.client);
        client
            .args(["--no-defaults", "--protocol=tcp", "--host=127.0.0.1"])
            .arg(format!("--port={}", self.port))
            .args(["--user", USER])
            .env("MYSQL_PWD", PASSWORD);
        client
    }

    fn server(&self) -> Command {
        let mut server = self.user.command(&self.programs.server);
        let log = || {
            File::options()
                .append(true)
                .create(true)
                .open(self.folder.path().join("log"))
        };
        server
            // One of its own: a server that starts removes what others have in a common one.
            .env("TMPDIR", self.folder.path())
            .args([
                "--no-defaults",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
            ])
            .arg(format!("--port={}", self.port))
            .arg(format!("--datadir={}", self.data()))
            .arg(format!("--socket={}", self.socket()))
            .arg(format!(
                "--pid-file={}",
                self.folder.path().join("pid").display()
            ))
            .arg("--max-connections=300")
            .stdout(log().expect("there is room"))
            .stderr(log().expect("there is room"));
        for setting in &self.settings {
            server.arg(format!("--{setting}"));
        }
        server
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn socket(&self) -> String {
        self.folder.path().join("socket").display().to_string()
    }

    /// What it has logged.
    pub(super) fn log(&self) -> String {
        let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// The id of its main process.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub(super) fn process_id(&self) -> u32 {
        self.running().as_ref().expect("it runs").id()
    }

    fn running(&self) -> MutexGuard<'_, Option<Daemon>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
