use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::Client;
use crate::processes::{Daemon, Folder, free_port};

/// No start takes longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A `scimd` in a process of its own, which ends with this value and with the test process.
///
/// It keeps its port when it is started again.
#[derive(Debug)]
pub struct Scimd {
    running: Mutex<Option<Daemon>>,
    program: PathBuf,
    args: Vec<String>,
    address: SocketAddr,
    folder: Folder,
}

impl Scimd {
    /// Starts `program` on a free port, with these arguments, and no variable of `scimd` set.
    ///
    /// A test of this package has the program as `env!("CARGO_BIN_EXE_scimd-under-test")`.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn start(program: &str, args: &[&str]) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let listen = ["--listen".to_owned(), address.to_string()];
        let scimd = Self {
            running: Mutex::new(None),
            program: program.into(),
            args: listen
                .into_iter()
                .chain(args.iter().map(|&arg| arg.to_owned()))
                .collect(),
            address,
            folder: Folder::new("scimd"),
        };
        scimd.restart();
        scimd
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its resources are, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}/scim/v2", self.address)
    }

    /// A client of it with connections of its own.
    pub fn client(&self) -> Client {
        Client::new(self.base_url())
    }

    /// The id of the process.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn process_id(&self) -> u32 {
        self.running().as_ref().expect("it runs").id()
    }

    /// What it has written to stderr, since the first start.
    pub fn log(&self) -> String {
        let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// `kill -9`.
    pub fn kill(&self) {
        // The value kills it when it's dropped.
        drop(self.running().take());
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    ///
    /// If it does not run, or does not stop.
    pub fn stop(&self) -> ExitStatus {
        let daemon = self.running().take();
        daemon.expect("it runs").end_by(Signal::TERM)
    }

    /// Starts it again, with the same arguments on the same port.
    ///
    /// # Panics
    ///
    /// If it runs, or does not start.
    pub fn restart(&self) {
        let mut running = self.running();
        assert!(running.is_none(), "it runs");
        let log = File::options()
            .append(true)
            .create(true)
            .open(self.folder.path().join("log"));
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SCIMD_") {
                command.env_remove(name);
            }
        }
        command
            .args(&self.args)
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(log.expect("there is room"));
        let mut daemon = Daemon::spawn(&mut command).expect("it can be run");
        let stdout = daemon.child_mut().stdout.take().expect("it is piped");
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            // An end without a line is an empty one.
            let _ = BufReader::new(stdout).read_line(&mut line);
            let _ = sender.send(line);
        });
        let line = receiver.recv_timeout(PATIENCE).unwrap_or_default();
        let listens = format!("listening on {}\n", self.base_url());
        assert_eq!(line, listens, "{}", self.log());
        *running = Some(daemon);
    }

    fn running(&self) -> MutexGuard<'_, Option<Daemon>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
