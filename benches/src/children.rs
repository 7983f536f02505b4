//! Programs that a measurement builds and starts.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The folder of this package.
#[must_use]
pub fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where the program `name` of this workspace lies, built with the profile of the one that runs.
///
/// # Panics
///
/// If the system does not say where the running program lies.
#[must_use]
pub fn sibling(name: &str) -> PathBuf {
    env::current_exe()
        .expect("the system knows what it runs")
        .with_file_name(name)
}

/// Runs `cargo build --release` with these arguments.
///
/// # Panics
///
/// If that fails.
pub fn build(arguments: &[&str]) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release"])
        .args(arguments)
        .status();
    assert!(
        built.expect("cargo starts").success(),
        "cargo build {arguments:?} failed"
    );
}

/// Runs `command` to its end and returns what it printed.
///
/// # Panics
///
/// If it can't be started or fails.
pub fn output(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.unwrap_or_else(|e| panic!("{command:?} does not start: {e}"));
    assert!(output.status.success(), "{command:?} failed");
    String::from_utf8(output.stdout).expect("programs print text")
}

/// A server that was started, and is ended when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts `command` and waits for its line `listening on URL`.
    ///
    /// # Panics
    ///
    /// If it can't be started or prints something else.
    pub fn start(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|e| panic!("{command:?} does not start: {e}"));
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("it is piped");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("a line is text");
        let url = line.trim_end().strip_prefix("listening on ");
        let url = url
            .unwrap_or_else(|| panic!("{command:?} printed {line:?}"))
            .to_owned();
        Self { child, url }
    }

    /// Seconds that processors have spent on it, in its own code and in the kernel's.
    ///
    /// # Panics
    ///
    /// Where there is no `/proc` (that is, elsewhere than on Linux).
    #[must_use]
    pub fn processor_seconds(&self) -> f64 {
        /// `USER_HZ`, which is this on every Linux that Rust runs on.
        const TICKS_PER_SECOND: f64 = 100.0;
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.expect("Linux tells about children");
        // Behind the name, which is in parentheses and may hold anything, `utime` and `stime` are 12th and 13th.
        let (_, fields) = stat.rsplit_once(')').expect("the name is in parentheses");
        let ticks = fields.split_whitespace().skip(11).take(2);
        ticks
            .map(|ticks| ticks.parse::<f64>().expect("ticks are numbers"))
            .sum::<f64>()
            / TICKS_PER_SECOND
    }

    /// The base URL that it announced.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
