use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// Runs `command` to its end and gives what it printed.
///
/// # Panics
///
/// If it can't be run, or fails.
pub(crate) fn output(command: &mut Command) -> String {
    output_of(command, "")
}

/// The same with `input` on its standard input.
///
/// # Panics
///
/// If it can't be run, or fails.
pub(crate) fn output_of(command: &mut Command, input: &str) -> String {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("it is piped");
    let output = thread::scope(|scope| {
        // It need not read all of it.
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        child.wait_with_output().expect("it is our child")
    });
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "{command:?}: {}: {stdout}{stderr}",
        output.status
    );
    stdout.into_owned()
}
