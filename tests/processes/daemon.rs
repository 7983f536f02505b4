use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::keeper::Keeper;
use super::until;

/// A process in the background, killed with this value and with this process.
#[derive(Debug)]
pub(crate) struct Daemon {
    child: Child,
    reaped: bool,
}

impl Daemon {
    /// Starts `command`, which is killed at the end of this process.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<Self> {
        Self::spawn_ended_by(command, "KILL")
    }

    /// The same for what has to clear up after itself when it gets `signal`.
    pub(crate) fn spawn_ended_by(command: &mut Command, signal: &str) -> io::Result<Self> {
        // In a group of its own, so that the terminal's Ctrl-C is not for it.
        let child = command.stdin(Stdio::null()).process_group(0).spawn()?;
        Keeper::of_this_process().started(child.id(), signal);
        Ok(Self {
            child,
            reaped: false,
        })
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The process, as long as this value is there.
    pub(crate) const fn child_mut(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().expect("it is our child");
        if status.is_some() && !self.reaped {
            self.reaped = true;
            Keeper::of_this_process().ended(self.child.id());
        }
        status
    }

    /// Sends `signal` and waits for the end.
    pub(crate) fn end_by(&mut self, signal: Signal) -> ExitStatus {
        if !self.reaped {
            // It may just have ended by itself.
            let _ = kill_process(Pid::from_child(&self.child), signal);
        }
        until("a process that was told to end has ended", || self.ended())
    }

    /// `kill -9`, for it and all that it started.
    pub(crate) fn kill(&mut self) {
        if !self.reaped {
            Keeper::of_this_process().kill(self.child.id());
            self.reaped = true;
            let _ = self.child.wait();
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::processes::Folder;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn runs(id: u32) -> bool {
        let stat = fs::read_to_string(format!("/proc/{id}/stat"));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    }

    #[test]
    fn what_it_started_is_killed_with_it() {
        let folder = Folder::new("daemon");
        let files = ["child", "grandchild"].map(|name| folder.path().join(name));
        let [child, grandchild] = files.each_ref().map(|file| file.display());
        let script = format!(
            "(sleep 300 & echo $! >{grandchild}; wait) & sleep 300 & echo $! >{child}; wait"
        );
        let mut daemon = Daemon::spawn(&mut shell(&script)).unwrap();
        let ids = files.map(|file| {
            until("it is there", || {
                let id = fs::read_to_string(&file).ok()?;
                id.strip_suffix('\n')?.parse::<u32>().ok()
            })
        });
        assert!(ids.iter().all(|id| runs(*id)));
        daemon.kill();
        assert!(!ids.iter().any(|id| runs(*id)));
        assert!(!daemon.ended().unwrap().success());
    }

    #[test]
    fn it_ends_with_its_value() {
        let daemon = Daemon::spawn(&mut shell("exec sleep 300")).unwrap();
        let id = daemon.id();
        assert!(runs(id));
        drop(daemon);
        assert!(!runs(id));
    }

    #[test]
    fn what_ends_by_itself_is_seen() {
        let mut daemon = Daemon::spawn(&mut shell("exit 3")).unwrap();
        let status = until("it has ended", || daemon.ended());
        assert_eq!(status.code(), Some(3));
        daemon.kill();
    }
}
