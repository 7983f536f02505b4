//! `scimd` as a process.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};

use crate::client::{Answer, PATIENCE, request, send};

/// A running server, which ends with this value.
pub(crate) struct Program {
    child: Child,
    /// The line it announced itself with.
    pub(crate) line: String,
    pub(crate) address: SocketAddr,
    stdout: Receiver<String>,
    log: Receiver<String>,
}

impl Program {
    /// Starts it on a free port.
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::start_as(command(&[&["--listen", "127.0.0.1:0"], args].concat()))
    }

    pub(crate) fn start_as(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = lines(child.stdout.take().unwrap());
        let log = lines(child.stderr.take().unwrap());
        let Ok(line) = stdout.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            panic!("it announces nothing: {:?}", log.iter().collect::<Vec<_>>());
        };
        let authority = line.split('/').nth(2).expect("a URL in the line");
        let address = authority.parse().unwrap();
        Self {
            child,
            line,
            address,
            stdout,
            log,
        }
    }

    pub(crate) fn send(&self, method: &str, path: &str, lines: &[&str], body: &str) -> Answer {
        send(self.address, &request(method, path, lines, body))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).unwrap();
    }

    /// The next line of its log that holds `text`.
    pub(crate) fn logged(&self, text: &str) -> String {
        loop {
            match self.log.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(error) => panic!("nothing logged with {text:?}: {error}"),
            }
        }
    }

    /// Waits for its end, and gives what it wrote in the meantime on stdout and stderr.
    pub(crate) fn ended(mut self) -> (ExitStatus, Vec<String>, Vec<String>) {
        let log = until_closed(&self.log);
        let stdout = until_closed(&self.stdout);
        (self.child.wait().unwrap(), stdout, log)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program with these arguments and no variable of its own, but that it leaves no file behind.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scimd"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SCIMD_") {
            command.env_remove(name);
        }
    }
    command
        .env("SCIMD_STORE", "memory")
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a start that has to fail leaves: exit code, stdout, stderr.
pub(crate) fn refused(args: &[&str]) -> (Option<i32>, String, String) {
    let mut child = command(args).spawn().unwrap();
    let stdout = lines(child.stdout.take().unwrap());
    let stderr = lines(child.stderr.take().unwrap());
    let Ok(first) = stderr.recv_timeout(PATIENCE) else {
        let _ = child.kill();
        panic!("it says nothing to {args:?}");
    };
    let rest = until_closed(&stderr);
    let stdout = until_closed(&stdout).join("\n");
    (
        child.wait().unwrap().code(),
        stdout,
        [&[first][..], &rest].concat().join("\n"),
    )
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn until_closed(lines: &Receiver<String>) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => all.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => return all,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("it does not end; last {all:?}"),
        }
    }
}
