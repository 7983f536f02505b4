use std::fmt;
use std::fs::{self, File};
use std::process::Command;

use rustix::process::Signal;

use super::{Daemon, Folder, until};

/// The system calls of processes, as `strace` sees them.
#[derive(Debug)]
pub struct SystemCalls {
    strace: Daemon,
    folder: Folder,
}

/// Processes can't be watched on this machine.
#[derive(Debug)]
pub struct Unwatched(String);

impl fmt::Display for Unwatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "strace of Debian's package strace can't be used: {}",
            self.0
        )
    }
}

impl std::error::Error for Unwatched {}

impl SystemCalls {
    /// Watches calls of these names, of processes with all their threads and with the processes
    /// that they start from now on.
    ///
    /// # Errors
    ///
    /// If there is no `strace`, or processes of others must not be watched.
    ///
    /// # Panics
    ///
    /// If a process is not there.
    pub fn watch(processes: &[u32], names: &[&str]) -> Result<Self, Unwatched> {
        let folder = Folder::new("strace");
        let said = folder.path().join("said");
        let mut command = Command::new("strace");
        command
            .args(["--follow-forks", "--decode-fds=path", "--string-limit=64"])
            .arg(format!("--trace={}", names.join(",")))
            .arg("--output")
            .arg(folder.path().join("calls"))
            .stdout(File::create(folder.path().join("out")).expect("there is room"))
            .stderr(File::create(&said).expect("there is room"));
        for process in processes {
            command.arg(format!("--attach={process}"));
        }
        let mut strace =
            Daemon::spawn(&mut command).map_err(|error| Unwatched(error.to_string()))?;
        let refused = until("strace is attached", || {
            let ended = strace.ended();
            let said = fs::read_to_string(&said).unwrap_or_default();
            let attached = |process| said.contains(&format!("Process {process} attached"));
            if ended.is_some() {
                Some(Some(said))
            } else {
                processes.iter().all(attached).then_some(None)
            }
        });
        match refused {
            Some(said) => Err(Unwatched(said.trim_end().to_owned())),
            None => Ok(Self { strace, folder }),
        }
    }

    /// What was called until now, in order: first the process, then the call.
    ///
    /// # Panics
    ///
    /// If it can't be read.
    pub fn stop(mut self) -> Vec<String> {
        self.strace.end_by(Signal::TERM);
        let calls = fs::read(self.folder.path().join("calls")).expect("strace has written it");
        let calls = String::from_utf8_lossy(&calls);
        calls.lines().map(ToOwned::to_owned).collect()
    }
}
